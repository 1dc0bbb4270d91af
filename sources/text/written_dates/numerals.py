"""One spelling for what dates are written with: width, dashes, Chinese numerals. Pure."""

import re
import unicodedata

_DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")}
_DIGITS |= dict.fromkeys("零○OoОо0", 0) | {"两": 2, "兩": 2}
_IN_CHINESE = re.compile(r"[零〇○OoОо0一二两兩三四五六七八九十廿卅]{1,4}(?=[年月日号號时時点點分秒])")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣", "-") | {"∶": ":", "︰": ":", "，": ","})
# Invisible characters; browsers put some into the dates they print.
_UNSEEN = re.compile("[\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_BLANKS = re.compile(r"\s+")


def plainly_written(value: str) -> str:
    """Return a date in half width, with single spaces, and with its Chinese numerals as digits."""
    if value.isascii():
        return _BLANKS.sub(" ", value).strip()
    text = unicodedata.normalize("NFKC", value.translate(_DASHES)).translate(_DASHES)
    text = _UNSEEN.sub("", text)
    return _BLANKS.sub(" ", text).strip()


def with_digits(text: str) -> str:
    """Return 二〇二二年三月十一日 as 2022年3月11日. Numerals that make no number stay."""
    return text if text.isascii() else _IN_CHINESE.sub(_number, text)


def _number(match: re.Match) -> str:
    written = match[0]
    if written.isascii():
        return written
    unit = match.string[match.end()]
    if unit == "年":
        digits = [str(_DIGITS[one]) for one in written if one in _DIGITS]
        return "".join(digits) if len(written) == len(digits) == 4 else written
    return _below_hundred(written)


def _below_hundred(written: str) -> str:
    tens, ten, ones = written.replace("廿", "二十").replace("卅", "三十").partition("十")
    if "十" in ones or len(tens) > (1 if ten else 2) or len(ones) > 1:
        return written
    if not ten:
        return str(int("".join(str(_DIGITS[one]) for one in tens)))
    return str(10 * (_DIGITS[tens] if tens else 1) + (_DIGITS[ones] if ones else 0))
