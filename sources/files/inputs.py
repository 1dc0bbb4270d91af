"""One input as it is found, before anybody reads it."""

import os
from dataclasses import dataclass
from typing import NamedTuple

LARGEST = 20 * 1024 * 1024  # bytes of one file: fifty times the longest real post
LARGEST_TABLE = 200 * 1024 * 1024  # of a file of many articles
AT_ONCE = (
    64 * 1024
)  # a post fits; asking for as much as a file may have costs ten times the reading of a post
TABLES = {".csv", ".tsv", ".jsonl", ".ndjson", ".json"}


@dataclass(frozen=True, slots=True)
class Found:
    """One input: its name as found under the path given, the file it lies in, why it must not be read ("" if it may),
    and its bytes where they are at hand already (a member of an archive, an upload)."""

    name: str
    path: str
    refused: str = ""
    data: bytes | None = None


class FileName(NamedTuple):
    """The parts of an input's name: the folder it lies in (its last part only), the stem, the suffix in lower case."""

    folder: str
    stem: str
    suffix: str


def file_name(name: str) -> FileName:
    """Split a name as walk gives it, such as `a.zip!posts/2022-03-01-x.md`; a leading dot is no suffix."""
    folder, _, base = name.rpartition("!")[2].rpartition("/")
    stem, dot, suffix = base.rpartition(".")
    parts = (stem, f"{dot}{suffix}".lower()) if stem.strip(".") else (base, "")
    return FileName(folder.rpartition("/")[2], *parts)


def largest(name: str) -> int:
    """How many bytes an input of this name may have."""
    return LARGEST_TABLE if file_name(name).suffix in TABLES else LARGEST


class TooLarge(Exception):
    """The input has more bytes than its kind may have; the message says how many, and what to do."""


def read_bytes(found: Found) -> bytes:
    """The bytes of an input that may be read, through no link. Raises OSError and TooLarge."""
    if found.data is not None:
        return found.data
    file = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        data = os.read(file, AT_ONCE)
        return data if len(data) < AT_ONCE else _to_the_end(file, data, largest(found.name))
    finally:
        os.close(file)


def _to_the_end(file: int, beginning: bytes, most: int) -> bytes:
    if (size := os.fstat(file).st_size) > most:
        raise TooLarge(f"文件有 {size >> 20} MB，超过 {most >> 20} MB 的上限，未读；请拆开再导入")
    parts, size = [beginning], len(beginning)
    while size < most and (part := os.read(file, min(most - size, LARGEST))):
        parts.append(part)
        size += len(part)
    return b"".join(parts)
