"""Questions as readers put them: every word counts, whole words come first, other ways of asking are understood."""

from datetime import UTC, date, datetime

import pytest

from articles.models.search_terms import SearchAlias
from articles.portal.render import render_page
from articles.search.index import follow
from articles.search.index.cut_texts import Heads, cut_up
from articles.search.query.results import MOST_PAGES, SearchRequest, SearchResults
from articles.search.query.run import ids, search
from tests.support.builders import make_article
from tests.support.page_text import text
from tests.support.search_requests import titles

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_aliases():
    SearchAlias.objects.all().delete()


def write(bodies: dict[str, str]) -> dict[str, int]:
    """Articles with these titles and bodies, each newer than the one before."""
    made = {
        title: make_article(
            title, body_html=f"<p>{body}</p>", published_at=datetime(2001 + at, 5, 4, tzinfo=UTC)
        ).pk
        for at, (title, body) in enumerate(bodies.items())
    }
    follow.rebuild()
    return made


# ------------------------------------------------------------------ nothing is dropped
@pytest.mark.parametrize(
    ("asked", "body", "decoys"),
    [
        ("地方债", "发行地方债", ("地方经济", "各地方都有，债很少")),
        ("河南地方债", "河南地方债发行", ("河南地方经济", "河南的地方与债")),
        ("新能源车", "新能源车销量", ("新能源发电", "新能源与车")),
        ("大基金", "大基金二期", ("基金发行", "大的基金")),
        ("稳增长", "稳增长政策", ("经济增长", "稳的增长")),
        ("三季报", "三季报披露", ("三家，季报披露",)),
        ("煤改气", "煤改气工程", ("煤炭与气体改造", "煤，改，气")),
        ("我的银行", "打开我的银行", ("银行", "我在银行")),
        ("美的集团", "美的集团公告", ("美国集团", "集团美化")),
    ],
)
def test_a_word_of_which_the_dictionary_knows_only_a_part_is_found_whole(asked, body, decoys):
    made = write({"甲": body} | {f"乙{at}": decoy for at, decoy in enumerate(decoys)})
    assert titles(asked) == titles(asked, sort="newest") == ["甲"]
    assert ids(asked, hidden=True, limit=5) == [made["甲"]]


def test_by_day_and_in_feeds_stands_only_what_holds_every_word(client):
    asked = "沧澜银行信贷投放稳步增长"
    write({"甲": f"{asked}。", "乙": "沧澜银行信贷投放不再增长。"})
    assert titles(asked) == ["甲", "乙"]
    assert titles(asked, sort="newest") == ["甲"]
    feed = text(client, f"/search/feed.xml?q={asked}")
    assert "<title>甲</title>" in feed and "<title>乙</title>" not in feed
    assert len(ids(asked, hidden=True, limit=5)) == 1


def test_a_character_that_joins_no_word_counts_in_titles_and_it_says_so():
    write({"甲": "猪肉、蔬菜的价格一起涨了。"})
    assert titles("猪肉涨价格") == ["甲"]
    assert "“涨” 只在标题里算" in search(SearchRequest("猪肉涨价格")).said


def test_what_only_the_order_of_pages_leaves_out_is_offered():
    write({"甲": "沧澜银行信贷投放不再增长。"})
    found = search(SearchRequest("沧澜银行信贷投放稳步增长", sort="newest"))
    assert not found.hits
    assert [(one.label, "按相关排序" in one.note) for one in found.meant][:1] == [
        ("沧澜银行信贷投放稳步增长", True)
    ]


# ------------------------------------------------------------------ whole words first
@pytest.mark.parametrize(
    ("asked", "whole", "cut"),
    [
        ("工行", "工行下调利率", "码头工人的罢工行动"),
        ("华为", "华为发布年报", "以访华为契机"),
        ("中芯", "中芯国际扩产", "其中芯片最多"),
        ("中行", "中行调整利率", "集中行动"),
        ("海南", "海南自贸港", "上海南站开通"),
        ("期货", "期货上市", "长期货币政策"),
        ("联通", "联通扩容", "互联通道"),
        ("交行", "交行年报", "社交行为"),
        ("ai", "AI芯片", "他said过"),
        ('"工行"', "工行下调利率", "罢工行动"),
    ],
)
def test_a_word_cut_out_of_others_stands_below_the_word(asked, whole, cut):
    write({"甲": whole, **{f"乙{at}": f"{cut}，{cut}，{cut}。" for at in range(25)}})
    assert titles(asked)[0] == "甲"
    assert len(titles(asked)) == 20 and len(titles(asked, page=2)) == 6
    assert len({*titles(asked), *titles(asked, page=2)}) == 26


def test_a_word_within_a_longer_one_is_not_cut():
    write({"甲": "建设银行公告", "乙": "银行公告" + "，别的许多话都与此无关" * 9})
    assert titles("银行")[0] == "甲"


