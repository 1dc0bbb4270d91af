"""Check whether the index on disk is still what was written.

The check runs in the background, after an error or a change; a reader's request only leaves a note that it is needed.
"""

import json
import os
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

NOTE = "suspect"  # a file beside the generations: the one in use has caused an error
PARTS = ("idx", "pos", "term", "store", "fast", "fieldnorm")  # of every segment
AT_ONCE = 1 << 20  # bytes
# A tantivy file ends with a footer (JSON that holds the checksum), the footer's length, and a magic number.
END, MAGIC = struct.Struct("<II"), 1337
# tantivy raises these when its files are damaged; its Rust code may also panic.
BROKEN = (ValueError, OSError)


def is_damage(error: BaseException) -> bool:
    """Whether the files may be the cause. A panic is not an Exception, and its class cannot be imported by name."""
    return isinstance(error, BROKEN) or type(error).__module__ == "pyo3_runtime"


def note(home: Path, why: object) -> None:
    with suppress(OSError):
        (home / NOTE).write_text(str(why)[:1000])


def is_noted(home: Path) -> bool:
    return (home / NOTE).exists()


def forget(home: Path) -> None:
    with suppress(OSError):
        clear(home / NOTE)


def clear(path: Path) -> None:
    """Delete the file, link or folder at this path, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def files_of(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and mtime (ns) of each file of the committed segments; these never change. Raises OSError, ValueError."""
    stats = {name: os.stat(folder / name) for name in _names(folder)}
    return {name: (stat.st_size, stat.st_mtime_ns) for name, stat in stats.items()}


def _names(folder: Path) -> Iterator[str]:
    try:
        for segment in json.loads((folder / "meta.json").read_bytes())["segments"]:
            name = segment["segment_id"].replace("-", "")
            yield from (f"{name}.{part}" for part in PARTS)
            if segment["deletes"]:
                yield f"{name}.{segment['deletes']['opstamp']}.del"
    except (KeyError, TypeError) as error:
        raise ValueError("meta.json does not say what there is") from error


def have_changed(folder: Path, files: dict[str, tuple[int, int]]) -> bool:
    try:
        stats = ((os.stat(folder / name), was) for name, was in files.items())
        return any((now.st_size, now.st_mtime_ns) != was for now, was in stats)
    except OSError:
        return True


def fault(folder: Path) -> str:
    """The first fault that the files' checksums show, in words; "" if there is none."""
    try:
        return next(_faults(folder), "")
    except (OSError, ValueError, KeyError, TypeError) as error:
        return str(error)[:200] or type(error).__name__


def _faults(folder: Path) -> Iterator[str]:
    for name in files_of(folder):
        body, told = _body_and_checksum(folder / name)
        seen = 0
        with open(folder / name, "rb") as file:
            while body:
                some = file.read(min(AT_ONCE, body))
                if not some:
                    break
                seen, body = zlib.crc32(some, seen), body - len(some)
        if seen != told:
            yield f"{name} is not as it was written"


def _body_and_checksum(path: Path) -> tuple[int, int]:
    size = path.stat().st_size
    with open(path, "rb") as file:
        file.seek(max(size - END.size, 0))
        length, magic = END.unpack(file.read(END.size).rjust(END.size, b"\0"))
        if magic != MAGIC or length > size - END.size:
            raise ValueError(f"{path.name} has lost its end")
        file.seek(size - END.size - length)
        return size - END.size - length, json.loads(file.read(length))["crc"]
