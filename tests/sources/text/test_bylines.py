"""Who signs a piece: outlets, authors, editors and reporters, read from the words alone."""

import pytest

from sources.text.clean.boilerplate import clean_body
from sources.text.clean.bylines import find_reporters, read_credit, read_signatures

LEAD = "<p>沧澜银行公布季报。</p>"


@pytest.mark.parametrize(
    ("text", "left", "byline", "editor"),
    [
        ("目标不变。(责任编辑：何田)", "目标不变。", "", "何田"),
        ("目标不变。（责任编辑：HT012）", "目标不变。", "", "HT012"),
        ("文/林越", "", "林越", ""),
        ("目标不变。　　文/本报记者 林越", "目标不变。", "林越", ""),
        ("目标不变。（作者：林越 责任编辑：何田）", "目标不变。", "林越", "何田"),
        ("目标不变。（作者：林越）（责任编辑：何田）", "目标不变。", "林越", "何田"),
        ("目标不变。（本文作者：林　越、周小舟）", "目标不变。", "林越 周小舟", ""),
        ("目标不变。责任编辑：约翰·史密斯、何田", "目标不变。", "", "约翰·史密斯 何田"),
        ("目标不变。文/林越 责任编辑：何田", "目标不变。", "林越", "何田"),
        ("目标不变。（文/图 林越）", "目标不变。", "林越", ""),
        ("目标不变。（作者：林越、周舟摄影）", "目标不变。", "林越 周舟摄影", ""),
        ("目标不变。（作者：本报评论员）", "目标不变。", "本报评论员", ""),
        ("目标不变。（责任编辑：何田", "目标不变。", "", "何田"),
        ("目标不变。（责任编辑：）", "目标不变。", "", ""),
    ],
)
def test_signatures_move_from_the_end_of_a_text_to_their_fields(text, left, byline, editor):
    signed = read_signatures(text)
    assert (signed.text, signed.byline, signed.editor) == (left, byline, editor)


@pytest.mark.parametrize(
    ("text", "left", "editor"),
    [
        ("目标不变。（作者：林越 编辑：周舟 责任编辑：何田）", "目标不变。（编辑：周舟）", "何田"),
        ("目标不变。（记者 林越 责任编辑：何田）", "目标不变。（记者 林越）", "何田"),
        ("目标不变。责编：何田 校对：周舟", "目标不变。校对：周舟", "何田"),
        (
            "目标不变。责任编辑：何田 相关阅读 渔港开市首日成交过万",
            "目标不变。 相关阅读 渔港开市首日成交过万",
            "何田",
        ),
        ("目标不变。责任编辑：何田 相关阅读", "目标不变。 相关阅读", "何田"),
    ],
)
def test_what_has_no_field_stays_in_the_text_and_never_becomes_a_name(text, left, editor):
    signed = read_signatures(text)
    assert (signed.text, signed.editor) == (left, editor)


@pytest.mark.parametrize(
    "text",
    [
        "他把作文/林越",
        "他说：作者：谁知道呢这是一句很长的话",
        "责任编辑：何田声明：本文只代表作者个人观点。",
        "目标不变。（编辑：周舟）",
        "目标不变。责任编辑：何田）",
    ],
)
def test_what_is_no_signature_stays_as_it_is(text):
    assert read_signatures(text).text == text


@pytest.mark.parametrize(
    ("end", "left"),
    [
        (
            "<p>行长说，<strong>目标不变</strong>。(责任编辑：何田)</p>",
            "<p>行长说，<strong>目标不变</strong>。</p>",
        ),
        ("<p>目标不变。<br />（责任编辑：何田）<br></p>", "<p>目标不变。</p>"),
        ("<p>R&amp;D 增长。&nbsp;（责任编辑：<strong>何田</strong>）</p>", "<p>R&amp;D 增长。</p>"),
        ("<p>目标不变。<em>责任编辑：何田</em></p>", "<p>目标不变。</p>"),
        ("<p>目标不变。</p><p><strong>责任编辑：何田</strong></p>", "<p>目标不变。</p>"),
        (
            '<p>见<a href="https://www.example.com/a">公告</a>。（责任编辑：何田）</p>',
            '<p>见<a href="https://www.example.com/a" rel="noopener nofollow">公告</a>。</p>',
        ),
        (
            '<p>目标不变。（责任编辑：何田）</p><center><img src="https://pic.example.com/a.jpg"></center>',
            "<p>目标不变。</p>\n<figure></figure>",
        ),
    ],
)
def test_a_signature_is_found_whatever_markup_stands_around_it(end, left):
    cleaned = clean_body(LEAD + end)
    assert cleaned.html == f"{LEAD}\n{left}"
    assert cleaned.editor == "何田"
    assert "责任编辑" not in cleaned.text


def test_a_last_paragraph_that_is_only_a_signature_goes():
    cleaned = clean_body(f"{LEAD}<p>文/林越</p>")
    assert (cleaned.html, cleaned.byline) == (LEAD, "林越")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("本报讯（记者林越 通讯员何田）12月10日，记者从渔港获悉", "林越 何田"),
        ("本报讯（记者 林越 通讯员 何小田）渔港开市", "林越 何小田"),
        ("本报渝州12月10日讯 记者何田报道：渔港开市", "何田"),
        ("【本报记者 林越】\n渔港开市", "林越"),
        ("（本报记者林越）渔港开市", "林越"),
        ("本报记者王越 周舟\n渔港开市", "王越 周舟"),
        ("文/林越\n渔港开市。", "林越"),
    ],
)
def test_reporters_are_named_where_a_piece_begins(text, names):
    assert find_reporters(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "记者获悉，渔港开市",
        "据了解 记者高兴地说",
        "记者从渔港获悉 今天开市",
        "近日，记者了解到。",
        "文化产业",
        "记者：您怎么看 今年的行情？",
    ],
)
def test_what_a_reporter_does_is_no_name(text):
    assert find_reporters(text) == ""


@pytest.mark.parametrize(
    ("line", "outlet"),
    [
        ("（文章来源：国际商报）", "国际商报"),
        ("（文章来源：安信国际证券(香港)）", "安信国际证券(香港)"),
        ("文章来源：安信国际证券(香港)", "安信国际证券(香港)"),
        ("（文章来源：国际商报", "国际商报"),
        ("（文章来源：）", ""),
        ("（文章来源：　）", ""),
        ("文章来源：-", ""),
        ("（文章来源：国际\ufffd报）", ""),
    ],
)
def test_a_credit_names_an_outlet_or_nobody(line, outlet):
    assert read_credit(line) == outlet
