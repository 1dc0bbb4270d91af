"""Which outlets are active: measured against now, whenever they were last counted."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, OutletFront, Revision
from tests.support.builders import make_article, make_source
from tests.support.editors import words

pytestmark = pytest.mark.django_db


def publish(name: str, *ages: float) -> None:
    """Articles of an outlet, so many days old."""
    source = make_source(name)
    for age in ages:
        make_article(source=source, published_at=timezone.now() - timedelta(days=age))


def ranking(in_days: int = 0) -> list[str]:
    active = OutletFront.objects.active(timezone.localdate() + timedelta(days=in_days))
    return [front["name"] for front in OutletFront.objects.by_activity(active, 0, 100)]


def test_an_outlet_of_years_ago_is_never_ahead_of_one_that_publishes():
    publish("国际商报", *[1500] * 9)
    publish("石城晚报", 1)
    assert ranking() == ["石城晚报", "国际商报"]


def test_an_old_delivery_makes_no_outlet_active_though_it_is_the_newest_there_is():
    publish("国际商报", *[1500] * 3)
    publish("沧澜日报", *[1700] * 5)
    assert [front.days for front in OutletFront.objects.all()] == [{}, {}]
    assert ranking() == ["沧澜日报", "国际商报"]  # most of all times


@pytest.mark.parametrize(
    ("days", "order"),
    [
        (0, ["新闻联播", "石城晚报", "泰克网"]),
        (12, ["石城晚报", "新闻联播", "泰克网"]),  # of 新闻联播 one is left
        (25, ["石城晚报", "新闻联播", "泰克网"]),
        (40, ["新闻联播", "石城晚报", "泰克网"]),  # none of any: most of all times
    ],
)
def test_numbers_nobody_has_counted_again_grow_old_by_themselves(days, order):
    publish("新闻联播", 20, 20, 20, 19, 1)
    publish("石城晚报", 2, 2, 3)
    publish("泰克网", 900)
    assert ranking(in_days=days) == order


def test_thirty_days_ago_counts_no_more_and_twenty_nine_do():
    publish("甲", 30, 30, 30)
    publish("乙", 29)
    assert ranking() == ["乙", "甲"]


def test_a_withdrawn_article_counts_no_more():
    publish("甲", 1, 1)
    publish("乙", 1)
    for article in Article.objects.filter(source__name="甲"):
        article.status = Article.Status.WITHDRAWN
        article.revise(Revision.Kind.WITHDRAWAL, reason="有误")
    assert ranking() == ["乙"]


def test_what_comes_out_tomorrow_is_not_counted_today():
    publish("甲", -1, -1)
    publish("乙", 1)
    assert ranking() == ["乙"]


def test_the_home_page_leads_with_who_publishes_now(client):
    publish("新闻联播", *[1500] * 9)
    publish("石城晚报", 3)
    said = words(client.get("/")).partition("各家来源")[2]
    assert said.index("石城晚报") < said.index("新闻联播")


def test_the_home_page_asks_the_same_however_many_outlets_and_articles_there_are(client):
    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        return [one["sql"] for one in queries]

    publish("甲", 1)
    asked()
    few = asked()
    for number in range(30):
        publish(f"来源之{number}", *range(3))
    cache.clear()
    first = asked()
    assert len(asked()) == len(few) <= 3
    # Of the articles only the newest are read; their numbers stand ready.
    assert sum("articles_article" in sql for sql in first if "COUNT(" in sql) == 0


def test_an_outlet_is_on_the_home_page_as_soon_as_it_has_an_article(client):
    client.get("/")
    for name in ("石城晚报", "泰克网"):
        publish(name, 1)
        assert f"{name}1 篇" in words(client.get("/"))
    publish("泰克网", 1, 2)
    assert "泰克网3 篇" in words(client.get("/"))
    assert ranking() == ["泰克网", "石城晚报"]


def test_a_later_page_goes_on_where_the_first_ends(client):
    for number in range(30):
        publish(f"来源之{number:02}", number)
    pages = [words(client.get("/", {"page": page})) for page in (1, 2)]
    listed = [[n for n in range(30) if f"来源之{n:02}1 篇" in page] for page in pages]
    assert sorted(listed[0] + listed[1]) == list(range(30))
    assert client.get("/", {"page": 3}).status_code == 404
