"""What passes the gate for HTML, and what must not."""

import random
import re
from itertools import accumulate

import pytest

from sources.text.sanitize import sanitize_html


def test_an_ordinary_article_passes_unchanged():
    article = (
        "<h2>小标题</h2>\n<p>新华社北京5月4日电（记者 张三）<strong>重要</strong>与<em>强调</em>。</p>\n"
        '<p>见<a href="https://example.com/a?b=1&amp;c=2" rel="noopener nofollow">原文</a><br>第二行</p>\n'
        "<ul><li>一</li><li>二</li></ul><blockquote><p>引文</p></blockquote>"
        '<table><tbody><tr><td colspan="2">甲</td></tr></tbody></table><figure></figure>'
    )
    assert sanitize_html(article) == article


def test_words_are_kept_as_written():
    words = "“引号”——破折号……\u3000全角ＡＢＣ，１ &lt; 2 &amp; 3，👨\u200d👩\u200d👧与𠮷野家，①㈱"
    assert sanitize_html(words) == words
    assert sanitize_html("<p>a < b 且 c > d</p>") == "<p>a &lt; b 且 c &gt; d</p>"
    assert sanitize_html("") == ""


@pytest.mark.parametrize("tag", ["script", "style", "title", "iframe", "noscript", "template", "svg", "math"])
def test_what_is_not_prose_goes_with_its_content(tag):
    assert sanitize_html(f"<p>前</p><{tag}>秘密</{tag}><p>后</p>") == "<p>前</p><p>后</p>"


def test_comments_and_unknown_tags_go_and_words_stay():
    assert sanitize_html("<!doctype html><p>甲<!-- 乙 --><?php 丙 ?>丁</p>") == "<p>甲丁</p>"
    assert sanitize_html('<p><font color="red">红</font><x-y><span>字</span></x-y></p>') == "<p>红字</p>"


def test_wrappers_become_paragraphs_and_odd_headings_move_into_the_scale():
    assert sanitize_html("<div>甲</div><div>乙</div>") == "<p>甲</p><p>乙</p>"
    assert sanitize_html("<section>甲<center>乙</center>丙</section>") == "<p>甲</p><p>乙</p><p>丙</p>"
    assert sanitize_html("<div><div><p>甲</p></div></div>").strip() == "<p>甲</p>"
    assert sanitize_html("<h1>大</h1><h6>小</h6>") == "<h2>大</h2><h4>小</h4>"


def test_no_attribute_survives_on_ordinary_tags():
    dirty = '<p style="color:red" class="x" id="y" name="z" onclick="f()" data-a="b" title="t">字</p>'
    assert sanitize_html(dirty) == "<p>字</p>"


def test_images_go_and_picture_places_stay():
    assert sanitize_html('<p>甲<a href="https://e.com/"><img src="//e.com/1.gif"></a>乙</p>') == "<p>甲乙</p>"
    pictured = '<figure><img src="https://e.com/a.jpg" onerror="f()"><figcaption>说明</figcaption></figure>'
    assert sanitize_html(pictured) == "<figure><figcaption>说明</figcaption></figure>"


def test_cells_keep_only_numeric_spans():
    row = '<table><tbody><tr><td colspan="{}" rowspan="2" width="9">甲</td></tr></tbody></table>'
    assert '<td colspan="12" rowspan="2">' in sanitize_html(row.format(" 12 "))
    for span in ("0", "-1", "1e3", "２", "99999", "javascript:1"):
        assert '<td rowspan="2">' in sanitize_html(row.format(span))


KEPT = {
    "https://example.com/新闻?a=1#b": "https://example.com/新闻?a=1#b",
    " \u00a0HTTP://Example.com/ ": "HTTP://Example.com/",
    "mailto:editor@example.com": "mailto:editor@example.com",
    "//example.com/a b`c": "https://example.com/a%20b%60c",
}


@pytest.mark.parametrize(("written", "kept"), KEPT.items())
def test_web_and_mail_links_stay_without_a_target(written, kept):
    link = f'<a target="_blank" rel="opener" href="{written}" onclick="f()">字</a>'
    assert sanitize_html(link) == f'<a href="{kept}" rel="noopener nofollow">字</a>'


SCHEMES = ("javascript:f()", "data:text/html,x", "vbscript:f", "file:///etc/passwd", "blob:https://e.com/1")
DISGUISES = [
    lambda url: url,
    str.upper,
    lambda url: "\u2028\u3000\ufeff" + url,
    lambda url: "\u200b".join(url),
    lambda url: "&#9;".join(url),
    lambda url: url.replace(":", "："),
    lambda url: "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in url),
]


