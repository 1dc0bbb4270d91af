"""HTML or text is what the source declares; entities never show, and a body keeps its lines."""

import json
from html import escape

import pytest

from sources.formats import FORMATS
from sources.formats.feed import feed_file
from sources.formats.table import table_file
from sources.problem import Code

ENTITIES = "&ldquo;季报&rdquo;发布，净利润&nbsp;12&#37;。"
SHOWN = "“季报”发布，净利润 12%。"
EMPHASIS = "<em>季报</em>发布。"


def codes(found):
    return {problem.code for problem in found.problems}


def atom(title="题", body="正文。", kind="text"):
    text = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>甲报</title><entry><id>urn:1</id>'
        f'<title type="{kind}">{escape(title)}</title><published>2022-03-01T09:00:00+08:00</published>'
        f'<content type="{kind}">{escape(body)}</content></entry></feed>'
    )
    (found,) = feed_file.read(text.encode(), "a.xml")
    return found


def rss(title="题", body="正文。"):
    text = (
        f'<rss version="2.0"><channel><title>甲报</title><item><title>{escape(title)}</title><guid>1</guid>'
        "<pubDate>Tue, 01 Mar 2022 09:12:03 +0800</pubDate>"
        f"<description>{escape(body)}</description></item></channel></rss>"
    )
    (found,) = feed_file.read(text.encode(), "a.xml")
    return found


def json_feed(**body):
    item = {"id": "1", "title": "题", "date_published": "2022-03-01T09:00:00+08:00"} | body
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "甲报", "items": [item]}
    (found,) = feed_file.read(json.dumps(feed).encode(), "a.json")
    return found


def row(column, body, title="题"):
    said = {"title": title, "date": "2022-03-01 09:00", "source": "甲报", column: body}
    (found,) = table_file.read(json.dumps([said]).encode(), "a.json")
    return found


def post(body):
    text = f'---\nlayout: post\ntitle: "题"\ndate: 2022-03-01 09:00:00 +0800\n---\n{body}\n'
    (found,) = FORMATS["jekyll"](text.encode(), "2022-03-01-a.md")
    return found


AS_HTML = {
    "Atom": lambda words: atom(body=words, kind="html"),
    "RSS": lambda words: rss(body=words),
    "JSON Feed": lambda words: json_feed(content_html=words),
    "body_html": lambda words: row("body_html", words),
    "content_html": lambda words: row("content_html", words),
}
AS_TEXT = {
    "Atom": lambda words: atom(body=words),
    "JSON Feed": lambda words: json_feed(content_text=words),
    "content_text": lambda words: row("content_text", words),
    "body_text": lambda words: row("Body Text", words),
}
UNDECLARED = {
    "body": lambda words: row("body", words),
    "正文": lambda words: row("正文", words),
    "post": post,
}
EVERY = {f"html {name}": its for name, its in AS_HTML.items()}
EVERY |= {f"text {name}": its for name, its in AS_TEXT.items()} | UNDECLARED


@pytest.mark.parametrize("read", EVERY.values(), ids=EVERY)
def test_entities_are_never_printed(read):
    assert read(ENTITIES).plain.text == SHOWN
    assert read(f"{ENTITIES}\n{ENTITIES}").plain.text == f"{SHOWN}\n{SHOWN}"


@pytest.mark.parametrize("read", AS_HTML.values(), ids=AS_HTML)
def test_in_html_a_tag_is_markup(read):
    found = read(EMPHASIS)
    assert EMPHASIS in found.body_html and found.plain.text == "季报发布。"
    assert read("<blockquote>引一句。</blockquote>").body_html.startswith("<blockquote>")


@pytest.mark.parametrize("read", AS_TEXT.values(), ids=AS_TEXT)
@pytest.mark.parametrize(
    "words", [EMPHASIS, "<a>与</b>", "x<y, R&D", "<https://cl.example.cn/a>", "净利<1%>费用"]
)
def test_in_text_a_tag_is_words(read, words):
    found = read(words)
    assert found.plain.text == words and Code.DOUBTFUL_BODY not in codes(found)


