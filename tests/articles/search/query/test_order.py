"""What stands first: the latest of a topic, trusted outlets, our own institutions; and what a question names."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.models.search_terms import SearchAlias
from articles.search.index import follow
from articles.search.query.results import SearchRequest
from articles.search.query.run import ids, search
from sources.models import Source
from tests.support.builders import make_article, make_security, make_source
from tests.support.search_requests import titles

pytestmark = pytest.mark.django_db
DAY = datetime(2021, 5, 4, 2, tzinfo=UTC)
SETTLED = "央行下调存款准备金率，市场流动性合理充裕。"


@pytest.fixture(autouse=True)
def no_aliases():
    SearchAlias.objects.all().delete()


def write(title: str, body: str = "别的事情。", at: datetime = DAY, outlet: Source | None = None, **more):
    return make_article(title, outlet, body_html=f"<p>{body}</p>", published_at=at, **more)


# ------------------------------------------------------------------ the latest
@pytest.mark.parametrize("asked", ["国务院常务会议", "央行", "进博会", "粮食 安全"])
def test_a_topic_of_many_headlines_begins_with_the_latest(asked):
    for year in range(2010, 2022):
        for month in range(1, 4):
            write(
                f"{asked}，第 {year}{month:02} 次，{asked}",
                f"{asked}。" * 3,
                datetime(year, month, 4, tzinfo=UTC),
            )
    write(f"{asked}的最新消息", f"谈到{asked}。", datetime(2021, 6, 1, tzinfo=UTC))
    follow.rebuild()
    first = titles(asked)[:6]
    assert f"{asked}的最新消息" in first
    assert all("2021" in one or "2020" in one or "最新" in one for one in first)


@pytest.mark.parametrize("asked", ["沧澜河谷 断桥", "“沧澜河谷断桥”", "沧澜河谷断桥修复", "12.75% 沧澜"])
def test_of_few_articles_the_one_that_matches_stands_first_however_old(asked):
    words = asked.strip("“”")
    write(f"旧闻：{words}", f"{words}。{words}。", datetime(1999, 5, 4, tzinfo=UTC))
    write("新闻一则", f"文末提到{words}，" + "其余与此无关，" * 40)
    follow.rebuild()
    assert titles(asked)[0] == f"旧闻：{words}"


def test_of_articles_that_match_alike_the_newer_stands_first():
    for year in (2003, 2019, 2011):
        write(f"沧澜河谷通车（{year}）", "通车典礼。", datetime(year, 5, 4, tzinfo=UTC))
    follow.rebuild()
    assert titles("沧澜河谷") == [f"沧澜河谷通车（{year}）" for year in (2019, 2011, 2003)]


# ------------------------------------------------------------------ the outlets that editors trust
@pytest.mark.parametrize(("weight", "first"), [(2.0, "乙"), (1.0, "甲"), (0.5, "甲")])
def test_an_outlet_with_more_weight_stands_before_others(weight, first):
    trusted = make_source("沧澜日报")
    trusted.search_weight = weight
    trusted.save()
    write("甲", "沧澜河谷断桥。", DAY + timedelta(days=1))
    write("乙", "沧澜河谷断桥。", DAY, trusted)
    follow.rebuild()
    assert titles("沧澜河谷 断桥")[0] == first
    assert titles("沧澜河谷 断桥", sort="newest") == ["甲", "乙"]


@pytest.mark.parametrize(
    ("value", "is_taken"), [("0.1", True), ("5", True), ("0", False), ("5.1", False), ("x", False)]
)
def test_an_editor_sets_the_weight_of_an_outlet_within_limits(admin_client, value, is_taken):
    outlet = make_source("沧澜日报")
    form = {"name": outlet.name, "slug": outlet.slug, "kind": outlet.kind, "standing": outlet.standing}
    for inline in ("aliases", "old_slugs"):
        form |= {f"{inline}-TOTAL_FORMS": "0", f"{inline}-INITIAL_FORMS": "0"}
    answer = admin_client.post(f"/admin/sources/source/{outlet.pk}/change/", form | {"search_weight": value})
    outlet.refresh_from_db()
    assert (answer.status_code == 302) == is_taken
    assert (outlet.search_weight != 1.0) == is_taken


# ------------------------------------------------------------------ our own institutions
@pytest.mark.parametrize(
    ("asked", "foreign"),
    [
        ("央行", "欧洲央行"),
        ("央行", "多国央行"),
        ("财政部", "美国财政部"),
        ("商务部", "日本的商务部"),
        ("统计局", "英国统计局"),
        ("证监会", "香港证监会"),
        ("证监会", "美国证监会"),
        ("外交部", "俄外交部"),
    ],
)
def test_another_countrys_body_stands_below_our_own(asked, foreign):
    write("甲", f"{asked}发布公告。" + "其余与此无关，" * 20)
    for at in range(5):
        write(f"乙{at}：{foreign}", f"{foreign}发布公告，{foreign}，{foreign}。", DAY + timedelta(days=at))
    follow.rebuild()
    assert titles(asked)[0] == "甲" and len(titles(asked)) == 6
    assert titles(foreign)[0].startswith("乙")


# ------------------------------------------------------------------ what a question names
def test_a_word_that_is_an_outlets_name_finds_what_the_outlet_wrote():
    here, there = make_source("白鹿财经网"), make_source("江城晚报")
    write("甲", "银行降息。", DAY, here)
    write("乙", "银行降息。", DAY, there)
    write("丙", "白鹿财经网报道银行降息。", DAY, there)
    write("丁", "别的事情。", DAY, here)
    follow.rebuild()
    assert sorted(titles("白鹿财经网 银行")) == ["丙", "甲"]
    assert sorted(titles("银行 白鹿财经网", sort="newest")) == ["丙", "甲"]
    assert titles("“银行降息” 江城晚报")[-1] != "甲"
    assert titles("白鹿财经网") == ["丙"]
    assert [one.label for one in search(SearchRequest("白鹿财经网")).outlets] == ["白鹿财经网"]


@pytest.mark.parametrize(
    ("asked", "symbol"),
    [
        ("SH601939", "601939.SH"),
        ("sz002129", "002129.SZ"),
        ("601939.SS", "601939.SH"),
        ("601939.XSHG", "601939.SH"),
        ("0939.HK", "00939.HK"),
        ("939.HK", "00939.HK"),
        ("HK00939", "00939.HK"),
        ("００９３９．ＨＫ", "00939.HK"),
        ("AAPL.O", "AAPL.US"),
    ],
)
def test_symbols_of_other_services_name_the_security(asked, symbol):
    share, other = make_security(symbol, name="沧澜股份"), make_security("600001.SH", name="别的股份")
    write("甲", "沧澜股份公告。", securities=[share])
    write("乙", "别的股份公告。", securities=[other])
    follow.rebuild()
    found = search(SearchRequest(asked))
    assert [one.label for one in found.places] == [str(share)]
    assert titles(asked) == ["甲"]


@pytest.mark.parametrize("asked", ["300750", "300750.SZ", "SZ300750", "300750.XSHE"])
def test_a_symbol_of_a_security_that_is_not_known_finds_its_code(asked):
    write("甲", "沧澜时代（300750）公告。")
    write("乙", "运单号13007502。")
    follow.rebuild()
    assert titles(asked) == titles(asked, sort="newest") == ["甲"]


@pytest.mark.parametrize("asked", ["2021年5月4日", "2021-05-04", "20210504", "2021/5/4"])
def test_a_day_finds_what_names_it_then_what_came_out_on_it(asked):
    write("甲", "谈到2021年5月4日的会议。", DAY - timedelta(days=9))
    write("乙", "当天的报道。", DAY)
    write("丙", "第二天的报道。", DAY + timedelta(days=1))
    follow.rebuild()
    assert titles(asked) == ["甲", "乙"]
    assert titles(asked, sort="newest") == ["甲"]
    assert len(ids(asked, hidden=True, limit=5)) == 1
    assert titles(f"{asked} 报道") == ["乙"]


# ------------------------------------------------------------------ figures within others
@pytest.mark.parametrize(
    ("asked", "holds", "within"),
    [
        ("6.8%", "增长6.8%", "增长16.8%"),
        ("６．８％", "增长6.8%", "增长26.8%"),
        ("增长6.8%", "增长6.8%", "增长16.8%"),
        ("8.8亿元", "投资8.8亿元", "投资18.8亿元"),
        ("3268.11点", "收于3,268.11点", "收于13268.11点"),
        ("6G", "6G技术", "16GB内存，256G"),
        ("300750", "代码300750", "运单13007505566"),
        ("6.8%的增长", "6.8%的增长", "16.8%的增长"),
    ],
)
def test_a_figure_within_another_is_found_only_where_nothing_holds_it_whole(asked, holds, within):
    write("甲", f"{holds}。")
    write("乙", f"{within}。")
    follow.rebuild()
    assert titles(asked) == titles(asked, sort="newest") == ["甲"]


def test_a_piece_of_a_figure_finds_it_where_nothing_holds_the_piece_whole():
    write("甲", "增长16.8%。")
    follow.rebuild()
    assert titles("6.8%") == titles("6.8%", sort="newest") == ["甲"]
