"""The box on every page, its suggestions, and the description by which browsers take it in."""

import json
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.portal.render import guess
from tests.support.builders import make_article, make_source
from tests.support.page_text import text

pytestmark = pytest.mark.django_db
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.fixture
def paper():
    source = make_source("国际商报")
    make_article(source=source)
    return source


@pytest.mark.parametrize("words", ["国际商报", "国际", "guojishangbao"])
def test_outlets_are_suggested_in_the_form_browsers_read(client, paper, words):
    response = client.get("/search/suggest", {"q": words})
    assert response["Content-Type"] == "application/x-suggestions+json; charset=utf-8"
    asked, labels, notes, addresses = json.loads(response.content)
    assert asked == words
    assert "国际商报" in labels[0]
    assert addresses[0] == f"http://127.0.0.1:8000{paper.get_absolute_url()}"
    assert len(labels) == len(notes) == len(addresses)


def test_our_own_box_takes_them_in_as_a_module(client, paper):
    response = client.get("/search/suggest.js", {"q": "国际\u2028</script>"})
    assert response["Content-Type"] == "text/javascript; charset=utf-8"
    begin, end = "export default ", ";\n"
    text = response.content.decode()
    assert text.startswith(begin) and text.endswith(end)
    assert len(json.loads(text.removeprefix(begin).removesuffix(end))) == 4


def test_nothing_is_suggested_for_nothing(client, paper):
    assert json.loads(client.get("/search/suggest").content) == ["", [], [], []]
    assert json.loads(client.get("/search/suggest?q=%00").content) == ["", [], [], []]


def test_suggestions_may_be_kept_for_a_minute(client, paper):
    response = client.get("/search/suggest?q=国际")
    assert response["Cache-Control"] == "public, max-age=60"
    assert not response.cookies


def test_browsers_are_told_how_to_search_here(client):
    response = client.get("/opensearch.xml")
    assert response["Content-Type"].startswith("application/opensearchdescription+xml")
    described = ElementTree.fromstring(response.content)
    assert described.findtext(f"{OPENSEARCH}ShortName") == "新闻门户"
    templates = {url.get("type"): url.get("template") for url in described.findall(f"{OPENSEARCH}Url")}
    assert templates["text/html"] == "http://127.0.0.1:8000/search/?q={searchTerms}"
    assert (
        templates["application/x-suggestions+json"] == "http://127.0.0.1:8000/search/suggest?q={searchTerms}"
    )


def test_every_page_has_one_box_and_names_the_description(client, paper):
    article = make_article(source=paper)
    for path in (
        "/",
        "/sources/",
        "/archive/",
        paper.get_absolute_url(),
        article.get_absolute_url(),
        "/search/",
    ):
        page = text(client, path)
        assert page.count('action="/search/" role="search"') == 1, path
        assert page.count('<label class="unseen" for="q">') == page.count('id="q"') == 1, path
        assert 'rel="search" type="application/opensearchdescription+xml"' in page, path


def test_the_box_asks_nothing_of_the_database(client, paper):
    client.get("/")
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    assert len(captured) <= 4


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/guojishangbao/2021/12/29/利率下调.html", "利率下调"),
        ("/category/guojishangbao.html", "guojishangbao"),
        ("/tags/服务_贸易/", "服务 贸易"),
        ("/guojishangbao/2021/12/29/NW202112292230377248.html", ""),
        ("/", ""),
        ("/\0", ""),
        ("/" + "长" * 500, "长" * 60),
    ],
)
def test_words_are_guessed_from_an_address_that_leads_nowhere(path, words):
    assert guess(path) == words


def test_the_404_page_offers_to_look_for_them(client):
    page = text(client, "/tags/利率下调/", 404)
    assert 'type="search" value="利率下调"' in page
    assert 'value="&quot;&gt;' not in text(client, '/tags/"><script>x/', 404)
    assert "<script>x" not in text(client, '/tags/"><script>x</', 404)
