"""Markdown of other sites' posts is set as its author meant it; posts of the mirror never are Markdown."""

import pytest

from sources.formats import FORMATS, detect
from sources.formats.markdown.rendering import LONGEST
from sources.problem import Code

FRONT = "---\ntitle: 渔港开市\nsource: 澜州日报\ndate: 2022-03-01\n---\n"
MIRROR = (
    '---\nlayout: post\ntitle: "渔港开市"\ndate: 2022-03-01 09:12:03 +0800\ncategories: lanzhouribao\n'
    "tags: 澜州日报新闻\n---\n"
)

LINKED = '<p>见<a href="https://a.example.com/x" rel="noopener nofollow">公报</a>。</p>'
WRAPPED = "这一行在句子的中间断开了，因为写的人把每行都排成"


def read(text: str, name: str = "_posts/2022-03-01-kaishi.md", format_name: str = ""):
    (raw,) = FORMATS[format_name or detect(name, text.encode())](text.encode(), name)
    raw.fit()
    return raw


def html_of(body: str) -> str:
    raw = read(FRONT + body)
    assert raw.problems == []
    return raw.body_html


@pytest.mark.parametrize(
    ("body", "html"),
    [
        ("## 上午\n\n开市。", "<h2>上午</h2>\n<p>开市。</p>"),
        ("##上午\n开市。", "<h2>上午</h2>\n<p>开市。</p>"),
        ("#上午的事\n开市。", "<h2>上午的事</h2>\n<p>开市。</p>"),
        ("上午\n---\n开市。", "<h2>上午</h2>\n<p>开市。</p>"),
        ("渔港开市了。\n---\n何青", "<p>渔港开市了。</p>\n<p>何青</p>"),
        ("- 鱼\n- 虾", "<ul>\n<li>鱼</li>\n<li>虾</li>\n</ul>"),
        ("1. 鱼\n2. 虾", "<ol>\n<li>鱼</li>\n<li>虾</li>\n</ol>"),
        ("2. 鱼\n3. 虾\n   - 蟹", "<p>2. 鱼</p>\n<p>3. 虾</p>\n<ul>\n<li>蟹</li>\n</ul>"),
        ("1. 鱼\n\n价高。\n\n2) 虾", "<ol>\n<li>鱼</li>\n</ol>\n<p>价高。</p>\n<p>2) 虾</p>"),
        ("2022. 年初开市。", "<p>2022. 年初开市。</p>"),
        ("今天*开市*。", "<p>今天<em>开市</em>。</p>"),
        ("**重点：**今天开市。", "<p><strong>重点：</strong>今天开市。</p>"),
        ("他说**“好”**才走。", "<p>他说<strong>“好”</strong>才走。</p>"),
        ("**（一）**开市**《报》**了。", "<p><strong>（一）</strong>开市<strong>《报》</strong>了。</p>"),
        ("见[公报](https://a.example.com/x)。", LINKED),
        ("见[公报][1]。\n\n[1]: https://a.example.com/x", LINKED),
        ("> 引一句。", "<blockquote>\n<p>引一句。</p>\n</blockquote>"),
        ("~~错~~对。", "<p><s>错</s>对。</p>"),
        ("`a<b`", "<p><code>a&lt;b</code></p>"),
        ("```\n![a](b)\n<p>\n```", "<pre><code>![a](b)\n&lt;p&gt;\n</code></pre>"),
        ("收入 <1%，A & B。", "<p>收入 &lt;1%，A &amp; B。</p>"),
        ("*ST澜州和*ST沧澜、*ST北港复牌。", "<p>*ST澜州和*ST沧澜、*ST北港复牌。</p>"),
        ("5*3*2 等于 30，a_b_c。", "<p>5*3*2 等于 30，a_b_c。</p>"),
        ("甲。\n乙。", "<p>甲。</p>\n<p>乙。</p>"),
        ("电话：12\n地址：港口路", "<p>电话：12<br>\n地址：港口路</p>"),
        (f"{WRAPPED}\n一样长。", f"<p>{WRAPPED}一样长。</p>"),
        ("甲。  \n乙。", "<p>甲。<br>\n乙。</p>"),
        ("甲。\n<!-- more -->\n\n乙。", "<p>甲。</p>\n<p>乙。</p>"),
        ("    渔港的钟修好了，今天开市。\n", "<p>渔港的钟修好了，今天开市。</p>"),
        ("　　渔港开市。\n\n　　今天。", "<p>渔港开市。</p>\n<p>今天。</p>"),
        ("[注]: 见下文\n\n开市[注](见下文)。", "<p>[注]: 见下文</p>\n<p>开市[注](见下文)。</p>"),
        ("开市。{: .lead}\n{: .center}", "<p>开市。</p>"),
        ("> 提示\n{.is-info}", "<blockquote>\n<p>提示</p>\n</blockquote>"),
        ("## 上午 {#am}\n\n[TOC]\n\n开市。", "<h2>上午</h2>\n<p>开市。</p>"),
        ("<p>甲</p>\n\n    <p>乙</p>\n", "<p>甲</p>\n<p>乙</p>"),
    ],
)  # fmt: skip
def test_markdown_is_set_as_its_author_meant_it(body, html):
    assert html_of(body) == html


