"""Questions by rule, from how many of a sample of articles hold a word. The same for the same sample and seed."""

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

from articles.search.index.tokens import words
from sources.text.folding import fold

# From how many of a thousand articles a word is common, middling; a rare one is in one article of the sample alone.
COMMON, MIDDLING = (50, 1000), (1, 10)
TOLD_OF = (1, 200)  # each of two words: neither a name nor in every article
PHRASE = (4, 10)  # characters
KINDS = ("common", "middling", "rare", "two words", "phrase")
_CLAUSE = re.compile(r"[一-龥]{4,}")
_WORD = re.compile(r"[一-龥]{2,}|[a-z]{3,}")


def draw(sample: Sequence[tuple[str, str]], count: int, seed: int) -> dict[str, list[str]]:
    """So many different questions of each kind (fewer where there are no more), from (title, text) of a sample."""
    rand = Random(seed)
    held = Counter(word for title, text in sample for word in _words(title, text))
    among = len(sample) / 1000
    drawn = {
        "common": _between(held, COMMON[0] * among, COMMON[1] * among),
        "middling": _between(held, MIDDLING[0] * among, MIDDLING[1] * among),
        "rare": _between(held, 1, 1),
    }
    made = {kind: rand.sample(found, min(count, len(found))) for kind, found in drawn.items()}
    least, most = TOLD_OF[0] * among, TOLD_OF[1] * among
    made["two words"] = _different(count, lambda: _pair(rand, rand.choice(sample), held, least, most))
    made["phrase"] = _different(count, lambda: _phrase(rand, rand.choice(sample)[1]))
    return made


def _words(title: str, text: str) -> set[str]:
    return {word for word in words(fold(f"{title}\n{text}")) if _WORD.fullmatch(word)}


def _between(held: Counter, least: float, most: float) -> list[str]:
    return sorted(word for word, count in held.items() if least <= count <= most)


def _pair(rand: Random, article: tuple[str, str], held: Counter, least: float, most: float) -> str:
    """Two words of one article, so that there is something to find."""
    known = sorted(word for word in _words(*article) if least <= held[word] <= most)
    return " ".join(rand.sample(known, 2)) if len(known) >= 2 else ""


def _phrase(rand: Random, text: str) -> str:
    """A run of characters, without regard to words, in quotes."""
    clauses = _CLAUSE.findall(text)
    if not clauses:
        return ""
    clause, length = rand.choice(clauses), rand.randint(*PHRASE)
    start = rand.randrange(max(1, len(clause) - length + 1))
    return f"“{clause[start : start + length]}”"


def _different(count: int, make) -> list[str]:
    made: dict[str, None] = {}
    for _ in range(20 * count):
        if (one := make()) and len(made) < count:
            made[one] = None
    return list(made)
