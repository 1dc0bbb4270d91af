"""Whether the triggers are there that write the log of changes; migration 0018 makes them."""

from django.core.checks import Error
from django.db import connections

TRIGGERS = {"articles_log_insert", "articles_log_update", "articles_log_delete"}
TABLE = "articles_article"
_POSTGRESQL = "SELECT tgname FROM pg_trigger WHERE tgrelid = to_regclass(%s) AND tgenabled <> 'D'"
_SQLITE = "SELECT lower(name) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s"
_MIGRATED = "SELECT 1 FROM django_migrations WHERE app = 'articles' AND name = '0018_change_triggers'"
HINT = (
    "Run `manage.py repair_change_log`: it makes them and has every article read again, so that search and"
    " caches miss nothing. A migration that alters the table of articles on SQLite must make them itself."
)


def missing_triggers(connection) -> set[str]:
    """The names of those that are not there, or are switched off; none where the migration has not been run yet."""
    with connection.cursor() as cursor:
        if "django_migrations" not in connection.introspection.table_names(cursor):
            return set()
        cursor.execute(_MIGRATED)
        if cursor.fetchone() is None:
            return set()
        cursor.execute(_POSTGRESQL if connection.vendor == "postgresql" else _SQLITE, [TABLE])
        return TRIGGERS.difference(name for (name,) in cursor.fetchall())


def check_triggers(app_configs, databases=None, **kwargs) -> list[Error]:
    """A system check of a database (`check --database default`, and before each `migrate`)."""
    found = {alias: missing_triggers(connections[alias]) for alias in databases or ()}
    return [
        Error(
            f"The database “{alias}” lacks triggers on {TABLE}: {', '.join(sorted(names))}."
            " Changes of articles are not written down; search goes stale.",
            hint=HINT,
            id="newsportal.E001",
        )
        for alias, names in found.items()
        if names
    ]
