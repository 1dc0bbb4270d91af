"""What only a draft names is nowhere: not on a page, in a feed, behind an old address, nor in any answer of search."""

import re
from urllib.parse import quote

import pytest
from django.core.cache import cache
from taggit.models import Tag

from articles.models import Picture
from articles.models.search_terms import SearchAlias
from articles.models.story import Story
from articles.pictures.record import file_of
from articles.search.index import follow
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.editors import editor
from tests.support.newsroom import public_addresses

pytestmark = pytest.mark.django_db(transaction=True)
SHA = "ab" * 32
SECRET = ["沉璧晚报", "沉璧控股", "沉璧签", "沉璧栏", "沉璧落成", "chenbiwanbao"]
# What somebody may ask for who knows a part of a name, and never the whole.
ASKED = [
    "沉璧",
    "来源:沉璧",
    "来源:chenbi",
    "标签:chen",
    "代码:900001",
    "栏目:chenbi-lan",
    "沉璧碗",
    "900001",
]
NARROWED = ["source=chenbiwanbao", "category=chenbi-lan", "security=900001.SH", "from=2000-01-01", "page=2"]


@pytest.fixture
def hidden(settings, tmp_path):
    """An article in review: its outlet, tag, security, section, story and picture are named by nothing else."""
    settings.MEDIA_ROOT = tmp_path
    make_article("别的消息")
    outlet = make_source("沉璧晚报")
    outlet.keep_old_slug("chenbi-old")
    outlet.add_alias("沉璧社")
    article = make_article(
        "沉璧落成",
        outlet,
        status="review",
        category=make_category("沉璧栏", slug="chenbi-lan"),
        tags=[Tag.objects.create(name="沉璧签", slug="chenbi-qian")],
        securities=[make_security("900001.SH", name="沉璧控股")],
        external_id="NW202112292230342473",
        legacy_path="/chenbi/2021/12/29/NW202112292230342473.html",
    )
    twin = make_article("沉璧落成（二）", outlet, status="draft")
    story = Story.objects.create()
    type(article).objects.file_under({article.pk: story.pk, twin.pk: story.pk})
    picture = {"version": 1, "position": 1, "state": "fetched", "width": 1, "height": 1, "size": 1}
    Picture.objects.create(article=article, url="https://a.cn/1.jpg", sha256=SHA, **picture)
    file_of(SHA).parent.mkdir(parents=True)
    file_of(SHA).write_bytes(b"RIFF")
    SearchAlias.objects.all().delete()
    return article


def filled(article) -> dict[str, dict[str, str]]:
    """By the beginning of a route, what its parts stand for."""
    return {
        "articles/": {"pk": str(article.pk)},
        "stories/": {"pk": str(article.story_id or Story.objects.get().pk)},
        "sources/": {"slug": "chenbiwanbao"},
        "categories/": {"slug": "chenbi-lan"},
        "tags/": {"slug": "chenbi-qian"},
        "securities/": {"symbol": "900001.SH"},
        "archive/": {"year": "2021", "day": "2021/12/29"},
        "media/": {"sha256": SHA},
    }


def doors(article) -> list[str]:
    return public_addresses(filled(article))


OLD = [
    "/chenbi/2021/12/29/NW202112292230342473.html",
    "/chenbi-old/",
    "/sources/chenbi-old/",
]
OLD += ["/sources/chenbi-old/feed.xml", "/category/chenbi-old.html", "/chenbiwanbao/"]


def told(client, article) -> dict[str, str]:
    """What any of the doors says of what must be hidden, by door; asked with every question and narrowed every way."""
    follow.catch_up(wait=10)
    said = {}
    questions = ["", *(f"?q={quote(words)}" for words in ASKED), *(f"?{words}" for words in NARROWED)]
    questions += [f"?q={quote('消息')}&{words}" for words in NARROWED]
    for door in [*doors(article), *OLD]:
        for question in (
            questions if door.startswith("/search/") else ["", *(f"?{words}" for words in NARROWED)]
        ):
            cache.clear()
            answer = client.get(door + question)
            words = answer.content.decode("utf-8", "replace") + answer.get("Location", "")
            words = re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), words)
            for asked in NARROWED:
                words = words.replace(asked, "").replace(asked.partition("=")[2], "")
            if found := [one for one in SECRET if one in words]:
                said[door + question] = found[0]
    return said


def test_what_only_a_draft_names_is_behind_no_door_before_it_is_published_nor_after_it_is_withdrawn(
    client, hidden
):
    assert told(client, hidden) == {}
    own = [f"/{route}" for route in filled(hidden)]
    mine = [door for door in doors(hidden) if door.startswith(tuple(own[:6])) and door.count("/") > 2]
    assert {client.get(door).status_code for door in mine} == {404}
    hidden.status = "published"
    hidden.save()
    cache.clear()
    assert {client.get(door).status_code for door in mine} == {200, 302}  # a story that only one tells
    assert len(told(client, hidden)) > 50
    hidden.status = "withdrawn"
    hidden.save()
    cache.clear()
    assert told(client, hidden) == {}
    assert {client.get(door).status_code for door in mine} == {404, 410}


def test_an_old_address_of_what_is_hidden_leads_nowhere(client, hidden):
    for address in OLD:
        assert client.get(address).status_code == 404, address
    hidden.status = "published"
    hidden.save()
    for address in OLD[:5]:
        assert client.get(address).status_code == 301, address


def test_a_picture_is_shown_while_an_article_that_has_it_is_published(client, hidden):
    address = f"/media/{SHA}.webp"
    assert client.get(address).status_code == 404
    shown = editor().get(address)
    assert (shown.status_code, shown["Cache-Control"]) == (200, "private, no-store")
    hidden.status = "published"
    hidden.save()
    assert "public" in client.get(address)["Cache-Control"]
    hidden.status = "withdrawn"
    hidden.save()
    assert client.get(address).status_code == 404


def test_an_editor_still_finds_drafts_by_what_only_they_name(hidden):
    follow.catch_up(wait=10)
    client = editor()
    for words in ("来源:沉璧晚报", "标签:沉璧签", "代码:900001", "栏目:沉璧栏"):
        found = client.get("/admin/articles/article/", {"q": words}).context["cl"].result_list
        assert hidden in list(found), words
