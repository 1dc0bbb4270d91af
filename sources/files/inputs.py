"""An input as found, before it is read."""

import os
from dataclasses import dataclass
from typing import NamedTuple

LARGEST = 20 * 1024 * 1024  # bytes of one file: fifty times the longest real post
LARGEST_TABLE = 200 * 1024 * 1024  # bytes of a file with many articles
AT_ONCE = 64 * 1024  # fits a post; requesting the maximum file size takes ten times as long per post
TABLES = {".csv", ".tsv", ".jsonl", ".ndjson", ".json"}


@dataclass(frozen=True, slots=True)
class Found:
    """One input: its name relative to the given path, its file, why it must not be read ("" if it may), and its
    bytes if already loaded (an archive member, an upload). `named`: somebody asked for this very file."""

    name: str
    path: str
    refused: str = ""
    data: bytes | None = None
    named: bool = False


class FileName(NamedTuple):
    """The parts of an input's name: folder (last part only), stem, and suffix in lower case."""

    folder: str
    stem: str
    suffix: str


def file_name(name: str) -> FileName:
    """Split a name from walk, such as `a.zip!posts/2022-03-01-x.md`; a leading dot does not start a suffix."""
    folder, _, base = name.rpartition("!")[2].rpartition("/")
    stem, dot, suffix = base.rpartition(".")
    parts = (stem, f"{dot}{suffix}".lower()) if stem.strip(".") else (base, "")
    return FileName(folder.rpartition("/")[2], *parts)


def largest(name: str) -> int:
    """Return the maximum size in bytes of an input with this name."""
    return LARGEST_TABLE if file_name(name).suffix in TABLES else LARGEST


class TooLarge(Exception):
    """The input exceeds the maximum size for its kind; the message says by how much, and what to do."""


def read_bytes(found: Found) -> bytes:
    """Return an input's bytes, without following links. Raises OSError and TooLarge."""
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