def test_a_table_keeps_its_cells():
    html = html_of("品种|价格\n---|---:\n鱼|12\n虾|30\n")
    assert html.count("<tr>") == 3
    assert "<th>品种</th>" in html and "<td>30</td>" in html
    assert "|" not in html and "---" not in html


def test_a_footnote_stands_at_the_end():
    raw = read(FRONT + "开市[^1]。\n\n[^1]: 据公报。\n")
    assert "据公报。" in raw.plain.text
    assert "[^1]" not in raw.plain.text


def test_a_picture_leaves_its_place():
    raw = read(FRONT + "开市。\n\n![码头](https://a.example.com/a.png '题')\n")
    assert raw.body_html == "<p>开市。</p>\n<figure></figure>"
    assert [tuple(one) for one in raw.pictures] == [("https://a.example.com/a.png", "码头")]


@pytest.mark.parametrize(
    "body",
    [
        "开市。<script>alert(1)</script>",
        "[开市。](javascript:alert(1))",
        "[开市。](data:text/html;base64,AAAA)",
        '<img src=x onerror="alert(1)">开市。',
        "开市。\n\n<iframe src='https://a.example.com'></iframe>",
        "<div onclick=alert(1)>\n\n**开市。**\n\n</div>",
        '<p style="display:none">广告</p>\n\n开市。',
        "![x](javascript:alert`1`)\n\n开市。",
    ],
)
def test_what_is_hostile_in_it_is_taken_out(body):
    raw = read(FRONT + body)
    assert "开市。" in raw.plain.text
    for bad in ("alert", "javascript:", "data:", "<iframe", "onclick", "广告", "style="):
        assert bad not in raw.body_html


# ------------------------------------------------------------------ the headline
@pytest.mark.parametrize(
    "heading", ["# 渔港开市\n\n", "渔港开市\n===\n\n", "\n# 渔港开市 #\n", "#渔港开市\n", "# **渔港**开市\n"]
)
def test_the_first_heading_is_the_title_where_none_is_given(heading):
    raw = read(f"{heading}今天开市。\n", "渔港.md")
    assert (raw.title, raw.body_html) == ("渔港开市", "<p>今天开市。</p>")
    assert Code.DOUBTFUL_TITLE not in [problem.code for problem in raw.problems]


def test_it_is_not_said_twice_where_it_is_given():
    assert html_of("# 渔港 开市\n\n今天开市。") == "<p>今天开市。</p>"
    assert html_of("# 港口消息\n\n今天开市。") == "<h2>港口消息</h2>\n<p>今天开市。</p>"


def test_one_in_the_middle_is_a_title_to_check():
    raw = read("今天开市。\n\n# 渔港开市\n\n明天休市。\n", "渔港.md")
    assert raw.title == "渔港开市"
    assert Code.DOUBTFUL_TITLE in [problem.code for problem in raw.problems]
    assert raw.plain.text == "今天开市。\n渔港开市\n明天休市。"


def test_a_file_without_front_matter_is_a_document_of_its_own():
    raw = read("# 渔港开市\n\n今天开市。\n", "2022-03-01-渔港.md")
    assert detect("2022-03-01-渔港.md", "# 渔港开市\n".encode()) == "markdown"
    assert raw.published_at.isoformat() == "2022-03-01T00:00:00+08:00"
    assert [problem.code for problem in raw.problems] == [Code.NO_OUTLET]


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "docs/_index.md", "index.md"])
def test_notes_of_a_repository_are_skipped(name):
    with pytest.raises(Exception, match="不是稿件"):
        read("# 说明\n\n渔港开市。\n", name, "markdown")


# ------------------------------------------------------------------ the mirror
@pytest.mark.parametrize(
    "body",
    [
        "**甲**和`乙`。\n# 不是标题\n- 不是列表\n",
        "甲\n乙\n1. 丙\n",
        "甲{{ x }}{% raw %}乙{% endraw %}\n",
        "    甲，乙。\n",
        "A|B\n---|---\n1|2\n",
    ],
)
def test_posts_of_the_mirror_are_no_markdown(body):
    raw = read(MIRROR + body)
    assert raw.plain.text == "\n".join(line.strip() for line in body.splitlines())
    assert raw.problems == []


def test_a_post_of_the_mirror_that_lost_its_keys_is_known_by_its_number():
    raw = read("---\ntitle: 渔港开市\n---\n**甲**\n", "_posts/2022-03-01-NW202203010912345678.md")
    assert raw.plain.text == "**甲**"


def test_its_opening_quote_is_the_digest_and_that_of_others_is_none():
    assert read(MIRROR + "> 摘要。\n\n<p>正文。</p>\n").digest == "摘要。"
    raw = read(FRONT + "> 引一句。\n\n正文。\n")
    assert raw.digest == ""
    assert raw.plain.text == "引一句。\n正文。"


# ------------------------------------------------------------------ limits
def test_what_is_too_long_or_too_deep_is_held_with_all_its_words():
    long = read(FRONT + "**开市。**\n\n" * (LONGEST // 5))
    deep = read(FRONT + ">" * 60 + " 开市。\n")
    for raw in (long, deep):
        assert [problem.code for problem in raw.problems] == [Code.DOUBTFUL_BODY]
        assert "开市。" in raw.plain.text
