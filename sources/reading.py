"""One input from bytes to what a reader makes of it. Pure of models, so that worker processes run it."""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from sources.formats import FORMATS, format_of
from sources.formats.raw import NotAnArticle, OldAddress, RawArticle, Unreadable
from sources.walk import Found, read_bytes


@dataclass(slots=True)
class Read:
    """What one input gave: articles or an old address, or the reason why neither; and the bytes it came from."""

    name: str
    sha256: str = ""
    raw: bytes | None = None  # zlib-compressed
    found: list[RawArticle | OldAddress] = field(default_factory=list)
    rejected: str = ""
    skipped: str = ""


def read_inputs(inputs: Sequence[Found], format_name: str = "auto") -> list[Read]:
    """Read a batch of inputs, each by itself: one that fails is a Read with its reason, and the rest goes on."""
    return [read_input(found, format_name) for found in inputs]


def read_input(found: Found, format_name: str = "auto") -> Read:
    """Read one input in the given format, or in the one its name points to. Never raises."""
    name = found.name
    if found.refused:
        return Read(name, rejected=found.refused)
    chosen = format_of(found.name) if format_name == "auto" else format_name
    if chosen is None or found.name.rpartition("/")[2].startswith("."):
        return Read(name, skipped="不是稿件的文件类型")
    try:
        data = read_bytes(found)
    except OSError as error:
        return Read(name, rejected=f"读不出：{error.strerror}")
    read = Read(name, hashlib.sha256(data).hexdigest(), zlib.compress(data, 1))
    try:
        read.found = list(FORMATS[chosen](data, found.name))
        for one in read.found:
            if isinstance(one, RawArticle):
                one.fit()
    except NotAnArticle as reason:
        read.skipped = str(reason)
    except Unreadable as reason:
        read.rejected = str(reason)
    except Exception as error:  # noqa: BLE001 (a reader's fault must cost one input, not the run)
        read.rejected = f"程序没能读懂它（{type(error).__name__}: {str(error)[:200]}），原文已留存"
    return read


def printable(name: str) -> str:
    """A file name as it can be stored and shown: bytes that are no UTF-8 as \\udcXX escapes, NUL left out."""
    return name.encode("utf-8", "backslashreplace").decode().replace("\0", "")
