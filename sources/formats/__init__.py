"""The formats we read: name -> reader. A reader takes (bytes, name) and yields articles and what else it finds."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType

from sources.formats.suffixes import FEEDS, MARKED, PAGES, POSTS, TABLES, TEXTS
from sources.inputs import file_name
from sources.text.decode import decode

HEAD = 4096  # bytes that tell a feed from a table from a page


@cache
def _room(format_name: str) -> ModuleType:
    """The module that reads a format, loaded with the first file of its kind: all of them together are a sixth of
    the time that a command takes to start, and most folders hold files of one kind."""
    return import_module(f"sources.formats.{format_name}")


def _reader(format_name: str) -> Callable:
    return lambda data, name, **more: _room(format_name).read(data, name, **more)


FORMATS = {name: _reader(name) for name in ("jekyll", "newspaper", "scrape", "feed", "table", "page")}


def detect(name: str, data: bytes) -> str | None:
    """The format of a file by its name and, where names do not tell, its content; None for what is no article."""
    stem, suffix = file_name(name)[1:]
    if stem.startswith("."):
        return None
    if suffix in POSTS:
        return "jekyll"
    if suffix in TEXTS:
        return "newspaper" if _room("newspaper").looks_like(decode(data).text) else "scrape"
    if suffix not in PAGES | MARKED | TABLES | FEEDS:
        return None
    head = decode(data[:HEAD]).text
    if suffix in PAGES:
        # Templates and category pages of a Jekyll site open with front matter.
        return "jekyll" if head.lstrip("\ufeff \r\n").startswith("---") else "page"
    if _room("feed").looks_like(name, head):
        return "feed"
    return "table" if _room("table").looks_like(name, head) else None
