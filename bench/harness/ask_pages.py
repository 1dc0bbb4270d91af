"""Asks the portal for its pages in-process: `python -m bench.harness.ask_pages`, in the environment of a filled portal.

Prints one JSON object: for each kind of page its addresses, and of a sample of them the number of SQL
queries and the size. Fails if an address does not answer 200, or if a page came out of a cache.
"""

import json
import os

import django

SAMPLE = 20  # addresses of a kind that are asked for in-process; all of them are asked for over HTTP


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    _settle()
    print(json.dumps({kind: _ask(addresses) for kind, addresses in _addresses().items()}))


def _settle() -> None:
    """PostgreSQL plans by statistics, which autovacuum makes within minutes of an import; do not wait for it."""
    from django.db import connection

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _addresses() -> dict[str, list[str]]:
    """The pages to measure: home, the 200 busiest outlets, 1,000 articles and 200 days from all over the archive."""
    from articles.models import Article
    from articles.models.summaries import DayFront, OutletFront

    busiest = OutletFront.objects.order_by("-count", "source")
    slugs = busiest.values_list("source__slug", flat=True)[:200]
    ids = list(Article.objects.published().order_by("id").values_list("id", flat=True))
    days = list(DayFront.objects.order_by("day").values_list("day", flat=True))
    return {
        "home": ["/"],
        "outlet": [f"/sources/{slug}/" for slug in slugs],
        "article": [f"/articles/{pk}/" for pk in _spread(ids, 1000)],
        "day": [f"/archive/{day:%Y/%m/%d}/" for day in _spread(days, 200)],
    }


def _spread(all_of_them: list, count: int) -> list:
    """About so many of them, at even distances."""
    return all_of_them[:: max(1, len(all_of_them) // count)][:count]


def _ask(addresses: list[str]) -> dict:
    """Ask for a sample, each address twice: the second time is counted, when all that is kept is warm."""
    from django.test import Client

    client = Client(SERVER_NAME="127.0.0.1")
    counted = []
    for address in _spread(addresses, SAMPLE):
        client.get(address)
        counted.append(_count(client, address))
    queries, sizes = zip(*counted, strict=True)
    return {
        "addresses": addresses,
        "queries": [min(queries), max(queries)],
        "bytes": sum(sizes) // len(sizes),
    }


def _count(client, address: str) -> tuple[int, int]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")
    if not len(captured):
        raise RuntimeError(
            f"{address} asked no query: it came out of a cache, and this bench is of uncached pages"
        )
    return len(captured), len(response.content)


if __name__ == "__main__":
    main()
