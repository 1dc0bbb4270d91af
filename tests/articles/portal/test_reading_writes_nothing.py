"""No GET by a reader writes to the database: SQLite's one writer is never a reader, and a replica can serve them."""

import re

import pytest
from django.db import connection

from articles.models.search_terms import Unanswered
from articles.search import unanswered
from articles.search.index import follow
from tests.support.newsroom import public_addresses

pytestmark = pytest.mark.django_db(transaction=True)
READING = re.compile(r"\s*(?:SELECT|EXPLAIN|SHOW|WITH|SAVEPOINT|RELEASE|PRAGMA \w+$)", re.I)
OLD = [
    "/no-such-outlet/2021/12/29/NW202112292230342473.html",
    "/category/TechWeb.html",
    "/guojishangbao/",
    "/sources/renamed/",
    "/no/such/page/",
]
ASKED = [
    "",
    "?q=火星",
    "?q=降准&page=2&sort=newest",
    "?from=2000-01-01",
    "?source=火星",
    "?after=1_1",
    "?page=99",
]


def refuse_to_write(execute, sql, params, many, context):
    assert READING.match(sql), sql
    return execute(sql, params, many, context)


def test_every_public_address_is_read_without_a_write(client, bank):
    follow.rebuild()
    bank.source.keep_old_slug("guojishangbao-old")
    filled = {
        "articles/": {"pk": str(bank.pk)},
        "stories/": {"pk": "1"},
        "sources/": {"slug": bank.source.slug},
        "categories/": {"slug": bank.category.slug},
        "tags/": {"slug": "服务贸易"},
        "securities/": {"symbol": "601939.SH"},
        "archive/": {"year": "2021", "day": "2021/12/29"},
        "media/": {"sha256": "ab" * 32},
    }
    addresses = [
        *public_addresses(filled),
        *OLD,
        "/guojishangbao-old/",
        "/healthz",
        "/readyz",
        "/admin/login/",
    ]
    with connection.execute_wrapper(refuse_to_write):
        for address in addresses:
            for question in ASKED:
                assert client.get(f"{address}{question}").status_code < 500
    assert not Unanswered.objects.exists()
    unanswered.write_down()
    assert Unanswered.objects.get(words="火星").count >= 1
