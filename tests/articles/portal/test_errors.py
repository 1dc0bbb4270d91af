"""Addresses that are none, and the pages that say so."""

import pytest
from django.test import Client

from tests.support.page_text import lists, text

pytestmark = pytest.mark.django_db

BAD = [
    *("/articles/0/", f"/articles/{10**30}/", f"/articles/{'9' * 5000}/", "/articles/-1/", "/articles/1e3/"),
    *(
        "/articles/%00/",
        "/sources/%00/",
        "/tags/%00/",
        "/categories/%00/",
        "/securities/%00.SH/",
        "/%00",
        "/%00.html",
    ),
    *("/tags/%ff%fe/", "/sources/%ff/", "/%ff/", "/sources/../", "/securities/601939/", "/securities/./"),
    *("/archive/2021/13/99/", "/archive/2021/02/30/", "/archive/0001/01/01/", "/archive/9999/12/31/"),
    *("/archive/2021/1/1/", "/archive/99999999999999/01/01/", "/archive/２０２１/01/01/", "/archive/0000/"),
    *("/?page=0", "/?page=99999", f"/?page={'9' * 5000}", "/?page=x", "/?page=%00", "/?page=1.0e3"),
    *("/tags/" + "长" * 2000 + "/", "/sources/" + "x" * 8000 + "/feed.xml", "/tags/nope/feed.xml"),
]


@pytest.mark.parametrize("path", BAD, ids=lambda path: path[:40])
def test_a_bad_address_is_not_found(client, path):
    assert client.get(path).status_code == 404


ODD = [
    *(
        "after=garbage",
        f"after={'9' * 400}_1",
        "after=%00",
        "after=%ff",
        "before=1_1_1",
        f"before=1_{'9' * 400}",
    ),
    *(
        "after=-99999999999999999_1",
        "before=-99999999999999999_1",
        "before=99999999999999999_1",
        "after=1_1&before=1_1",
    ),
    *("from=%00", "from=0001-01-01", "to=9999-12-31", "from=2021-13-99", "to=%ff", f"from={'9' * 8000}"),
    *(
        "source=%00",
        "source=%ff",
        f"source={'x' * 8000}",
        "category=%00",
        f"category={'长' * 500}",
        "from=2022-01-01&to=2021-01-01",
    ),
    *("from=1800-01-01", "to=2199-12-31", "x[]=1", "after", "from", "%00=%00", "q=" + "%E9%95%BF" * 900),
]


@pytest.mark.parametrize("query", ODD, ids=lambda query: query[:40])
def test_an_odd_query_breaks_nothing(client, bank, query):
    for path in (*lists(bank), "/", "/sources/", "/feed.xml", bank.get_absolute_url()):
        assert client.get(f"{path}?{query}").status_code == 200


def test_too_many_fields_are_refused(client, bank, settings):
    too_many = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1
    page = text(client, f"{bank.source.get_absolute_url()}?{'a&' * too_many}", 400)
    assert "看不懂的请求" in page


def test_the_404_page_helps(client):
    page = text(client, "/nope/", 404)
    for link in ('href="/"', 'href="/sources/"', 'href="/archive/"'):
        assert link in page


def test_a_strange_host_is_refused_in_our_words(client):
    response = client.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "看不懂的请求" in response.content.decode()


def test_a_form_from_elsewhere_is_refused_in_our_words():
    response = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "x"})
    assert response.status_code == 403
    assert "表单没有提交" in response.content.decode()


def test_the_500_page_needs_nothing_that_may_be_broken(client, monkeypatch):
    def broken():
        raise RuntimeError("the cache and the database are down")

    monkeypatch.setattr("articles.portal.render.navigation", broken)
    client.raise_request_exception = False
    page = text(client, "/sources/", 500)
    assert "服务器出错" in page
    assert "RuntimeError" not in page


def test_robots_are_told_where_not_to_go(client):
    assert "Disallow: /admin/" in text(client, "/robots.txt")


def test_addresses_without_their_last_slash_are_put_right(client, bank):
    response = client.get(f"/articles/{bank.pk}")
    assert (response.status_code, response["Location"]) == (301, f"/articles/{bank.pk}/")
