"""Phrase queries on fields of pairs."""

from tantivy import Query

from articles.search.index.index import Opened
from articles.search.index.tokens import pairs
from articles.search.query.language.lexicon import holding_pair


def phrase(opened: Opened, name: str, close: str) -> Query:
    """Match these characters (folded, no spaces) side by side in a field of pairs."""
    found = pairs(close)
    if len(found) == 1:
        return Query.term_query(opened.schema, name, found[0], "freq")
    frequency = frequencies(opened, name, close)
    rarest = min(range(len(found)), key=frequency.__getitem__)
    if not frequency[rarest]:
        return Query.empty_query()
    # Every second pair already covers every character, and each further pair is one more posting list to read. The
    # rarest pair is worth adding: the other lists are then read only where it occurs.
    at = sorted({*range(0, len(found), 2), len(found) - 1, rarest})
    return Query.phrase_query(opened.schema, name, [(place, found[place]) for place in at])


def frequencies(opened: Opened, name: str, close: str) -> list[int]:
    """For each pair, the number of articles that contain it."""
    return [holding_pair(opened, name, pair) for pair in pairs(close)]


def lists(close: str) -> int:
    """Roughly the number of pairs in a phrase query, whose score is the sum of theirs; divide the weight by it."""
    return max(len(close) // 2, 1)
