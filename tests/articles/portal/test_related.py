"""相关报道 beside an article: what is like it, and nothing that is no longer public."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Story
from articles.search.index import follow
from tests.support.builders import make_article, make_category, make_source
from tests.support.page_text import text

pytestmark = pytest.mark.django_db(transaction=True)
NIGHT = datetime(2021, 12, 28, 23, 50, tzinfo=UTC)


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


@pytest.fixture
def alike():
    """Articles on one thing, each with its own words, and one on another."""
    bank, body = (
        make_category("住房金融"),
        "<p>沧澜银行下调首套住房贷款利率，首套住房贷款利率降至历史低点。</p>",
    )
    made = [
        make_article(
            f"沧澜银行下调首套住房贷款利率之{n}",
            source=make_source(f"报纸{n}号"),
            published_at=NIGHT - timedelta(hours=n),
            category=bank,
            body_html=f"{body}<p>第{n}号报道说，储户反应不一。</p>",
        )
        for n in range(4)
    ]
    make_article(
        "山城夜归人的小吃摊", body_html="<p>凌晨两点，他收了摊，推着车往坡上走。</p>", published_at=NIGHT
    )
    follow.catch_up(wait=10)
    return made


def related(client, article) -> list[int]:
    """The ids under 相关报道, in their order."""
    page = text(client, article.get_absolute_url()).partition('id="related"')[2].partition("</section>")[0]
    return [int(pk) for pk in re.findall(r'href="/articles/(\d+)/"', page)]


def test_what_is_like_it_stands_beside_an_article(client, alike):
    assert set(related(client, alike[0])) == {one.pk for one in alike[1:]}


def test_it_is_the_same_from_the_cache_and_never_what_was_withdrawn_since(client, alike):
    first = related(client, alike[0])
    assert related(client, alike[0]) == first
    alike[1].status = Article.Status.WITHDRAWN
    alike[1].save()
    assert related(client, alike[0]) == [pk for pk in first if pk != alike[1].pk]


def test_its_headlines_are_those_of_today(client, alike):
    related(client, alike[0])
    alike[1].title = "改过的标题"
    alike[1].save()
    assert "改过的标题" in text(client, alike[0].get_absolute_url())


def test_another_telling_of_the_story_is_shown_once(client, alike):
    story = Story.objects.create()
    Article.objects.file_under({alike[0].pk: story.pk, alike[1].pk: story.pk})
    assert set(related(client, alike[0])) == {alike[2].pk, alike[3].pk}
    assert text(client, alike[0].get_absolute_url()).count(f"/articles/{alike[1].pk}/") == 1


def test_nothing_is_said_where_there_is_nothing(client, alike):
    alone = Article.objects.get(title="山城夜归人的小吃摊")
    for article in alike:
        article.status = Article.Status.DRAFT
        article.save()
    assert "相关报道" not in text(client, alone.get_absolute_url())


def test_the_first_reader_of_an_article_costs_no_more_queries_than_the_next(client, alike):
    client.get("/")  # from here on the navigation is in the cache
    with CaptureQueriesContext(connection) as captured:
        assert related(client, alike[0])
    with CaptureQueriesContext(connection) as again:
        assert related(client, alike[0])
    assert len(captured) == len(again) <= 6


def test_an_article_with_all_beside_it_keeps_to_its_queries(client, alike):
    story = Story.objects.create()
    Article.objects.file_under({alike[0].pk: story.pk, alike[1].pk: story.pk})
    related(client, alike[0])
    with CaptureQueriesContext(connection) as captured:
        assert related(client, alike[0])
    assert len(captured) <= 7
