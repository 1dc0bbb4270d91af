"""Asks a filled portal's search: `python -m bench.harness.ask_search FILE --queries N --seed S`, in its environment.

Draws the questions, asks each kind in turn, and prints one JSON object: per kind [milliseconds of the engine], [of the
whole search], [hits], and [milliseconds of the whole page] of other questions, so that nothing is asked for twice. The
questions that were asked of the engine go to FILE.
"""

import argparse
import json
import os
import time
from pathlib import Path
from random import Random

import django

from bench.generate.draw_questions import KINDS, draw

SAMPLE = 20_000  # articles
WARM_UP = 10  # questions of each kind that are asked first and not counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--queries", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    drawn = draw(sample(asked.seed), 2 * asked.queries + WARM_UP, asked.seed)
    told = {}
    for kind in KINDS:
        warm, rest = drawn[kind][:WARM_UP], drawn[kind][WARM_UP:]
        half = len(rest) // 2
        told[kind] = _ask(warm, rest[:half], rest[half:])
        drawn[kind] = rest[:half]
    asked.file.write_text(json.dumps(drawn, ensure_ascii=False))
    print(json.dumps(told))


def sample(seed: int) -> list[tuple[str, str]]:
    """(title, text) of articles from all over the portal."""
    from articles.models import Article

    ids = list(Article.objects.published().values_list("pk", flat=True))
    chosen = Random(seed).sample(sorted(ids), min(SAMPLE, len(ids)))
    found = []
    for start in range(0, len(chosen), 500):
        some = Article.objects.filter(pk__in=chosen[start : start + 500]).order_by("pk")
        found += some.values_list("title", "text")
    return found


def _ask(warm: list[str], questions: list[str], others: list[str]) -> dict:
    from django.test import Client

    from articles.search.query.results import (
        SearchRequest,
    )
    from articles.search.query.run import (
        search,
    )

    client = Client(SERVER_NAME="127.0.0.1")
    for words in warm:
        search(SearchRequest(q=words))
        _page(client, words)
    found, taken = [], []
    for words in questions:
        began = time.perf_counter()
        found.append(search(SearchRequest(q=words)))
        taken.append((time.perf_counter() - began) * 1000)
    return {
        "engine": [one.milliseconds for one in found],
        "search": taken,
        "hits": [one.total for one in found],
        "page": [_page(client, words) for words in others],
    }


def _page(client, words: str) -> float:
    """Milliseconds from the request to the last byte of its answer."""
    began = time.perf_counter()
    response = client.get("/search/", {"q": words})
    took = (time.perf_counter() - began) * 1000
    if response.status_code != 200:
        raise RuntimeError(f"/search/?q={words} answered {response.status_code}")
    return took


if __name__ == "__main__":
    main()
