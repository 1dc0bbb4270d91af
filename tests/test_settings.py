"""Settings refuse nonsense at start, in words, and know a public site from a local one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from newsportal import sqlite

ROOT = Path(__file__).parent.parent
PUBLIC = {
    "NEWSPORTAL_SITE_URL": "https://news.example.com",
    "NEWSPORTAL_SECRET_KEY": "k" * 25 + "0123456789-abcdefghijklmnopqrstuvwxyz",
    "NEWSPORTAL_ALLOWED_HOSTS": "news.example.com",
}


def manage(tmp_path, *args, **env):
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("NEWSPORTAL_", "DATABASE_"))
    }
    home = {"NEWSPORTAL_HOME": str(tmp_path)}
    command = [sys.executable, "manage.py", *args]
    return subprocess.run(command, cwd=ROOT, env=kept | home | env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"NEWSPORTAL_DEBUG": "perhaps"}, "NEWSPORTAL_DEBUG='perhaps' is neither yes nor no"),
        ({"NEWSPORTAL_SITE_URL": "news.example.com"}, "give the address readers type"),
        ({"NEWSPORTAL_SITE_URL": "http://x:notaport"}, "is no web address"),
        ({"DATABASE_URL": "mysql://x/y"}, "only postgres:// and sqlite://"),
        ({"NEWSPORTAL_CACHE_URL": "memcached"}, "use redis://"),
        ({"NEWSPORTAL_PROXIES": "one"}, "NEWSPORTAL_PROXIES='one': give a whole number from 0 to 10"),
        ({"NEWSPORTAL_PROXIES": "-1"}, "give a whole number from 0 to 10"),
        ({"NEWSPORTAL_PROXIES": "１"}, "give a whole number from 0 to 10"),
        ({"NEWSPORTAL_PROXIES": "1.5"}, "give a whole number from 0 to 10"),
        ({"NEWSPORTAL_PROXIES": "99"}, "give a whole number from 0 to 10"),
        ({"NEWSPORTAL_SECRET_KEY": "short"}, "shorter than 32"),
        (PUBLIC | {"NEWSPORTAL_SECRET_KEY": ""}, "NEWSPORTAL_SECRET_KEY is not set"),
        (PUBLIC | {"NEWSPORTAL_ALLOWED_HOSTS": ""}, "NEWSPORTAL_ALLOWED_HOSTS is empty"),
    ],
)
def test_nonsense_is_refused_in_words(tmp_path, env, words):
    asked = manage(tmp_path, "check", **env)
    assert asked.returncode != 0
    assert words in asked.stderr


def test_a_public_site_passes_the_deployment_check_without_a_warning(tmp_path):
    asked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PUBLIC)
    assert asked.returncode == 0, asked.stderr
    assert "no issues" in asked.stdout


def test_a_local_site_makes_its_key_once_and_keeps_it_to_itself(tmp_path):
    key = tmp_path / "secret-key"
    assert manage(tmp_path, "check").returncode == 0
    made = key.read_text()
    assert manage(tmp_path, "check").returncode == 0
    assert key.read_text() == made
    assert key.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("version", "mode"),
    [((3, 40, 1), "truncate"), ((3, 51, 2), "truncate"), ((3, 51, 3), "wal"), ((3, 53, 0), "wal")],
)
def test_the_journal_is_one_that_the_library_cannot_corrupt(version, mode):
    assert sqlite.journal_mode(version) == mode
    assert f"journal_mode={mode};" in sqlite.options(version)["init_command"]


@pytest.mark.django_db
def test_a_live_connection_has_the_settings_that_keep_data():
    if connection.vendor == "postgresql":
        assert connection.settings_dict["CONN_HEALTH_CHECKS"]
        return
    with connection.cursor() as cursor:
        read = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "foreign_keys")
        }
    assert read == {"synchronous": 2, "foreign_keys": 1}
