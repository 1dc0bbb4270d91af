"""Where a reader looks in other sites' files, as functions of a text: each puts it in every place and reads.

For the tests of growth and the drill `growth`; ALSO holds what only these grammars repeat.
"""

import json
from base64 import b64encode
from contextlib import suppress
from xml.sax.saxutils import escape

from sources.formats import FORMATS
from sources.formats.fields import html_words, plain_words, web_address, without_label
from sources.formats.private_text import private_reason
from sources.formats.raw_article import NotAnArticle, Unreadable
from sources.formats.zone_proof import ZoneProof
from sources.text.clean import declared, furniture, names, subheads
from sources.text.dates import read_date
from sources.text.outlet_names import initials, pinyin
from sources.text.written_dates import date_forms, numerals, time_zones
from tests.sources.formats.test_documents import ARCHIVE, BOOK, LONG, MAIL, PAGE, docx, epub, paragraph
from tests.support import wordpress

PUNCTUATION = "据国际商报报道，服务贸易稳步增长，数字贸易成为新亮点。"


def read(format_name, data, name):
    """Everything a reader makes of a file, as an import does it; a refusal is as good as an article."""
    data = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    with suppress(Unreadable, NotAnArticle):
        for found in FORMATS[format_name](data, name):
            if hasattr(found, "fit"):
                found.fit()


def in_line(text):
    return " ".join(text.splitlines())


def in_xml(text):
    return escape("".join(char for char in text if char.isprintable() or char in "\t\n"), {'"': "&quot;"})


# ------------------------------------------------------------------ posts of other generators
def front_matter(text):
    """In TOML, JSON, comments and no opening line: as values, in quotes and bare, and as lines of their own."""
    line = in_line(text)
    name = "content/posts/2022-03-01-x.md"
    read("jekyll", f'+++\ntitle = "{line}"\ndate = {line[:99]}\ntags = [{text}]\n{text}\n+++\n{LONG}', name)
    made = json.dumps({"title": text, "tags": [text], "date": text, "extra": {"author": text}})
    read("jekyll", f"{made[:-1]}\n}}\n\n{LONG}", name)
    read("jekyll", f'{{\n"title": "甲",\n{text}\n}}\n\n{LONG}', name)
    read("jekyll", f'"title": "甲",\n{text}\n;;;\n{LONG}', name)
    read("jekyll", f"title: {line}\ntags: {line}\n{text}\n---\n{LONG}", name)
    read("jekyll", f"<!--\ntitle: {line}\ndate: {line}\n{text}\n-->\n<p>{LONG}</p>", "a.html")
    read(
        "jekyll",
        f"---\ntitle: {line}\ntags:\n  - {line}\ndraft: {line}\nstatus: {line}\n{text}\n---\n{LONG}",
        name,
    )


def front_matter_never_closed(text):
    for opening in ("---\n", "+++\n", "{\n", '"title": 1\n', "title: a\n", "<!--\ntitle: a\n"):
        read("jekyll", f"{opening}{text}", "2022-03-01-x.md")


def markdown(text):
    read("markdown", text, "a.md")
    read("markdown", f"# 甲\n\n{text}\n\n{LONG}", "a.md")
    read(
        "jekyll",
        f"---\ntitle: {in_line(text)[:9999]}\n---\n> {text}\n\n| {text} |\n|-|\n\n```\n{text}",
        "a.md",
    )


def template_tags(text):
    line = in_line(text)
    for body in (
        f"{{% raw %}}{text}{{% endraw %}}",
        f"{{% raw %}}{text}",
        f"{{{{ {line} }}}}{{% include {line} %}}{{{{< figure {line} >}}}}",
        f"{{% quote {line} %}}\n{text}\n{{% endquote %}}",
        f"[a]({{{{ site.url }}}}/{line})\n{text}\n{text}",
    ):
        read("jekyll", f"---\ntitle: 甲\n---\n{body}", "2022-03-01-x.md")


def name_of_a_post(text):
    line = in_line(text)
    for name in (f"{line}.md", f"{line}/index.md", f"_posts/2022-03-01-{line}.md", f"_drafts/{line}.html"):
        read("jekyll", f"---\ntitle: 甲\n---\n{LONG}", name)


# ------------------------------------------------------------------ exports
def shortcodes(text):
    """Beside shortcodes, in their attributes, and around what they caption."""
    said = text.replace("]]>", "]] >")
    body = f"[caption width='{said}']<img src='/a.jpg'>{said}[/caption]\n\n[gallery ids='{said}']{said}\n\n"
    body += f"[embed]{said}[/embed]"
    read(
        "wxr",
        wordpress.export(wordpress.post(body="".join(c for c in body if c.isprintable() or c == "\n"))),
        "a.xml",
    )


