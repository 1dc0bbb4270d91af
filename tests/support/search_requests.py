"""A question asked as a reader asks it."""

from articles.search.query.results import (
    SearchRequest,
)
from articles.search.query.run import (
    search,
)


def titles(q: str = "", **choices) -> list[str]:
    return ["".join(text for text, _ in hit.title) for hit in search(SearchRequest(q, **choices)).hits]
