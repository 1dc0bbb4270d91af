"""Numbers that a browser sends in an address or a form. Nothing here raises: what is no number is None or left out."""

from collections.abc import Iterable

LARGEST = 2**63 - 1  # what an id column holds


def read_number(sent: str, largest: int = LARGEST) -> int | None:
    """A whole number in ASCII digits, from 0 to `largest`; None for all else (blanks, signs, ２, ², too large)."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= len(str(largest))):
        return None
    number = int(sent)
    return number if number <= largest else None


def read_numbers(sent: Iterable[str]) -> list[int]:
    """Those of several values that are numbers, in their order."""
    return [number for one in sent if (number := read_number(one)) is not None]
