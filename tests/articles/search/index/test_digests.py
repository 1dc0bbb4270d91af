"""A digest is indexed only where it says something that the text does not."""

import pytest

from articles.search.index.cut_texts import Heads, cut_up

TEXT = "沧澜银行今日公告。\n存款准备金率下调，A股与 LPR 未变。更多的话。"


@pytest.mark.parametrize(
    "digest",
    [
        "存款准备金率下调，A股与LPR未变。",
        "沧澜银行今日公告。\u3000存款准备金率下调……",
        "沧澜银行今日公告。\xa0存款准备金率下调...",
        "沧澜银行今日公告。存款准备金率下调…",
        "……存款准备金率下调，Ａ股与 LPR 未变……",
        "沧澜银行今日公告。存款准备金率下调 [...]",
        "沧澜银行\u200b今日公告。\ufeff存款准备金率下调",
        "存款准备金率下调,A股与LPR未变。",
        "存款準備金率下調，A股與LPR未變。",
        "……",
        " ",
    ],
)
def test_a_digest_that_repeats_the_text_is_not_counted(digest):
    (cut,) = cut_up([Heads("甲", digest, "", "", TEXT)])
    assert cut.digest.strip() == ""


@pytest.mark.parametrize(
    "digest",
    ["存款准备金率上调", "编者按：存款准备金率下调", "存款准备金率下调。A股未变", "……利率……", "[图]", "3.5%"],
)
def test_a_digest_with_words_of_its_own_is_counted(digest):
    (cut,) = cut_up([Heads("甲", digest, "", "", TEXT)])
    assert cut.digest.strip()
    assert all(line in cut.figures.split("\n") for line in ["3.5%"] if line in digest)
