"""A figure or code is found as it stands, never as a piece of another; codes, names and days lead to their
pages."""

from datetime import UTC, datetime

import pytest

from articles.search.index import follow
from articles.search.query.results import SearchRequest
from articles.search.query.run import ids, search
from tests.support.builders import make_article, make_security
from tests.support.page_text import text
from tests.support.search_requests import titles

pytestmark = pytest.mark.django_db


def write(**bodies: str) -> dict[str, int]:
    """Articles with these titles and bodies; the decoys come first and are the newest, so that nothing helps 甲."""
    made = {
        title: make_article(
            title, body_html=f"<p>{body}</p>", published_at=datetime(2020 - at, 5, 4, tzinfo=UTC)
        ).pk
        for at, (title, body) in enumerate(reversed(bodies.items()))
    }
    follow.rebuild()
    return made


# What is asked; a body that holds it; bodies that hold only a piece of another figure or the numbers apart.
FIGURES = [
    ("12.5%", "同比增长12.5%。", ("同比增长112.5%。", "占12户，降5%。", "为12.5亿元")),
    ("１２.５％", "同比增长12.5%。", ("增长312.5%，又增长412.5%，再增长512.5%。",)),
    ("2.5%", "上调2.5 %至历史高位", ("上调12.5%，再上调22.5%", "版本1.2.5%")),
    ("1.2万亿元", "余额1.2万亿元", ("余额11.2万亿元", "余额1.2万元，另有亿元")),
    ("1.2万亿", "余额达1.2万亿美元", ("余额21.2万亿美元", "余额1.2亿")),
    ("3,500点", "收于3500点", ("收于13,500点", "收于3，家数500点")),
    ("3500点", "站上3,500点", ("站上23,500点", "站上3500多个")),
    ("5G", "建设5G基站", ("建设15G基站", "容量25GB", "耗时5克")),
    ("800亿元", "贷款800亿元", ("贷款1800亿元", "贷款2,800亿元")),
    ("0.25个百分点", "下调0.25个百分点", ("下调10.25个百分点", "下调0.25个基点后百分点不变")),
    ("2024", "2024年的计划", ("编号12024", "编号20245")),
    ("500强", "进入500强", ("进入1500强", "得500分，最强")),
]


@pytest.mark.parametrize(("asked", "body", "decoys"), FIGURES, ids=[one[0] for one in FIGURES])
def test_a_figure_is_found_as_a_figure(asked, body, decoys):
    write(甲=body, **{f"乙{at}": decoy for at, decoy in enumerate(decoys)})
    assert titles(asked)[:1] == ["甲"]
    assert titles(asked, sort="newest") == ["甲"]


@pytest.mark.parametrize(("asked", "body", "decoys"), FIGURES, ids=[one[0] for one in FIGURES])
def test_a_figure_within_a_question_is_as_whole(asked, body, decoys):
    write(甲=f"沧澜公告，{body}", **{f"乙{at}": f"沧澜公告，{decoy}" for at, decoy in enumerate(decoys)})
    assert titles(f"沧澜 {asked}")[:1] == ["甲"]
    assert titles(f"沧澜{asked}")[:1] == ["甲"]
    assert titles(f"沧澜 {asked}", sort="newest") == ["甲"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("增长 -5%", ["乙", "丙"]),
        ("增长 -3,500点", ["甲", "乙"]),
        ("增长 -800", ["甲", "丙"]),
        ("增长 -5G", ["甲", "乙", "丙"]),
    ],
)
def test_without_a_figure_is_not_without_those_that_it_is_a_piece_of(asked, found):
    write(甲="增长5%，13,500点", 乙="增长15%，800亿元", 丙="增长25%，3500点，1800亿元，15G")
    assert set(titles(asked)) == set(found)


@pytest.mark.parametrize("asked", ["“5%”", "“3,500点”", "“5G”"])
def test_a_quoted_figure_is_one_too(asked):
    write(甲="增长5%，3,500点，5G", 乙="增长15%，13,500点，15G")
    assert titles(asked)[0] == "甲"
    assert titles(asked, sort="newest") == ["甲"]


@pytest.mark.parametrize("asked", ["2.5%", "5G", "500点", "0亿元"])
def test_a_piece_of_a_figure_still_finds_it_where_nothing_holds_it_whole(asked):
    made = write(甲="增长12.5%，15G，收于3,500点，800亿元")
    assert titles(asked) == titles(asked, sort="newest") == ["甲"]
    assert ids(asked, hidden=True, limit=5) == [made["甲"]]


