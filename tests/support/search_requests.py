"""A question asked as a reader asks it."""

from articles.search.query.run import Asked, search


def titles(q: str = "", **choices) -> list[str]:
    return ["".join(text for text, _ in hit.title) for hit in search(Asked(q, **choices)).hits]
