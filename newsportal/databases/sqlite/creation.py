"""Databases for tests: made as others are, and remembered by nobody."""

from django.db.backends.sqlite3 import creation


class DatabaseCreation(creation.DatabaseCreation):
    def create_test_db(self, *args, **kwargs):
        self.connection.for_tests = True
        return super().create_test_db(*args, **kwargs)
