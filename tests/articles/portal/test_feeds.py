"""Feeds: Atom as feed programs read it, with ids that never change."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from articles.models import Article
from sources.models import Source
from tests.support.builders import make_article, make_category, make_security, make_source

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
NIGHT = datetime(2021, 12, 28, 23, 50, tzinfo=UTC)


def read(client, path="/feed.xml"):
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def entries(client, path="/feed.xml"):
    return [
        {child.tag.removeprefix(ATOM): child.text or child.get("href") for child in entry}
        for entry in read(client, path).iter(f"{ATOM}entry")
    ]


def items(client, path="/feed.json") -> list[dict]:
    return client.get(path).json()["items"]


def test_an_entry_says_what_where_and_when(client):
    article = make_article("沧澜银行公告", published_at=NIGHT, digest="摘要。")
    [entry] = entries(client)
    link = f"http://127.0.0.1:8000/articles/{article.pk}/"
    assert (entry["title"], entry["summary"], entry["link"], entry["id"]) == (
        "沧澜银行公告",
        "摘要。",
        link,
        link,
    )
    assert entry["published"] == entry["updated"] == "2021-12-28T23:50:00+00:00"


@pytest.mark.parametrize(
    ("path", "old_id"),
    [
        ("/guojishangbao/2021/12/29/NW1.html", "/guojishangbao/2021/12/29/NW1"),
        ("/a·b/2021/12/29/x(1).html", "/a%C2%B7b/2021/12/29/x(1)"),
    ],
)
def test_posts_of_the_old_site_keep_their_ids(client, path, old_id):
    make_article(legacy_path=path)
    assert [entry["id"] for entry in entries(client)] == ["https://finews.withounder.com" + old_id]


def test_updated_moves_on_a_change_and_the_id_does_not(client):
    article = make_article(published_at=NIGHT)
    [before] = entries(client)
    article.title = "改过的标题"
    article.save()
    [after] = entries(client)
    assert after["id"] == before["id"]
    assert after["published"] == before["published"]
    assert after["updated"] > before["updated"]
    assert read(client).findtext(f"{ATOM}updated") == after["updated"]


def test_characters_xml_cannot_hold_are_left_out(client):
    article = make_article("标题", source=make_source("来源"))
    Article.objects.filter(pk=article.pk).update(title="a\x08b\x0bc\uffff", digest="<d>&\x1f")
    Source.objects.update(name="e\x01f")
    [entry] = entries(client)
    assert (entry["title"], entry["summary"]) == ("abc", "<d>&")
    assert read(client).find(f"{ATOM}entry/{ATOM}author/{ATOM}name").text == "ef"
    assert (
        read(client, f"/sources/{article.source.slug}/feed.xml").findtext(f"{ATOM}title") == "ef - 新闻门户"
    )


def test_every_list_has_its_feed(client):
    source, category = make_source("国际商报"), make_category("汽车")
    article = make_article(
        "有", source=source, category=category, tags=["服务贸易"], securities=[make_security("NIO.N")]
    )
    make_article("无")
    lists = [source.get_absolute_url(), category.get_absolute_url(), "/tags/服务贸易/", "/securities/NIO.N/"]
    for path in lists:
        assert [entry["title"] for entry in entries(client, f"{path}feed.xml")] == ["有"]
        assert [item["title"] for item in items(client, f"{path}feed.json")] == ["有"]
        page = client.get(path).content.decode()
        for kind in ("atom+xml", "feed+json"):
            assert page.count(f'type="application/{kind}"') == 2, "this list's and everything's"
    assert {entry["title"] for entry in entries(client)} == {"有", "无"}
    article.status = "withdrawn"
    article.save()
    for path in lists:
        for name in ("feed.xml", "feed.json"):
            assert client.get(f"{path}{name}").status_code == 404


def test_json_feed_says_the_same_as_atom(client):
    article = make_article(
        "沧澜银行\x0b公告", published_at=NIGHT, digest="摘要。", legacy_path="/a/2021/12/29/NW1.html"
    )
    make_article("旧闻", published_at=NIGHT - timedelta(days=1))
    response = client.get("/feed.json")
    assert response["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = response.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "http://127.0.0.1:8000/feed.json"
    assert [item["id"] for item in feed["items"]] == [entry["id"] for entry in entries(client)]
    assert feed["items"][0] == {
        "id": "https://finews.withounder.com/a/2021/12/29/NW1",
        "url": f"http://127.0.0.1:8000/articles/{article.pk}/",
        "title": "沧澜银行公告",
        "content_text": "摘要。",
        "date_published": "2021-12-28T23:50:00+00:00",
        "date_modified": "2021-12-28T23:50:00+00:00",
        "authors": [{"name": article.source.name}],
    }
    assert client.get("/feed.json", headers={"If-None-Match": response["ETag"]}).status_code == 304


def test_it_holds_the_newest_fifty(client):
    for n in range(51):
        make_article(f"第{n}条", published_at=NIGHT + timedelta(minutes=n))
    titles = [entry["title"] for entry in entries(client)]
    assert len(titles) == 50
    assert titles[0] == "第50条"


def test_an_unchanged_feed_answers_304(client):
    for _ in range(2):  # also while it is empty
        etag = client.get("/feed.xml")["ETag"]
        assert client.get("/feed.xml", headers={"If-None-Match": etag}).status_code == 304
        make_article()
        assert client.get("/feed.xml", headers={"If-None-Match": etag}).status_code == 200


# ------------------------------------------------------------------ what a summary, a content and a category are
SIGNS = [
    "‹A股>三连涨",
    "<em>季报</em>发布",
    "a < b && c > d",
    "&ldquo;季报&rdquo;",
    "<!-- more -->",
    "]]>",
    "1<2",
]


@pytest.mark.parametrize("words", SIGNS)
def test_a_summary_is_plain_text_and_says_so(client, words):
    make_article(words, digest=words)
    [entry] = read(client).iter(f"{ATOM}entry")
    summary = entry.find(f"{ATOM}summary")
    assert (summary.get("type"), summary.text) == ("text", words)
    assert entry.find(f"{ATOM}title").get("type", "text") == "text"
    assert entry.find(f"{ATOM}title").text == words
    assert entry.find(f"{ATOM}content") is None
    assert items(client)[0]["content_text"] == words


BODIES = [
    "<p>正文&amp;一段。</p>\n<p>2 &lt; 3</p>",
    "<table><tbody><tr><td>一</td></tr></tbody></table>",
    "<p>]]&gt;</p>",
]


@pytest.mark.parametrize("body", BODIES)
def test_the_whole_text_is_there_for_who_asks(client, body):
    article = make_article(
        "题", source=make_source("国际商报"), body_html=body, digest="摘要。", tags=["服务贸易"]
    )
    for path in ("/", article.source.get_absolute_url(), "/tags/服务贸易/"):
        feed = read(client, f"{path}feed.xml?content=full")
        content = feed.find(f"{ATOM}entry/{ATOM}content")
        assert (content.get("type"), content.text) == ("html", article.body_html)
        assert feed.find(f"{ATOM}entry/{ATOM}summary").text == "摘要。"
        assert feed.find(f"{ATOM}link[@rel='self']").get("href").endswith("feed.xml?content=full")
        item = items(client, f"{path}feed.json?content=full")[0]
        assert (item["content_html"], item["summary"]) == (article.body_html, "摘要。")
        assert "content_text" not in item
    for other in ("", "?content=", "?content=x", "?content=FULL", "?full"):
        assert read(client, f"/feed.xml{other}").find(f"{ATOM}entry/{ATOM}content") is None
        assert "content_html" not in items(client, f"/feed.json{other}")[0]


def test_an_entry_names_its_section_and_tags(client):
    category = make_category("汽车")
    make_article("甲", category=category, tags=["服务贸易", "A<B", "汽车"], published_at=NIGHT)
    make_article("乙", published_at=NIGHT - timedelta(days=1), tags=["另一个"])
    make_article("丙", published_at=NIGHT - timedelta(days=2))
    found = [
        [one.get("term") for one in entry.iter(f"{ATOM}category")]
        for entry in read(client).iter(f"{ATOM}entry")
    ]
    assert found == [["汽车", "服务贸易", "A<B"], ["另一个"], []]
    assert [item.get("tags", []) for item in items(client)] == found


def test_a_feed_asks_as_much_of_many_articles_as_of_few(client, django_assert_max_num_queries):
    for number in range(20):
        make_article(
            category=make_category(), tags=[f"签{number}"], legacy_path=f"/a/2021/12/29/{number}.html"
        )
    for path in ("/feed.xml", "/feed.xml?content=full", "/feed.json"):
        with django_assert_max_num_queries(3):
            client.get(path)
