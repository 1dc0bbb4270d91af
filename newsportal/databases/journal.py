"""SQLite options; never a journal mode in which its library can corrupt a database."""

import sqlite3

from django.core.checks import Info, register

# sqlite.org/wal.html#walresetbug: 3.7.0 to 3.51.2 can corrupt a WAL database when two
# connections write and checkpoint at once; fixed in 3.51.3.
WAL_IS_SAFE_FROM = (3, 51, 3)


def journal_mode(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """The fastest journal that is safe with this library: "wal", or "truncate" before 3.51.3."""
    return "wal" if version >= WAL_IS_SAFE_FROM else "truncate"


def options(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> dict:
    """Django's OPTIONS for a SQLite database that web workers and an import write at once."""
    return {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": (
            f"PRAGMA journal_mode={journal_mode(version)};PRAGMA synchronous=FULL;"
            "PRAGMA foreign_keys=ON;PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY"
        ),
    }


@register("database")
def say_which_journal(app_configs, **kwargs):
    """A system check that names the journal in use and why."""
    from django.conf import settings

    if "sqlite" not in settings.DATABASES["default"]["ENGINE"]:
        return []
    return [
        Info(
            f"SQLite {sqlite3.sqlite_version}: journal_mode={journal_mode()}.",
            hint=None if journal_mode() == "wal" else "WAL is used from SQLite 3.51.3 on (WAL-reset bug).",
            id="newsportal.I001",
        )
    ]
