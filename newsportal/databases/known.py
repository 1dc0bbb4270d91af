"""Which databases this portal has had: a note beside them, so that a lost one is missed and not made anew, empty.

NEWSPORTAL_HOME/databases.json names each with an id. SQLite keeps its own id in the file's header (application_id), so
a copy or a backup is known again and another portal's file is not; PostgreSQL has none that survives a restore.
"""

import json
import os
import secrets
from pathlib import Path

from django.conf import settings

NOTE = "databases.json"


def lost(described: dict) -> str:
    """What to say where this database (an entry of DATABASES) is not there or empty; "" if there never was one."""
    name = _name(described)
    if name not in _read():
        return ""
    return (
        f"数据库 {name} 原先在这里，现在不见了或者是空的。没有另建空库：请先恢复备份，或把原来的文件放回去；"
        f"确实要从头开始，就先删去 {_note()}，再运行 manage.py migrate。"
    )


def missing(described: dict) -> str:
    """What to say where there is no database, or none that was ever migrated."""
    return lost(described) or "还没有数据库，或者它还是空的：请先运行 manage.py migrate。"


def is_another(connection) -> bool:
    """Whether this is a database of another portal than the one that was here."""
    noted = _read().get(_name(connection.settings_dict), 0)
    return bool(noted) and _id(connection) not in (0, noted)


def remember(connection) -> None:
    """Note that this database is ours from now on, whatever was here before."""
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
    """Whether at least the first migration has been run."""
    return "django_migrations" in connection.introspection.table_names()


def _id(connection) -> int:
    if connection.vendor != "sqlite":
        return 0
    with connection.cursor() as cursor:
        return cursor.execute("PRAGMA application_id").fetchone()[0]


def _name(described: dict) -> str:
    """A file within the home by its name there, so that the home can be moved."""
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
