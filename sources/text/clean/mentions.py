"""Securities in generated links: the quote site's codes and market numbers, converted to symbols. Pure."""

import re
from typing import NamedTuple

# The quote site's market numbers (formats.md): Shanghai, Shenzhen, Hong Kong, NASDAQ, NYSE, NYSE American, boards,
# foreign indexes. Shenzhen's 0 is also used for Beijing's codes.
MARKETS = {"1": "SH", "0": "SZ", "116": "HK", "105": "O", "106": "N", "107": "A", "90": "BK", "100": "IDX"}
_BEIJING = ("4", "8", "92")
# A US share class follows a dot, or the site's substitute for one: BRK.A, BRK_A. Never match part of a code: with more
# characters it is another code, unknown to us.
_CODE = (
    r"(?:[A-Za-z]{1,6}[._-](?!htm)[A-Za-z]{1,3}|[A-Za-z0-9]{1,12})(?![A-Za-z0-9_-]|\.(?!html?\b)[A-Za-z0-9])"
)
_CLASS_SIGNS = str.maketrans("_-", "..")
_COMMA = re.compile(rf"^\s*(\d+),({_CODE})")
_BAR = re.compile(rf"^\s*(?:[A-Z] )?({_CODE})\|(\d+)\|")
_DOT = re.compile(rf"(?:nid=|unify/r/|^(?:stock|bk|quote)_)(\d+)\.({_CODE})")


class Named(NamedTuple):
    """A security named in a text: code, market (SH, SZ, BJ, HK, O, N, A, BK, IDX), kind, and the name used."""

    code: str
    market: str
    kind: str
    name: str = ""


def read_code(value: str, name: str = "") -> Named | None:
    """Parse `1,600160`, `601939|1|1`, `…/unify/r/116.00939`, `nid=0.002752` or `106,BRK_A`; None for anything else."""
    if match := _COMMA.match(value) or _DOT.search(value):
        return named(match[1], match[2], name)
    if match := _BAR.match(value):
        return named(match[2], match[1], name)
    return None


def named(market_number: str, code: str, name: str = "") -> Named | None:
    """Return the security for a market number and code; None for an unknown market."""
    market = MARKETS.get(market_number)
    if market is None:
        return None
    if market == "SZ" and code.startswith(_BEIJING):
        market = "BJ"
    return Named(code.upper().translate(_CLASS_SIGNS), market, _kind(code, market), name)


def _kind(code: str, market: str) -> str:
    if market == "BK":
        return "board"
    index = market == "IDX" or (market == "SH" and code.startswith("000"))
    return "index" if index or (market == "SZ" and code.startswith("399")) else "share"
