"""What a file is, by its name and by what it holds."""

import json

import pytest

from sources.files.inputs import Found
from sources.files.raw_bytes import unpack
from sources.formats import detect
from sources.reading.read import read_input
from sources.reading.read_again import read_again

PROSE = "渔港的钟修好了，今天开市。首日成交过万，渔民都说价钱公道。\n"
CSV = f"标题,来源,日期,正文\n渔港开市,澜州日报,2024-03-10,{PROSE.strip()}\n"
JSON_LINES = json.dumps({"title": "渔港开市", "source": "澜州日报", "body": PROSE}, ensure_ascii=False) + "\n"
RSS = (
    '<?xml version="1.0"?>\n<rss version="2.0"><channel><title>澜州网</title>'
    f"<item><title>渔港开市</title><description>{PROSE}</description></item></channel></rss>"
)
PAGE = f"<!DOCTYPE html><html><head><title>渔港开市</title></head><body><p>{PROSE * 5}</p></body></html>"
POST = f'---\nlayout: post\ntitle: "渔港开市"\ndate: 2024-03-10\n---\n{PROSE}'
LAYOUT = (
    '<!DOCTYPE html>\n<html lang="zh"><head><title>{% if page.title %}{{ page.title }}{% endif %}</title></head>'
    "<body>{{ content }}</body></html>"
)


def read(name: str, content: str):
    return read_input(Found(name, "", data=content.encode()))


@pytest.mark.parametrize(
    ("content", "format_name"),
    [
        (CSV, "table"),
        (JSON_LINES, "table"),
        (RSS, "feed"),
        (PAGE, "page"),
        (POST, "jekyll"),
        (PROSE, "scrape"),
    ],
)
def test_a_text_is_read_as_what_it_holds(content, format_name):
    assert detect("a.txt", content.encode()) == format_name
    reads = read("a.txt", content)
    assert [one.rejected or one.skipped for one in reads] == [""]
    assert "首日成交过万" in reads[0].found[0].plain.text


@pytest.mark.parametrize("content", [CSV, JSON_LINES, RSS, PAGE, POST])
def test_what_a_text_held_is_read_again_from_the_bytes_that_were_kept(content):
    (one,) = read("a.txt", content)
    again = read_again(one.name, unpack(one.raw), "auto", "渔港开市")
    assert again.article.title == "渔港开市"
    assert again.article.body_html == one.found[0].body_html


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.txt", f"# 说明\n{PROSE}"),
        ("README_zh.txt", PROSE),
        ("LICENSE.txt", "Permission is hereby granted, free of charge, to any person."),
        ("requirements-dev.txt", "# 先装这些，再装别的。\ndjango==5.0\n"),
        ("robots.txt", "User-agent: *\nDisallow:\n"),
        ("codes.txt", "601939.SH\n600160.SH\n"),
        ("_includes/note.txt", PROSE),
    ],
)
def test_notes_lists_and_settings_are_skipped_and_listed(name, content):
    (one,) = read(name, content)
    assert one.skipped and not one.rejected and not one.found
    assert not one.unlisted


def test_a_text_that_cannot_be_read_is_not_taken_for_a_list():
    assert detect("a.txt", b"\xff\xfe\xff" * 30 + b"abc") == "scrape"
    assert read("a.txt", "\0" * 50)[0].rejected


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("_layouts/default.html", LAYOUT),
        ("site/_layouts/default.html", PAGE),
        ("a.zip!_includes/head.html", "<head><title>{{ page.title }}</title></head>"),
        ("_includes/x.html", "{{ x }}"),
        ("_data/links.csv", CSV),
        ("_layouts/post.md", POST),
        ("default.html", LAYOUT),
        ("default.xhtml", LAYOUT),
        ("head.html", '<link href="/a.css"><title>{{ page.title }}</title>'),
    ],
)
def test_the_templates_and_data_of_a_site_are_no_articles(name, content):
    (one,) = read(name, content)
    assert one.skipped and not one.rejected and not one.found


@pytest.mark.parametrize("name", ["_posts/2024-03-10-a.md", "_drafts/a.md", "_news/2024-03-10-a.md"])
def test_posts_stand_in_folders_with_an_underscore_too(name):
    assert read(name, POST)[0].found


def test_a_saved_page_that_writes_of_templates_is_an_article():
    assert read("a.html", PAGE.replace("渔民", "模板里的 {{ name }} "))[0].found


@pytest.mark.parametrize(("name", "content"), [("a.html", RSS), ("a.xml", RSS), ("a.xml", PAGE)])
def test_a_feed_or_page_is_known_under_another_suffix(name, content):
    (one,) = read(name, content)
    assert one.found[0].title == "渔港开市"


@pytest.mark.parametrize(
    ("name", "what_to_do"),
    [
        ("2022年报.pdf", ".txt"),
        ("a.zip!稿件/通稿.doc", "另存为 .docx"),
        ("通稿.WPS", "另存为 .docx"),
        ("三月.rar", "解开"),
        ("三月.7z", "解开"),
        ("路演.ppt", ".docx"),
        ("论文.caj", ".txt"),
        ("书.mobi", ".epub"),
        ("表.et", ".xlsx"),
        ("公文.ofd", ".txt"),
        ("库.sql", ".csv"),
    ],
)
def test_a_document_without_a_reader_is_rejected_by_name_with_what_to_do(name, what_to_do):
    (one,) = read(name, "%PDF-1.7 稿件")
    assert what_to_do in one.rejected.text and not one.skipped and not one.unlisted


@pytest.mark.parametrize("name", ["a.jpg", "b.png", "Thumbs.db", "style.css", "a.exe", "字体.ttf"])
def test_what_holds_no_text_is_counted_only(name):
    (one,) = read(name, "GIF89a")
    assert one.skipped and one.unlisted and not one.rejected


@pytest.mark.parametrize(
    "content",
    [
        "<!DOCTYPE html><html><head><title>渔港开市</title></head><body><script>render()</script></body></html>",
        "<!DOCTYPE html><html><body><div id=app></div></body></html>",
        "<!DOCTYPE html><html><head><title>404</title></head><body><h1>404 Not Found</h1>nginx</body></html>",
        "<html><body><noscript>请打开脚本</noscript></body></html>",
    ],
)
def test_a_saved_page_judged_empty_is_rejected_with_what_to_do(content):
    (one,) = read("渔港.html", content)
    assert "另存为 .html" in one.rejected.text and one.raw and not one.unlisted
