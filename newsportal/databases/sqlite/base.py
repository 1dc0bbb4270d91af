"""Django's SQLite backend, except that opening never creates a file, a replaced file is noticed, and web requests do
not wait long for a lock."""

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote

from django.db.backends.sqlite3 import base, features

from newsportal.databases import known, patience
from newsportal.databases.sqlite.creation import DatabaseCreation


class Missing(sqlite3.OperationalError):
    """The database file does not exist, and connecting does not create it; the message says what to do."""


class DatabaseFeatures(features.DatabaseFeatures):
    # JSON is built in since SQLite 3.38. Django would query the database, which fails if it does not exist yet.
    supports_json_field = True


class DatabaseWrapper(base.DatabaseWrapper):
    """`opened` is the path of the open file and `file` its (device, inode); `waits` is its lock time-out in seconds."""

    features_class = DatabaseFeatures
    creation_class = DatabaseCreation
    opened: str | None = None
    file: tuple[int, int] | None = None
    waits: float | None = None
    for_tests = False

    def get_connection_params(self):
        params = super().get_connection_params()
        if path := self.path():
            params["database"] = f"file:{quote(str(path))}?mode={'rwc' if self.for_tests else 'rw'}"
        if patience.request():
            params["timeout"] = patience.locks.seconds()
        self.waits = params.get("timeout")
        return params

    def path(self) -> Path | None:
        """The path of the database file; None for one in memory or a file: URI."""
        name = str(self.settings_dict["NAME"])
        return None if name.startswith("file:") or self.is_in_memory_db() else Path(name).absolute()

    def get_new_connection(self, conn_params):
        path = self.path()
        self.opened = str(path) if path else None
        self.file = self._file()
        if path and self.file is None and not path.exists() and not self.for_tests:
            raise Missing(known.missing(self.settings_dict))
        return super().get_new_connection(conn_params)

    def connect(self):
        super().connect()
        self._suit(patience.request())

    def is_usable(self):
        """Whether the open file is still the one at this path. Costs one stat."""
        return self.file == self._file()

    def close_if_health_check_failed(self):
        if self.health_check_done:
            return
        super().close_if_health_check_failed()
        if self.connection is not None:
            self._suit(patience.request())

    def _file(self) -> tuple[int, int] | None:
        try:
            found = os.stat(self.opened) if self.opened else None
        except OSError:
            return None
        return found and (found.st_dev, found.st_ino)

    def _suit(self, request: patience.Request | None) -> None:
        """Set the lock time-out for this request; a request that writes may wait longer for other writers."""
        if request is None:
            return
        self._wait(patience.locks.seconds())
        if not request.reads_only:
            with self.wrap_database_errors:
                self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            self._wait(patience.BUSY)

    def _wait(self, seconds: float) -> None:
        if self.waits != seconds:
            self.connection.execute(f"PRAGMA busy_timeout = {round(1000 * seconds)}")
            self.waits = seconds

    def commit(self):
        super().commit()
        if request := patience.request():
            request.committed = True
