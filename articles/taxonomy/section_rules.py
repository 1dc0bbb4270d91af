"""Propose a category by keywords: the one with the highest score in headline and opening, with the words that count.

Each line is a keyword, with a weight if it is not 1: `降准 3`. A negative weight counts against it: `足球 -9`.
Words in a headline count three times. If two categories have the same score, none is proposed and an editor decides.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, MatchKind

from articles.models import Category

HEADLINE_WEIGHS = 3
OPENING = 300  # characters of the text that are searched
HEAVIEST = 999
# Characters of a keyword. The automaton takes quadratic time for one that repeats itself.
LONGEST_WORD = 100
# Possessive, so that a line of spaces takes linear time: the word ends before the last run of spaces.
RULE = re.compile(r"(.*\S)\s++([+\-－＋]?[0-9０-９]{1,9})")


class BadRule(ValueError):
    """A line that is not a rule; the message is for the editor."""


def read_rule(line: str) -> tuple[str, int]:
    """A line's keyword and weight. Raises BadRule."""
    rule = RULE.fullmatch(line.strip())
    word = rule[1] if rule else line.strip()
    if len(word) > LONGEST_WORD:
        raise BadRule(f"“{word[:20]}……”有 {len(word)} 个字，关键词不能超过 {LONGEST_WORD} 个字。")
    if rule is None:
        return word, 1
    weight = int(rule[2].replace("－", "-").replace("＋", "+"))
    if not weight or abs(weight) > HEAVIEST:
        raise BadRule(f"“{word}”的分值要在 1 到 {HEAVIEST} 之间（或负数），不能是 {weight}。")
    return word, weight


def read_rules(keywords: str) -> dict[str, int]:
    """Weights by keyword. Lines that are not rules are skipped; the first line for a keyword counts."""
    rules: dict[str, int] = {}
    for line in filter(None, map(str.strip, keywords.splitlines())):
        try:
            word, weight = read_rule(line)
        except BadRule:
            continue
        rules.setdefault(word, weight)
    return rules


@dataclass(frozen=True, slots=True)
class Proposal:
    """A category's id, or None, and the reason in words."""

    category: int | None = None
    why: str = ""


NONE = Proposal()


@dataclass(slots=True)
class Score:
    """One category's score, and each word that counts: (place, word, times found, points)."""

    category: int
    name: str
    points: int = 0
    words: list[tuple[str, str, int, int]] = field(default_factory=list)


class Keywords:
    """All categories' keywords in one Aho-Corasick automaton: a text is searched once, not once per category.

    The longest match at a position counts, and matches do not overlap.
    """

    def __init__(self, rules: Iterable[tuple[int, str, str]] | None = None):
        """`rules`: each category's id, name and keywords; those of the database if not given."""
        if rules is None:
            rules = Category.objects.order_by("position", "pk").values_list("pk", "name", "keywords")
        self.names: dict[int, str] = {}
        self.weights: dict[str, list[tuple[int, int]]] = {}
        for pk, name, keywords in rules:
            self.names[pk] = name
            for word, weight in read_rules(keywords).items():
                self.weights.setdefault(word, []).append((pk, weight))
        self.words = AhoCorasick(list(self.weights), matchkind=MatchKind.LeftmostLongest)

    def propose(self, title: str, text: str) -> Proposal:
        """The category to file a piece under, with the evidence."""
        hits = self._hits(title, text)
        if not hits:
            return NONE
        points: dict[int, int] = {}
        for (_, word, times), many in hits.items():
            for pk, weight in self.weights[word]:
                points[pk] = points.get(pk, 0) + many * times * weight
        best = max(points, key=points.__getitem__)
        most = points[best]
        if most <= 0:
            return NONE
        level = [pk for pk, its in points.items() if its == most]
        if len(level) > 1:
            names = "、".join(self.names[pk] for pk in level)
            return Proposal(None, f"{names}同为 {most} 分，没有建议")
        return Proposal(best, f"{self.names[best]} {most} 分：{self._evidence(hits, best)}")

    def _hits(self, title: str, text: str) -> dict[tuple[str, str, int], int]:
        """The number of matches by (place, word, weight of the place)."""
        hits: dict[tuple[str, str, int], int] = {}
        for word in self.words.find_matches_as_strings(title):
            key = ("标题", word, HEADLINE_WEIGHS)
            hits[key] = hits.get(key, 0) + 1
        for word in self.words.find_matches_as_strings(text[:OPENING]):
            key = ("导语", word, 1)
            hits[key] = hits.get(key, 0) + 1
        return hits

    def _evidence(self, hits: dict, category: int) -> str:
        said = []
        for (place, word, times), many in hits.items():
            for pk, weight in self.weights[word]:
                if pk == category:
                    said.append(f"{place}“{word}”×{many} ({many * times * weight})")
        return "，".join(said)

    def scores(self, title: str, text: str) -> list[Score]:
        """Every category that a word speaks for or against, the best first."""
        scores: dict[int, Score] = {}
        for (place, word, times), many in self._hits(title, text).items():
            for pk, weight in self.weights[word]:
                score = scores.setdefault(pk, Score(pk, self.names[pk]))
                score.points += many * times * weight
                score.words.append((place, word, many, many * times * weight))
        return sorted(scores.values(), key=lambda score: -score.points)
