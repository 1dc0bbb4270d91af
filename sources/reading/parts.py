"""Make a part of a file (a table's row, a feed's entry) readable without the rest of the file. Pure."""

import json
import re
from xml.sax.saxutils import escape

from sources.files.inputs import file_name
from sources.formats.filenames import WORKBOOKS

_PART = re.compile(r"\A(.*\.[A-Za-z0-9]{1,8}):([^:/]*)\Z", re.S)
_ENTRY = re.compile(rb"\s*<(?:\w+:)?(item|entry)[\s>]")
_PREFIX = re.compile(rb"</?([A-Za-z_]\w*):|\s([A-Za-z_]\w*):\w+=")
_SPACES = {
    b"content": b"http://purl.org/rss/1.0/modules/content/",
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"media": b"http://search.yahoo.com/mrss/",
    b"atom": b"http://www.w3.org/2005/Atom",
    b"rdf": b"http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_JSON_FEED = (
    b'{"version": "https://jsonfeed.org/version/1.1", "title": %b, "home_page_url": %b, "items": [\n%b\n]}'
)
# What an entry of a JSON Feed may say; an object that says anything else is a row of a table.
_JSON_ENTRY = {
    *(
        "id",
        "url",
        "external_url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "image",
        "banner_image",
    ),
    *("date_published", "date_modified", "author", "authors", "tags", "language", "attachments"),
}
_FEEDS = {".rss", ".atom", ".xml", ".rdf"}


def file_and_part(name: str) -> tuple[str, str]:
    """The file an input stood in and which part of it it was ("" for the whole): `a.csv:12` is row 12 of a.csv."""
    match = _PART.match(name)
    return (match[1], match[2]) if match else (name, "")


def standalone_part(
    name: str, data: bytes, format_name: str = "auto", site: str = "", link: str = ""
) -> tuple[str, bytes]:
    """Name and bytes under which a reader takes the part as it took it in its file; a whole file stays as it is.

    `site` and `link` are what the file said for all of its parts: the name of a feed, and the address it belongs to.
    """
    file, part = file_and_part(name)
    if not part:
        return name, data
    suffix = file_name(file).suffix
    if suffix in WORKBOOKS:
        return f"{file}.jsonl", data
    if _ENTRY.match(data):
        return file, standalone_entry(data, site, link)
    if data.lstrip().startswith(b"{") and _is_feed_entry(data, suffix, format_name):
        return file, _JSON_FEED % (_json(site), _json(link), data)
    return file, data


def standalone_entry(entry: bytes, site: str = "", link: str = "") -> bytes:
    """An entry of RSS or Atom in a feed of this name and address, with every prefix it uses declared."""
    prefixes = {b"".join(found) for found in _PREFIX.findall(entry)} - {b"xml", b"xmlns"}
    spaces = b"".join(b' xmlns:%b="%b"' % (one, _SPACES.get(one, b"urn:" + one)) for one in sorted(prefixes))
    title, address = (escape(one, {'"': "&quot;"}).encode("utf-8", "replace") for one in (site, link))
    said = b"<title>%b</title>\n" % title if title else b""
    if _ENTRY.match(entry)[1] == b"entry":
        said += b'<link href="%b"/>\n' % address if address else b""
        return b'<feed xmlns="http://www.w3.org/2005/Atom"%b>\n%b%b\n</feed>' % (spaces, said, entry)
    said += b"<link>%b</link>\n" % address if address else b""
    return b'<rss version="2.0"%b><channel>\n%b%b\n</channel></rss>' % (spaces, said, entry)


def _is_feed_entry(data: bytes, suffix: str, format_name: str) -> bool:
    if b"jsonfeed.org/version" in data or format_name == "table":
        return False
    if format_name == "feed" or suffix in _FEEDS:
        return True
    try:
        keys = {key for key in json.loads(data) if not key.startswith("_")}
    except (ValueError, RecursionError):
        return False
    return (
        suffix in (".json", ".txt")
        and keys <= _JSON_ENTRY
        and not keys.isdisjoint(("content_html", "content_text"))
    )


def _json(words: str) -> bytes:
    return json.dumps(words, ensure_ascii=False).encode("utf-8", "replace")


def line_in_part(line: int | None, name: str) -> int | None:
    """The line of a part's own bytes for a line of the whole file; None for None.

    The bytes of a row of CSV are its header and itself.
    """
    file, part = file_and_part(name)
    if line is None or not part:
        return line
    if not part.isdecimal() or file_name(file).suffix in WORKBOOKS:
        return 1
    header = file_name(file).suffix in (".csv", ".tsv", ".tab")
    return max(line - int(part) + 1 + header, 1)
