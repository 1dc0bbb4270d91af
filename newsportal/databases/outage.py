"""What an error says of the database: away, locked, read-only, full, damaged, or nothing at all."""

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
    """Why there is no answer; the value is what /readyz says."""

    AWAY = "unreachable"
    CUT = "cut off"  # a connection that was there ended under the request
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
# By SQLSTATE or its first two letters, the longer first (PostgreSQL, appendix A).
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
# Of psycopg's classes those that tell of the connection, not of a mistake in what was asked.
_NOT_OURS = {"OperationalError", "InterfaceError"}
# As psycopg, and our own waiting, begin to say it.
_NOT_REACHED = ("connection", "failed to resolve", NO_ANSWER)
_DISK = {
    errno.EROFS: Outage.READ_ONLY,
    errno.EACCES: Outage.READ_ONLY,
    errno.ENOSPC: Outage.FULL,
    errno.EDQUOT: Outage.FULL,
}


def outage_of(error: BaseException | None) -> Outage | None:
    """What is amiss outside of our code; None if it is a mistake of ours."""
    return next((found for one in _chain(error) if (found := _of(one))), None)


def nothing_there(error: DatabaseError) -> str:
    """What to say at a command line where there is no database, or none that was ever migrated; "" otherwise."""
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
    if hasattr(
        error, "sqlstate"
    ):  # psycopg's, which is not loaded for SQLite: it takes as long as Django's models
        return _of_postgres(error)
    if isinstance(error, OSError):
        return _DISK.get(error.errno)
    # Our own, without a cause: see newsportal.databases.postgresql.
    if isinstance(error, (DatabaseError, InterfaceError)) and error.__cause__ is None:
        return Outage.AWAY if str(error) == NO_ANSWER else None
    return None


def _of_sqlite(error: sqlite3.Error) -> Outage | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is not None and code & 0xFF in _SQLITE:
        return _SQLITE[code & 0xFF]
    return Outage.EMPTY if str(error).startswith("no such table") else None


def _of_postgres(error) -> Outage | None:
    """Of an error of psycopg."""
    state = error.sqlstate or ""
    found = _POSTGRES.get(state) or _POSTGRES.get(state[:2])
    if found or state or not _NOT_OURS.intersection(kind.__name__ for kind in type(error).__mro__):
        return found
    # Without a word from the server: it was not reached, or went away meanwhile.
    return Outage.AWAY if str(error).startswith(_NOT_REACHED) else Outage.CUT
