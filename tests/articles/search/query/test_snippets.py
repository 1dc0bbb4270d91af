"""The passage shows why an article was found: around its best finds, from the beginning of a sentence, marked."""

import pytest

from articles.search.query.snippets import LENGTH, highlight, make_snippet

DULL = "今天天气很好。" * 60
TEXT = f"{DULL}沧澜银行宣布下调贷款利率，自下周一起执行。\n业内人士认为，此举利好房地产。{DULL}"


def shown(pieces) -> str:
    return "".join(f"[{text}]" if mark else text for text, mark in pieces)


def test_the_passage_begins_with_the_sentence_of_the_find():
    assert shown(make_snippet(TEXT, ["贷款利率"])).startswith(
        "……沧澜银行宣布下调[贷款利率]，自下周一起执行。 业内人士"
    )


def test_a_passage_is_about_as_long_as_it_should_be_and_says_that_it_is_cut():
    text = shown(make_snippet(TEXT, ["贷款利率"]))
    assert text.endswith("……") and len(text) < LENGTH + 30


def test_it_is_where_most_of_the_words_stand_together():
    text = f"贷款也有。{DULL}利率也有。{DULL}贷款的利率在这里。{DULL}"
    assert "[贷款]的[利率]在这里" in shown(make_snippet(text, ["贷款", "利率"]))


def test_a_phrase_is_found_across_the_end_of_a_line_and_in_other_letters():
    assert "执行。 业内" in shown(make_snippet(TEXT, ["執行。業內"])).replace("[", "").replace("]", "")
    assert shown(highlight("ＬＰＲ下调", ["lpr"])) == "[ＬＰＲ]下调"
    assert shown(highlight("貸款 利率", ["贷款利率"])) == "[貸款 利率]"


def test_finds_that_touch_or_overlap_are_one():
    assert shown(highlight("工商银行下调利率", ["工商银行", "银行下调", "下调"])) == "[工商银行下调]利率"


def test_where_nothing_is_found_it_is_the_beginning():
    assert shown(make_snippet(TEXT, ["火星"])).startswith("今天天气很好。")
    assert make_snippet(TEXT, []) == make_snippet(TEXT, ["", " "])


@pytest.mark.parametrize(
    "text", ["", " \n ", "一", "\ud800银行", "\U0001f600银行\U0001f600", "。" * 300, "银行" * 2000]
)
def test_every_text_has_a_passage(text):
    assert all(piece for piece, _ in make_snippet(text, ["银行", "。"]))
    assert "".join(piece for piece, _ in highlight(text, ["银行"])) == " ".join(text.split())