@pytest.mark.parametrize("url", SCHEMES)
@pytest.mark.parametrize("disguise", DISGUISES)
def test_other_schemes_lose_the_link_and_keep_the_words(url, disguise):
    assert sanitize_html(f'<p><a href="{disguise(url)}">字</a></p>') == "<p>字</p>"


@pytest.mark.parametrize("url", ["/a", "a.html", "../a", "#a", "?a", "/\\e.com", "\\\\e.com", "/／e.com"])
def test_relative_links_lose_their_address(url):
    assert sanitize_html(f'<a href="{url}">字</a>') == "字"
    assert sanitize_html('<a href="https:\\\\e.com">字</a><a href="https:e.com">字</a>') == "字字"


def test_only_characters_no_database_takes_are_removed():
    assert sanitize_html("<p>甲\0乙\x0c丙\x1f丁\ufffe戊\uffff己\ud800庚</p>") == "<p>甲乙丙丁戊己庚</p>"
    assert sanitize_html("<p>甲&#1;乙&#x1f;丙&#xFFFE;丁</p>") == "<p>甲乙丙丁</p>"
    assert sanitize_html("甲\r\n乙\r丙&#13;丁\t戊") == "甲\n乙\n丙\n丁\t戊"
    assert sanitize_html("<pre>\n\n\n  甲</pre>") == "<pre>\n\n\n  甲</pre>"


def test_markup_that_parsers_rearrange_still_yields_nothing_live():
    mutating = '<math><mtext><table><mglyph><style><!--</style><a title="--&gt;&lt;img onerror=f()&gt;">'
    assert "<img" not in sanitize_html(mutating)
    assert "<script" not in sanitize_html("<noscript><p title='</noscript><script>f()</script>'>")
    assert "<script" not in sanitize_html("<scr<script>ipt>f()</scr</script>ipt>")


BOMBS = {
    "wrappers": "<div>" * 10_000,
    "inline": "<b>" * 60_000,
    "tables and lists": "<table><tr><td><ul><li>" * 5_000,
    "ends": "</p>" * 200_000,
    "signs": "<&" * 200_000,
    "reopened inline": "<p>" + "".join(f"<b a={n}><i a={n}>" for n in range(300)) + "<p>x" * 10_000,
    "ends in attributes": "<ul a='</ul>'><li>x" * 20_000,
    "ends behind fences": "<div><object></div></object>" * 20_000,
    "attributes": f"<p {' '.join(f'a{n}' for n in range(60_000))} b='>'>",
    "strays in tables": "<table><br></table>" * 20_000,
    "hidden ends": "<p>" + "".join(f"<b a={n}><!--</b>-->" for n in range(90)) + "<p>x" * 10_000,
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_end_shallow_and_with_their_words(bomb):
    cleaned = sanitize_html(BOMBS[bomb] + "末尾的字")
    assert "末尾的字" in cleaned
    steps = (-1 if closing else 1 for closing in re.findall(r"<(/?)(?!br|hr)", cleaned))
    assert max(accumulate(steps), default=0) <= 100
    assert sanitize_html(cleaned) == cleaned


def test_a_long_page_keeps_its_links_and_tables_however_oddly_it_is_written():
    row = "<tr><td colspan=2>1 < 2<td title='a > b'>x</tr><!-- <b> -->"
    cleaned = sanitize_html(
        f"<table>{row * 400}</table><p class=a\"b><a href='https://example.com/a'>链接</a></p>"
    )
    assert cleaned.count('<td colspan="2">1 &lt; 2</td><td>x</td>') == 400
    assert '<a href="https://example.com/a" rel="noopener nofollow">链接</a>' in cleaned
    assert "<!--" not in cleaned and "b&gt;" not in cleaned


def test_cleaning_twice_changes_nothing():
    tags = re.findall(
        r"\w+", "div p b i a table tr td ul li pre h1 svg math style script template select font"
    )
    pieces = [f"<{tag}>" for tag in tags] + [f"</{tag}>" for tag in tags] + list("<&字\n\0\ud800\x0c")
    pieces += ["<a href='https://e.com/'>", "<a href='//a|b'>", "<!--", "-->", "&#13;", "&#1;", "&nbsp;"]
    pieces += [
        "<tbody>",
        "<th colspan=2>",
        "<td rowspan=3 colspan=2>",
        "<tr><td>甲</td><td>乙 <b>丙</b></td></tr>",
    ]
    dice = random.Random(4)
    for _ in range(2_000):
        soup = "".join(dice.choices(pieces, k=dice.randint(1, 30)))
        cleaned = sanitize_html(soup)
        assert sanitize_html(cleaned) == cleaned, repr(soup)
