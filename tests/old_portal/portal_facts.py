"""What a portal holds and shows, as JSON on standard output: run on the same data by the old code and by the new.

    DJANGO_SETTINGS_MODULE=newsportal.settings NEWSPORTAL_HOME=... python portal_facts.py

It names tables and addresses only, no modules, so that it outlives renames.
"""

import hashlib
import json
import re
import sys

import django

django.setup()

from django.apps import apps  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

QUERIES = ["出口", "绿色债券", "银行 利率", "雾港", '"新泊位"', "泊位", "百分之二十一", "误导入"]


def facts() -> dict:
    article, revision = apps.get_model("articles.Article"), apps.get_model("articles.Revision")
    texts = article._base_manager.order_by("pk").values_list(
        "pk", "title", "source__name", "status", "version", "byline", "published_at", "text", "body_html"
    )
    history = revision._base_manager.order_by("pk").values_list(
        "article", "version", "kind", "state", "reason", "editor__username"
    )
    items = apps.get_model("sources.ImportItem")._base_manager.order_by("pk")
    return {
        "rows": {name: count(name) for name in tables()},
        "articles": [
            [*row[:6], str(row[6]), hashlib.sha256("".join(row[7:]).encode()).hexdigest()] for row in texts
        ],
        "revisions": [list(row) for row in history],
        "items": [list(row) for row in items.values_list("run", "name", "outcome", "reason")],
        "pages": {address: answer(address) for address in addresses()},
        "found": {query: found(query) for query in QUERIES},
    }


def tables() -> list[str]:
    names = sorted(connection.introspection.table_names())
    return [name for name in names if name.startswith(("articles_", "sources_", "auth_user", "taggit_tag"))]


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")
        return cursor.fetchone()[0]


def addresses() -> list[str]:
    article, source = apps.get_model("articles.Article"), apps.get_model("sources.Source")
    old = apps.get_model("sources.OldSlug")._base_manager.order_by("pk").values_list("slug", flat=True)
    return [
        *("/", "/sources/", "/archive/", "/feed.xml", "/healthz"),
        *(f"/articles/{pk}/" for pk in article._base_manager.order_by("pk").values_list("pk", flat=True)),
        *(f"/sources/{slug}/" for slug in source._base_manager.order_by("pk").values_list("slug", flat=True)),
        *(f"/category/{slug}.html" for slug in old),
        "/nowhere/",
    ]


def answer(address: str) -> str:
    response = Client(raise_request_exception=False, SERVER_NAME="localhost").get(address)
    return " ".join(filter(None, [str(response.status_code), response.headers.get("Location", "")]))


def found(query: str) -> list[int]:
    """By day, where tellings of one story are not one hit."""
    page = Client(raise_request_exception=False, SERVER_NAME="localhost").get(
        "/search/", {"q": query, "sort": "newest"}
    )
    assert page.status_code == 200, f"/search/?q={query}: {page.status_code}"
    main = page.content.decode().partition("<main")[2].partition("</main")[0]
    return sorted({int(pk) for pk in re.findall(r'href="/articles/(\d+)/"', main)})


if __name__ == "__main__":
    sys.stdout.write(json.dumps(facts(), ensure_ascii=False, indent=1, default=str))
