"""Saved web pages: the article without the site, and nothing certain that the page does not say itself."""

from pathlib import Path

import pytest

from sources.formats.page import saved_page
from sources.formats.raw_article import NotAnArticle, Unreadable

MARKED = (Path(__file__).parent.parent.parent / "corpus/page/marked.in").read_text()


def read(text, name="a.html"):
    (found,) = saved_page.read(text if isinstance(text, bytes) else text.encode(), name)
    return found


def without(*parts):
    text = MARKED
    for part in parts:
        assert part in text
        text = text.replace(part, "")
    return text


def test_a_page_that_marks_everything_leaves_nothing_to_check():
    found = read(MARKED)
    assert found.problems == [] and found.part == "" and found.raw is None


@pytest.mark.parametrize(
    ("removed", "words"),
    [
        (['<meta property="article:published_time" content="2022-03-01T09:12:03+08:00">'], "没有日期"),
        (["<article>", "</article>"], "正文由程序"),
        (['<meta property="og:site_name" content="渝州财经网">'], "“渝州财经网”是网站名"),
        (
            ['<meta property="og:title" content="沧澜银行发布新季报">', "<h1>沧澜银行发布新季报</h1>"],
            "标题取自网页标题",
        ),
    ],
)
def test_whatever_is_not_marked_is_a_problem(removed, words):
    found = read(without(*removed))
    assert any(words in problem.text for problem in found.problems)
    assert all(len(problem.text) >= 6 for problem in found.problems)


def test_the_sites_name_is_taken_off_the_windows_title():
    head = '<meta property="og:title" content="沧澜银行发布新季报">'
    assert read(without(head, "<h1>沧澜银行发布新季报</h1>")).title == "沧澜银行发布新季报"


def test_two_titles_that_differ_are_to_be_checked():
    found = read(MARKED.replace("<h1>沧澜银行发布新季报</h1>", "<h1>另一个标题</h1>"))
    assert any("标题" in problem.text for problem in found.problems)


def test_the_headline_is_not_repeated_in_the_body():
    found = read(MARKED.replace("<article>", "<article><h1>沧澜银行发布新季报</h1>"))
    assert not found.plain.text.startswith("沧澜银行发布新季报")


def test_scripts_and_menus_are_no_body():
    found = read(MARKED.replace("<h2>数读", "<script>alert(1)</script><h2>数读"))
    for words in ("alert", "首页", "渝州旧闻", "版权所有"):
        assert words not in found.body_html


@pytest.mark.parametrize(
    "element", ["amp-ad", "amp-embed", "amp-sticky-ad", "amp-sidebar", "amp-consent", "amp-user-notification"]
)
def test_advertisements_and_notices_of_amp_pages_are_no_body(element):
    found = read(
        MARKED.replace("<h2>数读", f"<{element} width=300><p>广告：零首付购车。</p></{element}><h2>数读")
    )
    assert "零首付" not in found.body_html
    assert found.body_html == read(MARKED).body_html


def test_no_whitespace_is_put_between_chinese_words():
    found = read(MARKED.replace("柜台服务时间", "<strong>柜台</strong><strong>服务</strong>时间"))
    assert "柜台服务时间" in found.plain.text


def test_where_no_body_is_found_no_word_is_lost():
    found = read("<html><title>沧澜</title><body><a href='/1'>一条</a><a href='/2'>两条</a></body></html>")
    assert "一条" in found.plain.text and "两条" in found.plain.text
    assert any("没认出哪里是正文" in problem.text for problem in found.problems)


@pytest.mark.parametrize(
    "text",
    [
        "<html><head><title>404 Not Found</title></head><body><center><h1>404 Not Found</h1></center><hr>"
        "<center>nginx</center></body></html>",
        "<html><title>502 Bad Gateway</title><body><h1>502 Bad Gateway</h1><hr>nginx</body></html>",
        "<html><title>404</title><body>nginx</body></html>",
        "<html><title>404错误_渝州网</title><body><p>三秒后回首页</p></body></html>",
        "<html><title>渝州网</title><body><p>抱歉，您访问的页面不存在。</p></body></html>",
        "<html><body></body></html>",
        "<!doctype html><html><body><script>var a = 1</script><img src='a.png'></body></html>",
    ],
)
def test_error_pages_and_pages_without_words_are_no_articles(text):
    with pytest.raises(NotAnArticle):
        read(text)


@pytest.mark.parametrize("title", ["500亿元贷款落地渝州", "404室的灯亮了", "502名学生毕业", "503路公交改线"])
def test_a_headline_that_begins_with_such_a_number_is_one(title):
    assert read(MARKED.replace("沧澜银行发布新季报", title)).title == title


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空的"),
        (b"just words", "不是网页"),
        (b"<html>" + b"<td>" * 50_000, "太大"),
        (b"<html>" + b"a" * 5_000_000, "太大"),
    ],
)
def test_what_is_no_page_or_too_large_is_refused_in_words(data, words):
    with pytest.raises(Unreadable, match=words):
        read(data)


def test_pictures_saved_inside_the_page_do_not_make_it_too_large():
    found = read(MARKED.replace("<h2>", f'<img src="data:image/png;base64,{"A" * 5_000_000}"><h2>', 1))
    assert found.problems == []


@pytest.mark.parametrize(
    "bomb", ["<div>" * 30_000, "<table><tr>" + "<td>x" * 15_000, "<b>" * 30_000, "<!--" * 30_000]
)
def test_absurd_markup_ends_in_an_article_or_in_words(bomb):
    try:
        found = read("<html><body><p>渝州讯。</p>" + bomb)
    except (NotAnArticle, Unreadable) as reason:
        assert len(str(reason)) >= 6
    else:
        assert found.problems


