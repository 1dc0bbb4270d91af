"""Decode XML and HTML bytes: the declared encoding counts if UTF-8 and a BOM do not decide. Pure."""

import codecs
import re

from sources.text.decode import BOMS, Decoded, decode

_DECLARED = re.compile(
    rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([\w.:-]{2,40})|<meta\s[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})""",
    re.I,
)
# Text declared in these encodings is really written in the larger superset.
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs", "iso8859-1": "cp1252"}
_HEAD = 4096


def decode_markup(data: bytes) -> Decoded:
    """Like decode, but bytes that are not UTF-8 and decode without errors in their declared encoding are certain."""
    if any(data.startswith(bom) for bom, _ in BOMS):
        return decode(data)
    match = _DECLARED.search(data[:_HEAD])
    if match:
        try:
            return Decoded(data.decode("utf-8"), "utf-8")
        except UnicodeDecodeError:
            pass
        try:
            name = codecs.lookup((match[1] or match[2]).decode("ascii")).name
            name = _LARGER.get(name, name)
            return Decoded(data.decode(name), name)
        except (LookupError, UnicodeDecodeError, ValueError):
            pass
    return decode(data)
