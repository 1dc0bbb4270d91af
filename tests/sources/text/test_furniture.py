"""The closing lines of scrapers and sites are cut by named rules, and their address is kept."""

import json

import pytest

from sources.formats import FORMATS
from sources.text.clean.boilerplate import clean_body
from sources.text.clean.furniture import cut_furniture
from sources.text.clean.removals import REASONS, explain, explain_body

PROSE = "沧澜银行一日公布季报，净息差比上季收窄五个基点。"
URL = "https://tv.example.com/2025/08/23/VIDEsuv8.shtml"

# What stands at the end: the rules that cut it, from top to bottom, and the address it gives.
ENDS = {
    "markdown link": (f"\n\n\n[查看原文]({URL})", ["original-link"], URL),
    "link, rule and stamp": (
        f"\n\n[查看原文]({URL})\n\n\n\n---\n\n(更新时间戳: 1664109102894)",
        ["original-link", "update-stamp", "update-stamp"],
        URL,
    ),
    "stamp alone": ("\n\n---\n\n（更新时间戳：1664109102）", ["update-stamp", "update-stamp"], ""),
    "link below a rule": (f"\n***\n[阅读原文]({URL})\n", ["original-link", "original-link"], URL),
    "address behind a label": (f"\n原文链接：{URL}", ["original-link"], URL),
    "address in angle brackets": (f"\n原文地址: <{URL}>", ["original-link"], URL),
    "address with brackets in it": (
        "\n[查看原文](https://a.example.com/x_(1).html)",
        ["original-link"],
        "https://a.example.com/x_(1).html",
    ),
    "button": ("\n阅读全文", ["read-more"], ""),
    "button with an arrow": ("\n点击展开全文 >>", ["read-more"], ""),
    "button with a link": (f"\n[阅读全文]({URL})", ["read-more"], URL),
    "button, then link": (f"\n继续阅读\n[查看原文]({URL})", ["read-more", "original-link"], URL),
    "bold": (f"\n**[查看原文]({URL})**", ["original-link"], URL),
    "item of a list": (f"\n- [查看原文]({URL})", ["original-link"], URL),
    "quoted": (f"\n> [原文链接]({URL})", ["original-link"], URL),
    "button with a full stop": ("\n点击阅读全文。", ["read-more"], ""),
    "link with a full stop": (f"\n[查看原文]({URL})。", ["original-link"], URL),
    "long link with a full stop": (
        f"\n[查看原文]({URL}?{'x' * 200})。",
        ["original-link"],
        f"{URL}?{'x' * 200}",
    ),
    "paragraph with a full stop": (f'\n<p><a href="{URL}">阅读原文</a>。</p>', ["original-link"], URL),
    "stamp with a date": (
        f"\n[查看原文]({URL})\n--- (更新时间戳: 2024-05-06T07:08:09.123Z)",
        ["original-link", "update-stamp"],
        URL,
    ),
    "WordPress's closing": (
        f'\n<p>The post <a href="{URL}">渔港开市</a> appeared first on <a href="https://a.example.com">澜州网</a>.</p>',
        ["syndicated"],
        URL,
    ),
    "WordPress's closing in Chinese": (
        f'\n<p><a href="{URL}">渔港开市</a>最先出现在<a href="https://a.example.com">澜州网</a>。</p>',
        ["syndicated"],
        URL,
    ),
    "in traditional letters": (
        f'\n<p>〈<a href="{URL}">渔港开市</a>〉這篇文章最早發佈於《<a href="https://a.example.com">澜州网</a>》。</p>',
        ["syndicated"],
        URL,
    ),
    "in Markdown": (f"\n[渔港开市]({URL})最先出现在[澜州网](https://a.example.com)。", ["syndicated"], URL),
    "this text appeared first": ("\n本文最先出现在澜州网。", ["syndicated"], ""),
    "button, then the app": (
        "\n点击阅读全文>>\n打开APP，查看更多精彩图片",
        ["read-more", "app-notice"],
        "",
    ),
    **{
        said: (f"\n{said}", ["app-notice"], "")
        for said in (
            "打开澜州新闻客户端查看更多精彩内容",
            "更多精彩内容，请下载澜州新闻客户端",
            "点击查看更多精彩内容，下载客户端",
            "更多资讯请关注“澜州发布”微信",
            "扫码下载澜州日报APP",
            "扫描下方二维码，关注澜州晚报公众号",
            "下载App，看更多报道 >>",
            "【扫码阅读全文】",
        )
    },
    "behind the last words": (f"[阅读全文]({URL})", ["read-more"], URL),
}
HTML_ENDS = {
    "lines behind the markup": (f"\n\n[查看原文]({URL})", ["original-link"], URL),
    "paragraph with a link": (f'<p><a href="{URL}" target="_blank">查看原文</a></p>', ["original-link"], URL),
    "paragraph with a bare address": (f"<p>原文链接：{URL}</p>", ["original-link"], URL),
    "division": ('<div class="more"><span>展开全文</span></div>', ["read-more"], ""),
    "entities in the address": (
        '<p><a href="https://a.example.com/?a=1&amp;b=2">阅读原文</a></p>',
        ["original-link"],
        "https://a.example.com/?a=1&b=2",
    ),
    "paragraphs of all three": (
        f"<p>[查看原文]({URL})</p><p>---</p><p>(更新时间戳: 1664109102894)</p>",
        ["original-link", "update-stamp", "update-stamp"],
        URL,
    ),
}
BOTH = {
    **{name: (PROSE + end, rules, url) for name, (end, rules, url) in ENDS.items()},
    **{
        f"HTML: {name}": (f"<p>{PROSE}</p>{end}", rules, url) for name, (end, rules, url) in HTML_ENDS.items()
    },
    "HTML: link in the last paragraph": (f'<p>{PROSE}<a href="{URL}">阅读全文</a></p>', ["read-more"], URL),
}


