"""Whether a portal's database is whole: `python -m bench.harness.integrity`, in the environment of the portal.

Prints one JSON object: `faults`, what the database finds wrong with itself or its keys; `disagree`, inputs and articles
that do not belong together; `runs`, their states and messages once the dead are called dead; `items` recorded;
and with `--pages` the status of pages that readers ask for. Nothing is written but that a dead run is one.
"""

import argparse
import json
import os

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", action="store_true", help="ask for pages; call no run dead (that writes)")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    print(json.dumps({"pages": _pages()} if asked.pages else _state()))


def _state() -> dict:
    from sources.models import ImportItem, ImportRun
    from sources.run_control.import_lock import import_lock

    faults = _faults()
    with import_lock():
        runs = list(ImportRun.objects.order_by("pk").values_list("pk", "state", "message"))
    return {
        "faults": faults,
        "disagree": _disagreements(),
        "runs": runs,
        "items": ImportItem.objects.count(),
    }


def _faults() -> list[str]:
    """SQLite checks every page and key; PostgreSQL's checksums are checked by reading every row of every table."""
    from django.db import connection

    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            faults = [said for (said,) in cursor.fetchall() if said != "ok"]
            cursor.execute("PRAGMA foreign_key_check")
            return faults + [f"key to nothing: {row}" for row in cursor.fetchall()]
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*), sum(hashtext(t::text)) FROM "{table}" t')
        return []


def _disagreements() -> list[str]:
    """What one transaction wrote must be all there: an article, its input, and the version that joins them."""
    from django.db.models import Count

    from articles.models import Article, Revision
    from sources.models import ImportItem, Outcome

    made = ImportItem.objects.filter(outcome__in=[Outcome.CREATED, Outcome.REVIEW])
    versions = ImportItem.objects.filter(outcome__in=[Outcome.CREATED, Outcome.REVIEW, Outcome.UPDATED])
    twice = ImportItem.objects.order_by().values("run", "name").annotate(n=Count("pk")).filter(n__gt=1)
    counts = {
        "articles more or less than inputs that made one": made.count() - Article.objects.count(),
        "inputs without the version they made": versions.filter(revisions=None).count(),
        "articles without a version": Article.objects.filter(revisions=None).count(),
        "versions without an input": Revision.objects.filter(kind="import", import_item=None).count(),
        "inputs recorded twice": twice.count(),
    }
    return [f"{what}: {count}" for what, count in counts.items() if count]


def _pages() -> dict[str, int]:
    from django.test import Client

    from articles.models import Article

    client = Client(SERVER_NAME="127.0.0.1")
    newest = Article.objects.published().newest_first().values_list("pk", flat=True).first()
    paths = ["/", "/sources/", *([f"/articles/{newest}/"] if newest else [])]
    return {path: client.get(path).status_code for path in paths}


if __name__ == "__main__":
    main()
