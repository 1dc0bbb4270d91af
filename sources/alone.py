"""A part of a file (a table's row, a feed's entry) made readable without the rest of the file. Pure."""

import re

from sources.formats.suffixes import WORKBOOKS
from sources.inputs import file_name

_PART = re.compile(r"\A(.*\.[A-Za-z0-9]{1,8}):([^:/]*)\Z", re.S)
_RSS = (
    b'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    b'xmlns:atom="http://www.w3.org/2005/Atom"><channel>\n%b\n</channel></rss>'
)
_ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">\n%b\n</feed>'
_JSON_FEED = b'{"version": "https://jsonfeed.org/version/1.1", "items": [\n%b\n]}'
_FEEDS = {".rss", ".atom", ".xml", ".rdf"}


def file_and_part(name: str) -> tuple[str, str]:
    """The file an input stood in and which part of it it was ("" for the whole): `a.csv:12` is row 12 of a.csv."""
    match = _PART.match(name)
    return (match[1], match[2]) if match else (name, "")


def by_itself(name: str, data: bytes, format_name: str = "auto") -> tuple[str, bytes]:
    """Name and bytes under which a reader takes the part as it took it in its file; a whole file stays as it is."""
    file, part = file_and_part(name)
    if not part:
        return name, data
    suffix, begins = file_name(file).suffix, data.lstrip()
    if suffix in WORKBOOKS:
        return f"{file}.jsonl", data
    if begins.startswith(b"<item"):
        return file, _RSS % data
    if begins.startswith(b"<entry"):
        return file, _ATOM % data
    if (
        begins.startswith(b"{")
        and b"jsonfeed.org/version" not in data
        and (format_name == "feed" or suffix in _FEEDS)
    ):
        return file, _JSON_FEED % data
    return file, data


def line_of(reason: str, name: str) -> int | None:
    """The line of a part's own bytes at which a reason says it went wrong; None where it names no line.

    Reasons count lines of the whole file; the bytes of a row of CSV are its header and itself.
    """
    match = re.search(r"第 ?(\d{1,9}) ?(?:行|至)", reason)
    if not match:
        return None
    file, part = file_and_part(name)
    if not part:
        return int(match[1])
    if not part.isdecimal() or file_name(file).suffix in WORKBOOKS:
        return 1
    header = file_name(file).suffix in (".csv", ".tsv", ".tab")
    return max(int(match[1]) - int(part) + 1 + header, 1)
