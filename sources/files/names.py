"""Names of files and archive members whose bytes are not UTF-8."""

import re

_UNDECODED = re.compile(r"[\udc80-\udcff]")


def readable_name(name: str) -> str:
    """Return a path in which Python kept bytes that are not UTF-8 (as \\udcXX), with those read as GBK.

    Each part is read by itself, because folders and files may come from different systems. A part that is not GBK
    either keeps its bytes.
    """
    return name if name.isprintable() else "/".join(map(_part, name.split("/")))


def _part(name: str) -> str:
    if not _UNDECODED.search(name):
        return name
    try:
        return name.encode("utf-8", "surrogateescape").decode("gbk")
    except UnicodeError:
        return name


def told_apart(name: str) -> str:
    """Return a name for an id: read as GBK where it can be, else with each undecoded byte as %XX. Without those bytes,
    two names could become one."""
    if name.isprintable():
        return name
    return _UNDECODED.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", readable_name(name))
