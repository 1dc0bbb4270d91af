"""The entries of a feed one by one: each one's bytes in the XML, and the entries of a JSON Feed. Pure."""

import json
from collections.abc import Iterator
from xml.parsers import expat

from sources.formats.private_text import says
from sources.formats.raw_article import Unreadable
from sources.problem import Code, Problem

_ENTRIES = {"item", "entry"}


def entry_bytes(source: bytes, entries: list[dict]) -> list[bytes]:
    """Return the bytes (UTF-8) of each entry; for broken XML, the parsed entry as JSON."""
    cuts = list(_elements(source))
    if len(cuts) == len(entries):
        return cuts
    return [
        json.dumps(entry, ensure_ascii=False, default=str).encode("utf-8", "replace") for entry in entries
    ]


def _elements(source: bytes) -> Iterator[bytes]:
    """Return the outermost item and entry elements; none if the XML is not well-formed."""
    parser = expat.ParserCreate("utf-8")
    depth, starts, cuts = 0, [], []

    def opens(name: str, attributes: dict) -> None:
        nonlocal depth
        if name.rpartition(":")[2] in _ENTRIES:
            depth += 1
            if depth == 1:
                starts.append(parser.CurrentByteIndex)

    def closes(name: str) -> None:
        nonlocal depth
        if name.rpartition(":")[2] in _ENTRIES:
            depth -= 1
            if depth == 0:
                cuts.append((starts[-1], source.find(b">", parser.CurrentByteIndex) + 1))

    parser.StartElementHandler, parser.EndElementHandler = opens, closes
    try:
        parser.Parse(source, True)
    except expat.ExpatError:
        return iter(())
    return (source[start:end] for start, end in cuts)


def json_feed(text: str) -> tuple[dict, list[dict], list[bytes]]:
    """Parse a JSON Feed (1.0, 1.1) into feedparser's form: feed, entries, and each entry's own JSON."""
    try:
        found = json.loads(text.strip("\ufeff \t\r\n"))
        items = found["items"]
        if "jsonfeed.org/version" not in str(found.get("version")) or not isinstance(items, list):
            raise KeyError("version")
    except (KeyError, TypeError):
        said = "不是 JSON Feed：没有 version 或 items"
        raise Unreadable(Problem(Code.WRONG_FORMAT, said)) from None
    except (ValueError, RecursionError) as error:
        said = f"JSON 不完整，读不出条目（{str(error)[:80]}）；请重新下载"
        raise Unreadable(Problem(Code.DAMAGED, said)) from None
    items = [item for item in items if isinstance(item, dict)]
    raws = [json.dumps(item, ensure_ascii=False).encode("utf-8", "surrogatepass") for item in items]
    feed = {"title": _text(found, "title"), "link": _text(found, "home_page_url") or _text(found, "feed_url")}
    return feed, [_entry(item) for item in items], raws


def _entry(item: dict) -> dict:
    html, text = _text(item, "content_html"), _text(item, "content_text")
    contents = [("text/html", html)] if html else [("text/plain", text)]
    authors = item.get("authors") or [item.get("author")]
    tags = item.get("tags")
    return {
        "id": _text(item, "id"),
        "link": _text(item, "url") or _text(item, "external_url"),
        "title": _text(item, "title"),
        "title_detail": {"type": "text/plain"},
        "content": [{"type": kind, "value": value} for kind, value in contents],
        "summary": _text(item, "summary"),
        "summary_detail": {"type": "text/plain"},
        "enclosures": [{"href": _text(item, "image") or _text(item, "banner_image"), "type": "image/*"}],
        "published": _text(item, "date_published"),
        "updated": _text(item, "date_modified"),
        "authors": [{"name": _text(one, "name")} for one in authors if isinstance(one, dict)]
        if isinstance(authors, list)
        else [],
        "tags": [{"term": tag} for tag in tags if isinstance(tag, str)] if isinstance(tags, list) else [],
        "says": {key: _word(item[name]) for name in item if says(key := name.strip("_").lower())},
    }


def _text(item: dict, name: str) -> str:
    """Return a value as text; ids may be numbers."""
    value = item.get(name)
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def _word(value: object) -> str:
    """Return what an extension says of the item, as text: `"_draft": true`."""
    return str(value).lower() if isinstance(value, bool) else value if isinstance(value, str) else ""
