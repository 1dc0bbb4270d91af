"""The formats we read: name -> reader. A reader takes (bytes, name) and yields articles and other findings."""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType

from sources.files.inputs import file_name
from sources.formats.filenames import (
    DOCUMENTS,
    FEEDS,
    MARKED,
    PAGES,
    POSTS,
    SAVED_BY_A_BROWSER,
    TABLES,
    TEXTS,
    is_note,
    is_of_the_site,
    says_ghost,
    says_wordpress,
)
from sources.text.decode import decode

MOST_ABOVE = 6  # lines of a text that may stand above a table's header
HEAD = 4096  # bytes needed to tell a feed, a table and a page apart
# A template of any engine has a variable as its title; Liquid tags never occur in a page saved by a browser.
_TEMPLATE = re.compile(
    r"<title\b[^<>]{0,100}>[^<]{0,200}\{[{%]|\{%-?\s*(?:include|if|for|assign|capture|seo)\b|\{\{-?\s*content\s*-?\}\}"
)
_MAY_BE_FEED = re.compile(r"[\ufeff\s]*<(?:\?xml|rss|feed|rdf)", re.I)
_OPENS_DATA = re.compile(r"[\ufeff\s]*(?:\{|\[\s*[\[{\"])")
_DELIMITERS = re.compile(r"[,;\t|]")
_CHINESE_CLAUSE = re.compile(r"[\u4e00-\u9fff][”’》）)]?[，。！？；]")
# Wiki.js puts the front matter of HTML into a comment.
_FRONTED = re.compile(r"[\ufeff \t\r\n]*+(?:---|<!--[ \t]*+\r?\n(?:title|description|published)[ \t]*+:)")
# Front matter of any kind: YAML with or without its first line, TOML, JSON. UTF-16 is left to the reader of posts.
_OPENS_FRONT_MATTER = re.compile(
    rb"(?:\xef\xbb\xbf|\s)*+(?:---|\+\+\+|\{\s*+[\"}]|\"|;;;|<!--[ \t]*+\r?\n(?:title|date)"
    rb"|(?:title|layout|date|tags|categories|author|description)[ \t]*+:)"
    rb"|\xff\xfe|\xfe\xff",
    re.I,
)


READERS = {
    "jekyll": "sources.formats.jekyll.posts",
    "markdown": "sources.formats.markdown.document",
    "newspaper": "sources.formats.newspaper.printed_page",
    "scrape": "sources.formats.scrape.scraped_line",
    "feed": "sources.formats.feed.feed_file",
    "table": "sources.formats.table.table_file",
    "page": "sources.formats.page.saved_page",
    "docx": "sources.formats.document.word",
    "epub": "sources.formats.document.book",
    "mail": "sources.formats.document.mail",
    "mhtml": "sources.formats.document.web_archive",
    "wxr": "sources.formats.wxr.wordpress_file",
    "ghost": "sources.formats.ghost.ghost_file",
}
# A format once asked for by runs and uploads that are stored: Word, EPUB, e-mail or MHTML, whichever the suffix says.
_STORED_DOCUMENT = "document"


@cache
def _room(format_name: str) -> ModuleType:
    """Return the module of a format, imported on first use: importing all takes a sixth of a command's start-up
    time, and most folders hold one format."""
    return import_module(READERS[format_name])


def _reader(format_name: str) -> Callable:
    return lambda data, name, **more: _room(format_name).read(data, name, **more)


FORMATS = {name: _reader(name) for name in READERS}


def choose(format_name: str, name: str, data: bytes) -> str | None:
    """Return the reader for a format as it was asked for ("auto", a name in FORMATS, or one that is only stored);
    None if the file is not an article."""
    if format_name == _STORED_DOCUMENT:
        suffix = file_name(name).suffix.partition(":")[0]  # of a chapter, too: a.epub:3
        return DOCUMENTS.get(suffix, "docx")
    return detect(name, data) if format_name == "auto" else format_name


def detect(name: str, data: bytes) -> str | None:
    """Detect a file's format by its name and, where that is not enough, its content; None if it is not an article."""
    stem, suffix = file_name(name)[1:]
    if stem.startswith("."):
        return None
    if suffix in POSTS:
        return "jekyll" if data.startswith(b"---") or _OPENS_FRONT_MATTER.match(data, 0, HEAD) else "markdown"
    if suffix in TEXTS:
        return None if is_note(stem) or is_of_the_site(name) else _of_text(name, decode(data).text)
    if suffix == ".eml" and SAVED_BY_A_BROWSER in data[:HEAD].lower():
        return "mhtml"
    if suffix in DOCUMENTS:
        return DOCUMENTS[suffix]
    if suffix not in PAGES | MARKED | TABLES | FEEDS:
        return None
    head = decode(data[:HEAD]).text
    # Jekyll templates and category pages begin with front matter; the Jekyll reader separates them from posts.
    if is_of_the_site(name) or (suffix in PAGES and (_is_fronted(head) or _TEMPLATE.search(head))):
        return "jekyll"
    if export := _export(head):
        return export
    if (suffix not in PAGES or _MAY_BE_FEED.match(head)) and _room("feed").looks_like(name, head):
        return "feed"
    if suffix in PAGES or (suffix == ".xml" and _room("page").looks_like(name, head)):
        return "page"
    return "table" if _room("table").looks_like(name, head) else None


def _of_text(name: str, text: str) -> str | None:
    """Detect the format of a text file by how it begins; else a printed page or a scrape. None for readable text
    without a Chinese clause: notes, lists, settings."""
    head = text[:HEAD]
    if export := _export(head):
        return export
    for format_name in ("feed", "page") if head.lstrip("\ufeff \t\r\n")[:1] in ("<", "{") else ():
        if _room(format_name).looks_like(name, head):
            return format_name
    first = head.lstrip("\ufeff \t\r\n").partition("\n")[0]
    if _OPENS_DATA.match(head) or (_DELIMITERS.search(first) and _room("table").looks_like(name, first)):
        return "table"
    # Excel's "Unicode text" with remarks above the header.
    if any("\t" in line and _room("table").looks_like(name, line) for line in head.split("\n")[1:MOST_ABOVE]):
        return "table"
    if _is_fronted(head) and "\ntitle:" in head:
        return "jekyll"
    if _room("newspaper").looks_like(text):
        return "newspaper"
    readable = text.strip("\ufeff \t\r\n\u3000") and "\0" not in text and "\ufffd" not in text
    return None if readable and not _CHINESE_CLAUSE.search(text) else "scrape"


def _export(head: str) -> str | None:
    """Return the format of another system's export of all its articles; None if it is none."""
    if says_wordpress(head) and _MAY_BE_FEED.match(head):
        return "wxr"
    return "ghost" if says_ghost(head) else None


def _is_fronted(head: str) -> bool:
    found = _FRONTED.match(head)
    return found is not None and (found[0].endswith("-") or "\neditor:" in head)
