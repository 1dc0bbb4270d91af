"""Portals of their own for tests that start commands and servers.

Migrating takes seconds and the sample newsroom more, so each is made once in a run of the suite and copied.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
from django.db import connection

from bench.harness.running import clean_env

ROOT = Path(__file__).resolve().parent.parent.parent


class Portals:
    """Makes them in a folder, on the database that the suite runs on; each is the environment for its commands."""

    def __init__(self, folder: Path):
        self.folder = folder

    @contextmanager
    def empty(self) -> Iterator[dict[str, str]]:
        """One that was never migrated."""
        with self._database() as env:
            yield env

    @contextmanager
    def migrated(self) -> Iterator[dict[str, str]]:
        with self._database(self._model) as env:
            shutil.copytree(self._model["NEWSPORTAL_HOME"], env["NEWSPORTAL_HOME"])
            yield env

    def newsroom(self, home: Path) -> str:
        """Put the sample newsroom into a home, on SQLite whatever the suite runs on; gives the password of `admin`."""
        made, password = self._newsroom
        shutil.copytree(made, home)
        return password

    def close(self) -> None:
        """Drop what is left: the database that is copied."""
        if "DATABASE_URL" in self.__dict__.get("_model", {}):
            drop_database(name_in(self._model))

    @cached_property
    def _model(self) -> dict[str, str]:
        env = self._new("model")
        if connection.vendor == "postgresql":
            create_database(name_in(env))
        manage(env, "migrate", "-v0")
        return env

    @cached_property
    def _newsroom(self) -> tuple[Path, str]:
        home = self.folder / "newsroom"
        said = manage(clean_env(NEWSPORTAL_HOME=str(home)), "open_newsroom")
        return home, re.search(r"密码：(\S+)", said)[1]

    @contextmanager
    def _database(self, model: dict[str, str] | None = None) -> Iterator[dict[str, str]]:
        env = self._new(uuid4().hex[:8])
        if connection.vendor != "postgresql":
            yield env
            return
        create_database(name_in(env), model and name_in(model))
        try:
            yield env
        finally:
            drop_database(name_in(env))

    def _new(self, name: str) -> dict[str, str]:
        env = clean_env(NEWSPORTAL_HOME=str(self.folder / name))
        if connection.vendor == "postgresql":
            env["DATABASE_URL"] = _address(f"newsportal_{self.folder.name}_{name}".replace("-", "_"))
        return env


def manage(env: dict[str, str], *words: str) -> str:
    """Run one of the portal's commands, which must not fail; gives what it prints."""
    command = [sys.executable, "-W", "ignore", "manage.py", *words]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout


# ------------------------------------------------------------------ databases beside that of the tests
def _parameters() -> dict[str, str]:
    asked = connection.get_connection_params()
    return {key: asked[key] for key in ("host", "port", "user", "password") if asked.get(key)}


def _address(name: str) -> str:
    return f"postgres:///{name}?{urlencode(_parameters())}"


def name_in(env: dict[str, str]) -> str:
    """The database's name in an environment that names one."""
    return env["DATABASE_URL"].partition("///")[2].partition("?")[0]


def create_database(name: str, template: str | None = None) -> None:
    _administer(f"CREATE DATABASE {name} TEMPLATE {template or 'template1'}")


def drop_database(name: str) -> None:
    _administer(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _administer(statement: str) -> None:
    with psycopg.connect(**_parameters(), dbname="postgres", autocommit=True) as server:
        server.execute(statement)