@pytest.mark.parametrize(
    ("asked", "body", "decoy"),
    [
        ("C++", "用C++编写", "用C写，也用C+写"),
        ("c++", "用Ｃ++编写", "C语言"),
        ("COVID-19", "COVID-19之后", "COVID已过19个月"),
        ("A+H", "A+H两地上市", "A股和H股"),
        ("R&D", "R&D投入", "R型和D型"),
        ("T+0", "实行T+0交易", "T型台上0分"),
        ("10:30", "于10:30开市", "10人，30分钟"),
        ("A股", "A股回升", "A级股东"),
    ],
)
def test_a_code_is_found_with_its_signs(asked, body, decoy):
    write(甲=body, 乙=decoy)
    assert titles(asked) == titles(asked, sort="newest") == ["甲"]


# ------------------------------------------------------------------ days
WAYS = ("2024年3月5日", "2024年03月05日", "2024-03-05", "2024-3-5", "2024/3/5", "2024.03.05", "20240305")


@pytest.mark.parametrize("asked", WAYS)
def test_a_day_is_found_however_it_is_written_and_leads_to_its_page(asked, client):
    for way in WAYS:
        make_article(f"记于 {way}", body_html=f"<p>日期：{way}。</p>")
    for other in ("2024年3月15日", "2024-3-51", "2024/3/5/1", "120240305", "2024年，3月，5日", "2024-13-05"):
        make_article(f"别的 {other}", body_html="<p>没有。</p>")
    make_article("当天的消息", published_at=datetime(2024, 3, 5, 4, tzinfo=UTC))
    follow.rebuild()
    found = titles(asked)
    assert {one for one in found if one.startswith("记于")} == {f"记于 {way}" for way in WAYS}
    assert not [one for one in found if one in ("别的 2024年3月15日", "别的 120240305", "别的 2024-13-05")]
    (place,) = search(SearchRequest(asked)).places
    assert (place.href, place.label) == ("/archive/2024/03/05/", "2024年3月5日")
    assert 'href="/archive/2024/03/05/"' in text(client, f"/search/?q={asked}")


@pytest.mark.parametrize("asked", ["2024-13-05", "20241305", "2024年2月30日", "99990101", "2024-03"])
def test_what_is_no_day_leads_to_no_page(asked):
    make_article("某事", published_at=datetime(2024, 3, 5, 4, tzinfo=UTC))
    follow.rebuild()
    assert search(SearchRequest(asked)).places == []


def test_a_day_on_which_nothing_came_out_has_no_page_to_lead_to():
    make_article("某事")
    follow.rebuild()
    assert search(SearchRequest("2024-03-05")).places == []


# ------------------------------------------------------------------ securities
@pytest.fixture
def shares():
    bank, other = make_security("601939.SH", name="建设银行"), make_security("00939.HK", name="建设银行H")
    make_article("提及代码的通告", body_html="<p>债券601939.SH和00939挂牌。</p>")
    make_article("住房贷款", securities=[bank], body_html="<p>某行公告。</p>")
    make_article("港股通", securities=[other], body_html="<p>某行公告。</p>")
    make_article("电话号码16019390", body_html="<p>009391</p>")
    make_article("建设银行卡和银行建设", body_html="<p>建设，银行。</p>")
    follow.rebuild()


@pytest.mark.parametrize(
    ("asked", "place", "first"),
    [
        ("601939", "/securities/601939.SH/", "住房贷款"),
        ("601939.SH", "/securities/601939.SH/", "住房贷款"),
        ("601939.sh", "/securities/601939.SH/", "住房贷款"),
        ("６０１９３９", "/securities/601939.SH/", "住房贷款"),
        ("00939", "/securities/00939.HK/", "港股通"),
        ("00939.HK", "/securities/00939.HK/", "港股通"),
    ],
)
def test_a_bare_code_leads_to_the_security_and_then_its_articles(shares, client, asked, place, first):
    found = search(SearchRequest(asked))
    assert found.places[0].href == place
    assert titles(asked)[0] == first
    assert "电话号码16019390" not in titles(asked)[:2]
    page = text(client, f"/search/?q={asked}")
    assert 0 < page.index(f'href="{place}"') < page.index('class="hit"')


@pytest.mark.parametrize("asked", ["建设银行", "建設銀行"])
def test_the_name_of_a_security_leads_to_it_and_its_articles(shares, asked):
    assert search(SearchRequest(asked)).places[0].href == "/securities/601939.SH/"
    assert "住房贷款" in titles(asked)


@pytest.mark.parametrize("asked", ["60193", "939", "601939 火星人", "“沧澜”"])
def test_a_code_that_is_none_leads_nowhere_it_should_not(shares, asked):
    places = [one.href for one in search(SearchRequest(asked)).places]
    assert places == (["/securities/601939.SH/"] if "601939 " in asked else [])
