"""Databases for tests: made as others are, and remembered by nobody."""

from pathlib import Path

from django.db.backends.sqlite3 import creation


class DatabaseCreation(creation.DatabaseCreation):
    def create_test_db(self, *args, **kwargs):
        self.connection.for_tests = True
        return super().create_test_db(*args, **kwargs)

    def _create_test_db(self, *args, **kwargs):
        name = super()._create_test_db(*args, **kwargs)
        if not self.is_in_memory_db(name):
            Path(name).touch()
        return name
