"""Fresh databases for a measurement: a home of its own for each, migrated, and thrown away afterwards."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness.running import clean_env, run
from tests.support.postgres_cluster import Unavailable, postgres_cluster

ROOT = Path(__file__).resolve().parent.parent.parent
# As a real server has it, whatever tests may do without: SQLite is measured with synchronous=FULL, too.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
DATABASES = ("sqlite", "postgres")


@contextmanager
def fresh_home(database: str) -> Iterator[dict[str, str]]:
    """The environment of a new, migrated portal on "sqlite" or "postgres"; raises Unavailable without PostgreSQL."""
    with tempfile.TemporaryDirectory(prefix="newsportal-bench-home-") as home:
        if database == "sqlite":
            yield _migrated(clean_env(NEWSPORTAL_HOME=home))
            return
        with postgres_cluster("newsportal_bench", **DURABLE) as address:
            yield _migrated(clean_env(NEWSPORTAL_HOME=home, DATABASE_URL=address))


def _migrated(env: dict[str, str]) -> dict[str, str]:
    run(manage("migrate", "--verbosity", "0"), env, ROOT)
    return env


def manage(*words: str) -> list[str]:
    """The command line of one of the portal's commands."""
    return [sys.executable, str(ROOT / "manage.py"), *words]


def usable(databases: list[str]) -> list[str]:
    """Those of the databases that this machine can start; says which one it cannot, and why."""
    found = []
    for database in databases:
        try:
            if database == "postgres":
                with postgres_cluster("probe"):
                    pass
            found.append(database)
        except Unavailable as reason:
            print(f"{database} left out: {reason}")
    return found


@contextmanager
def scratch() -> Iterator[Path]:
    """An empty folder on disk (or where TMPDIR says), gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="newsportal-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