def test_a_text_that_holds_both_counts_as_whole():
    write({"甲": "罢工行动之后，工行恢复营业", "乙": "罢工行动" * 3})
    assert titles("工行") == ["甲", "乙"]


def test_what_holds_the_whole_of_a_long_question_is_not_moved_down():
    write({"甲": "我国将积极推进产业升级", "乙": "国将积极，推进产业"})
    assert titles("国将积极推进产业")[0] == "甲"


# ------------------------------------------------------------------ questions
@pytest.mark.parametrize(
    ("asked", "idle"),
    [
        ("央行为什么降准", "为什么"),
        ("央行降准是什么意思", "是什么意思"),
        ("央行降准意味着什么", "意味着什么"),
        ("央行为何降准？", "为何"),
        ("央行是否降准", "是否"),
        ("什么是央行降准", "什么是"),
        ("央行怎么降准呢", "怎么"),
        ("央行降准了吗", ""),
        ("请问央行 降准", "请问"),
    ],
)
def test_words_that_ask_are_not_searched_for(asked, idle):
    write({"甲": "央行宣布降准", "乙": "这种行为为什么不对", "丙": "什么意思，意味着什么，请问"})
    assert titles(asked) == titles(asked, sort="newest") == ["甲"]
    said = [one for one in search(SearchRequest(asked)).said if one.startswith("没有算")]
    assert said == ([f"没有算：{idle}"] if idle else [])


@pytest.mark.parametrize("asked", ["为什么", "什么", "怎么样", "任何时候"])
def test_a_question_of_nothing_else_is_searched_for(asked):
    write({"甲": f"{asked}都好", "乙": "别的"})
    assert titles(f"“{asked}”") == ["甲"]
    assert "乙" not in titles(asked)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("降准 OR 降息", "甲乙丙"),
        ("降准|降息", "甲乙丙"),
        ("降准 ｜ 降息", "甲乙丙"),
        ("降准 或 降息", "甲乙丙"),
        ("降准 || 降息", "甲乙丙"),
        ("(降准 | 降息) 银行", "乙丙"),
        ("银行 （降准 OR 降息）", "乙丙"),
        ("银行 降准 OR 降息", "乙丙"),
        ("(降准 银行) | 汽车", "丙丁"),
        ("(降准 | 降息) -银行", "甲"),
        ("银行 -(降准 | 降息)", "戊"),
        ("“降息” OR “汽车”", "乙丁"),
        ("标题:甲 OR 标题:丁", "甲丁"),
        ("((降准 | 降息) 银行) | 汽车", "乙丙丁"),
        ("降准 OR", ""),
        ("| 汽车 |", "丁"),
    ],
)
def test_one_of_several_is_enough_where_it_is_said(asked, found):
    write({"甲": "降准", "乙": "银行降息", "丙": "银行降准", "丁": "汽车", "戊": "银行"})
    assert sorted(titles(asked)) == sorted(titles(asked, sort="newest")) == sorted(found)


def test_it_says_which_words_are_alternatives_and_what_cannot_be_one(three):
    assert search(SearchRequest("降准 OR 股票 贷款")).said == [
        "“降准” 按词和原文 或 “股票” 按词和原文",
        "“贷款” 按词和原文",
    ]
    assert sorted(titles("来源:国际商报 OR 来源:北京晚报")) == sorted(titles("贷款"))
    mixed = search(SearchRequest("降准 OR 来源:国际商报"))
    assert [hit.id for hit in mixed.hits] == [three[0].pk]
    assert any("OR" in one and "限定" in one for one in mixed.said)


def test_brackets_and_bars_of_a_headline_are_found_as_they_stand():
    write({"深度|安信国际证券(香港)降准": "正文", "别的": "香港"})
    assert titles("安信国际证券(香港)降准") == ["深度|安信国际证券(香港)降准"]
    assert titles("深度|安信国际证券(香港)降准")[0] == "深度|安信国际证券(香港)降准"


# ------------------------------------------------------------------ other letters
@pytest.mark.parametrize(
    ("asked", "body"),
    [
        ("帳戶", "开立账户"),
        ("帐户", "开立账户"),
        ("账户", "開立帳戶"),
        ("復甦", "经济复苏"),
        ("复苏", "經濟復甦"),
        ("著力", "着力推动"),
        ("着力", "著力推動"),
        ("顯著", "显著改善"),
        ("顯著成效", "取得显著成效"),
        ("答覆", "答复议员"),
        ("覆蓋面", "扩大覆盖面"),
        ("計畫", "五年计划"),
        ("计划", "五年計畫"),
        ("部份", "大部分人"),
        ("身分", "身份验证"),
        ("夥伴", "合作伙伴"),
        ("瞭解", "了解情况"),
        ("憑藉", "凭借优势"),
        ("中囯", "中国经济"),
        ("證劵", "证券市场"),
        ("衞生", "卫生事业"),
        ("頭髮", "头发护理"),
    ],
)
def test_traditional_words_and_variants_find_what_is_written_otherwise(asked, body):
    write({"甲": body, "乙": "别的事情"})
    assert titles(asked) == titles(asked, sort="newest") == ["甲"]


