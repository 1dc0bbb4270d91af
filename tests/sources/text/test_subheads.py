"""Bare short lines between long paragraphs become subheads where several agree; all others stay."""

import pytest

from sources.text.clean.boilerplate import clean_body

LONG = "沧澜银行一日公布季报，净息差比上季收窄五个基点，行长在电话会上说，全年的目标不变，明年还要在渝州开两家支行。"


def html(*lines: str) -> str:
    return "\n".join(f"<p>{line}</p>" for line in lines)


def subheads(*lines: str) -> list[str]:
    cleaned = clean_body(html(*lines))
    found = [line[4:-5] for line in cleaned.html.split("\n") if line.startswith("<h3>")]
    assert cleaned.text == "\n".join(lines)  # no word is changed
    return found


HEADS = {
    "two": ["机构数字化规范出台", "银行构建智慧场景"],
    "three with quotes": ["打破“壁垒”", "“必考题”怎么答", "长远看是机遇"],
    "with a space": ["稳健经营 提质增效", "守正创新 行稳致远"],
    "with figures": ["21家银行减免服务费1375亿元", "3成用户选择线上办理"],
    "a book title": ["《指导意见》说了什么", "地方的《细则》"],
}


@pytest.mark.parametrize("heads", HEADS.values(), ids=HEADS)
def test_bare_subheads_that_agree_become_subheads(heads):
    lines = [LONG, *(line for head in heads for line in (head, LONG))]
    assert subheads(*lines) == heads


def test_a_roundup_begins_with_one_below_its_label():
    lines = [
        "央视网消息（新闻联播）：",
        "一号简讯的标题",
        LONG,
        "二号简讯的标题",
        LONG,
        "三号简讯的标题",
        LONG,
    ]
    assert subheads(*lines) == ["一号简讯的标题", "二号简讯的标题", "三号简讯的标题"]


def test_a_question_may_stand_below_one():
    lines = [LONG, "机构数字化规范出台", "为何在今年出台？", LONG, "银行构建智慧场景", LONG]
    assert subheads(*lines) == ["机构数字化规范出台", "银行构建智慧场景"]


QUOTED = {
    "begins with a quotation": ["“数据孤岛”怎么破", "中小企业缺人缺钱"],
    "ends with a quotation": ["打破行业“旧壁垒”", "守住“钱袋子”"],
    "begins with a book": ["《细则》落地之后", "《指导意见》管什么"],
    "ends with a book": ["读懂这份《指导意见》", "地方跟进《细则》"],
    "single and corner marks": ["‘旧厂房’的新用途", "「老字号」如何出海"],
}


@pytest.mark.parametrize("heads", QUOTED.values(), ids=QUOTED)
def test_they_may_hold_quotations_and_stand_below_a_short_sentence(heads):
    short = "会场很安静，行长答应明年再谈这件事。"
    assert subheads(LONG, heads[0], LONG, short, heads[1], LONG) == heads


@pytest.mark.parametrize("others", [["“数据孤岛：怎么破”", "“他说：不行”"], ["“怎么破？”", "“不行！”"]])
def test_quoted_speech_is_none(others):
    assert subheads(LONG, others[0], LONG, others[1], LONG) == []


def test_plain_text_has_them_too():
    text = "\n".join([LONG, "机构数字化规范出台", LONG, "银行构建智慧场景", LONG])
    assert clean_body(text).html.count("<h3>") == 2


# Short lines that are something else, twice each.
OTHERS = {
    "sentences": ["行长没有回答。", "会场很安静。"],
    "questions": ["为何今年出台？", "明年怎么办？"],
    "bylines": ["本报记者 林越", "本报记者 周言"],
    "names": ["林越 周言", "黄石"],
    "dates": ["2022年3月1日", "三月二日"],
    "labels": ["图片来源：沧澜银行", "责任编辑：林越"],
    "captions": ["沧澜银行总部大楼（资料图）", "（二号楼）"],
    "list items": ["1. 沧澜银行", "2. 渝州银行"],
    "bullets": ["● 沧澜银行", "● 渝州银行"],
    "links": ["www.example.com", "https://a.example.com"],
    "figures": ["3.65%", "1,204.5"],
    "speakers": ["主持人", "林越"],
    "introductions": ["全文如下：", "要点如下："],
    "long lines": ["这一行没有句号但是比二十五个字还要长所以它不会是一个小标题"] * 2,
}


@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS)
def test_other_short_lines_stay(others):
    assert subheads(*[LONG, *(line for one in others for line in (one, LONG))]) == []


LAYOUTS = {
    "one alone": [LONG, "机构数字化规范出台", LONG],
    "a list": [LONG, "机构数字化规范出台", "银行构建智慧场景", "监管划出红线", LONG],
    "a poem": ["海上生明月", "天涯共此时", "情人怨遥夜", "竟夕起相思"],
    "first and last lines": ["机构数字化规范出台", LONG, "银行构建智慧场景"],
    "among other short lines": [LONG, "机构数字化规范出台", LONG, "好。", "是的。", "银行构建智慧场景", LONG],
    "no prose": ["甲组名单如下", "很短的一行", "乙组名单如下", "也很短的一行", "丙组"],
}


@pytest.mark.parametrize("lines", LAYOUTS.values(), ids=LAYOUTS)
def test_short_lines_that_do_not_agree_stay(lines):
    assert subheads(*lines) == []
