"""Classify a database error: unreachable, locked, read-only, full, damaged, or no outage."""

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum

from django.conf import settings
from django.db import DatabaseError, InterfaceError

from newsportal.databases import known
from newsportal.databases.patience import NO_ANSWER
from newsportal.databases.sqlite.base import Missing


class Outage(StrEnum):
    """Why the database does not answer; /readyz shows the value."""

    AWAY = "unreachable"
    CUT = "cut off"  # an established connection ended during the request
    BUSY = "locked"
    READ_ONLY = "read-only"
    FULL = "disk full"
    DAMAGED = "damaged"
    MISSING = "missing"
    EMPTY = "empty"


_SQLITE = {
    sqlite3.SQLITE_BUSY: Outage.BUSY,
    sqlite3.SQLITE_LOCKED: Outage.BUSY,
    sqlite3.SQLITE_PROTOCOL: Outage.BUSY,
    sqlite3.SQLITE_READONLY: Outage.READ_ONLY,
    sqlite3.SQLITE_FULL: Outage.FULL,
    sqlite3.SQLITE_CORRUPT: Outage.DAMAGED,
    sqlite3.SQLITE_NOTADB: Outage.DAMAGED,
    sqlite3.SQLITE_IOERR: Outage.AWAY,
    sqlite3.SQLITE_CANTOPEN: Outage.AWAY,
    sqlite3.SQLITE_PERM: Outage.AWAY,
    sqlite3.SQLITE_NOMEM: Outage.AWAY,
}
# By SQLSTATE, else by its first two letters (PostgreSQL manual, appendix A).
_POSTGRES = {
    "57014": Outage.BUSY,  # a statement took too long
    "55P03": Outage.BUSY,  # a lock did
    "53100": Outage.FULL,
    "25006": Outage.READ_ONLY,
    "42P01": Outage.EMPTY,  # no such table
    "3D000": Outage.MISSING,  # no such database
    "57": Outage.CUT,
    "08": Outage.CUT,
    "53": Outage.AWAY,
    "58": Outage.AWAY,
    "XX": Outage.DAMAGED,
    "40": Outage.BUSY,
}
# psycopg's classes for connection errors, as opposed to mistakes in a query.
_NOT_OURS = {"OperationalError", "InterfaceError"}
# Beginnings of the messages of psycopg, and of our own time limit.
_NOT_REACHED = ("connection", "failed to resolve", NO_ANSWER)
_DISK = {
    errno.EROFS: Outage.READ_ONLY,
    errno.EACCES: Outage.READ_ONLY,
    errno.ENOSPC: Outage.FULL,
    errno.EDQUOT: Outage.FULL,
}


def outage_of(error: BaseException | None) -> Outage | None:
    """The outage that this error comes from; None if the fault is in our code."""
    return next((found for one in _chain(error) if (found := _of(one))), None)


def nothing_there(error: DatabaseError) -> str:
    """A command-line message if the database does not exist or was never migrated; "" otherwise."""
    if outage_of(error) not in (Outage.MISSING, Outage.EMPTY):
        return ""
    return known.missing(settings.DATABASES["default"])


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    while error is not None and error not in seen:
        yield error
        seen.append(error)
        error = error.__cause__ or error.__context__


def _of(error: BaseException) -> Outage | None:
    if isinstance(error, Missing):
        return Outage.MISSING
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    # psycopg's. Found by attribute, because importing psycopg takes as long as importing Django's models.
    if hasattr(error, "sqlstate"):
        return _of_postgres(error)
    if isinstance(error, OSError):
        return _DISK.get(error.errno)
    # Raised without a cause by newsportal.databases.postgresql.
    if isinstance(error, (DatabaseError, InterfaceError)) and error.__cause__ is None:
        return Outage.AWAY if str(error) == NO_ANSWER else None
    return None


def _of_sqlite(error: sqlite3.Error) -> Outage | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _SQLITE:
        return _SQLITE[code & 0xFF]
    return Outage.EMPTY if str(error).startswith("no such table") else None


def _of_postgres(error) -> Outage | None:
    """The outage in an error of psycopg."""
    state = error.sqlstate or ""
    found = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if found or state or not _NOT_OURS.intersection(kind.__name__ for kind in type(error).__mro__):
        return found
    # No SQLSTATE: the server was not reached, or the connection ended.
    return Outage.AWAY if str(error).startswith(_NOT_REACHED) else Outage.CUT
