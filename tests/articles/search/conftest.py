"""Three articles to be found."""

from datetime import UTC, datetime

import pytest

from articles.search.index import follow
from tests.support.builders import make_article, make_category, make_security, make_source


@pytest.fixture
def three():
    """Of two outlets and two years: 甲 about a cut, 乙 about shares, 丙 about both."""
    daily, evening = make_source("国际商报"), make_source("北京晚报")
    bank = make_category("信贷", slug="credit")
    share = make_security("601939.SH", name="建设银行")
    body = "<p>本文谈到贷款。</p>"
    made = [
        make_article(
            "甲：沧澜银行降准", daily, datetime(2023, 5, 4, tzinfo=UTC), category=bank, body_html=body
        ),
        make_article(
            "乙：股票大涨", evening, datetime(2024, 5, 4, tzinfo=UTC), ["股市"], [share], body_html=body
        ),
        make_article(
            "丙：降准与股票", evening, datetime(2024, 6, 4, tzinfo=UTC), byline="记者 李悦", body_html=body
        ),
    ]
    follow.rebuild()
    return made