@pytest.mark.parametrize(
    ("head", "is_page"),
    [
        ("<!DOCTYPE html>", True),
        ("\ufeff\n<html lang='zh'>", True),
        ("<!-- saved from url=(0030) -->\n<html>", True),
        ("<p>正文</p>", False),
        ("---\ntitle: 甲\n---\n<html>", False),
        ("<rss>", False),
    ],
)
def test_a_page_is_told_by_its_first_tag(head, is_page):
    assert saved_page.looks_like("a.bin", head) is is_page


# ------------------------------------------------------------------ prose that is not in paragraphs
SENTENCES = [
    "江面上的雾到中午还没有散，渡船停了整整三个班次，码头上站满了人。",
    "老船工说，这样的天气一年里遇不到几回，急也没有用，只能等。",
    "到了下午两点，对岸的灯塔露出了尖，汽笛响了，第一班船离了岸。",
]
TABLE = "<table><tr><th>班次</th><th>钟点</th></tr><tr><td>头班</td><td>六点</td></tr></table>"
AROUND = (
    '<html><head><title>雾锁渡口</title><meta property="og:title" content="雾锁渡口">%s</head><body>'
    '<div class="top"><ul><li><a href="/1">频道一</a></li><li><a href="/2">频道二</a></li></ul></div>'
    '<h1>雾锁渡口</h1><div class="info">2031-05-06 08:15 来源：石城晚报</div>%s'
    '<div class="more"><a href="/3">渡口改建工程开工</a> <a href="/4">江上又添新船</a></div>'
    '<div class="foot">关于我们 | 版权所有 石城网</div></body></html>'
)
SHAPES = {
    "breaks and a table": "<div id=a>"
    + "<br>".join(f"\u3000\u3000{one}" for one in SENTENCES)
    + TABLE
    + "</div>",
    "double breaks": "<div id=a>" + "<br /><br />".join(SENTENCES) + "</div>",
    "divs": "<div class=TRS_Editor>"
    + "".join(f"<div>\u3000\u3000{one}</div>" for one in SENTENCES)
    + "</div>",
    "sections": "<div id=a>"
    + "".join(f"<section><span>{one}</span></section>" for one in SENTENCES)
    + "</div>",
    "breaks beside a paragraph": "<div id=a>"
    + "<br>".join(f"\u3000\u3000{one}" for one in SENTENCES[:2])
    + f"<p>{SENTENCES[2]}</p></div>",
    "a list of links within": "<div id=a>"
    + "".join(f"<div>{one}</div>" for one in SENTENCES)
    + "<div><a href=/5>往期回顾</a><a href=/6>渡口旧事</a></div></div>",
}


@pytest.mark.parametrize("tag", ["div", "section", "x-a"])
def test_a_page_of_more_elements_than_any_has_loses_no_word_and_waits_for_an_editor(tag):
    body = "".join(f"<p>{one}</p>" for one in SENTENCES)
    found = read(AROUND % ("", f"<{tag}>" * 9000 + f"<article>{body}</article></{tag}>"))
    assert (found.title, found.outlet) == ("雾锁渡口", "石城晚报")
    assert all(one in found.plain.text for one in SENTENCES)
    assert found.problems


@pytest.mark.parametrize("times", [1, 6])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_prose_is_the_body_whatever_element_it_stands_in(shape, times):
    body = SHAPES[shape]
    for number in range(1, times):  # a long piece is read by other rules than a short one
        at = body.index(SENTENCES[0])
        body = body[:at] + f"{SENTENCES[1][:-1]}，这是第{number}回。" + body[at:]
    found = read(AROUND % ("", body))
    lines = found.plain.text.split("\n")
    assert [line for line in lines if line.endswith(tuple(SENTENCES))] == lines[:3]
    assert ("六点" in found.plain.text) == ("table" in shape)
    for foreign in ("频道", "版权所有", "开工", "来源", "旧事"):
        assert foreign not in found.plain.text
    assert any("请核对" in problem.text for problem in found.problems)


def test_a_label_is_no_part_of_an_outlet_s_or_a_person_s_name():
    meta = '<meta name="source" content="来源：石城晚报"><meta name="author" content="作者：何思远">'
    found = read(AROUND % (meta, SHAPES["divs"]))
    assert (found.outlet, found.byline) == ("石城晚报", "何思远")


@pytest.mark.parametrize(("author", "byline"), [("何思远", "何思远"), ("石城晚报", ""), ("", "")])
def test_an_author_is_kept_unless_it_is_the_outlet(author, byline):
    meta = f'<meta name="source" content="石城晚报"><meta name="author" content="{author}">'
    assert read(AROUND % (meta, SHAPES["divs"])).byline == byline


def test_what_else_a_page_says_in_sentences_is_not_taken_in_where_the_article_is_found():
    body = "".join(f"<p>{one}</p>" for one in SENTENCES * 3)
    beside = "<p>编者说，渡口的旧事还多，欢迎来信。</p>"
    html = f"<div class=w><div class=c>{body}</div><div class=sidebar>{beside * 3}</div></div>"
    found = read(AROUND % ("", html))
    assert "来信" not in found.plain.text and SENTENCES[2] in found.plain.text


def test_what_is_left_out_of_the_middle_of_an_article_is_put_back():
    body = "".join(f"<p>{one}</p>" for one in SENTENCES * 2) + "<div>" + SENTENCES[0].replace("江", "湖") * 3
    assert "湖面上" in read(AROUND % ("", f"<div class=c>{body}</div></div>")).plain.text