@pytest.mark.parametrize(("body", "rules", "address"), BOTH.values(), ids=BOTH)
def test_closing_furniture_is_cut_by_its_rule_and_its_address_kept(body, rules, address):
    cleaned = clean_body(body)
    assert (cleaned.text, cleaned.original) == (PROSE, address)
    assert [rule for rule, _ in cut_furniture(body).pieces] == rules


@pytest.mark.parametrize(("body", "rules", "_"), BOTH.values(), ids=BOTH)
def test_an_editor_sees_which_rule_cut_what(body, rules, _):
    assert "".join(span.source for span in explain_body(body)) == body
    assert [removal.rule for removal in explain(body)] == rules
    assert all(REASONS[rule] for rule in rules)


KEPT = {
    "words about the original": "记者查看原文后发现，两处数字并不一致。",
    "a sentence that ends in it": "他说，读者应当阅读全文。",
    "a line about it": "全文如下：",
    "a rule of its own": "第二段。\n---",
    "a link in the middle": f"第二段。\n[查看原文]({URL})\n第三段在链接之后。",
    "a picture": "<p>第二段。</p><p>查看原文<img src='https://a.example.com/a.png'></p>",
    "a stamp in a sentence": "文件的更新时间戳: 1664109102894，比上次晚。",
    "a sentence about an app": "他打开APP，查看更多精彩图片，却一张也没有看到。",
    "a headline about one": "扫码下载客户端的市民越来越多",
    "advice": "市民可扫码下载“澜州通”APP，查看办理进度。",
    "where a thing was first seen": "这种鱼最先出现在澜州湾。",
    "machine links around it": f'<p>据报道，<a href="{URL}">这种鱼</a>最先出现在<a href="{URL}">澜州湾</a>。</p>',
    "downloads": "更多用户在下载之后并没有打开它。",
}


@pytest.mark.parametrize("end", KEPT.values(), ids=KEPT)
def test_words_of_an_article_are_not_taken_for_furniture(end):
    body = f"{PROSE}\n{end}"
    assert cut_furniture(body) == (body, [], "", "")


@pytest.mark.parametrize("tag", ["", "<p>"])
def test_it_is_found_behind_a_paragraph_of_any_length(tag):
    cleaned = clean_body(f"{tag}{PROSE * 500}[阅读全文]({URL})")
    assert (cleaned.text, cleaned.original) == (PROSE * 500, URL)


def test_a_body_of_nothing_else_is_empty_and_waits_for_an_editor():
    text = f"---\ntitle: 季报\ndate: 2022-03-01\nsource: 澜州日报\n---\n[查看原文]({URL})\n"
    (raw,) = FORMATS["jekyll"](text.encode(), "2022-03-01-a.md")
    assert raw.body_html == "" and raw.original_url == URL
    assert "没有正文" in raw.problems[0].text