def fields_of_wordpress(text):
    said = in_xml(text)
    terms = f'<category domain="category" nicename="{said}">{said}</category>'
    terms += f'<category domain="post_tag">{said}</category>'
    meta = (
        f"<wp:postmeta><wp:meta_key>{said}</wp:meta_key><wp:meta_value>{said}</wp:meta_value></wp:postmeta>"
    )
    values = dict.fromkeys(
        ("post_date_gmt", "post_date", "post_type", "post_password", "post_parent", "post_id")
    )
    for key in values:
        raw = "".join(c for c in text if c.isprintable()).replace("]]>", "]] >")
        one = wordpress.post(terms=terms, more=meta, **{key: raw})
        read("wxr", wordpress.export(one), "a.xml")
    read(
        "wxr",
        wordpress.export(head=wordpress.HEAD.replace("李思衡", in_xml(text).replace("&", "a"))),
        "a.xml",
    )


def cards_of_ghost(text):
    """What each kind of card says, in both editors' own formats."""
    said = dict.fromkeys(
        ("url", "html", "caption", "title", "alt", "src", "text", "markdown", "content", "code"), text
    )
    kinds = (
        "image",
        "bookmark",
        "embed",
        "callout",
        "markdown",
        "html",
        "codeblock",
        "gallery",
        "toggle",
        "button",
    )
    lexical = {"root": {"children": [{"type": kind, **said, "images": [said]} for kind in kinds]}}
    cards = [
        [kind, said] for kind in ("image", "html", "markdown", "card-markdown", "code", "bookmark", "email")
    ]
    mobiledoc = {
        "cards": cards,
        "sections": [[10, n] for n in range(len(cards))],
        "atoms": [[text, text, {}]],
    }
    made = (
        {"lexical": json.dumps(lexical)},
        {"mobiledoc": json.dumps(mobiledoc)},
        {"html": text, "tags": [text]},
    )
    posts = [{"title": "甲", "status": "published", "published_at": text[:9999], **one} for one in made]
    more = {"tags": [{"id": text, "name": text}], "users": [{"id": text, "name": text}]}
    read("ghost", json.dumps({"db": [{"data": {"posts": posts, **more}}]}), "a.json")


# ------------------------------------------------------------------ documents
def word_document(text):
    said = in_xml(text)
    lines = "".join(paragraph(line) for line in said.split("\n")[:2000])
    read("docx", docx(paragraph(said, "t"), paragraph(said), lines), "a.docx")
    raw = "".join(c for c in text if c.isprintable() or c in "\t\n")
    read("docx", docx(raw), "a.docx")


def book(text):
    said = in_xml(text)
    about = BOOK.replace("澜州年鉴", said).replace("李文舟", said).replace("2021-06-01", said)
    nav = PAGE.format(f'<nav><ol><li><a href="text/二.xhtml#{said}">{said}</a></li></ol></nav>')
    page = PAGE.format(f"<h1>{said}</h1><p>{LONG}</p>{text}")
    raw = page.encode("utf-8", "surrogatepass")
    read(
        "epub", epub(**{"OEBPS/a.opf": about, "OEBPS/nav.xhtml": nav, "OEBPS/text/one.xhtml": raw}), "a.epub"
    )
    path = BOOK.replace("text/one.xhtml", f"{said}")
    read(
        "epub",
        epub(**{"OEBPS/a.opf": path, "META-INF/container.xml": text.encode("utf-8", "surrogatepass")}),
        "a.epub",
    )
    read("epub", epub(**{"OEBPS/a.opf": path}), "a.epub")


def message(text):
    """In each header, as encoded words, in each encoding of a part, as names of attachments, between parts."""
    line = in_line(text)
    encoded = b64encode(line.encode("utf-8", "surrogatepass")).decode()
    for subject in (line, f"=?utf-8?Q?{line}?=", f"=?utf-8?B?{encoded}?=", f"=?{line}?Q?a?="):
        read(
            "mail", f"From: {subject} <a@b>\nTo: {line}\nSubject: {subject}\nDate: {line}\n\n{LONG}", "a.eml"
        )
    for how in ("base64", "quoted-printable", "x-uuencode", "7bit", line[:9999]):
        head = f"From: a\nTo: b\nContent-Type: text/html; charset=gbk\nContent-Transfer-Encoding: {how}\n\n"
        read("mail", f"{head}{text}", "a.eml")
    read(
        "mail",
        MAIL.format(kind="plain", charset="utf-8", body=f"{text}\n--b\n\n{text}\n--b--\n{text}"),
        "a.eml",
    )
    read(
        "mail",
        MAIL.format(kind="html", charset=line[:9999], body=text).replace("name=", f"{line[:999]}="),
        "a.eml",
    )
    attached = f'Content-Disposition: attachment; filename="{line[:9999]}"'
    read("mail", f"From: a\nTo: b\nMIME-Version: 1.0\n{attached}\n\n{text}", "a.eml")


