"""Whatever filters the address of a list has, the list shows a part of itself: never an article more."""

import re
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from articles.search.index import follow
from tests.support.builders import make_article, make_category, make_security, make_source

NOON = datetime(2022, 1, 7, 4, tzinfo=UTC)
WRONG = "这样的日期"
# Right and wrong values of every parameter that some list or page reads.
VALUES = {
    "from": ["2022-01-07", "2021-12-01", "2022-13-45", "2030-01-01", "singlemessage", "０００１-01-01"],
    "to": ["2022-01-07", "2021-12-31", "<morgen>", "1800-01-01", "9999-12-31"],
    "category": ["qiche", "hangyun", "没有这栏", "x" * 70, "%00"],
    "source": ["国际商报", "zhengquanshibao", "没有这家", "长" * 300],
    "security": ["601939.SH", "0.0"],
    "after": ["1641528000000000_1", "4102444800000000_1", "x"],
    "before": ["1641528000000000_1", "-5000000000000000_1", "x"],
    "sort": ["newest", "x"],
    "utm_source": ["x"],
}
LISTS = {
    "outlet": "/sources/guojishangbao/",
    "category": "/categories/qiche/",
    "tag": "/tags/服务贸易/",
    "security": "/securities/601939.SH/",
    "day": "/archive/2022/01/07/",
    "another day": "/archive/2026/11/30/",
    "search": "/search/?q=利率",
    "search in an outlet": "/search/?q=利率&source=guojishangbao",
}


@pytest.fixture
def shelves():
    """Articles of two outlets, sections and securities in four years, all on one subject."""
    papers = [make_source("国际商报"), make_source("证券时报")]
    sections = [make_category("汽车", slug="qiche"), make_category("航运", slug="hangyun")]
    securities = [make_security("601939.SH"), make_security("00939.HK")]
    moments = [NOON - timedelta(days=400), NOON - timedelta(days=1), NOON, NOON + timedelta(hours=1)]
    moments += [NOON + timedelta(days=1), datetime(2026, 11, 30, 1, tzinfo=UTC)]
    for number in range(18):
        make_article(
            f"利率第{number}篇",
            source=papers[number % 2],
            category=sections[number // 2 % 2],
            published_at=moments[number % 6],
            tags=["服务贸易"] if number % 3 else ["数字金融"],
            securities=[securities[number % 2]],
        )


def shown(client, path: str) -> set[str]:
    response = client.get(path)
    assert response.status_code == 200, path
    main = response.content.decode().partition("<main")[2].partition("</main")[0]
    return set(re.findall(r'<h3><a href="/articles/(\d+)/"', main))


def with_query(path: str, asked) -> str:
    pairs = "&".join(f"{name}={value}" for name, value in asked)
    return f"{path}{'&' if '?' in path else '?'}{pairs}"


def alone_and_in_twos(path: str) -> list[list[tuple[str, str]]]:
    """Every value alone; and in twos a right and a wrong value of each parameter (its first and its last)."""
    others = {name: values for name, values in VALUES.items() if f"{name}=" not in path}
    single = [(name, value) for name, values in others.items() for value in values]
    ends = [(name, value) for name, values in others.items() for value in {values[0]: 1, values[-1]: 1}]
    pairs = [[one, other] for one, other in combinations(ends, 2) if one[0] != other[0]]
    # A search takes longer than a list.
    return [[one] for one in single] + (pairs[::11] if "search" in path else pairs[::4])


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", LISTS)
def test_filters_only_ever_narrow(client, shelves, name):
    if name.startswith("search"):
        follow.catch_up(wait=10)
    path = LISTS[name]
    whole = shown(client, path)
    assert 0 < len(whole) < 18 or name == "search", "else nothing could be widened"
    alone: dict[tuple, set[str]] = {}
    for asked in alone_and_in_twos(path):
        found = shown(client, with_query(path, asked))
        assert found <= whole, asked
        if len(asked) == 1:
            alone[asked[0]] = found
        elif {"after", "before"}.isdisjoint(key for key, _ in asked):
            assert found <= alone[asked[0]] & alone[asked[1]], asked


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "category=qiche",
        "source=国际商报",
        "category=qiche&source=guojishangbao",
        "source=国际商报&to=2000-01-01",
    ],
)
def test_a_day_stays_a_day_under_its_filters(client, shelves, query):
    day = shown(client, "/archive/2022/01/07/")
    found = shown(client, f"/archive/2022/01/07/?{query}")
    assert found and found < day


MARKS = [
    *("singlemessage", "groupmessage", "timeline", "favorites", "appmsg"),
    *("page_1001", "10B3293010", "1097293010", "t.co"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["outlet", "category", "tag", "security", "day"])
def test_what_an_app_adds_to_a_shared_link_is_no_filter(client, shelves, name):
    path = LISTS[name]
    for mark in MARKS:
        page = client.get(f"{path}?from={mark}&isappinstalled=0").content.decode()
        assert page == client.get(path).content.decode()
        assert WRONG not in page


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", ["2021-13-99", "29.12.2021", "<gestern>", "昨天", "2021年", "20211329"])
def test_what_may_be_meant_as_a_date_is_told(client, shelves, wrong):
    page = client.get(LISTS["outlet"], {"from": wrong}).content.decode()
    assert WRONG in page
    assert shown(client, LISTS["outlet"]) == shown(client, f"{LISTS['outlet']}?from={wrong}")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/archive/1999/01/01/", "/archive/2022/01/09/", "/archive/2100/01/01/"])
def test_an_empty_day_is_for_no_index(client, shelves, path):
    assert '<meta name="robots" content="noindex,follow">' in client.get(path).content.decode()
    assert "noindex" not in client.get("/archive/2022/01/07/").content.decode()
