"""Every test starts with an empty cache (the navigation stays in it for a minute). One article; a picture server."""

from datetime import UTC, datetime

import pytest
from django.core.cache import cache

from articles.search import unanswered
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.local_server import local_server


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()
    unanswered.forget()


@pytest.fixture
def bank():
    """An article with all a page can show."""
    return make_article(
        "沧澜银行发布“服贸通”",
        source=make_source("国际商报"),
        published_at=datetime(2021, 12, 28, 23, 50, tzinfo=UTC),  # the 29th in Shanghai
        category=make_category("汽车"),
        tags=["服务贸易"],
        securities=[make_security("601939.SH", name="建设银行")],
        subtitle="单户最高授信2000万元",
        original_title="沧澜银行推出平台",
        byline="记者 李悦、张三",
        editor="王小明",
        page="第01版：要闻",
        edition_date="2021-12-29",
        original_url="https://example.com/a?b=1&c=2",
    )


@pytest.fixture
def server(settings, tmp_path):
    """A server of pictures, the one place they may be fetched from; what is fetched lies in the test's own folder."""
    settings.MEDIA_ROOT = tmp_path / "media"
    with local_server() as running:
        settings.FETCH_ALLOW = [("127.0.0.1", running.port)]
        yield running
