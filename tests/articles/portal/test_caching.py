"""What a page costs us, and how long whom it may be kept by."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Security
from tests.support.builders import make_article, make_source
from tests.support.page_text import lists

pytestmark = pytest.mark.django_db
NIGHT = datetime(2021, 12, 28, 23, 50, tzinfo=UTC)


def queries(client, path):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in captured]


CEILINGS = {"/": 6, "/feed.xml": 4, "/sources/": 6, "/archive/": 6}


def fill(number, bank):
    for n in range(number):
        make_article(
            source=bank.source if n % 2 else make_source(f"报纸{n % 20}号"),
            category=bank.category,
            published_at=NIGHT - timedelta(seconds=n),
            tags=["服务贸易"],
            securities=[Security.objects.get(code="601939")],
        )


def test_pages_ask_as_much_of_many_articles_as_of_few(client, bank):
    ceilings = CEILINGS | dict.fromkeys(lists(bank), 8) | {bank.get_absolute_url(): 6}
    narrowed = f"{bank.category.get_absolute_url()}?from=2021-01-01&source=国际商报"
    ceilings |= {narrowed: 8, f"{bank.source.get_absolute_url()}feed.xml": 4}
    fill(9, bank)
    client.get("/")  # from here on the navigation is in the cache
    few = {path: len(queries(client, path)) for path in ceilings}
    fill(190, bank)
    cache.clear()
    assert len(queries(client, "/")) == few["/"] + 1, "the navigation, which stands in the cache for a minute"
    for path, ceiling in ceilings.items():
        assert len(queries(client, path)) == few[path] < ceiling, path
    make_article(source=bank.source, published_at=timezone.now())
    client.get("/")
    warm = len(queries(client, "/"))
    cache.clear()
    assert len(queries(client, "/")) == warm + 2 <= ceilings["/"], "and who is active, if anybody is"


def test_no_list_reads_a_body(client, bank):
    for path in ("/", "/feed.xml", *lists(bank)):
        for sql in queries(client, path):
            assert '"body_html"' not in sql
            assert '"articles_article"."text"' not in sql


def test_public_pages_may_be_kept_by_caches_and_set_no_cookie(client, bank):
    client.force_login(User.objects.create_superuser("editor"))
    stranger = Client()
    others = ("/", "/sources/", "/archive/", "/feed.xml", "/robots.txt", bank.get_absolute_url())
    for path in (*others, *lists(bank)):
        response = client.get(path)
        assert response["Cache-Control"] == (
            "public, max-age=60, s-maxage=300, stale-while-revalidate=600, stale-if-error=86400"
        )
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert response.content == stranger.get(path).content
        assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_an_error_page_is_not_kept(client):
    assert "Cache-Control" not in client.get("/articles/1/")
