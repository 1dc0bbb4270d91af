"""Test databases: created as other databases are, but not recorded in databases.json."""

from django.db.backends.sqlite3 import creation


class DatabaseCreation(creation.DatabaseCreation):
    def create_test_db(self, *args, **kwargs):
        self.connection.for_tests = True
        return super().create_test_db(*args, **kwargs)
