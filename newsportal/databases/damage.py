"""Damage of the database that one process has met is told by all: a note in NEWSPORTAL_HOME until it is found whole."""

import time
from contextlib import suppress

from django.conf import settings

NOTE = "database-damaged"
TIME = 1.0  # seconds to look through a file of SQLite
LOOK_EVERY = 1000  # steps of SQLite's machine between two looks at the clock


def note(why: object) -> None:
    with suppress(OSError):
        (settings.HOME / NOTE).write_text(f"{why}\n")


def is_there(connection) -> bool:
    """Whether damage was met, and a look through the whole of the file does not deny it. PostgreSQL has no such look:
    there an operator deletes the note."""
    file = settings.HOME / NOTE
    if not file.exists():
        return False
    if connection.vendor != "sqlite" or not _is_whole(connection):
        return True
    with suppress(OSError):
        file.unlink()
    return False


def _is_whole(connection) -> bool:
    """Raises what the database raises, also when the time is over: then it is not known to be whole."""
    until = time.monotonic() + TIME
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: time.monotonic() > until, LOOK_EVERY)
    try:
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    finally:
        connection.connection.set_progress_handler(None, LOOK_EVERY)
