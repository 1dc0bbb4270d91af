"""What every reader's article goes through: titles that say nothing, characters that turn words round."""

import json

import pytest

from sources.formats import FORMATS
from sources.formats.raw_article import RawArticle
from sources.problem import Code
from sources.text.plain import read_plain

TURNS = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"


def post(title, body="正文。"):
    return (
        f'---\ntitle: "{title}"\ndate: 2022-03-01 09:12:03 +0800\ncategories: cwb\ntags: 沧澜报新闻\n---\n'
        f"<p>{body}</p>\n"
    )


def in_every_format(title, body="正文。"):
    """An article of this title and body, as each format carries it."""
    item = {"title": title, "date": "2022-03-01 09:12:03", "source": "沧澜报", "body": body}
    feed = (
        f'<rss version="2.0"><channel><title>沧澜报</title><item><title>{title}</title>'
        f"<description>{body}</description></item></channel></rss>"
    )
    page = (
        f'<html><head><meta property="og:title" content="{title}"></head><body><h1>{title}</h1>'
        f"<article><p>{body * 30}</p></article></body></html>"
    )
    return [
        ("jekyll", post(title, body), "_posts/2022-03-01-NW202203010912345678.md"),
        ("table", json.dumps(item), "a.jsonl"),
        ("feed", feed, "a.xml"),
        ("page", page, "a.html"),
    ]


def fitted(format_name, text, name):
    (found,) = FORMATS[format_name](text.encode(), name)
    found.fit()
    return found


@pytest.mark.parametrize(
    "title",
    [
        *(
            "undefined",
            "null",
            "NULL",
            "NaN",
            "nan",
            "None",
            "N/A",
            "n/a",
            "#N/A",
            "-",
            "--",
            "—",
            "……",
            "。",
            "无标题",
        ),
        *("\u200b", "\ufeff\u200b", "\u202e", "\u061c", "\xad", "\u3164", "\u2800", "\u200e - \u200f"),
    ],
)
def test_a_title_that_says_nothing_is_none_in_every_format(title):
    for format_name, text, name in in_every_format(title):
        found = fitted(format_name, text, name)
        assert found.title == "", format_name
        assert [problem.code for problem in found.problems].count(Code.NO_TITLE) == 1, format_name


NAMES_OF_NOTHING = [
    *(
        "(no title)",
        "（无题）",
        "[无标题]",
        "untitled",
        "Untitled Document",
        "UNTITLED-1",
        "新建文档",
        "新建文档 (2).docx",
    ),
    *(
        "标题",
        "【标题】",
        "标题：",
        "title",
        "Title",
        "ｔｉｔｌｅ",
        "文章标题",
        "請輸入標題",
        "Document1",
        "新建 Microsoft Word 文档",
    ),
    *(
        "《undefined》",
        "[object Object]",
        "<title>",
        "“无标题”",
        "No Subject",
        "未命名_3",
        "无标题文档",
        "请输入标题……",
    ),
]


@pytest.mark.parametrize("title", NAMES_OF_NOTHING)
def test_what_programs_and_templates_call_a_new_text_is_no_title(title):
    found = fitted("table", json.dumps({"title": title, "body": "正文。"}), "a.jsonl")
    assert found.title == ""
    assert [problem.code for problem in found.problems].count(Code.NO_TITLE) == 1


@pytest.mark.parametrize("title", ["无题", "無題"])
def test_the_usual_name_of_a_poem_is_kept_and_held(title):
    found = fitted("table", json.dumps({"title": title, "body": "相见时难别亦难。"}), "a.jsonl")
    assert found.title == title
    assert Code.DOUBTFUL_TITLE in [problem.code for problem in found.problems]


NAMES = [
    "无题（其二）",
    "无题·相见时难",
    "标题党何时休",
    "Document 2.0发布",
    "新建文档一文",
    "文档中心启用",
    "Untitled画廊开张",
]


@pytest.mark.parametrize("title", NAMES)
def test_a_title_that_only_begins_like_one_is_certain(title):
    found = fitted("table", json.dumps({"title": title, "body": "正文。"}), "a.jsonl")
    assert found.title == title
    assert not {Code.NO_TITLE, Code.DOUBTFUL_TITLE} & {problem.code for problem in found.problems}


@pytest.mark.parametrize("title", ["None的故事", "沧澜", "A", "3", "-1.5%", "N/A评级", "空值null", "？沧澜"])
def test_a_title_with_a_word_in_it_stays(title):
    assert fitted(*in_every_format(title)[1]).title == title


@pytest.mark.parametrize("sign", TURNS)
def test_nothing_turns_a_headline_or_a_body_round(sign):
    for format_name, text, name in in_every_format(f"沧澜{sign}银行", f"正文{sign}一段。"):
        found = fitted(format_name, text, name)
        assert found.title == "沧澜银行", format_name
        assert (
            sign not in found.body_html + found.plain.text + found.plain.lead
            and "正文一段。" in found.plain.text
        )
        assert any("方向" in note for note in found.notes), format_name


def test_marks_of_direction_are_in_no_name():
    plain = read_plain("沧澜", "<p>正文。</p>")
    found = RawArticle(
        "\u200f沧澜\u200e", "渝州\u202e晨报", "<p>正文。</p>", plain, byline="林\u2067越", tags=["银\u202e行"]
    )
    found.external_id = "a\u200eb"
    found.fit()
    assert (found.title, found.outlet, found.byline, found.tags) == ("沧澜", "渝州晨报", "林越", ["银行"])
    assert found.external_id == "a\u200eb"


def test_an_article_without_such_characters_is_as_it_was():
    found = fitted(*in_every_format("沧澜银行", "正文，一段👨‍👩‍👧。")[0])
    assert (found.title, found.notes, found.plain.text) == ("沧澜银行", [], "正文，一段👨‍👩‍👧。")
