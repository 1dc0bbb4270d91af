"""Propose a category by keywords: the one whose words stand most often in headline and opening."""

import re
from collections import Counter

from articles.models import Category

HEADLINE_WEIGHS = 3
OPENING = 300  # characters of the text that tell what a piece is about


class Keywords:
    """All categories' keywords as one pattern, so that a text is searched once, not once a category."""

    def __init__(self):
        self.category_of: dict[str, int] = {}
        for pk, keywords in Category.objects.values_list("pk", "keywords"):
            for word in filter(None, map(str.strip, keywords.splitlines())):
                self.category_of.setdefault(word, pk)
        longest_first = sorted(self.category_of, key=len, reverse=True)
        self.pattern = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def propose(self, title: str, text: str) -> int | None:
        """The id of the best category, or None when no keyword occurs; the one met first wins a tie."""
        scores: Counter[int] = Counter()
        for word in self.pattern.findall(title):
            scores[self.category_of[word]] += HEADLINE_WEIGHS
        for word in self.pattern.findall(text, 0, OPENING):
            scores[self.category_of[word]] += 1
        return scores.most_common(1)[0][0] if scores else None
