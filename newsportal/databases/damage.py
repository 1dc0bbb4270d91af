"""Share the discovery of database damage between processes: a note in NEWSPORTAL_HOME, until a check passes."""

import time
from contextlib import suppress

from django.conf import settings

NOTE = "database-damaged"
TIME = 1.0  # seconds for checking a SQLite file
LOOK_EVERY = 1000  # SQLite virtual machine steps between checks of the time


def note(why: object) -> None:
    with suppress(OSError):
        (settings.HOME / NOTE).write_text(f"{why}\n")


def is_there(connection) -> bool:
    """Whether damage was noted and no check of the whole file disproves it.

    PostgreSQL has no such check: there an operator deletes the note.
    """
    file = settings.HOME / NOTE
    if not file.exists():
        return False
    if connection.vendor != "sqlite" or not _is_whole(connection):
        return True
    with suppress(OSError):
        file.unlink()
    return False


def _is_whole(connection) -> bool:
    """Raises the database's errors, also when TIME is over: then the state is unknown."""
    until = time.monotonic() + TIME
    connection.ensure_connection()
    connection.connection.set_progress_handler(lambda: time.monotonic() > until, LOOK_EVERY)
    try:
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
    finally:
        connection.connection.set_progress_handler(None, LOOK_EVERY)