def web_archive(text):
    line = in_line(text)
    read("mhtml", text, "a.mht")
    whole = ARCHIVE.format(kind="text/html", body=f"<h1>甲</h1><p>{LONG}</p>")
    for boundary in ("b", line[:999], ""):
        read("mhtml", whole.replace('boundary="b"', f'boundary="{boundary}"') + text, "a.mht")
    read("mhtml", whole.replace("2022/port.html", line), "a.mht")
    read("mhtml", ARCHIVE.format(kind=f"text/html; charset={line[:99]}", body=text), "a.mht")


# ------------------------------------------------------------------ saved pages
NAMED = (
    *("og:title", "og:time ", "og:site_name", "og:url", "article:published_time", "article:author", "author"),
    *("ArticleTitle", "PubDate", "ContentSource", "keywords", "weibo: article:create_at"),
)


def head_of_page(text):
    """As each thing that a page says of itself, in metadata, JSON-LD and scripts."""
    said = in_xml(text)
    metas = "".join(f'<meta name="{name}" property="{name}" content="{said}">' for name in NAMED)
    linked = {"@type": "NewsArticle"} | dict.fromkeys(
        ("headline", "datePublished", "author", "publisher"), text
    )
    scripts = (
        f"<script type='application/ld+json'>{json.dumps(linked)}</script><script>var ct = \"{text}\"; var nickname = "
        f"'{text}'; publish_time: {text}</script><script type='application/ld+json'>{text}</script>"
    )
    body = f"<h1>服务贸易稳步增长</h1><article><p>{PUNCTUATION * 4}</p></article>"
    read(
        "page",
        f"<html><head><title>{said}</title>{metas}{scripts}</head><body>{body}</body></html>",
        "a.html",
    )


def lines_beside_a_headline(text):
    """Above and below the headline, in one line and in many, and as lists and notices around the text."""
    said, body = in_xml(text), f"<article><p>{PUNCTUATION * 4}</p><p>{PUNCTUATION * 4}</p></article>"
    size = 30
    cut = "".join(f"<div>{in_xml(text[at : at + size])}</div>" for at in range(0, len(text), size))
    spans = "".join(f"<span>{in_xml(text[at : at + size])}</span>" for at in range(0, len(text), size))
    for around in (
        f"<div>{said}</div><h1>服务贸易稳步增长</h1><div class='info'>来源：{said} 作者：{said}</div>{body}",
        f"{cut}<h1>服务贸易稳步增长</h1>{cut}{body}",
        f"<h1>服务贸易稳步增长</h1><div class='info'>{spans}</div>{body}<ul>{cut}</ul>",
        f"<h1>{said}</h1><h1>{spans}</h1>{body}<time>{said}</time><div id='comments'>{cut}</div>",
    ):
        read(
            "page",
            f"<html><head><title>服务贸易稳步增长</title></head><body>{around}</body></html>",
            "a.html",
        )


# ------------------------------------------------------------------ values
def written_dates(text):
    for value in (
        text,
        f"2022-03-01 {text}",
        f"{text}2022年3月1日",
        f"二〇二二年三月{text}",
        f"Tue, 01 Mar 2022 {text}",
    ):
        read_date(value)
        read_date(value, epochs=True)
        with suppress(time_zones.Doubt):
            date_forms.read_form(value)
        numerals.plainly_written(value)
        numerals.with_digits(value)
        with suppress(time_zones.Doubt):
            time_zones.zone_of(value)
    proof = ZoneProof()
    proof.add("甲", text)
    proof.settle("甲", f"2022-03-01 09:12:03 {text}", [text, text])


def what_is_private(text):
    keys = (
        "draft",
        "published",
        "status",
        "visibility",
        "password",
        "embargo",
        "expiryDate",
        "状态",
        "公开",
        text,
    )
    private_reason(dict.fromkeys(keys, text) | {f"_{key}": [text, text] for key in keys}, f"a/{text}/b.md")


def declared_words(text):
    for run in (
        *(
            declared.html_body,
            declared.text_body,
            declared.decoded_once,
            declared.shows_tags,
            declared.read_entities,
        ),
        *(declared.without_pairs, declared.title_words, declared.split_lines, declared.lines_kept),
        *(
            html_words,
            plain_words,
            without_label,
            names.only_name,
            names.bare_credit,
            names.is_named_as_outlet,
        ),
        *(initials, pinyin, lambda value: web_address(value, [])),
    ):
        run(text)


