"""A search that is followed: its newest articles as Atom and as JSON Feed."""

import json
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from articles.search.index import follow
from tests.support.builders import make_article, make_source
from tests.support.page_text import text

pytestmark = pytest.mark.django_db(transaction=True)
ATOM = "{http://www.w3.org/2005/Atom}"
NIGHT = datetime(2021, 12, 28, 23, 50, tzinfo=UTC)


@pytest.fixture(autouse=True)
def rates():
    """Two articles on interest rates, the older one by a better title; and one on something else."""
    source = make_source("国际商报")
    make_article(
        "利率", source=source, published_at=NIGHT - timedelta(days=2), legacy_path="/a/2021/12/27/NW1.html"
    )
    make_article("房贷和存款的利率", source=source, published_at=NIGHT, digest="摘要。")
    make_article("别的事", source=source, published_at=NIGHT)
    follow.catch_up(wait=10)


def test_atom_holds_the_newest_first_whatever_order_the_page_has(client):
    response = client.get("/search/feed.xml", {"q": "利率", "sort": "relevance", "page": "3"})
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(response.content)
    assert [title.text for title in feed.findall(f"{ATOM}entry/{ATOM}title")] == ["房贷和存款的利率", "利率"]
    assert feed.findtext(f"{ATOM}title") == "搜索“利率” - 新闻门户"
    assert [link.get("href") for link in feed.findall(f"{ATOM}link")] == [
        "http://127.0.0.1:8000/search/?q=%E5%88%A9%E7%8E%87",
        "http://127.0.0.1:8000/search/feed.xml?q=%E5%88%A9%E7%8E%87",
    ]


def test_entries_have_the_ids_they_have_in_every_feed(client):
    feed = ElementTree.fromstring(client.get("/search/feed.xml?q=利率").content)
    ids = [entry.text for entry in feed.findall(f"{ATOM}entry/{ATOM}id")]
    assert ids[1] == "https://finews.withounder.com/a/2021/12/27/NW1"


def test_json_feed_says_the_same(client):
    response = client.get("/search/feed.json?q=利率")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(response.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "搜索“利率” - 新闻门户"
    assert feed["home_page_url"] == "http://127.0.0.1:8000/search/?q=%E5%88%A9%E7%8E%87"
    assert feed["feed_url"] == "http://127.0.0.1:8000/search/feed.json?q=%E5%88%A9%E7%8E%87"
    newest, oldest = feed["items"]
    assert newest["title"] == "房贷和存款的利率"
    assert newest["content_text"] == "摘要。"
    assert newest["url"] == newest["id"]
    assert newest["date_published"] == newest["date_modified"] == "2021-12-28T23:50:00+00:00"
    assert newest["authors"] == [{"name": "国际商报"}]
    assert oldest["id"] == "https://finews.withounder.com/a/2021/12/27/NW1"


def test_the_filters_of_the_page_hold_for_its_feeds(client):
    assert (
        "利率"
        not in text(client, "/search/feed.json?q=利率&source=zhengquanshibao&from=2021-12-28").partition(
            '"items"'
        )[2]
    )


def test_an_unchanged_feed_answers_304(client):
    for name in ("feed.xml", "feed.json"):
        etag = client.get(f"/search/{name}?q=利率")["ETag"]
        assert client.get(f"/search/{name}?q=利率", headers={"If-None-Match": etag}).status_code == 304


def test_of_no_question_there_is_no_feed(client):
    for path in ("/search/feed.xml", "/search/feed.json?sort=newest"):
        assert client.get(path).status_code == 404


def test_the_page_links_to_its_feeds(client):
    page = text(client, "/search/?q=利率&sort=newest")
    assert page.count('href="/search/feed.xml?q=%E5%88%A9%E7%8E%87"') == 2
    assert page.count('href="/search/feed.json?q=%E5%88%A9%E7%8E%87"') == 2
