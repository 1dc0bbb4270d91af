"""Only one import writes at a time: a lock that the system or the database releases when its owner dies."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection

from sources.models import ImportRun

# An arbitrary key, used by no other lock in the database.
ADVISORY_KEY = 0x6E657773


class ImportUnderWay(Exception):
    """Another import is running; the message names it and says what to do."""


@contextmanager
def import_lock() -> Iterator[None]:
    """Hold the import lock, and mark runs whose process died as interrupted. Raises ImportUnderWay if it is taken."""
    take = _postgresql_lock if connection.vendor == "postgresql" else _file_lock
    with take() as got:
        if not got:
            raise ImportUnderWay(_who_has_it())
        for run in ImportRun.objects.filter(state=ImportRun.State.RUNNING):
            run.interrupt()
        yield


def close_broken_connection() -> None:
    """After a stop: close a PostgreSQL session that was interrupted in the middle of a query, as it is unusable. The
    next query opens another."""
    if connection.vendor != "postgresql" or connection.connection is None or connection.in_atomic_block:
        return
    from psycopg.pq import TransactionStatus  # slow to load, and not needed on SQLite

    if connection.connection.info.transaction_status != TransactionStatus.IDLE:
        connection.close()


@contextmanager
def _file_lock() -> Iterator[bool]:
    connection.ensure_connection()  # where there is no database its error says what to do, and nothing is made
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)  # a database may lie elsewhere
    with (home / "import.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


@contextmanager
def _postgresql_lock() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_KEY])
        got, session = cursor.fetchone()[0], connection.connection
        try:
            yield got
        finally:
            # A session that has ended (a stop can interrupt it in a query) has released the lock.
            if got and connection.connection is session and not session.closed:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])


def _who_has_it() -> str:
    run = ImportRun.objects.filter(state=ImportRun.State.RUNNING).first()
    which = f"第 {run.pk} 批（{run.started_at:%m-%d %H:%M} UTC 开始）" if run else "另一个进程"
    return f"{which}正在导入；等它结束再来，先到的不会受影响"
