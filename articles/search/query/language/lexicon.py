"""What one commit of the index has: how many articles hold a pair, and its figures. Looked up once."""

from tantivy import Query

from articles.search.index.index import Opened
from articles.search.query.language.figures import pattern

MOST = 100_000  # look-ups that are kept
BREAK = "\n"  # stands in no token


def holding_pair(opened: Opened, name: str, pair: str) -> int:
    """The number of articles that hold a pair in a field."""
    noted = opened.noted
    if (count := noted.get((name, pair))) is None:
        if len(noted) > MOST:
            noted.clear()
        count = noted[name, pair] = opened.searcher.doc_freq(name, pair)
    return count


def figure(opened: Opened, token: str) -> Query:
    """Match a figure, whole. An automaton is built of each: the days of a month share theirs."""
    noted = opened.noted
    if (made := noted.get((token,))) is None:
        made = noted[token,] = Query.regex_query(opened.schema, "figures", pattern(token))
    return made


def figures_with(opened: Opened, token: str) -> list[str]:
    """The figures of the index that this one is a part of: 112.5% for 12.5%.

    The index is asked for all of its figures once: its regular expressions would go through them for every question.
    """
    noted = opened.noted
    if (text := noted.get("figures")) is None:
        terms = [term for term, _ in opened.searcher.terms_with_prefix("figures", "")]
        text = noted["figures"] = BREAK.join(["", *terms, ""])
    found, at = [], text.find(token)
    while at >= 0:
        start, end = text.rfind(BREAK, 0, at) + 1, text.find(BREAK, at)
        found.append(text[start:end])
        at = text.find(token, end)
    return found
