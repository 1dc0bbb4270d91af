"""Whether a database error means that somebody else holds a lock, so that a retry may succeed."""

import sqlite3

from django.db import OperationalError

_SQLITE = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_POSTGRES = (
    "55P03",
    "57014",
    "40001",
    "40P01",
)  # no lock, no time, no order of two, each waits for the other


def is_busy(error: OperationalError) -> bool:
    """False if the database is away, read-only or full: a retry would not help."""
    cause = error.__cause__ or error
    if (code := getattr(cause, "sqlite_errorcode", None)) is not None:
        return code & 0xFF in _SQLITE
    return getattr(cause, "sqlstate", None) in _POSTGRES or "is locked" in str(error)
