"""Remember which databases this portal has had, so that a lost one is reported and not replaced by an empty one.

NEWSPORTAL_HOME/databases.json maps each name to an id. For SQLite the id is stored in the file's header
(application_id), so a copy or a backup is recognized and another portal's file is not. PostgreSQL has no id that
survives a restore.
"""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings

NOTE = "databases.json"


def lost(described: dict) -> str:
    """The message if this database (an entry of DATABASES) existed and is gone or empty; "" if it never existed."""
    name = _name(described)
    if name not in _read():
        return ""
    return (
        f"数据库 {name} 原先在这里，现在不见了或者是空的。没有另建空库：请先恢复备份，或把原来的文件放回去；"
        f"确实要从头开始，就先删去 {_note()}，再运行 manage.py migrate。"
    )


def missing(described: dict) -> str:
    """The message for a database that does not exist or was never migrated."""
    return lost(described) or "还没有数据库，或者它还是空的：请先运行 manage.py migrate。"


def is_another(connection) -> bool:
    """Whether the file is another portal's database, by its id."""
    noted = _read().get(_name(connection.settings_dict), 0)
    return bool(noted) and _id(connection) not in (0, noted)


def remember(connection) -> None:
    """Record this database as ours, replacing what was recorded under its name."""
    if connection.vendor == "sqlite" and not _id(connection):
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA application_id = {1 + secrets.randbelow(2**31 - 1)}")
    noted, name = _read(), _name(connection.settings_dict)
    if noted.get(name) == (now := _id(connection)):
        return
    draft = _note().with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(noted | {name: now}, ensure_ascii=False, indent=1))
    os.replace(draft, _note())


def holds_something(connection) -> bool:
    """Whether at least one migration has been run."""
    return "django_migrations" in connection.introspection.table_names()


def _id(connection) -> int:
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA application_id").fetchone()[0]


def _name(described: dict) -> str:
    """The database's name; a file inside the home folder is relative to it, so that the home can be moved."""
    if "sqlite" not in described["ENGINE"]:
        return f"postgresql://{described['HOST'] or ''}:{described['PORT'] or ''}/{described['NAME']}"
    path = Path(described["NAME"]).absolute()
    return str(path.relative_to(settings.HOME)) if path.is_relative_to(settings.HOME) else str(path)


def _note() -> Path:
    return settings.HOME / NOTE


def _read() -> dict[str, int]:
    try:
        noted = json.loads(_note().read_text())
    except (OSError, ValueError):
        return {}
    return noted if isinstance(noted, dict) else {}
