"""Bytes to text: exactly where the encoding is certain, flagged for an editor where it had to be found out."""

import codecs
from dataclasses import dataclass

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# What Chinese pages come in when they do not come in UTF-8.
LEGACY = ["gb18030", "big5hkscs", "utf_16_le", "utf_16_be", "shift_jis"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding it was read in, and a problem in words ("" when the reading is certain)."""

    text: str
    encoding: str
    problem: str = ""


def decode(data: bytes) -> Decoded:
    """Read bytes as UTF-8, as what a BOM says, or as the likeliest legacy encoding; never raises.

    Only the first two are certain; everything else, and every broken byte, is a problem to look at.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :].removeprefix(bom), encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        return _guess(data) or _broken(data, "utf-8", error)


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        return _broken(data, encoding, error)


def _guess(data: bytes) -> Decoded | None:
    if b"\xef\xbf\xbd" in data or _mostly_utf8(data):
        return None
    from charset_normalizer import from_bytes  # a fiftieth of a command's start, and seldom needed

    best = from_bytes(data, cp_isolation=LEGACY, enable_fallback=False).best()
    if best is None:
        return None
    return Decoded(str(best), best.encoding, f"编码不是 UTF-8，按 {best.encoding} 读出，请核对")


def _mostly_utf8(data: bytes) -> bool:
    """Whether most of the non-ASCII text is sound UTF-8: then it is broken UTF-8 and not another encoding."""
    sound = data.decode("utf-8", "ignore")
    beyond = sum(len(c.encode()) for c in sound if c > "\x7f")
    return beyond * 2 > sum(byte > 0x7F for byte in data)


def _broken(data: bytes, encoding: str, error: UnicodeDecodeError) -> Decoded:
    line = data.count(b"\n", 0, error.start) + 1
    text = data.decode(encoding, "replace")
    return Decoded(
        text, encoding, f"第 {line} 行有坏字节（第 {error.start} 字节起，{encoding}），已标为 \ufffd"
    )
