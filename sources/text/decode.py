"""Decode bytes to text: exact when the encoding is certain, flagged for an editor when it was detected."""

import codecs
from dataclasses import dataclass

from sources.problem import Code, Problem

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Encodings of Chinese pages that are not UTF-8.
LEGACY = ["gb18030", "big5hkscs", "utf_16_le", "utf_16_be", "shift_jis"]
# Encodings tried on broken text, with the lead bytes of the characters each standard classes as common.
_MENDED = {"gb18030": (0xB0, 0xD7), "big5hkscs": (0xA4, 0xC6)}
# The lead bytes of their punctuation, and the second bytes of both.
_SIGNS = {"gb18030": (0xA1, 0xA3), "big5hkscs": (0xA1, 0xA2, 0xA3)}
_TRAILS = {"gb18030": range(0xA1, 0xFF), "big5hkscs": (*range(0x40, 0x7F), *range(0xA1, 0xFF))}
ENOUGH_USUAL, SURELY_USUAL = 0.75, 0.95
_SAMPLE = 100_000  # characters


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, the encoding used, and a problem (None when the decoding is certain)."""

    text: str
    encoding: str
    problem: Problem | None = None


def decode(data: bytes) -> Decoded:
    """Decode as UTF-8, by BOM, or in the likeliest legacy encoding. Never raises.

    Only UTF-8 and a BOM are certain; everything else, and every invalid byte, is reported as a problem. Bytes that no
    encoding decodes without errors are decoded with the one that leaves the fewest broken characters.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :].removeprefix(bom), encoding)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError as error:
        if b"\xef\xbf\xbd" in data or (_mostly_utf8(data) and not _is_usual_gbk(data)):
            return _broken(data, "utf-8", error)
        return _guess(data) or _least_broken(data) or _broken(data, "utf-8", error)


def _strict(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError as error:
        return _broken(data, encoding, error)


def _guess(data: bytes) -> Decoded | None:
    from charset_normalizer import from_bytes  # 2% of a command's start-up time, and rarely needed

    best = from_bytes(data, cp_isolation=LEGACY, enable_fallback=False).best()
    text, encoding = (
        _rather_chinese(data, str(best), best.encoding) if best else _rather_chinese(data, "", "")
    )
    if not encoding:
        return None
    said = f"编码不是 UTF-8，按 {encoding} 读出，请核对"
    return Decoded(text, encoding, Problem(Code.GUESSED_ENCODING, said))


def _rather_chinese(data: bytes, text: str, encoding: str) -> tuple[str, str]:
    """Return the text as GBK, else as Big5, if its characters are then usual ones; else as detected.

    A few words of GBK are also valid Shift-JIS, Big5 and UTF-16, and too few to tell these apart by their language.
    """
    if encoding == "gb18030" or b"\0" in data:
        return text, encoding
    shares = {chinese: _share_usual(data, chinese) for chinese in _MENDED}
    for chinese in sorted(shares, key=shares.get, reverse=True):  # GBK before Big5 where both are as usual
        if shares[chinese] >= ENOUGH_USUAL and (read := _decoded(data, chinese)) is not None:
            return read, chinese
    return text, encoding


def _is_usual_gbk(data: bytes) -> bool:
    """Return True for GBK of usual characters: some of their pairs are valid UTF-8 as well, of Hebrew or Arabic."""
    return _share_usual(data, "gb18030") >= SURELY_USUAL and _decoded(data, "gb18030") is not None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _share_usual(data: bytes, encoding: str) -> float:
    """Return the share of double bytes that are common characters or punctuation in the encoding's standard."""
    (first, last), signs, trail = _MENDED[encoding], _SIGNS[encoding], _TRAILS[encoding]
    usual = pairs = at = 0
    sample = data[:_SAMPLE]
    while at < len(sample):
        if sample[at] < 0x80:
            at += 1
            continue
        pairs += 1
        lead, second = sample[at], sample[at + 1 : at + 2]
        usual += bool(second) and second[0] in trail and (first <= lead <= last or lead in signs)
        at += 2
    return usual / max(pairs, 1)


def _least_broken(data: bytes) -> Decoded | None:
    """Decode in the Chinese encoding that leaves the smallest share of broken characters; None if UTF-8 leaves no
    more, or if the result is not Chinese."""
    found, least = None, _share_broken(data.decode("utf-8", "replace"))
    for encoding in _MENDED:
        text = data.decode(encoding, "replace")
        share = _share_broken(text)
        if share < least and _is_common(text, encoding):
            found, least = (text, encoding), share
    if found is None:
        return None
    text, encoding = found
    read = f"编码不是 UTF-8，按 {encoding} 读出"
    if "\ufffd" not in text:
        return Decoded(text, encoding, Problem(Code.GUESSED_ENCODING, f"{read}，请核对"))
    line = text.count("\n", 0, text.find("\ufffd")) + 1
    said = f"{read}，第 {line} 行起有坏字节，已标出，请核对"
    return Decoded(text, encoding, Problem(Code.GUESSED_WITH_FAULTS, said, line))


def _share_broken(text: str) -> float:
    return text.count("\ufffd") / max(len(text) - len(text.encode("ascii", "ignore")), 1)


def _is_common(text: str, encoding: str) -> bool:
    """Return True if most non-ASCII characters are ones that the encoding's standard classes as common."""
    beyond = [char for char in text[:_SAMPLE] if char > "\x7f" and char != "\ufffd"]
    first, last = _MENDED[encoding]
    leads = ((char.encode(encoding, "ignore") + b"\0")[0] for char in beyond)
    return 2 * sum(first <= lead <= last for lead in leads) > len(beyond)


def _mostly_utf8(data: bytes) -> bool:
    """Return True if most of the non-ASCII text is valid UTF-8: damaged UTF-8, not another encoding."""
    sound = data.decode("utf-8", "ignore")
    beyond = sum(len(c.encode()) for c in sound if c > "\x7f")
    return beyond * 2 > sum(byte > 0x7F for byte in data)


def _broken(data: bytes, encoding: str, error: UnicodeDecodeError) -> Decoded:
    line = data.count(b"\n", 0, error.start) + 1
    text = data.decode(encoding, "replace")
    said = f"第 {line} 行有坏字节（第 {error.start} 字节起，{encoding}），已标为 \ufffd"
    return Decoded(text, encoding, Problem(Code.BAD_BYTES, said, line))