@pytest.mark.parametrize("read", AS_TEXT.values(), ids=AS_TEXT)
def test_text_that_is_plainly_html_is_held(read):
    assert Code.DOUBTFUL_BODY in codes(read("<p>第一段。</p><p>第二段。</p>"))


@pytest.mark.parametrize("read", [*AS_HTML.values(), *UNDECLARED.values()], ids=[*AS_HTML, *UNDECLARED])
@pytest.mark.parametrize(
    "words", ["<p>第一段。</p><p>第二段。</p>", "第一段。<br/>第二段。", "<div><p>第一段。</p>第二段。</div>"]
)
def test_html_encoded_twice_is_decoded_once(read, words):
    found = read(escape(words))
    assert found.plain.text == "第一段。\n第二段。" and Code.DOUBTFUL_BODY not in codes(found)


@pytest.mark.parametrize(
    "said", ["条件写作 a<b 且 c>d。", "x<i 而 y>j。", "若 s<u，则 t>u。", "a <a 与 b> b。"]
)
def test_a_quantity_that_is_less_than_another_is_no_markup(said):
    found = row("body", f"第一段。\n{said}\n末一段。")
    assert found.plain.text.split("\n") == ["第一段。", said, "末一段。"]


@pytest.mark.parametrize("read", AS_HTML.values(), ids=AS_HTML)
def test_html_encoded_twice_in_part_is_held(read):
    assert Code.DOUBTFUL_BODY in codes(read("<div>第一段。&lt;/p&gt;&lt;p&gt;第二段。</div>"))


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("&ldquo;季报&rdquo;发布", "“季报”发布"),
        ("<em>季报</em>发布", "季报发布"),
        ("<font color='red'>季<b>报</b></font>发布", "季报发布"),
        ("季报&nbsp;发布", "季报\xa0发布"),
        ("研发R&amp;D投入", "研发R&D投入"),
        ("&lt;em&gt;季报&lt;/em&gt;发布", "季报发布"),
        ("净利<1%的公司", "净利<1%的公司"),
    ],
)
def test_a_headline_is_words(written, shown):
    titles = {
        rss(title=written).title,
        atom(title=written, kind="html").title,
        row("body", "正文。", written).title,
    }
    assert {title.replace("\xa0", " ") for title in titles} == {shown.replace("\xa0", " ")}


def test_a_headline_declared_to_be_text_keeps_what_looks_like_a_tag():
    assert atom(title="<em> 标签怎么用</em>").title == "<em> 标签怎么用</em>"
    assert json_feed(content_text="正文。", title="<em>季报</em>发布").title == "<em>季报</em>发布"


# ------------------------------------------------------------------ lines
@pytest.mark.parametrize("read", [*AS_HTML.values(), *UNDECLARED.values()], ids=[*AS_HTML, *UNDECLARED])
@pytest.mark.parametrize(
    "line",
    [
        "<!-- more -->",
        '见<a href="https://cl.example.cn/a">公告</a>。',
        "<a\n href='https://cl.example.cn/a'>公告</a>。",
        "<strong>重点</strong>在此。",
        '<span class="x">一段。</span>',
        "<!-- 注\n释 -->第三段。",
        '<img src="https://cl.example.cn/p.jpg">',
        "增长<font color=red>5%</font>。",
    ],
)
def test_one_piece_of_markup_does_not_join_the_lines_of_a_body(read, line):
    found = read(f"第一段。\n第二段。\n{line}\n末一段。")
    lines = found.plain.text.split("\n")
    assert lines[:2] == ["第一段。", "第二段。"] and lines[-1] == "末一段。"
    assert "<!--" not in found.body_html and found.body_html.count("第一段。</p>") == 1


@pytest.mark.parametrize(
    "body", ["<p>甲\n乙</p>\n<p>丙</p>", "<div>甲\n乙</div>", "<ul>\n<li>甲</li>\n</ul>", "甲<br>\n乙"]
)
def test_line_breaks_in_html_with_blocks_are_spaces(body):
    assert row("body", body).body_html.count("<p>") <= 2
