"""Turning the pages of a list: every article once, in order, from any place, off an index."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article
from articles.portal.keyset import Cursor, KeysetList, of_security, of_tag, read_page
from tests.support.builders import make_article, make_category, make_security, make_source

pytestmark = pytest.mark.django_db
NOON = datetime(2021, 12, 29, 4, tzinfo=UTC)


def some_articles(number=7):
    """Newest first; every second one shares its moment with the one before."""
    return [make_article(published_at=NOON - timedelta(hours=n // 2)) for n in range(number)][::-1]


def pages(shelf, size=3, name="older"):
    """The titles of every page, from the first on."""
    query, titles = {}, []
    while True:
        page = read_page(shelf, query, {}, size)
        titles.append([article["title"] for article in page.articles])
        if not getattr(page, name):
            return titles
        key, _, value = getattr(page, name)[1:].partition("=")
        query = {key: value}


def in_order():
    shelf = KeysetList()
    return list(shelf.older(shelf.top()).values_list("title", flat=True))


def test_it_shows_every_article_once_in_order():
    some_articles()
    shown = pages(KeysetList())
    assert [len(page) for page in shown] == [3, 3, 1]
    assert sum(shown, []) == in_order()


def test_articles_of_one_moment_are_parted_by_their_ids():
    for _ in range(5):
        make_article(published_at=NOON)
    assert sum(pages(KeysetList(), size=2), []) == in_order()


def test_it_turns_back_to_the_same_pages():
    some_articles()
    first = read_page(KeysetList(), {}, {}, 3)
    second = read_page(KeysetList(), {"after": first.older.removeprefix("?after=")}, {}, 3)
    third = read_page(KeysetList(), {"after": second.older.removeprefix("?after=")}, {}, 3)
    back = read_page(KeysetList(), {"before": third.newer.removeprefix("?before=")}, {}, 3)
    assert back.articles == second.articles
    assert (back.newer, back.older) == (second.newer, second.older)


def test_turning_back_past_the_top_shows_a_full_first_page():
    some_articles()
    first = read_page(KeysetList(), {}, {}, 3)
    second_article = first.articles[1]
    page = read_page(KeysetList(), {"before": str(Cursor(second_article["at"], second_article["id"]))}, {}, 3)
    assert page == first


def test_an_article_that_comes_in_between_moves_no_page():
    some_articles()
    first = read_page(KeysetList(), {}, {}, 3)
    place = first.older.removeprefix("?after=")
    second = read_page(KeysetList(), {"after": place}, {}, 3)
    make_article(published_at=NOON + timedelta(hours=1))
    assert read_page(KeysetList(), {"after": place}, {}, 3).articles == second.articles


@pytest.mark.parametrize(
    "text",
    [
        "",
        "garbage",
        "1_",
        "_1",
        "1_2_3",
        "１_２",
        "9" * 18 + "_1",
        "-" + "9" * 18 + "_1",
        "1_" + "9" * 30,
        "1\0_1",
    ],
)
def test_a_place_that_is_none_leads_to_the_first_page(text):
    make_article("头条")
    assert Cursor.read(text) is None or Cursor.read(text).at.year > 0
    for name in ("after", "before"):
        assert read_page(KeysetList(), {name: text}, {}).articles is not None


def test_places_can_be_read_back():
    for at in (NOON, datetime(1912, 1, 1, 1, 2, 3, 456789, tzinfo=UTC)):
        assert Cursor.read(str(Cursor(at, 17))) == Cursor(at, 17)


def test_a_list_keeps_to_its_days():
    articles = some_articles()
    shelf = KeysetList(since=NOON - timedelta(hours=2), until=NOON)
    titles = [article.title for article in articles if shelf.since <= article.public_at < shelf.until]
    assert sum(pages(shelf, size=2), []) == sorted(titles, key=in_order().index)
    newer = shelf.newer(Cursor(NOON - timedelta(days=1), 1)).values_list("title", flat=True)
    assert list(newer)[::-1] == sum(pages(shelf, size=2), [])


def test_what_is_not_public_is_on_no_shelf():
    source, category, security = make_source(), make_category(), make_security()
    common = {"source": source, "category": category, "securities": [security], "tags": ["服务贸易"]}
    make_article("已发布", **common)
    make_article("草稿", status="draft", **common)
    make_article("待审", status="review", **common)
    make_article("已撤", status="withdrawn", **common)
    make_article("明天", published_at=timezone.now() + timedelta(days=1), **common)
    tag = Tag.objects.get(name="服务贸易")
    for shelf in (
        KeysetList(),
        KeysetList({"source": source}),
        KeysetList({"category": category}),
        of_tag(tag),
        of_security(security),
    ):
        assert sum(pages(shelf), []) == ["已发布"]
        assert [a.title for a in shelf.newer(Cursor(NOON - timedelta(days=9999), 1))] == ["已发布"]


@pytest.fixture
def planner():
    """A planner that has something to choose from. PostgreSQL reads a table of few rows whole, if it may."""
    if connection.vendor == "sqlite":
        return
    sources = [make_source() for _ in range(40)]
    categories = [make_category() for _ in range(40)]
    articles = [Article(source=sources[n % 40], category=categories[n % 40], title="一") for n in range(800)]
    for n, article in enumerate(articles):
        article.status, article.published_at = "published", NOON - timedelta(minutes=n)
        article.derive()
    Article.objects.bulk_create(articles)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")


@pytest.mark.parametrize(
    ("shelf", "index"),
    [
        (KeysetList(), "article_newest"),
        (KeysetList({"source": 1}), "article_of_source"),
        (KeysetList({"category": 1}), "article_of_category"),
        (of_tag(1), "tagged_newest"),
        (of_security(1), "mention_newest"),
    ],
    ids=["all", "source", "category", "tag", "security"],
)
def test_every_list_is_read_off_its_index(planner, shelf, index):
    place = Cursor(NOON, 17)
    days = KeysetList(shelf.where, shelf.at, shelf.id, since=NOON - timedelta(days=1), until=NOON)
    reads = [
        *(shelf.older(shelf.top()), shelf.older(place), shelf.newer(place)),
        *(days.older(days.top()), days.newer(place)),
    ]
    for articles in reads:
        found = articles.as_rows()[:31].explain()
        assert index in found
        assert "TEMP B-TREE" not in found
        assert "Sort" not in found
