"""Which `img` is a picture, where it really lies, and what it is called."""

import pytest

from sources.text.clean.boilerplate import clean_body
from sources.text.clean.image_tags import Pictured, markdown_pictures, read_picture, resolved


@pytest.mark.parametrize(
    "url",
    [
        "https://a.cn/2022/market_share.jpg",
        "https://a.cn/loading-dock.jpg",
        "/files/a.png",
        "a",
        "http://[::1",
    ]
    + ["https://a.cn/GetPic?id=3", "https://a.cn/iconic-tower.jpg", "https://pixel.example.com/a.jpg"],
)
def test_these_are_pictures(url):
    assert read_picture({"src": url}) == Pictured(url)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"src": ""},
        {"src": "data:image/png;base64,AAAA"},
        {"src": " DATA:image/gif,"},
        {"src": "https://a.cn/t.gif", "width": "1", "height": "1"},
        {"src": "https://a.cn/t.gif", "width": "1px"},
        {"src": "https://a.cn/t.gif", "width": "16", "height": "16"},
        {"src": "https://a.cn/img/share.png"},
        {"src": "https://a.cn/img/weixin_2.png"},
        {"src": "https://a.cn/spacer.gif"},
        {"src": "https://hm.baidu.com/hm.gif?x=1"},
        {"src": "https://s4.cnzz.com/z_stat.php"},
        {"src": "https://a.cn/" + "x" * 2000},
    ],
)
def test_these_are_machinery(attributes):
    assert read_picture(attributes) is None


def test_one_that_is_loaded_late_lies_elsewhere():
    late = {"src": "/grey.gif", "data-original": "https://a.cn/real.jpg"}
    assert read_picture(late) == Pictured("https://a.cn/real.jpg")
    assert read_picture({"src": "https://a.cn/real.jpg", "data-src": ""}).url == "https://a.cn/real.jpg"


@pytest.mark.parametrize("alt", ["图片", "图1", "image", "IMG", "DSC_0012.JPG", "1", "a-b.png"])
def test_words_that_say_nothing_are_none(alt):
    assert read_picture({"src": "/a.jpg", "alt": alt}).alt == ""


def test_words_stand_on_one_line_and_end_somewhere():
    assert read_picture({"src": "/a.jpg", "alt": " 大桥\n夜景 "}).alt == "大桥 夜景"
    assert len(read_picture({"src": "/a.jpg", "title": "长" * 900}).alt) == 300


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("b.jpg", "http://a.cn/x/b.jpg"),
        ("/b.jpg", "http://a.cn/b.jpg"),
        ("//c.cn/b.jpg", "http://c.cn/b.jpg"),
        ("https://c.cn/b.jpg", "https://c.cn/b.jpg"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_addresses_are_made_whole_by_their_page(url, whole):
    assert resolved([Pictured(url)], "http://a.cn/x/1.html") == [Pictured(whole)]


def test_without_a_page_only_the_scheme_is_guessed():
    assert [one.url for one in resolved([Pictured("//c.cn/b.jpg"), Pictured("b.jpg")], "")] == [
        "https://c.cn/b.jpg",
        "b.jpg",
    ]


def test_markdown_cannot_break_out_of_its_attribute():
    made = markdown_pictures('![a" onerror="alert(1)](x"onload="y)')
    assert made == '<img src="x&quot;onload=&quot;y" alt="a&quot; onerror=&quot;alert(1)">'
    cleaned = clean_body('<p>甲</p>![a" onerror="alert(1)](https://a.cn/b.jpg)')
    assert "onerror" not in cleaned.html and cleaned.pictures[0].url == "https://a.cn/b.jpg"


def test_a_body_of_many_brackets_costs_no_more_than_its_length():
    assert clean_body("![" * 50_000 + "](" * 50_000).pictures == []


@pytest.mark.parametrize(
    ("body", "html"),
    [
        (
            '<p>甲</p><figure><a href="/big"><img src="/a.jpg"></a><figcaption>说明</figcaption></figure><p>乙</p>',
            "<p>甲</p>\n<figure><figcaption>说明</figcaption></figure>\n<p>乙</p>",
        ),
        (
            '<p>甲<img src="/g.gif" data-src="/a.jpg"><noscript><img src="/a.jpg"></noscript></p>',
            "<p>甲</p>\n<figure></figure>",
        ),
        ('<p>甲</p><img src="data:x">', "<p>甲</p>"),
    ],
)
def test_each_picture_leaves_one_empty_figure(body, html):
    cleaned = clean_body(body)
    assert cleaned.html == html
    assert len(cleaned.pictures) == html.count("<figure>")
