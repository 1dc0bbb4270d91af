"""Questions in pinyin or initials: Latin words of articles stay as they are, names of the portal are understood."""

import pytest

from articles.models.search_terms import SearchAlias
from articles.search.index import follow
from articles.search.query.results import SearchRequest
from articles.search.query.run import search
from tests.support.builders import make_article, make_category, make_security, make_source
from tests.support.page_text import text
from tests.support.search_requests import titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def portal():
    """Two banks of the same initials, a maker of liquor, two outlets, a section, a tag, two aliases, Latin words."""
    SearchAlias.objects.all().delete()
    SearchAlias.objects.create(word="央行", expansions="中国人民银行")
    SearchAlias.objects.create(word="降准", expansions="下调存款准备金率")
    shares = {
        "建设银行": make_security("601939.SH", name="建设银行"),
        "江苏银行": make_security("600919.SH", name="江苏银行"),
        "沧澜茅台": make_security("600599.SH", name="沧澜茅台"),
        "万科A": make_security("000002.SZ", name="万科A"),
    }
    for name, share in shares.items():
        make_article(f"{name}公告", make_source("国际商报"), securities=[share])
    make_article("沧澜日报社评", make_source("沧澜日报"), category=make_category("冷链运输", slug="cold"))
    make_article("养老金新规", tags=["个人养老金"], body_html="<p>个人养老金与冷链运输。</p>")
    make_article("央行降准", body_html="<p>贷款利率，江西。</p>")
    make_article("Latin", body_html="<p>iPhone GDP ChatGPT AI 5G wind，沧澜财经 clcj</p>")
    follow.rebuild()


# ------------------------------------------------------------------ one name
@pytest.mark.parametrize(
    ("asked", "meant", "first"),
    [
        ("yanghang", "央行", "央行降准"),
        ("zhongguo renmin yinhang", "中国人民银行", "央行降准"),
        ("jianshe yinhang", "建设银行", "建设银行公告"),
        ("JianSheYinHang", "建设银行", "建设银行公告"),
        ("jian she yin hang", "建设银行", "建设银行公告"),
        ("ｊiangsu yinhang", "江苏银行", "江苏银行公告"),
        ("clmt", "沧澜茅台", "沧澜茅台公告"),
        ("CLMT", "沧澜茅台", "沧澜茅台公告"),
        ("wanke", "万科A", "万科A公告"),
        ("canglan ribao", "沧澜日报", "沧澜日报社评"),
        ("clrb", "沧澜日报", "沧澜日报社评"),
        ("lenglianyunshu", "冷链运输", "养老金新规"),
        ("geren yanglaojin", "个人养老金", "养老金新规"),
        ("grylj", "个人养老金", "养老金新规"),
        ("yanghang jiangzhun", "央行 降准", "央行降准"),
        ("yanghangjiangzhun", "央行 降准", "央行降准"),
        ("央行 jiangzhun", "央行 降准", "央行降准"),
        ("jianshe yinhang 公告", "建设银行 公告", "建设银行公告"),
    ],
)
def test_the_one_name_that_letters_spell_is_searched_for_and_it_says_so(client, asked, meant, first):
    found = search(SearchRequest(asked))
    assert found.heard and found.heard.words == meant
    assert titles(asked)[0] == first
    assert found.total == search(SearchRequest(meant)).total
    page = text(client, f"/search/?q={asked}")
    assert "按拼音查找：" in page and f"<b>{meant}</b>" in page and "只查 " in page
    # The link searches for the letters, and finds nothing in their place.
    literal = search(SearchRequest(found.heard.literal))
    assert literal.heard is None and literal.total == 0


@pytest.mark.parametrize(
    ("asked", "address"),
    [
        ("jianshe yinhang", "/securities/601939.SH/"),
        ("clmt", "/securities/600599.SH/"),
        ("wanke", "/securities/000002.SZ/"),
    ],
)
def test_the_page_of_the_security_is_on_top(asked, address):
    assert address in [one.href for one in search(SearchRequest(asked)).places]


@pytest.mark.parametrize("asked", ["clrb", "canglan ribao", "canglanribao"])
def test_the_page_of_the_outlet_is_on_top(asked):
    assert [one.label for one in search(SearchRequest(asked)).outlets] == ["沧澜日报"]


def test_filters_orders_and_feeds_understand_it_too(client):
    assert titles("jianshe yinhang", sort="newest") == titles("建设银行", sort="newest")
    assert titles("jianshe yinhang", security="601939.SH") == ["建设银行公告"]
    assert "<title>建设银行公告</title>" in text(client, "/search/feed.xml?q=jianshe yinhang")


# ------------------------------------------------------------------ several names
def test_where_letters_mean_several_names_all_are_offered_and_none_is_shown():
    found = search(SearchRequest("jsyh"))
    assert not found.hits and found.heard is None
    assert sorted((one.label, one.note) for one in found.meant) == [
        ("建设银行", "按拼音，1 篇"),
        ("江苏银行", "按拼音，1 篇"),
    ]
    assert {one.href for one in found.places} == {"/securities/601939.SH/", "/securities/600919.SH/"}


def test_a_word_that_sounds_like_a_name_is_offered_beside_it():
    SearchAlias.objects.create(word="降息", expansions="下调利率")
    make_article("降息了")
    follow.rebuild()
    found = search(SearchRequest("jiang xi"))
    assert not found.hits
    assert {one.label for one in found.meant} >= {"降息", "江西"}


def test_syllables_apart_are_read_together():
    assert [(one.label, one.note) for one in search(SearchRequest("dai kuan")).meant][:1] == [
        ("贷款", "按拼音，1 篇")
    ]


# ------------------------------------------------------------------ letters that are meant
@pytest.mark.parametrize(
    "asked", ["iPhone", "GDP", "gdp", "ChatGPT", "AI", "5G", "wind", "clcj", "wind 利率"]
)
def test_what_articles_hold_in_latin_letters_stays_as_it_is(client, asked):
    found = search(SearchRequest(asked))
    assert found.heard is None
    assert "按拼音查找" not in text(client, f"/search/?q={asked}")
    if " " not in asked:
        assert titles(asked) == ["Latin"]
        assert found.meant == []


@pytest.mark.parametrize(
    "asked",
    [
        *("tesla", "nasdaq", "xyzzy", "a", "yh", "js", "12", "3m", "c++", "jianshe yinhangxyz"),
        *('"jianshe yinhang"', "-jsyh", "标题:clmt", "来源:clrb", "clmt OR iPhone"),
    ],
)
def test_what_is_no_name_or_no_plain_question_is_not_read_as_pinyin(asked):
    found = search(SearchRequest(asked))
    assert found.heard is None
    assert all("按拼音" not in one.note for one in found.meant)


def test_a_few_articles_with_the_letters_are_shown_and_the_name_is_offered():
    make_article("CLMT 是一种缩写")
    follow.rebuild()
    found = search(SearchRequest("clmt"))
    assert titles("clmt") == ["CLMT 是一种缩写"] and found.heard is None
    assert [(one.label, one.note) for one in found.meant] == [("沧澜茅台", "按拼音，1 篇")]
    assert [one.href for one in found.places] == ["/securities/600599.SH/"]
    # With a filter that leaves none of them, the letters are still what articles hold.
    assert search(SearchRequest("clmt", security="600599.SH")).heard is None


def test_names_without_anything_to_read_are_not_known():
    make_security("600598.SH", name="空空银行")
    make_source("空空日报")
    follow.rebuild()
    for asked in ("kongkong yinhang", "kkyh", "kongkong ribao"):
        assert search(SearchRequest(asked)).heard is None
