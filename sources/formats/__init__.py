"""The formats we read: name -> reader. A reader takes (bytes, name) and yields articles and what else it finds."""

import re
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType

from sources.files.inputs import file_name
from sources.formats.filenames import FEEDS, MARKED, PAGES, POSTS, TABLES, TEXTS, is_note, is_of_the_site
from sources.text.decode import decode

HEAD = 4096  # bytes that tell a feed from a table from a page
# A template of whatever engine has no title but a variable's; Liquid's tags stand in no page that a browser saved.
_TEMPLATE = re.compile(
    r"<title\b[^<>]{0,100}>[^<]{0,200}\{[{%]|\{%-?\s*(?:include|if|for|assign|capture|seo)\b|\{\{-?\s*content\s*-?\}\}"
)
_MAY_BE_FEED = re.compile(r"[\ufeff\s]*<(?:\?xml|rss|feed|rdf)", re.I)
_OPENS_DATA = re.compile(r"[\ufeff\s]*(?:\{|\[\s*[\[{\"])")
_DELIMITERS = re.compile(r"[,;\t|]")
_CHINESE_CLAUSE = re.compile(r"[\u4e00-\u9fff][”’》）)]?[，。！？；]")


READERS = {
    "jekyll": "sources.formats.jekyll.posts",
    "newspaper": "sources.formats.newspaper.printed_page",
    "scrape": "sources.formats.scrape.scraped_line",
    "feed": "sources.formats.feed.feed_file",
    "table": "sources.formats.table.table_file",
    "page": "sources.formats.page.saved_page",
}


@cache
def _room(format_name: str) -> ModuleType:
    """The module that reads a format, loaded with the first file of its kind: all of them together are a sixth of
    the time that a command takes to start, and most folders hold files of one kind."""
    return import_module(READERS[format_name])


def _reader(format_name: str) -> Callable:
    return lambda data, name, **more: _room(format_name).read(data, name, **more)


FORMATS = {name: _reader(name) for name in READERS}


def detect(name: str, data: bytes) -> str | None:
    """The format of a file by its name and, where names do not tell, its content; None for what is no article."""
    stem, suffix = file_name(name)[1:]
    if stem.startswith("."):
        return None
    if suffix in POSTS:
        return "jekyll"
    if suffix in TEXTS:
        return None if is_note(stem) or is_of_the_site(name) else _of_text(name, decode(data).text)
    if suffix not in PAGES | MARKED | TABLES | FEEDS:
        return None
    head = decode(data[:HEAD]).text
    # Templates and category pages of a Jekyll site open with front matter; its reader tells them from posts.
    if is_of_the_site(name) or (suffix in PAGES and (_is_fronted(head) or _TEMPLATE.search(head))):
        return "jekyll"
    if (suffix not in PAGES or _MAY_BE_FEED.match(head)) and _room("feed").looks_like(name, head):
        return "feed"
    if suffix in PAGES or (suffix == ".xml" and _room("page").looks_like(name, head)):
        return "page"
    return "table" if _room("table").looks_like(name, head) else None


def _of_text(name: str, text: str) -> str | None:
    """The format of what is called a text: whatever it opens like, else a printed page or a scrape. None where it
    can be read and no clause of Chinese stands in it: notes, lists, settings."""
    head = text[:HEAD]
    for format_name in ("feed", "page") if head.lstrip("\ufeff \t\r\n")[:1] in ("<", "{") else ():
        if _room(format_name).looks_like(name, head):
            return format_name
    first = head.lstrip("\ufeff \t\r\n").partition("\n")[0]
    if _OPENS_DATA.match(head) or (_DELIMITERS.search(first) and _room("table").looks_like(name, first)):
        return "table"
    if _is_fronted(head) and "\ntitle:" in head:
        return "jekyll"
    if _room("newspaper").looks_like(text):
        return "newspaper"
    readable = text.strip("\ufeff \t\r\n\u3000") and "\0" not in text and "\ufffd" not in text
    return None if readable and not _CHINESE_CLAUSE.search(text) else "scrape"


def _is_fronted(head: str) -> bool:
    return head.lstrip("\ufeff \t\r\n").startswith("---")
