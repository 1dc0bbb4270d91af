"""Test databases."""

from django.db.backends.postgresql import creation


class DatabaseCreation(creation.DatabaseCreation):
    def create_test_db(self, *args, **kwargs):
        self.connection.for_tests = True
        return super().create_test_db(*args, **kwargs)
