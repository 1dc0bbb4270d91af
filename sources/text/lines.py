"""One-line values (headlines, names, links): keep only what can be stored and shown on one line."""

import re

_UNSEEN = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]+")


def one_line(value: str) -> str:
    """Return the value without line breaks, control characters and lone surrogates; "" if nothing visible is left."""
    if value.isprintable():  # true for nearly every value, and saves two regexes
        return value.strip()
    line = _UNFIT.sub(" ", value).strip()
    return line if _UNSEEN.sub("", line).strip() else ""


_LOGIN = re.compile(r"(?<=://)[^\s/?#]*@")


def without_login(url: str) -> str:
    """Return the URL with its user name and password masked, for lists, messages and logs."""
    return _LOGIN.sub("***@", url)