def test_the_address_is_the_original_s_in_a_table_as_well_and_names_no_outlet():
    row = f"title,date,body\n季报,2022-03-01,{PROSE}[查看原文]({URL})\n"
    (raw,) = FORMATS["table"](row.encode(), "a.csv")
    assert (raw.original_url, raw.plain.text) == (URL, PROSE)
    assert raw.outlet == "来源不明"


def test_a_row_s_own_address_wins():
    row = f"title,date,body,url\n季报,2022-03-01,{PROSE}[查看原文]({URL}),https://a.example.com/1\n"
    (raw,) = FORMATS["table"](row.encode(), "a.csv")
    assert raw.original_url == "https://a.example.com/1"


SIGNED = {
    "text": f"{PROSE}\n[查看原文]({URL})\n\n---\n（更新时间戳：1664109102）\n责任编辑：林越",
    "bracketed": f"{PROSE}\n阅读原文 {URL}\n（责任编辑：林越）\n",
    "HTML": f'<p>{PROSE}</p><p><a href="{URL}">查看原文</a></p>\n<p>责任编辑：林越</p>',
    "credit": f'<p>{PROSE}</p><p><a href="{URL}">查看原文</a></p><p>责任编辑：林越</p>'
    '<p class="em_media">（文章来源：澜州日报）</p>',
}


@pytest.mark.parametrize("body", SIGNED.values(), ids=SIGNED)
def test_signatures_below_furniture_are_read_as_such(body):
    cleaned = clean_body(body)
    assert (cleaned.text, cleaned.original, cleaned.editor) == (PROSE, URL, "林越")
    assert "".join(span.source for span in explain_body(body)) == body
    rules = {removal.rule for removal in explain(body)}
    assert {"original-link", "signature"} <= rules <= {"original-link", "update-stamp", "signature", "credit"}


SCRAPES = {
    "own lines": f"\n[查看原文]({URL})\n\n---\n(更新时间戳: 1664109102894)\n",
    "one line": f" [查看原文]({URL})",
}


@pytest.mark.parametrize("end", SCRAPES.values(), ids=SCRAPES)
def test_a_scraped_line_ends_before_them(end):
    text = f"沧澜银行季报\n2022年3月1日 来源：澜州日报\n{PROSE * 4}{end}"
    (raw,) = FORMATS["scrape"](text.encode(), "a.txt")
    assert raw.original_url == URL
    assert raw.plain.text.endswith("五个基点。")


def test_a_digest_ends_before_them():
    row = {"title": "季报", "date": "2022-03-01", "body": PROSE * 2, "digest": f"{PROSE}阅读全文"}
    (raw,) = FORMATS["table"](as_json(row), "a.jsonl")
    assert raw.digest == PROSE


# ------------------------------------------------------------------ the label before every piece
OPENINGS = [
    "央视网消息（新闻联播）：",
    "央视网消息：",
    "央视新闻客户端消息（朝闻天下）：",
    "光明网消息:",
    "央视网消息（新闻联播）：\n",
]


@pytest.mark.parametrize("opening", OPENINGS)
def test_a_digest_does_not_begin_with_the_site_s_label(opening):
    row = {"title": "季报", "date": "2022-03-01", "body": opening + PROSE}
    (raw,) = FORMATS["table"](as_json(row), "a.jsonl")
    assert raw.plain.lead == PROSE
    assert raw.plain.text.startswith(opening.strip())  # the text says where it was shown
    (raw,) = FORMATS["table"](as_json(row | {"digest": opening + PROSE}), "a.jsonl")
    assert raw.digest == PROSE


@pytest.mark.parametrize(
    "opening", ["据新华网消息：", "最新消息，", "另据央视网消息：", "记者从市场获得消息：", "本报讯 "]
)
def test_a_digest_keeps_whose_word_it_is(opening):
    (raw,) = FORMATS["table"](
        as_json({"title": "季报", "date": "2022-03-01", "body": opening + PROSE}), "a.jsonl"
    )
    assert raw.plain.lead == (opening + PROSE).strip()


def as_json(row: dict) -> bytes:
    return json.dumps(row, ensure_ascii=False).encode()
