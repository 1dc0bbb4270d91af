"""A facet shows what narrows the result usefully, and what is chosen; never a row of one each."""

import re
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.search.index import follow
from tests.support.builders import NUMBER, make_article, make_category, make_security, make_source
from tests.support.page_text import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache():
    cache.clear()


def made(*articles: dict) -> None:
    """An article about 公积金 for each: an outlet (else 国际商报), a year, a section, codes of securities."""
    names = {one["section"] for one in articles if "section" in one}
    sections = {name: make_category(name) for name in names}
    for one in articles:
        make_article(
            f"公积金新闻{next(NUMBER)}",
            make_source(one.get("outlet", "国际商报")),
            datetime(one.get("year", 2024), 5, 4, tzinfo=UTC),
            category=sections.get(one.get("section")),
            securities=[make_security(code, name=f"证券{code}") for code in one.get("codes", ())],
        )
    follow.rebuild()


def rows(client, query: str = "") -> dict[str, list[tuple[str, int]]]:
    """The facets of the page: their values with counts."""
    page = text(client, f"/search/?q=公积金{query}")
    facets = re.findall(r'<h2 id="by-\w+">(.*?)</h2>\s*<ul>(.*?)</ul>', page, re.DOTALL)
    row = re.compile(r"<a [^>]*>([^<]*)(?:<span[^<]*</span>)?</a><span>(\d+)</span>")
    return {name: [(label, int(count)) for label, count in row.findall(values)] for name, values in facets}


CODES = [f"60193{number}.SH" for number in range(8)]


@pytest.mark.parametrize(
    ("articles", "shown"),
    [
        pytest.param([{"codes": [code]} for code in CODES], {}, id="a security each"),
        pytest.param([{"codes": [code]} for code in CODES[:3]], {}, id="a security each, of few articles"),
        pytest.param([{"codes": CODES}, {}], {}, id="one article names eight securities"),
        pytest.param([{"codes": CODES}], {}, id="a single article"),
        pytest.param(
            [{"codes": CODES[:2]}, {"codes": CODES[1:5]}, {"codes": CODES[1:2]}, {"codes": CODES[6:]}],
            {"证券": [("证券601931.SH 601931.SH", 3)]},
            id="one security in several articles, many in one",
        ),
        pytest.param([{"codes": CODES[:1]}] * 5, {}, id="one security in all articles"),
        pytest.param([{"outlet": f"报纸{number}号"} for number in range(6)], {}, id="an outlet each"),
        pytest.param(
            [{"outlet": "北京晚报"}] * 2 + [{"outlet": "证券时报"}] + [{}] * 3,
            {"来源": [("国际商报", 3), ("北京晚报", 2)]},
            id="outlets of several articles and one of one",
        ),
        pytest.param(
            [{"year": year} for year in (2021, 2021, 2022, 2022, 2019)],
            {"年份": [("2022 年", 2), ("2021 年", 2)]},
            id="years of several articles and one of one",
        ),
        pytest.param(
            [{"section": "信贷"}] * 2 + [{"section": "楼市"}] + [{}] * 2,
            {"栏目": [("信贷", 2)]},
            id="sections of several articles and one of one",
        ),
        pytest.param([{"section": "信贷"}] * 4, {}, id="one outlet, one section, one year"),
        pytest.param(
            [{"outlet": "北京晚报", "year": 2021}, {"codes": CODES[:1]}],
            {
                "来源": [("北京晚报", 1), ("国际商报", 1)],
                "年份": [("2024 年", 1), ("2021 年", 1)],
                "证券": [("证券601930.SH 601930.SH", 1)],
            },
            id="so few that one is worth choosing",
        ),
    ],
)
def test_a_row_narrows_usefully_or_is_not_shown(client, articles, shown):
    made(*articles)
    found = rows(client)
    assert {name: sorted(values) for name, values in found.items()} == {
        name: sorted(values) for name, values in shown.items()
    }
    assert [name for name in found if not found[name]] == []


@pytest.mark.parametrize(
    ("choice", "facet", "row"),
    [
        ("&source=guojishangbao", "来源", ("国际商报", 5)),
        ("&source=beijingwanbao", "来源", ("北京晚报", 1)),
        ("&security=601930.SH", "证券", ("证券601930.SH 601930.SH", 1)),
        ("&category=xindai", "栏目", ("信贷", 1)),
        ("&from=2021-01-01&to=2021-12-31", "年份", ("2021 年", 1)),
        ("&from=2017-01-01&to=2017-12-31", "年份", ("2017 年", 0)),
        ("&source=beijingwanbao&from=2017-01-01&to=2017-12-31", "来源", ("北京晚报", 0)),
    ],
)
def test_what_is_chosen_is_shown_however_few_it_leaves_and_can_be_taken_back(client, choice, facet, row):
    made({"outlet": "北京晚报", "year": 2021}, {"codes": CODES[:2]}, {"section": "信贷"}, {}, {}, {})
    assert rows(client, choice)[facet] == [row]
    page = text(client, f"/search/?q=公积金{choice}")
    [back] = re.findall(rf'href="([^"]*)" aria-current="true">{row[0]}<span', page)
    after = text(client, f"/search/{back}".replace("&amp;", "&"))
    assert f'aria-current="true">{row[0]}<span' not in after


def test_values_that_are_not_shown_are_not_looked_up(client):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/search/?q=公积金").status_code == 200
        return len(captured)

    made({"codes": CODES[:1]}, {"codes": CODES[:1]}, {}, {})
    queries()  # from here on the navigation is in the cache
    useful = queries()
    made(*[{"codes": [code]} for code in CODES[1:]])
    assert queries() == useful
    made(*[{"codes": CODES[1:]} for _ in range(3)])
    assert queries() == useful