def furniture_and_subheads(text):
    furniture.cut_furniture(text)
    furniture.cut_furniture(
        f"<p>央视网消息（新闻联播）：{text}</p>\n<p>{text}</p>\n[查看原文]({text})\n{text}"
    )
    size = 20
    cut = "".join(
        f"<p>{text[at : at + size]}</p>\n<p>{PUNCTUATION}</p>\n" for at in range(0, len(text), size)
    )
    subheads.mark_subheads(cut)
    subheads.mark_subheads(text)


DOORS = [
    *(front_matter, front_matter_never_closed, markdown, template_tags, name_of_a_post),
    *(shortcodes, fields_of_wordpress, cards_of_ghost, word_document, book, message, web_archive),
    *(head_of_page, lines_beside_a_headline, written_dates, what_is_private, declared_words),
    furniture_and_subheads,
]
# What only these grammars repeat.
ALSO = {
    "nested quotes": "> ",
    "nested lists": "- ",
    "numbered lists": "1. ",
    "indented lists": "  - a\n",
    "links": "[a](b)",
    "open links in Markdown": "[a](",
    "pictures in Markdown": "![",
    "link ends": "](",
    "footnotes": "[^a]",
    "footnote texts": "[^a]: b\n",
    "definitions": "[a]: b\n",
    "strong": "**",
    "strong words": "**甲",
    "strong and weak": "*a_ ",
    "underlines": "__a",
    "strikes": "~~a",
    "code": "`a``",
    "fences": "```\n",
    "tables in Markdown": "a|b\n-|-\n",
    "cells": "|a",
    "rulers": "甲\n---\n",
    "headings in Markdown": "# a\n",
    "headings without spaces": "#甲\n",
    "autolinks": "<http://a",
    "mail links": "<a@b",
    "closed comments": "<!-- a -->\n",
    "raw HTML": "<b>*a*",
    "declarations": "<!A ",
    "instructions": "<?a ",
    "open blocks": "<div>\n\n",
    "raw": "{% raw %}",
    "ends of raw": "{% endraw %}",
    "tags": "{% a %}",
    "open tags": "{% a ",
    "outputs": "{{ x }}",
    "open outputs": "{{ x",
    "Hugo's": "{{< a >}}",
    "attributes of a theme": "{: .a}",
    "containers": "::: a\n",
    "anchors": "a: &a [*a]\n",
    "aliases": "*a, ",
    "YAML lists": "- - ",
    "YAML maps": "{a: ",
    "YAML keys": "? a\n",
    "YAML blocks": "a: |\n ",
    "TOML tables": "[a.b]\n",
    "TOML lists": "[[a]]\n",
    "TOML in itself": "a = [",
    "TOML maps": "a = {b = ",
    "TOML keys": "a.b.",
    "TOML texts": '"""',
    "JSON keys": '"a": 1,\n',
    "objects": '{"a":',
    "arrays": "[1,",
    "escapes": "\\u0041",
    "shortcodes": "[a b='",
    "galleries": "[gallery]",
    "galleries of some": "[gallery ids=1,2]",
    "captions": "[caption]<img>",
    "closed captions": "[caption]<img>a[/caption]",
    "escaped codes": "[[a]]",
    "ends of codes": "[/a]",
    "blocks": "<!-- wp:a -->",
    "runs of Word": "<w:r><w:t>a</w:t></w:r>",
    "tables of Word": "<w:tbl><w:tr><w:tc>",
    "paragraphs of Word": "<w:p><w:r><w:t>a</w:t></w:r></w:p>",
    "links of Word": '<w:hyperlink r:id="a">',
    "fields of Word": '<w:fldChar w:fldCharType="begin"/>',
    "points": "<navPoint>",
    "items of a book": '<item id="a" href="b"/>',
    "encoded words": "=?utf-8?Q?a?= ",
    "open encoded words": "=?utf-8?B?",
    "parameters": ";a=b",
    "continued parameters": ";a*0=b",
    "headers": "A: b\n",
    "folded headers": "\n a",
    "boundaries": "--b\n",
    "parts": "--b\nContent-Type: text/plain\n\na\n",
    "messages": "Content-Type: message/rfc822\n\n",
    "soft breaks": "=\n",
    "octets": "=E4",
    "addresses of people": "a <b@c>, ",
    "comments of people": "(a",
    "moments": "2022-03-01T09:12:03+08:00 ",
    "zones": "CST ",
    "halves of days": "下午",
    "Chinese years": "二〇二二年",
    "ages": "3小时前",
    "labels beside a headline": "来源：甲 作者：乙 ",
    "separators": "_甲",
    "scripts": "<script>var ct = '1",
    "furniture": "[查看原文](http://a)\n",
    "stamps": "--- (更新时间戳: 1",
    "bare credits": "（财联社）",
    "subheads": "<p>甲乙丙丁</p>\n",
    "double entities": "&amp;lt;p&amp;gt;",
}
