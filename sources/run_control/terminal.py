"""For messages on a terminal: names on one line, and recognising a full disk."""

import errno

from sources.reading.read import printable

# In the error messages of SQLite and PostgreSQL.
_DISK_FULL = ("disk is full", "No space left on device")


def is_disk_full(error: BaseException | None) -> bool:
    """Whether an error means that no space is left on the disk."""
    full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return full or any(sign in str(error) for sign in _DISK_FULL)


def visible(text: str) -> str:
    """A name or reason on one line of a terminal: control and unprintable characters as escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in printable(text))
