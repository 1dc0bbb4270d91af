"""Search finds what is published and fits, says what it did, and never falls over what it is asked."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.utils import timezone

from articles.models import Article
from articles.search.index import follow
from articles.search.index.index import (
    Unavailable,
)
from articles.search.query.results import (
    SearchRequest,
)
from articles.search.query.run import (
    ids,
    search,
)
from articles.search.related import (
    related,
)
from tests.support.builders import make_article
from tests.support.search_requests import titles

pytestmark = pytest.mark.django_db
LONG = "第一段讲存款保险制度的由来。\n第二段讲“存贷比”指标 2.5% 的变化，以及 COVID-19 之后的情形。"


# ------------------------------------------------------------------ what is found
def test_every_piece_of_a_title_or_text_finds_its_article():
    article = make_article(
        "沧澜银行发布“服贸通” 助力跨境结算", body_html="<p>" + LONG.replace("\n", "</p><p>") + "</p>"
    )
    make_article("别的消息")
    follow.rebuild()
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
    follow.rebuild()
    for word in ("发展改革委", "改革委员会", "同比增长", "增长率 改革委", "会同"):
        assert ids(word, hidden=False, limit=10)[:1] == [made.pk], word


def test_a_word_of_one_character_counts_in_titles_and_is_not_needed_in_texts():
    headline = make_article("猪肉价格涨", body_html="<p>市场供应偏紧。</p>")
    body = make_article("一周菜篮子", body_html="<p>猪肉、蔬菜的价格一起涨了。</p>")
    follow.rebuild()
    assert titles("猪肉 价格")[0] == headline.title
    assert set(ids("猪肉涨价格", hidden=False, limit=10)) == {headline.pk, body.pk}
    assert titles("涨") == [headline.title]


def test_a_long_question_is_judged_by_its_words_not_by_single_characters():
    long = (
        "银行 贷款 利率 存款 债券 股票 基金 保险 证券 期货 外汇 黄金 信托 租赁 担保 典当 拍卖 审计 税收 关税"
    )
    found = make_article("全都有", body_html=f"<p>{long}</p>")
    make_article("只有几个", body_html="<p>银行、贷款、利率、存款、债券。</p>")
    follow.rebuild()
    # Between the words characters that are words of their own.
    question = "".join(
        f"{word}{one}"
        for word, one in zip(long.split(), "又很太更最再还却才刚已曾正总只仅偏竟岂勿", strict=True)
    )
    assert ids(question[:100], hidden=False, limit=10) == [found.pk]


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
    follow.rebuild()
    assert titles("沧澜银行信贷投放稳步增长支持实体经济")[0] == "沧澜银行上半年信贷投放稳步增长支持实体经济"


def test_a_single_character_is_found_in_titles(three):
    assert titles("涨") == ["乙：股票大涨"]


def test_old_forms_and_wide_letters_are_found():
    make_article("中国外汇储备与ＬＰＲ")
    follow.rebuild()
    assert titles("外匯儲備") == titles("lpr") == ["中国外汇储备与ＬＰＲ"]


def test_the_title_comes_before_the_text_and_the_newer_before_the_older():
    make_article("别的事", body_html="<p>文中提到降准一次，后面还有许多别的话要说。</p>")
    make_article("央行降准", published_at=datetime(2012, 1, 1, tzinfo=UTC))
    make_article("央行降准", published_at=datetime(2022, 1, 1, tzinfo=UTC))
    follow.rebuild()
    found = search(SearchRequest("降准")).hits
    assert [hit.at.year for hit in found[:2]] == [2022, 2012]
    assert found[2].title == [("别的事", False)]
    assert ("降准", True) in found[2].passage


# ------------------------------------------------------------------ what is never shown
def test_what_is_withdrawn_is_gone_before_the_index_hears_of_it(three):
    Article.objects.filter(pk=three[0].pk).update(status="withdrawn", public_at=None)
    found = search(SearchRequest("降准"))
    assert [hit.id for hit in found.hits] == [three[2].pk] and found.total == 1


def test_what_is_to_come_out_later_is_not_found_yet():
    article = make_article("明天的消息", published_at=timezone.now() + timedelta(days=1))
    draft = make_article("明天的消息草稿", status=Article.Status.DRAFT)
    follow.rebuild()
    found = search(SearchRequest("明天的消息"))
    assert found.total == 0 and not found.facets
    assert sorted(ids("明天的消息", hidden=True, limit=5)) == sorted([article.pk, draft.pk])
    assert ids("明天的消息", hidden=False, limit=5) == []


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
    found = search(SearchRequest.read({"q": words, "page": "10", "from": "x"}))
    assert found.total >= 0 and isinstance(found.said, list)
    assert ids(words, hidden=True, limit=3) is not None


def test_without_an_index_it_says_so_and_related_says_nothing(bank):
    with pytest.raises(Unavailable, match="rebuild_search"):
        search(SearchRequest("降准"))
    assert related(bank) == []