# ------------------------------------------------------------------ near misses
@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("证卷", "证券"),
        ("证卷公司", "证券公司"),
        ("贷宽", "贷款"),
        ("利律", "利率"),
        ("货款利率", "贷款利率"),
        ("阴行", "银行"),
        ("daikuan", "贷款"),
        ("证卷 贷款", "证券 贷款"),
    ],
)
def test_the_nearest_spelling_is_searched_for_where_nothing_is_found_and_it_says_so(client, asked, offered):
    write({"甲": "证券公司与银行", "乙": "贷款利率下调", "丙": "证券账户与贷款"})
    found = search(SearchRequest(asked))
    assert found.heard.words == offered and found.heard.how == "按相近的写法查找"
    assert [hit.id for hit in found.hits] == [hit.id for hit in search(SearchRequest(offered)).hits] != []
    assert f"按相近的写法查找：<b>{offered}</b>" in text(client, f"/search/?q={asked}")
    literal = search(SearchRequest(found.heard.literal))
    assert not literal.hits and not literal.heard


@pytest.mark.parametrize("narrowed", [{"source": "guojishangbao"}, {"since": date(2001, 1, 1)}])
def test_with_filters_the_nearest_spelling_is_only_offered(narrowed):
    write({"甲": "证券公司与银行"})
    found = search(SearchRequest("证卷", **narrowed))
    assert not found.hits and not found.heard
    assert "证券" in {way.label for way in found.meant}


def test_an_unspaced_question_that_finds_nothing_offers_its_words():
    write({"甲": "央行降准", "乙": "贷款利率"})
    found = search(SearchRequest("火星降准贷款"))
    assert not found.hits
    assert {way.label for way in found.meant} >= {"降准", "贷款"}
    assert "火星" not in {way.label for way in found.meant}


@pytest.mark.parametrize("asked", ["火星", "囧囧", "xyzzy", "%%%%", "１２３４５６７"])
def test_where_nothing_is_near_nothing_is_offered(asked):
    write({"甲": "央行降准"})
    assert search(SearchRequest(asked)).meant == []


# ------------------------------------------------------------------ the page
@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("q=贷款&from=2024-02-30", "开始日期：请写成 2021-12-29 这样的日期。"),
        ("q=贷款&to=昨天", "结束日期：请写成 2021-12-29 这样的日期。"),
        ("q=贷款&from=1700-01-01", "开始日期：日期不能早于 1800 年。"),
        ("q=贷款&to=9999-12-31", "结束日期：日期不能晚于 2199 年。"),
        ("to=2024-13-01", "结束日期：请写成 2021-12-29 这样的日期。"),
    ],
)
def test_a_date_outside_the_calendar_is_refused_in_words(client, three, query, words):
    assert words in text(client, f"/search/?{query}")


@pytest.mark.parametrize("value", ["2024-13", "2024-02-30", "1024-01-01"])
def test_a_date_that_is_typed_and_none_is_said(three, value):
    said = search(SearchRequest(f"贷款 日期:{value}")).said
    assert f"“{value}”不是日历上的日子，按原文找" in said


def test_dates_within_the_calendar_are_not_complained_of(client, three):
    assert 'role="alert"' not in text(client, "/search/?q=贷款&from=2023-01-01&to=")
    asked = SearchRequest.read({"q": "贷款", "from": "x", "to": "2024-01-01"})
    assert asked.until == date(2024, 1, 1) and "refused" not in asked.query()


@pytest.mark.parametrize(
    ("digest", "counts"),
    [
        ("沧澜银行今日公告。 存款准备金率下调。", False),
        ("沧澜银行今日公告。\n存款准备金率下调……", False),
        ("　沧澜银行今日公告。存款准备金率", False),
        ("存款准备金率下调。", False),
        ("存款 准备金率 下调", False),
        ("", False),
        ("存款准备金率上调。", True),
        ("银行公告：存款准备金率下调。", True),
    ],
)
def test_a_digest_counts_only_where_it_does_not_repeat_the_text(digest, counts):
    heads = Heads("甲", digest, "", "", "沧澜银行今日公告。\n存款准备金率下调。更多的话。")
    (cut,) = cut_up([heads])
    assert bool(cut.digest.strip()) == counts


@pytest.mark.parametrize(
    ("page", "total", "is_said"), [(MOST_PAGES, 1001, True), (MOST_PAGES, 1000, False), (2, 5000, False)]
)
def test_after_the_last_page_it_says_how_to_narrow(client, page, total, is_said):
    found = SearchResults(SearchRequest("贷款", page=page), total)
    shown = render_page("search/results.html", asked=found.asked, found=found).content.decode()
    assert ("只能翻到前 1000 篇" in shown and "再加一个词" in shown) == is_said
