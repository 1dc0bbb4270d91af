"""A portal made by the code before the rooms (make_portal.txt) opens under today's, with all its data and its index."""

import json
import os
import subprocess
import sys
import tarfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.support.postgres_cluster import without_postgres_names

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DATABASE = "newsportal_made_before"
# What the code before the rooms said of it, on both databases alike.
FACTS = json.loads((HERE / "facts.json").read_text())
# Tables that migrations since have given rows, or that opening the portal writes to.
SINCE = {"articles_change"}


@pytest.fixture(scope="module")
def facts(tmp_path_factory, django_db_setup, django_db_blocker) -> dict:
    """What today's code says of the portal, once its migrations have run."""
    home = tmp_path_factory.mktemp("old")
    with django_db_blocker.unblock():
        vendor = connection.vendor
        with tarfile.open(HERE / f"{vendor}.tar.xz") as archive:
            archive.extractall(home, filter="data")
        env = without_postgres_names(os.environ) | {"NEWSPORTAL_HOME": str(home), "PYTHONPATH": str(ROOT)}
        env["DJANGO_SETTINGS_MODULE"] = "newsportal.settings"
        env.pop("DATABASE_URL", None)
        if vendor == "sqlite":
            yield _opened(env)
            return
        with _restored(home / "portal.sql") as name:
            given = os.environ["DATABASE_URL"]
            yield _opened(env | {"DATABASE_URL": given.replace(_name_in(given), f"/{name}", 1)})


def _name_in(url: str) -> str:
    return "/" + url.partition("@")[2].partition("/")[2].partition("?")[0]


@contextmanager
def _restored(dump: Path):
    """A database beside that of the tests, filled from a dump."""
    asked = {**connection.get_connection_params(), "dbname": "postgres", "autocommit": True}
    asked = {
        key: asked[key]
        for key in ("host", "port", "user", "password", "dbname", "autocommit")
        if asked.get(key)
    }
    with psycopg.connect(**asked) as server:
        server.execute(f"CREATE DATABASE {DATABASE}")
        try:
            with psycopg.connect(**asked | {"dbname": DATABASE}) as restored:
                restored.execute(dump.read_text())
            yield DATABASE
        finally:
            server.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def _opened(env: dict) -> dict:
    _run(env, "manage.py", "migrate", "--verbosity=0")
    return json.loads(_run(env, "-W", "ignore", str(HERE / "portal_facts.py")))


def _run(env: dict, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=env, capture_output=True, text=True, timeout=200
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def test_every_article_of_an_older_portal_is_there_word_for_word(facts):
    assert facts["articles"] == FACTS["articles"]


def test_every_version_and_who_made_it_is_there(facts):
    assert facts["revisions"] == FACTS["revisions"]


def test_what_became_of_every_input_is_there(facts):
    assert facts["items"] == FACTS["items"]


def test_no_table_has_lost_or_gained_a_row(facts):
    kept = {name: count for name, count in FACTS["rows"].items() if name not in SINCE}
    assert {name: count for name, count in facts["rows"].items() if name in kept} == kept


def test_every_address_answers_as_it_did(facts):
    assert facts["pages"] == FACTS["pages"]


def test_every_search_finds_what_it_found(facts):
    assert facts["found"] == FACTS["found"]
    assert all(FACTS["found"][query] for query in ("出口", "雾港", '"新泊位"'))
