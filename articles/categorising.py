"""Propose a category by keywords: the one whose words stand most often in headline and opening."""

from dataclasses import dataclass
from re import Pattern, compile, escape

from articles.models import Category

HEADLINE_WEIGHS = 3
OPENING = 300  # characters of the text that tell what a piece is about


@dataclass(frozen=True, slots=True)
class Rule:
    category: int
    words: Pattern


def load_rules() -> list[Rule]:
    """The rules of all categories that have keywords, in the categories' order."""
    rules = []
    for pk, keywords in Category.objects.values_list("pk", "keywords"):
        words = sorted(
            {word.strip() for word in keywords.splitlines() if word.strip()}, key=len, reverse=True
        )
        if words:
            rules.append(Rule(pk, compile("|".join(map(escape, words)))))
    return rules


def propose(rules: list[Rule], title: str, text: str) -> int | None:
    """The id of the best category, or None when no keyword occurs; the earlier rule wins a tie."""
    best, best_score = None, 0
    for rule in rules:
        score = HEADLINE_WEIGHS * len(rule.words.findall(title)) + len(rule.words.findall(text, 0, OPENING))
        if score > best_score:
            best, best_score = rule.category, score
    return best
