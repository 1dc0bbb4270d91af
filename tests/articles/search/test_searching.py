"""Search finds what is published and fits, says what it did, and never falls over what it is asked."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from articles.models import Article
from articles.search import following
from articles.search.aliases import SearchAlias
from articles.search.searching import MOST_PAGES, Asked, Unavailable, ids, related, search
from articles.search.unanswered import Unanswered
from tests.builders import make_article, make_category, make_security, make_source

pytestmark = pytest.mark.django_db
LONG = "第一段讲存款保险制度的由来。\n第二段讲“存贷比”指标 2.5% 的变化，以及 COVID-19 之后的情形。"


def titles(q: str = "", **choices) -> list[str]:
    return ["".join(text for text, _ in hit.title) for hit in search(Asked(q, **choices)).hits]


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
    following.rebuild()
    return made


# ------------------------------------------------------------------ what is found
def test_every_piece_of_a_title_or_text_finds_its_article():
    article = make_article(
        "沧澜银行发布“服贸通” 助力跨境结算", body_html="<p>" + LONG.replace("\n", "</p><p>") + "</p>"
    )
    make_article("别的消息")
    following.rebuild()
    article.refresh_from_db()
    chance = Random(7)
    for text in (article.title, article.text):
        for _ in range(120):
            length = chance.randint(2, 8)
            at = chance.randrange(len(text) - length)
            piece = text[at : at + length]
            if len(piece.strip()) > 1:
                assert article.pk in ids(piece, hidden=False, limit=10), piece


def test_a_word_is_found_however_a_dictionary_cuts_the_text_around_it():
    made = make_article("沧澜要闻", body_html="<p>会议指出，沧澜市发展改革委员会同比增长率一栏有误。</p>")
    make_article("别的消息", body_html="<p>发展与改革，委员会，同比，增长。</p>")
    following.rebuild()
    for word in ("发展改革委", "改革委员会", "同比增长", "增长率 改革委", "会同"):
        assert ids(word, hidden=False, limit=10)[:1] == [made.pk], word


def test_a_word_of_one_character_counts_in_titles_and_is_not_needed_in_texts():
    headline = make_article("猪肉价格涨", body_html="<p>市场供应偏紧。</p>")
    body = make_article("一周菜篮子", body_html="<p>猪肉、蔬菜的价格一起涨了。</p>")
    following.rebuild()
    assert titles("猪肉 价格")[0] == headline.title
    assert set(ids("猪肉涨价格", hidden=False, limit=10)) == {headline.pk, body.pk}
    assert titles("涨") == [headline.title]


def test_all_words_must_be_found_and_excluded_ones_must_not(three):
    assert titles("降准 股票") == ["丙：降准与股票"]
    assert titles("降准 -股票") == ["甲：沧澜银行降准"]
    assert sorted(titles("贷款 -降准")) == ["乙：股票大涨"]
    assert titles("降准 火星") == []


def test_a_quoted_phrase_is_found_as_it_stands(three):
    assert titles('"降准与股票"') == ["丙：降准与股票"]
    assert titles('"股票降准"') == []


def test_a_long_question_finds_what_lacks_a_word():
    make_article("沧澜银行上半年信贷投放稳步增长支持实体经济")
    make_article("沧澜银行开门")
    following.rebuild()
    assert titles("沧澜银行信贷投放稳步增长支持实体经济")[0] == "沧澜银行上半年信贷投放稳步增长支持实体经济"


def test_a_single_character_is_found_in_titles(three):
    assert titles("涨") == ["乙：股票大涨"]


def test_old_forms_and_wide_letters_are_found():
    make_article("中国外汇储备与ＬＰＲ")
    following.rebuild()
    assert titles("外匯儲備") == titles("lpr") == ["中国外汇储备与ＬＰＲ"]


def test_the_title_comes_before_the_text_and_the_newer_before_the_older():
    make_article("别的事", body_html="<p>文中提到降准一次，后面还有许多别的话要说。</p>")
    make_article("央行降准", published_at=datetime(2012, 1, 1, tzinfo=UTC))
    make_article("央行降准", published_at=datetime(2022, 1, 1, tzinfo=UTC))
    following.rebuild()
    found = search(Asked("降准")).hits
    assert [hit.at.year for hit in found[:2]] == [2022, 2012]
    assert found[2].title == [("别的事", False)]
    assert ("降准", True) in found[2].passage


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("来源:国际商报", "甲"),
        ("来源:《国际商报》", "甲"),
        ("-来源:国际商报", "乙丙"),
        ("来源:国际商报 来源:北京晚报", "甲乙丙"),
        ("来源:晚报", "乙丙"),
        ("来源:没有这家", ""),
        ("栏目:信贷", "甲"),
        ("栏目:credit", "甲"),
        ("标题:降准", "甲丙"),
        ("标题:贷款", ""),
        ("作者:李悦", "丙"),
        ("代码:601939", "乙"),
        ("代码:601939.sh 股票", "乙"),
        ("标签:股市", "乙"),
        ("日期:2023", "甲"),
        ("日期:2024-05-01..2024-05-31", "乙"),
        ("日期:..1960", ""),
        ("日期:1950..2023", "甲"),
    ],
)
def test_words_narrow(three, words, found):
    assert sorted(title[0] for title in titles(words)) == sorted(found)


def test_choices_narrow_and_say_so(three):
    assert titles("贷款", source="guojishangbao") == ["甲：沧澜银行降准"]
    assert titles("贷款", security="601939.SH") == ["乙：股票大涨"]
    assert titles("贷款", category="credit", source="beijingwanbao") == []
    assert titles(since=date(2024, 5, 4), until=date(2024, 5, 4)) == ["乙：股票大涨"]
    assert titles("贷款", source="nirgends") == []
    assert "没有叫“nirgends”的来源" in search(Asked("贷款", source="nirgends")).said


def test_newest_first_if_asked(three):
    assert [title[0] for title in titles("贷款", sort="newest")] == ["丙", "乙", "甲"]


# ------------------------------------------------------------------ what is never shown
def test_what_is_withdrawn_is_gone_before_the_index_hears_of_it(three):
    Article.objects.filter(pk=three[0].pk).update(status="withdrawn", public_at=None)
    found = search(Asked("降准"))
    assert [hit.id for hit in found.hits] == [three[2].pk] and found.total == 1


def test_what_is_to_come_out_later_is_not_found_yet():
    article = make_article("明天的消息", published_at=timezone.now() + timedelta(days=1))
    draft = make_article("明天的消息草稿", status=Article.Status.DRAFT)
    following.rebuild()
    found = search(Asked("明天的消息"))
    assert found.total == 0 and not found.facets
    assert sorted(ids("明天的消息", hidden=True, limit=5)) == sorted([article.pk, draft.pk])
    assert ids("明天的消息", hidden=False, limit=5) == []


# ------------------------------------------------------------------ facets and pages
def test_facets_count_and_lead_on(three):
    facets = {facet.name: facet for facet in search(Asked("贷款")).facets}
    assert [(one.label, one.count) for one in facets["source"].choices] == [("北京晚报", 2), ("国际商报", 1)]
    assert [(one.label, one.count) for one in facets["year"].choices] == [("2024 年", 2), ("2023 年", 1)]
    assert [(one.label, one.count) for one in facets["security"].choices] == [("建设银行 601939.SH", 1)]
    assert facets["category"].choices[0].query == "?q=%E8%B4%B7%E6%AC%BE&category=credit"
    assert "from=2024-01-01&to=2024-12-31" in facets["year"].choices[0].query


def test_a_choice_that_was_made_can_be_taken_back_even_if_it_leaves_nothing(three):
    found = search(Asked("降准", source="guojishangbao", since=date(2024, 1, 1), until=date(2024, 12, 31)))
    (choice,) = next(facet for facet in found.facets if facet.name == "source").choices
    assert (choice.label, choice.count, choice.chosen) == ("国际商报", 0, True)
    assert "source" not in choice.query and "from=2024-01-01" in choice.query


def test_pages_are_turned_up_to_a_limit():
    source = make_source()
    for number in range(45):
        make_article(f"第 {number} 份公报", source)
    following.rebuild()
    first, last = search(Asked("公报")), search(Asked("公报", page=3))
    assert (first.total, len(first.hits), len(last.hits)) == (45, 20, 5)
    assert first.newer == "" and first.older == Asked("公报").query(page=2)
    assert last.older == "" and last.newer == Asked("公报").query(page=2)
    beyond = search(Asked("公报", page=MOST_PAGES))
    assert not beyond.hits and beyond.newer == Asked("公报").query(page=3)
    assert len({hit.id for page in (1, 2, 3) for hit in search(Asked("公报", page=page)).hits}) == 45


# ------------------------------------------------------------------ ways on
def test_it_says_what_was_searched(three):
    SearchAlias.objects.all().delete()
    SearchAlias.objects.create(word="沧行", expansions="沧澜银行")
    found = search(Asked("沧行 “降准” -股票 来源:国际商报"))
    assert found.said == [
        *("“沧行” 按词和原文", "“降准” 按原文", "不含 “股票”"),
        *("也找了：沧澜银行（“沧行”的别名）", "来源：国际商报"),
    ]
    assert [hit.title for hit in found.hits] == [[("甲：", False), ("沧澜银行降准", True)]]


def test_what_would_find_something_is_offered_where_nothing_was_found(three):
    offered = {(way.label, way.note) for way in search(Asked("降准 火星")).meant}
    assert offered == {("降准", "只找这个词，2 篇")}
    narrowed = search(Asked("降准", security="601939.SH"))
    assert [(way.label, way.note) for way in narrowed.meant] == [("降准", "不加条件，2 篇")]
    assert search(Asked("降准")).meant == []


def test_a_name_that_is_only_said_alike_is_offered(three):
    ways = {way.label: way.href for way in search(Asked("建设音航")).meant}
    assert ways["建设银行 601939.SH"] == "/securities/601939.SH/"


def test_an_outlet_that_goes_by_the_words_is_shown(three):
    assert [way.href for way in search(Asked("国际商报")).outlets] == ["/sources/guojishangbao/"]
    assert [way.label for way in search(Asked("gjsb")).outlets] == ["国际商报"]
    assert search(Asked("降准")).outlets == []


def test_questions_without_an_answer_are_counted_only_when_plain(three):
    for asked in (
        Asked("火星"),
        Asked("火星"),
        Asked("水星", page=2),
        Asked("-贷款"),
        Asked("金星", source="x"),
    ):
        search(asked)
    search(Asked("木星"), by_reader=False)
    assert list(Unanswered.objects.values_list("words", "count")) == [("火星", 2)]


def test_related_articles_share_weighty_words_and_tell_another_story():
    body = "<p>沧澜银行与跨境结算平台合作，服务外贸企业。</p>"
    one = make_article("跨境结算平台上线", body_html=body)
    near = make_article("跨境结算平台扩容", body_html=body)
    for number in range(12):
        make_article(f"天气预报 {number}", body_html="<p>明天有雨。</p>")
    gone = make_article("跨境结算平台下线", body_html=body)
    following.rebuild()
    Article.objects.filter(pk=gone.pk).update(status="withdrawn", public_at=None)
    assert [row["id"] for row in related(one)] == [near.pk]
    assert related(near)[0]["outlet"]


# ------------------------------------------------------------------ nonsense
@pytest.mark.parametrize(
    "words",
    [
        "",
        "\0",
        "\ud800",
        '"',
        '""',
        "“",
        "-",
        "--",
        ":",
        "：",
        "来源:",
        "-来源:x",
        "AND OR NOT",
        "*",
        "a*",
        "[1 TO 2]",
    ]
    + [
        "^2",
        "~",
        "\\",
        "body:x",
        "银" * 8192,
        "日期:9999",
        "- -",
        "。。",
        "\U0001f600",
        "的",
        "的 了",
        "1" * 99,
    ],
)
def test_whatever_is_asked_is_answered(three, words):
    found = search(Asked.read({"q": words, "page": "10", "from": "x"}))
    assert found.total >= 0 and isinstance(found.said, list)
    assert ids(words, hidden=True, limit=3) is not None


def test_an_address_is_read_without_a_complaint():
    asked = Asked.read(
        {
            "q": " 降准\0 ",
            "source": "a" * 9000,
            "from": "2024-02-30",
            "to": "2024-02-29",
            "sort": "best",
            "page": "1" + "0" * 30,
        }
    )
    assert (asked.q, asked.since, asked.until, asked.sort, asked.page) == (
        *("降准", None, date(2024, 2, 29)),
        *("relevance", 1),
    )
    assert Asked.read({"page": "77"}).page == MOST_PAGES and Asked.read({"page": "-1"}).page == 1
    assert Asked.read({}) == Asked() and Asked().query() == "?"


def test_an_address_leaves_out_what_goes_without_saying():
    asked = Asked("降准", since=date(2024, 1, 1), page=3)
    assert asked.query() == "?q=%E9%99%8D%E5%87%86&from=2024-01-01"
    assert asked.query(page=2, sort="newest", since=None) == "?q=%E9%99%8D%E5%87%86&sort=newest&page=2"


def test_without_an_index_it_says_so_and_related_says_nothing(bank):
    with pytest.raises(Unavailable, match="rebuild_search"):
        search(Asked("降准"))
    assert related(bank) == []
