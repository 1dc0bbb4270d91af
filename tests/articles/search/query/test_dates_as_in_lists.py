"""A date in the address of a search is read, refused or passed over as the filter of a list does."""

import re

import pytest

from articles.search.index import follow
from tests.support.builders import make_article, make_source
from tests.support.page_text import text

pytestmark = pytest.mark.django_db

READ = ["2024-03-01", "2024/3/1", "2024-3-1", "２０２４-03-01", " 2024-03-01 ", ""]
REFUSED = {
    "2024-02-30": "请写成 2021-12-29 这样的日期。",
    "2024-03": "请写成 2021-12-29 这样的日期。",
    "20240301": "请写成 2021-12-29 这样的日期。",
    "2024-W10-1": "请写成 2021-12-29 这样的日期。",
    "2024-03-01T00:00": "请写成 2021-12-29 这样的日期。",
    "昨天": "请写成 2021-12-29 这样的日期。",
    "0226-01-01": "日期不能早于 1800 年。",
    "1799-12-31": "日期不能早于 1800 年。",
    "2200-01-01": "日期不能晚于 2199 年。",
    "9999-12-31": "日期不能晚于 2199 年。",
}
OF_APPS = ["singlemessage", "timeline", "groupmessage", "10B3293010", "12345678901"]


def errors(page: str) -> list[str]:
    return re.findall(r'<p class="error"[^>]*>(.*?)</p>', page)


@pytest.fixture(autouse=True)
def some():
    make_article("公积金新政", make_source("国际商报"))
    follow.rebuild()


@pytest.mark.parametrize("name", ["from", "to"])
@pytest.mark.parametrize("value", [*READ, *REFUSED, *OF_APPS])
def test_a_search_says_of_a_date_what_a_list_says(client, name, value):
    query = f"{name}={value}"
    searched = text(client, f"/search/?q=公积金&{query}")
    assert errors(searched) == errors(text(client, f"/sources/guojishangbao/?{query}"))


@pytest.mark.parametrize(("value", "words"), REFUSED.items())
def test_a_date_that_is_none_is_refused_in_words_and_narrows_nothing(client, value, words):
    page = text(client, f"/search/?q=公积金&from={value}")
    assert errors(page) == [f"开始日期：{words}"] and "找到 1 篇" in page


@pytest.mark.parametrize("value", OF_APPS)
def test_what_an_app_adds_to_a_shared_link_is_no_date_and_no_mistake(client, value):
    page = text(client, f"/search/?q=公积金&from={value}")
    assert errors(page) == [] and "找到 1 篇" in page and value not in page


@pytest.mark.parametrize("value", [one for one in READ if one])
def test_a_date_that_a_list_reads_narrows_a_search(client, value):
    page = text(client, f"/search/?q=公积金&from={value}")
    assert "日期：2024-03-01 至" in page and "没有找到" in page
