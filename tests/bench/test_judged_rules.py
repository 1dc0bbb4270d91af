"""The rules of the judged set, on small made-up articles: what a critical reader says of each; and its measures."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bench.quality.judged import by_kind, rules
from bench.quality.judged.metrics import is_wrong_first, ndcg, scores, succeeds
from bench.quality.judged.papers import Listed, Paper
from bench.quality.judged.standing import term

pytestmark = pytest.mark.once

NOON = datetime(2024, 3, 5, 4, tzinfo=UTC)
LONG = "会议讨论了其他事项。" * 30


def paper(title, text="", **more):
    return Paper(1, title, text, **{"at": NOON} | more)


# -------------------------------------------------------------------- measures
def test_ndcg_is_as_computed_by_hand():
    # 7/1 + 3/log2(3) + 0 + 1/log2(5) = 9.3235 of 7/1 + 7/log2(3) + 3/log2(4) + 1/log2(5) = 13.3472
    assert ndcg([3, 2, 0, 1], [1, 2, 3, 3]) == pytest.approx(0.69854, abs=1e-4)


def test_the_best_order_is_of_all_articles_and_not_only_of_those_found():
    assert ndcg([1], [1]) == 1
    assert ndcg([1], [1, 3]) < 0.2
    assert ndcg([], [2]) == 0
    assert ndcg([0] * 10 + [3], [3]) == 0
    assert ndcg([], []) == 1


@pytest.mark.parametrize(
    ("grades", "of_all", "good"),
    [
        ([0, 0, 0, 0, 2], [2], True),
        ([0, 0, 0, 0, 0, 3], [3], False),
        ([1, 1], [1, 1, 2], False),
        ([1, 0], [1], True),
        ([], [1], False),
    ],
)
def test_success_is_a_good_answer_among_five_or_the_best_there_is(grades, of_all, good):
    assert succeeds(grades, of_all) is good


@pytest.mark.parametrize(
    ("grades", "of_all", "wrong"),
    [([0, 3], [3], True), ([1, 3], [1, 3], False), ([], [1], True), ([], [], False), ([0], [], True)],
)
def test_the_first_is_wrong_when_it_is_no_answer_or_missing(grades, of_all, wrong):
    assert is_wrong_first(grades, of_all) is wrong


def test_what_was_found_is_graded_by_its_id():
    assert scores([8, 9], {9: 3}) == (pytest.approx(0.6309, abs=1e-4), True, True)


def told(kind, ndcg, wrong=False):
    return {"kind": kind, "words": "某", "ndcg": ndcg, "success": not wrong, "wrong": wrong}


@pytest.mark.parametrize(
    ("some", "reached"),
    [
        ([told("甲", 0.9), told("乙", 0.9)], True),
        ([told("甲", 1.0), told("乙", 0.69)], False),
        ([told("甲", 0.84), told("乙", 0.85)], False),
        ([told("甲", 1.0, wrong=True), told("乙", 1.0)], False),
    ],
)
def test_the_aims_are_of_all_of_each_kind_and_of_the_first(some, reached):
    assert by_kind.reached(some) is reached
    assert [row[0] for row in by_kind.rows(some)] == ["甲", "乙", "all", "aims"]
    assert by_kind.worst(some)[0]["ndcg"] == min(one["ndcg"] for one in some)


# -------------------------------------------------------------------- words
@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("工行", "铁路工人举行罢工行动"),
        ("央行", "规范中央行政单位开支"),
        ("中芯", "其中芯片出口增长"),
        ("国人", "中国人民银行发布公告"),
        ("商务部", "各地商务部门介绍"),
        ("12", "增长112家"),
        ("ai", "said"),
    ],
)
def test_a_word_that_is_cut_through_does_not_stand_there(word, text):
    assert not term(word).in_text(text)
    assert rules.told([term(word)])(paper(text, text)) == 0


@pytest.mark.parametrize(
    ("word", "text"),
    [("工行", "工行下调利率"), ("银行", "建设银行发布年报"), ("ai", "发展ai产业"), ("12", "共12家")],
)
def test_a_word_that_stands_there_does(word, text):
    assert term(word).in_text(text)


def test_a_short_name_within_a_longer_word_is_another_word():
    assert not term("人行", strict=True).in_text("车辆礼让人行道上的老人")
    assert term("证监会", strict=True).in_text("中国证监会发布新规")


def test_another_body_whose_name_begins_with_the_firm_is_not_the_firm():
    rule = rules.of_company(term("中国石油", firm=True))
    assert rule(paper("中国石油大学开学")) == 0
    assert rule(paper("中国石油化工集团公告")) == 0
    assert rule(paper("中国石油发布年报")) == 3


def test_a_word_that_the_dictionary_does_not_have_stands_where_it_may():
    assert term("降准").in_text("有人问起降准")


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("央行下调存款准备金率", 3),
        ("中国人民银行召开会议", 3),
        ("欧洲央行维持利率", 0),
        ("英国的央行加息", 0),
        ("多国央行增持黄金", 0),
    ],
)
def test_the_central_bank_is_ours(text, grade):
    assert rules.told([term("央行", "人民银行", own=True)])(paper(text)) == grade


def test_an_institution_of_a_province_is_less():
    rule = rules.told([term("发改委", own=True)])
    assert rule(paper("国家发改委召开会议")) == 3
    assert rule(paper("四川省发改委召开会议")) == 2
    assert rule(paper("某事", "四川省发改委日前发布消息。")) == 1
    assert rule(paper("某事", "国家发改委日前发布消息。")) == 2


@pytest.mark.parametrize(
    ("title", "text", "grade"),
    [
        ("沧澜降准", "", 3),
        ("沧澜会议", "会议决定降准。", 2),
        ("沧澜会议", f"{LONG}\n降准。{LONG}降准。{LONG}降准。", 2),
        ("沧澜会议", f"{LONG}\n有人问起降准。", 1),
        ("沧澜会议", LONG, 0),
    ],
)
def test_a_word_counts_more_in_the_title_than_in_the_lead_and_the_text(title, text, grade):
    assert rules.told([term("降准")])(paper(title, text)) == grade


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        (f"{LONG}\n光伏出口增长。", 2),
        (f"{LONG}\n光伏发展。{LONG}出口增长。", 1),
        (f"{LONG}\n光伏发展。", 0),
    ],
)
def test_several_words_count_more_in_one_sentence(text, grade):
    assert rules.told([term("光伏"), term("出口")])(paper("某事", text)) == grade


def test_of_a_topic_the_latest_are_best():
    papers = [paper(f"央行公告第{n}号", at=NOON - timedelta(days=20 * n)) for n in range(60)]
    rule = rules.latest(term("央行", own=True), 365, papers)
    assert [rule(one) for one in papers].count(3) == rules.MOST_LATEST
    assert rule(papers[0]) == 3
    assert rule(papers[59]) == 2
    assert rule(paper("欧洲央行公告", at=NOON)) == 0


def test_what_is_excluded_stands_nowhere():
    rule = rules.without([term("油价")], "上涨")
    assert rule(paper("油价下调")) == 3
    assert rule(paper("油价下调", f"{LONG}\n股市上涨。")) == 0


def test_two_far_words_must_both_be_there():
    rule = rules.both(term("光伏"), term("港口"))
    assert rule(paper("光伏展会", f"{LONG}\n港口繁忙。")) == 3
    assert rule(paper("某事", f"光伏展会。{LONG}港口繁忙。")) == 2
    assert rule(paper("光伏展会", LONG)) == 0


# -------------------------------------------------------------------- figures, days, codes, fields
@pytest.mark.parametrize(
    ("figure", "text", "grade"),
    [
        ("12.5%", "增长12.5%。", 3),
        ("12.5%", "增长１２．５％。", 3),
        ("12.5%", "增长112.5%。", 0),
        ("2.5%", "增长12.5%。", 0),
        ("12.5%", f"{LONG}\n增长12.5%。", 2),
        ("1.2万亿元", "达1.2万亿元。", 3),
        ("1.2万亿元", "达21.2万亿元。", 0),
        ("3,500点", "收于3500点。", 3),
        ("3500点", "收于3,500点。", 3),
        ("500点", "收于3,500点。", 0),
    ],
)
def test_a_figure_is_whole(figure, text, grade):
    assert rules.holds_figure(figure)(paper("某事", text)) == grade


def test_a_figure_and_a_word_belong_to_one_sentence():
    rule = rules.figure_with("12.5%", term("出口"))
    assert rule(paper("某事", "出口增长12.5%。")) == 3
    assert rule(paper("某事", "增长12.5%。出口繁忙。")) == 2
    assert rule(paper("某事", "增长12.5%。")) == 0


@pytest.mark.parametrize(
    ("text", "at", "grade"),
    [
        ("2021年3月5日，会议开幕。", NOON, 3),
        ("2021-03-05，会议开幕。", NOON, 3),
        (f"{LONG}\n2021/3/5开幕。", NOON, 2),
        ("3月5日，会议开幕。", datetime(2021, 3, 4, 17, tzinfo=UTC), 1),  # it is the 5th in Shanghai
        ("2021年3月15日，会议开幕。", NOON, 0),
        ("2021-3-51，编号。", NOON, 0),
        ("2020年3月5日，会议开幕。", NOON, 0),
    ],
)
def test_a_day_is_that_day(text, at, grade):
    assert rules.of_day(date(2021, 3, 5))(paper("某事", text, at=at)) == grade


def test_a_code_is_that_of_its_security():
    share = Listed("600003", "SH", "沧澜股份")
    rule = rules.of_security(share)
    assert rule(paper("某事", "沧澜股份(600003)公告。", listed=(share,))) == 3
    assert rule(paper("某事", LONG, listed=(share,))) == 2
    assert rule(paper("某事", f"{LONG}\n沧澜股份上涨。")) == 1
    assert rule(paper("某事", "合同号1600003。")) == 0
    assert rules.filed_under(share)(paper("某事", "沧澜股份(600003)公告。")) == 0
    assert rules.of_company(term("沧澜股份"))(paper("某事", LONG, listed=(share,))) == 2


def test_a_phrase_is_held_letter_by_letter():
    rule = rules.literally("數據 中心")
    assert rule(paper("数据中心开工")) == 3
    assert rule(paper("某事", f"{LONG}\n数据中心开工。")) == 2
    assert rule(paper("数据与中心")) == 0


def test_a_person_writes_or_is_spoken_of():
    assert rules.of_person("林沐岚")(paper("某事", byline="林沐岚、赵青")) == 3
    assert rules.of_person("林沐岚")(paper("某事", "记者从林沐岚获悉。")) == 2
    assert rules.of_person("林沐岚", only_byline=True)(paper("林沐岚获奖")) == 0


def test_an_outlet_or_a_section_narrows():
    word = term("光伏")
    assert rules.of_place(word, outlet="江城日报")(paper("光伏展会", outlet="江城日报")) == 3
    assert rules.of_place(word, outlet="江城日报")(paper("江城日报：光伏展会", outlet="海港晚报")) == 0
    loosely = rules.of_place(word, outlet="江城日报", strictly=False)
    assert loosely(paper("江城日报：光伏展会", outlet="海港晚报")) == 1
    assert rules.of_place(word, section="栏目1")(paper("光伏展会", section="栏目12")) == 0
