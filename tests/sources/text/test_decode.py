"""Bytes to text where the bytes are damaged: the rest is read, and an editor looks at it."""

import pytest

from sources.formats import FORMATS
from sources.formats.raw_article import UNKNOWN_OUTLET
from sources.text.decode import decode

SIMPLE = "沧澜银行决定，下调贷款利率，保持资金合理充裕。\n市场人士认为，此举有利于降低企业的成本。\n"
TRADITIONAL = "滄瀾銀行決定，下調貸款利率，保持資金合理充裕。\n市場人士認為，此舉有利於降低企業的成本。\n"


def damaged(text: str, encoding: str, wrong: bytes) -> bytes:
    before, after = text.split("，", 1)
    return before.encode(encoding) + wrong + f"，{after}".encode(encoding)


@pytest.mark.parametrize("wrong", [b"\xff", b"\x80"])
@pytest.mark.parametrize(
    ("text", "encoding", "said"),
    [(SIMPLE, "gb18030", "gb18030"), (TRADITIONAL, "big5", "big5hkscs"), (SIMPLE, "utf-8", "utf-8")],
)
def test_one_bad_byte_costs_one_character(text, encoding, said, wrong):
    read = decode(damaged(text, encoding, wrong))
    assert read.text == text.replace("，", "\ufffd，", 1)
    assert read.encoding == said
    assert "第 1 行" in read.problem.text and read.problem.line == 1


@pytest.mark.parametrize(("text", "encoding"), [(SIMPLE, "gb18030"), (TRADITIONAL, "big5")])
def test_a_file_cut_in_the_middle_of_a_character_keeps_all_before_it(text, encoding):
    whole = text.rstrip("。\n")
    read = decode(whole.encode(encoding)[:-1])
    assert read.text == f"{whole[:-1]}\ufffd"
    assert read.problem


def test_what_is_no_chinese_text_in_any_encoding_is_not_made_into_one():
    assert decode("Ein Börsengang in München fällt aus. ".encode("latin-1") * 5).encoding == "utf-8"
    assert decode(bytes(range(256)) * 20).encoding == "utf-8"


def test_a_name_with_a_broken_character_opens_no_outlet():
    front = '---\ntitle: "x"\ndate: 2022-03-01\ncategories: gjsb\ntags: 国际商\ufffd新闻\n---\n<p>x</p>'
    (raw,) = FORMATS["jekyll"](front.encode(), "_posts/2022-03-01-NW202203010912345678.md")
    raw.fit()
    assert (raw.outlet, raw.channel, raw.channel_slug) == (UNKNOWN_OUTLET, "", "")
    assert any("国际商\ufffd" in problem.text for problem in raw.problems)


@pytest.mark.parametrize(
    "text",
    [
        "中国",
        "沧澜",
        "沧澜银行",
        "央行降准",
        "新闻标题",
        "标题,正文",
        "季报发布。",
        "“季报”",
        "title,正文",
        "净息差",
        "渝州晨报",
        "你好，世界",
        "情报信息",
        "篇一律。中国全国",
    ],
)
def test_a_few_words_of_gbk_are_gbk(text):
    read = decode(text.encode("gbk"))
    assert (read.text, read.encoding) == (text, "gb18030") and read.problem


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (TRADITIONAL, "big5"),
        ("滄瀾銀行發布季報", "big5"),
        ("こんにちは、これは日本語の文章です。今日は良い天気ですね。", "shift_jis"),
        (SIMPLE, "utf-16-le"),
    ],
)
def test_what_is_another_encoding_is_not_read_as_gbk(text, encoding):
    assert decode(text.encode(encoding)).text == text
