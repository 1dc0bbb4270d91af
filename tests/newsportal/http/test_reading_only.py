"""Public pages are read and nothing else: HEAD is GET without its body, other methods are refused, cookies unseen."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from articles.search.index import follow
from tests.support.builders import make_article, make_category, make_security, make_source

PAGES = [
    *(
        "/",
        "/sources/",
        "/sources/guojishangbao/",
        "/categories/qiche/",
        "/tags/fumao/",
        "/securities/601939.SH/",
    ),
    *(
        "/archive/",
        "/archive/2021/",
        "/archive/2021/12/29/",
        "/search/",
        "/search/?q=利率",
        "/search/suggest?q=国",
    ),
    *("/feed.xml", "/feed.json", "/sources/guojishangbao/feed.xml", "/search/feed.xml?q=利率", "/robots.txt"),
    *("/opensearch.xml", "/articles/{pk}/"),
]


@pytest.fixture
def article(db):
    return make_article(
        "利率",
        source=make_source("国际商报"),
        category=make_category("汽车", slug="qiche"),
        tags=["fumao"],
        securities=[make_security("601939.SH")],
    )


def same(headers, path: str) -> dict[str, str]:
    """The headers that GET and HEAD share: all but the id of the request. A search also prints how long it took."""
    own = {"X-Request-ID", "Content-Length" if path.startswith("/search/?q") else ""}
    return {name: value for name, value in headers.items() if name not in own}


@pytest.mark.django_db(transaction=True)
def test_head_is_get_without_its_body(article):
    follow.catch_up(wait=10)
    client = Client()
    for page in PAGES:
        path = page.format(pk=article.pk)
        got, head = client.get(path), client.head(path)
        assert (got.status_code, head.status_code) == (200, 200), path
        assert head.content == b"" and got.content
        assert same(got.headers, path) == same(head.headers, path), path
        assert got.headers["ETag"]
        again = client.head(path, headers={"If-None-Match": head.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert client.head(path, headers={"If-None-Match": '"other"'}).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_the_tag_of_a_search_does_not_hang_on_how_long_it_took(article):
    for number in range(30):
        make_article(f"利率{number}")
    follow.catch_up(wait=10)
    client = Client()
    for query in ("q=利率", "q=利率&page=2", "q=子虚乌有", "q=利率&source=guojishangbao", "q=用时"):
        answers = [client.get(f"/search/?{query}") for _ in range(6)]
        while len({answer.content for answer in answers}) == 1 and len(answers) < 500:
            answers.append(client.get(f"/search/?{query}"))
        assert len({answer.content for answer in answers}) > 1, "else the time stood still"
        [tag] = {answer.headers["ETag"] for answer in answers}
        assert client.get(f"/search/?{query}", headers={"If-None-Match": tag}).status_code == 304
    make_article("利率又一篇", published_at=datetime(2024, 5, 1, tzinfo=UTC))
    before = client.get("/search/?q=利率").headers["ETag"]
    follow.catch_up(wait=10)
    assert "又一篇" in client.get("/search/?q=利率&sort=newest").content.decode()
    assert client.get("/search/?q=利率").headers["ETag"] != before


@pytest.mark.parametrize("method", ["OPTIONS", "POST", "TRACE", "PUT", "DELETE", "PATCH", "PROPFIND"])
@pytest.mark.parametrize(
    "kind",
    [
        "",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json",
        "text/xml",
    ],
)
@pytest.mark.parametrize("cookie", ["", "sessionid=" + "a" * 32])
def test_other_methods_are_refused_as_such(article, method, kind, cookie):
    client = Client(headers={"Cookie": cookie} if cookie else {})
    for path in (
        "/",
        "/search/?q=x",
        f"/articles/{article.pk}/",
        "/feed.xml",
        "/nope",
        "/static/css/site.css",
        "/healthz",
    ):
        answer = client.generic(method, path, b"a=b", kind)
        assert answer.status_code == 405, path
        assert answer.headers["Allow"] == "GET, HEAD"
        assert "Set-Cookie" not in answer.headers


MALFORMED = [
    "csrftoken=x",
    "csrftoken=" + "ü" * 5,
    "csrftoken=" + "a" * 31,
    "csrftoken=",
    "csrftoken=" + "!" * 32,
    "sessionid=x",
    "sessionid=",
    "sessionid=../../x",
    "sessionid=" + "a" * 32,
    "messages=x; sessionid=1; csrftoken=2",
    "; ;=;a",
    "csrftoken=" + "a" * 4000,
]


@pytest.mark.django_db
@pytest.mark.parametrize("cookie", MALFORMED, ids=lambda cookie: cookie[:24])
def test_no_cookie_changes_a_public_page_or_is_answered_by_one(article, cookie):
    for path in (
        "/",
        "/sources/guojishangbao/",
        f"/articles/{article.pk}/",
        "/feed.xml",
        "/search/",
        "/nope/",
        "/sources",
    ):
        answer = Client(headers={"Cookie": cookie}).get(path)
        plain = Client().get(path)
        assert not answer.cookies and "Set-Cookie" not in answer.headers, path
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert (answer.status_code, answer.content) == (plain.status_code, plain.content)


@pytest.mark.django_db
def test_the_desk_still_has_its_cookies(client):
    assert "csrftoken" in client.get("/admin/login/").cookies
    assert "csrftoken" in Client(headers={"Cookie": "csrftoken=x"}).get("/admin/login/").cookies


@pytest.mark.django_db
@pytest.mark.parametrize("room", ["sources", "categories", "tags", "securities"])
@pytest.mark.parametrize("name", ["feed.xml", "feed.json"])
def test_a_feed_of_no_list_is_not_found_at_once(client, article, room, name):
    for path in (f"/{room}/{name}", f"/{room}/{name}/", f"/{room}/{name}/{name}"):
        assert client.get(path).status_code == 404, path
        assert client.head(path).status_code == 404, path


@pytest.mark.django_db
@pytest.mark.parametrize(
    "cookie", [one for one in MALFORMED if "a" * 32 not in one], ids=lambda one: one[:24]
)
def test_no_malformed_cookie_is_answered_by_a_picture(cookie):
    answer = Client(headers={"Cookie": cookie}).get(f"/media/{'ab' * 32}.webp")
    assert answer.status_code == 404
    assert not answer.cookies
