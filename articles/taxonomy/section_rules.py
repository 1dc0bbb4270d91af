"""Propose a category by keywords: the one whose words weigh most in headline and opening, and which words they were.

A keyword stands on a line of its own, with a weight if it is not 1: `降准 3`. A negative weight speaks against the
category: `足球 -9`. A headline counts three times. The best category is proposed only if it is ahead: where two are
level the words do not decide, and an editor shall.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ahocorasick_rs import AhoCorasick, MatchKind

from articles.models import Category

HEADLINE_WEIGHS = 3
OPENING = 300  # characters of the text that tell what a piece is about
HEAVIEST = 999
# The word ends before the last run of spaces: looked for from the end, so that a line of spaces is gone through once.
RULE = re.compile(r"(.*\S)\s++([+\-－＋]?[0-9０-９]{1,9})")


class BadRule(ValueError):
    """A line that is no rule; the message says why, for the editor to read."""


def read_rule(line: str) -> tuple[str, int]:
    """A line's keyword and weight. Raises BadRule."""
    rule = RULE.fullmatch(line.strip())
    if rule is None:
        return line.strip(), 1
    weight = int(rule[2].replace("－", "-").replace("＋", "+"))
    if not weight or abs(weight) > HEAVIEST:
        raise BadRule(f"“{rule[1]}”的分值要在 1 到 {HEAVIEST} 之间（或负数），不能是 {weight}。")
    return rule[1], weight


def read_rules(keywords: str) -> dict[str, int]:
    """Weights by keyword; a line that is no rule is left out, of two for one keyword the first counts."""
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
    """A category's id, or None; and in words what speaks for it, or why there is none."""

    category: int | None = None
    why: str = ""


NONE = Proposal()


@dataclass(slots=True)
class Score:
    """One category's points, and each word that gave some: where, which, how often, how many."""

    category: int
    name: str
    points: int = 0
    words: list[tuple[str, str, int, int]] = field(default_factory=list)


class Keywords:
    """All categories' keywords in one automaton, so that a text is searched once, not once a category.

    Of words that begin at one place the longest counts, and no letter counts twice.
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
        """How often each word stands where; the third of a key is what its place counts."""
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
