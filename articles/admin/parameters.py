"""Numbers sent in a query or a form. Invalid ones are None or left out, never an error."""

from collections.abc import Iterable

LARGEST = 2**63 - 1  # what an id column holds


def read_number(sent: str, largest: int = LARGEST) -> int | None:
    """An integer in ASCII digits from 0 to `largest`; None for anything else (blanks, signs, ２, ², too large)."""
    if not (sent.isascii() and sent.isdecimal() and len(sent) <= len(str(largest))):
        return None
    number = int(sent)
    return number if number <= largest else None


def read_numbers(sent: Iterable[str]) -> list[int]:
    """The valid numbers, in order."""
    return [number for one in sent if (number := read_number(one)) is not None]
