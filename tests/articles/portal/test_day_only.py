"""An item that gives a day and no time is stored as that day's midnight: no page says 00:00 of it."""

import json
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from articles.models import Article, Revision
from articles.models.story import Story
from articles.search.index import follow
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.editors import chief, words
from tests.support.page_text import text

pytestmark = pytest.mark.django_db(transaction=True)
SHANGHAI = ZoneInfo("Asia/Shanghai")
THIS_YEAR = timezone.localdate().year
# Days of this year and of others; before 1991 and in 1927 the zone had other offsets.
DAYS = [(2022, 3, 1), (1988, 7, 2), (1912, 1, 1), (THIS_YEAR, 1, 1)]


def make(day) -> Article:
    common = {"source": make_source("国际商报"), "category": make_category("汽车"), "tags": ["服务贸易"]}
    article = make_article(
        "只有日期的稿件",
        published_at=datetime(*day, tzinfo=SHANGHAI),
        securities=[make_security("601939.SH")],
        original_title="原来的题",
        **common,
    )
    other = make_article("只有日期的另一篇", article.source, published_at=article.published_at)
    Article.objects.file_under(dict.fromkeys([article.pk, other.pk], Story.objects.create().pk))
    return article


def pages_of(article: Article) -> list[str]:
    day = timezone.localtime(article.published_at).date()
    return [
        *("/", "/archive/", f"/archive/{day:%Y/%m/%d}/", article.get_absolute_url()),
        *(article.source.get_absolute_url(), article.category.get_absolute_url()),
        *("/tags/服务贸易/", "/securities/601939.SH/", "/search/?q=只有日期"),
        Article.objects.get(pk=article.pk).story.get_absolute_url(),
    ]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_page_for_readers_says_midnight(client, day):
    article = make(day)
    follow.catch_up(wait=10)
    for path in pages_of(article):
        page = text(client, path)
        assert "00:00" not in page, path
        if "<time" in page:
            moments = re.findall(r'<time datetime="([^"]*)">([^<]*)</time>', page)
            assert moments, path
            for machine, shown in moments:
                assert datetime.fromisoformat(machine).date() == datetime(*day).date()
                assert shown in machine, path


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_no_list_of_the_desk_says_midnight(day):
    article, client = make(day), chief()
    revision = Revision.objects.create(article=article, version=0, kind="import", snapshot=article.kept())
    story = Article.objects.get(pk=article.pk).story_id
    iso = datetime(*day).date().isoformat()
    for path in (
        "/admin/articles/article/",
        "/admin/articles/story/",
        f"/admin/articles/story/{story}/change/",
        f"/admin/articles/article/{article.pk}/versions/{revision.pk}/",
    ):
        page = words(client.get(path))
        assert "00:00" not in page, path
        assert iso in page or "versions" in path, path


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_what_machines_read_stays_a_valid_date(client, day):
    article, iso = make(day), datetime(*day).date().isoformat()
    page = text(client, article.get_absolute_url())
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])
    assert data["@graph"][0]["datePublished"] == iso
    assert f'<meta property="article:published_time" content="{iso}">' in page
    entry = client.get("/feed.json").json()["items"][0]
    assert datetime.fromisoformat(entry["date_published"]) == article.published_at  # feeds need a time


@pytest.mark.parametrize(
    "after", [timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=13, minutes=30)]
)
def test_what_has_a_time_keeps_it(client, after):
    at = datetime(2022, 3, 1, tzinfo=SHANGHAI) + after
    article = make_article(published_at=at)
    assert f'datetime="{at:%Y-%m-%d %H:%M:%S}+08:00">{at:%Y-%m-%d %H:%M}</time>' in text(
        client, article.get_absolute_url()
    )
    assert f">{at:%H:%M}</time>" in text(client, article.source.get_absolute_url())
