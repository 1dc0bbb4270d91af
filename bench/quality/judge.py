"""Asks the portal's search for what it must find: `python -m bench.quality.judge --questions N …`, in the environment
of a portal that is filled with the real items. Prints one JSON object (see `judge`).
"""

import argparse
import json
import os
from collections.abc import Sequence
from pathlib import Path

import django

from bench.generate.texts import Piece, real
from bench.quality.known_items import Desk, Known


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--substrings", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    items = list(real(Path(os.environ["NEWSPORTAL_CORPUS"])))
    print(json.dumps(judge(items, asked.questions, asked.substrings, asked.seed)))


def judge(items: Sequence[Piece], questions: int, substrings: int, seed: int) -> dict:
    """Of the items that are in the portal: `questions`, [kind, words, the place of the right answer (None if it is
    not on the first page)]; `substrings`, how many; `missed`, those that do not find their item."""
    desk = Desk(items, _aliases(), seed)
    numbers = _numbers()
    ranks = [[one.kind, one.words, _rank(one, numbers)] for one in desk.questions(questions)]
    pieces = [*desk.substrings(substrings), *desk.substrings(substrings // 4, around_signs=True)]
    pks = {number: pk for pk, number in numbers.items()}
    missed = [one.words for one in pieces if not _is_found(one, pks)]
    return {"questions": ranks, "substrings": len(pieces), "missed": missed}


def _aliases() -> list[tuple[str, str]]:
    """The portal's own: each word and one that is found by it."""
    from articles.search.query.aliases import known

    return [(word, other) for word, others in sorted(known().items()) for other, _ in others]


def _numbers() -> dict[int, int]:
    """The real item that each article is."""
    from articles.models import Article

    found = Article.objects.filter(external_id__startswith="item-").values_list("pk", "external_id")
    return {pk: int(name.removeprefix("item-")) for pk, name in found}


def _rank(question: Known, numbers: dict[int, int]) -> int | None:
    from articles.search.query.results import (
        SearchRequest,
    )
    from articles.search.query.run import (
        search,
    )

    hits = search(SearchRequest(q=question.words)).hits
    places = (place for place, hit in enumerate(hits, 1) if numbers.get(hit.id) in question.answers)
    return next(places, None)


def _is_found(question: Known, pks: dict[int, int]) -> bool:
    """Whether the item is among all that the question finds, be it on the last page."""
    from tantivy import Occur, Query

    from articles.search.index import index
    from articles.search.query import aliases, filters, parse
    from articles.search.query.build import Matcher

    opened = index.open_searcher()
    asked = parse.read(question.words)
    narrowed = filters.by_words(opened.schema, asked).clauses
    found = Matcher(opened, aliases.known()).query(asked, narrowed)
    (number,) = question.answers
    this = Query.term_query(opened.schema, "id", pks[number])
    clauses = [(Occur.Must, found), (Occur.Must, this), *filters.to_public(opened.schema)]
    both = Query.boolean_query(clauses)
    return opened.searcher.search(both, 1).count == 1


if __name__ == "__main__":
    main()
