"""Split a post into front matter and body: YAML (Jekyll, Hexo, Hugo, Wiki.js), TOML (Hugo, Zola), JSON (Hugo, Hexo)."""

import re

from sources.formats.jekyll.front_values import FrontMatter, fault
from sources.formats.jekyll.toml_and_json import read_json, read_toml
from sources.formats.jekyll.yaml_block import KNOWN_KEYS, LINE, read_block

_OPENED = re.compile(r"\A\s*---[ \t]*\n")
_CLOSED = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M)
_TOML_OPENED = re.compile(r"\A\s*+\+\+\+[ \t]*+\n")
_TOML_CLOSED = re.compile(r"^\+\+\+[ \t]*(?:\n|\Z)", re.M)
_JSON_OPENED = re.compile(r"\A\s*+\{\s*+[\"}]")
_JSON_CLOSED = re.compile(r"^\}[ \t]*(?:\n|\Z)", re.M)
_BARE_JSON_OPENED = re.compile(r"\A\s*+(?:;;;[ \t]*+\n\s*+)?+(?=\")")
_BARE_JSON_CLOSED = re.compile(r"^;;;[ \t]*(?:\n|\Z)", re.M)
# Wiki.js, of pages in HTML.
_COMMENT_OPENED = re.compile(r"\A\s*+<!--[ \t]*+\n(?=(?:title|description|published|date|tags)[ \t]*+:)")
_COMMENT_CLOSED = re.compile(r"^-->[ \t]*(?:\n|\Z)", re.M)
_NOTHING = re.compile("")
_CONTINUES = (" ", "\t", "-", "#", "]")
_MOST_LINES = 100  # of front matter that nothing opens


def read_front_matter(text: str) -> FrontMatter:
    """Split a post into front matter and body. Line ends must be \\n. Never raises; errors are added to `problems`."""
    opened = _OPENED.match(text)
    if opened:
        closed = _CLOSED.search(text, opened.end())
        return _split(text, opened.end(), closed, read_block, "front matter 没有结束的 ---")
    if opened := _TOML_OPENED.match(text):
        closed = _TOML_CLOSED.search(text, opened.end())
        return _split(text, opened.end(), closed, read_toml, "front matter 没有结束的 +++")
    if _JSON_OPENED.match(text):
        return _json(text)
    if (opened := _BARE_JSON_OPENED.match(text)) and (closed := _BARE_JSON_CLOSED.search(text, opened.end())):
        return _split(text, opened.end(), closed, _bare_json, "")
    if (opened := _COMMENT_OPENED.match(text)) and (closed := _COMMENT_CLOSED.search(text, opened.end())):
        return _split(text, opened.end(), closed, read_block, "")
    if end := _unopened(text):
        start = len(text) - len(text.lstrip())
        return _split(text, start, _CLOSED.match(text, end) or _NOTHING.match(text, end), read_block, "")
    return _none(text, "没有 front matter")


def _split(text: str, start: int, closed: re.Match | None, read, otherwise: str) -> FrontMatter:
    if not closed:
        return _none(text, otherwise)
    front = FrontMatter(body=text[closed.end() :], first_line=text.count("\n", 0, closed.end()) + 1)
    read(text[start : closed.start()], text.count("\n", 0, start) + 1, front)
    return front


def _none(text: str, said: str) -> FrontMatter:
    return FrontMatter(body=text, problems=[fault(said)], found=False)


def _bare_json(block: str, first: int, front: FrontMatter) -> None:
    """Hexo: pairs without braces, ended by ;;;"""
    read_json("{" + block.rstrip().removesuffix(",") + "}", first, front)


def _json(text: str) -> FrontMatter:
    """An object, and the body after the line that closes it (or on the same line, if all of it is on one)."""
    closed = _JSON_CLOSED.search(text)
    start = len(text) - len(text.lstrip())
    if closed:
        end = closed.end()
    else:
        first = text.find("\n", start)
        end = len(text) if first < 0 else first
        if not text[start:end].rstrip().endswith("}"):
            return _none(text, "front matter 没有结束的 }")
    front = FrontMatter(body=text[end:], first_line=text.count("\n", 0, end) + 1)
    read_json(text[start:end], text.count("\n", 0, start) + 1, front)
    return front


def _unopened(text: str) -> int:
    """Return where front matter ends that no line opens: before the line that closes it, as Hexo allows, or before the
    first blank line if it is keys only and has a title (Pelican); 0 if there is none.

    The first line must be a key that is certain, and all others keys, items or indented lines, so that a paragraph
    over a ruler stays what it is.
    """
    at = len(text) - len(text.lstrip())
    blank, keys = 0, set()
    for number in range(_MOST_LINES):
        end = text.find("\n", at)
        line = text[at : end if end >= 0 else len(text)]
        key = LINE.match(line)
        if number and line.rstrip(" \t") == "---":
            return at
        if number == 0 and not (key and key[1].lower() in KNOWN_KEYS):
            return 0
        if key and not blank:
            keys.add(key[1].lower())
        elif not line.strip():
            blank = blank or at
        if end < 0 or not (key or not line.strip() or line.startswith(_CONTINUES)):
            break
        at = end + 1
    return blank if "title" in keys and len(keys) > 1 else 0
