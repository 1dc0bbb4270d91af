"""Characters that stand side by side, looked for by the pairs they make."""

from tantivy import Query

from articles.search.index.index import Opened
from articles.search.index.tokens import pairs


def phrase(opened: Opened, name: str, close: str) -> Query:
    """Where these characters (folded, no spaces) stand side by side, in a field of pairs."""
    found = pairs(close)
    if len(found) == 1:
        return Query.term_query(opened.schema, name, found[0], "freq")
    frequency = frequencies(opened, name, close)
    rarest = min(range(len(found)), key=frequency.__getitem__)
    if not frequency[rarest]:
        return Query.empty_query()
    # Every second pair holds every character already, and each one more is a list more to read. But the rarest
    # of all is worth its place: the others are only read where it stands.
    at = sorted({*range(0, len(found), 2), len(found) - 1, rarest})
    return Query.phrase_query(opened.schema, name, [(place, found[place]) for place in at])


def frequencies(opened: Opened, name: str, close: str) -> list[int]:
    """In how many articles each pair stands."""
    return [opened.searcher.doc_freq(name, pair) for pair in pairs(close)]


def lists(close: str) -> int:
    """Of how many pairs a phrase is made, about: what it weighs is the sum of theirs."""
    return max(len(close) // 2, 1)
