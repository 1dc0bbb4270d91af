"""Django's `migrate`, which also sets up a portal: it makes the home folder, a local site's secret key and, if there
never was one, the SQLite file. It never replaces a lost file with an empty one."""

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import connections

from newsportal.config import home, secret_key
from newsportal.databases import known


class Command(migrate.Command):
    def execute(self, *args, **options):
        home.make(settings.HOME)
        if settings.MAKES_SECRET_KEY:
            secret_key.make(settings.SECRET_KEY_FILE)
        # Done here, because the system checks that run before `handle` use the database.
        connection = connections[options["database"]]
        _prepare(connection)
        said = super().execute(*args, **options)
        if not connection.for_tests:
            known.remember(connection)
        return said


def _prepare(connection) -> None:
    """Create the SQLite file; raise CommandError if the database existed before and is gone."""
    path = connection.path() if connection.vendor == "sqlite" else None
    is_there = path is None or path.exists()
    is_full = connection.for_tests or (is_there and known.holds_something(connection))
    if not is_full and (said := known.lost(connection.settings_dict)):
        raise CommandError(said)
    if not is_there:
        path.touch()
