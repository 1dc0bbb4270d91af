"""A database that was here is missed, noticed when it is another one, and never made anew, empty, by opening it."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import OperationalError, connection, connections

from bench.harness.running import clean_env
from tests.support.portal_server import ROOT, portal_server

FILE = "newsportal.sqlite3"


def manage(home: Path, *words: str, **env: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "manage.py", *words]
    env = clean_env(NEWSPORTAL_HOME=str(home), **env)
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def home(portals, tmp_path) -> Path:
    portals.newsroom(tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def server(home, tmp_path):
    with portal_server(clean_env(NEWSPORTAL_HOME=str(home)), tmp_path / "log") as running:
        yield running


def lose(file: Path) -> None:
    file.unlink()


def empty(file: Path) -> None:
    os.truncate(file, 0)


@pytest.mark.parametrize("harm", [lose, empty])
@pytest.mark.parametrize("command", ["migrate", "open_newsroom", "import_articles docs/examples/posts"])
def test_no_command_makes_a_lost_database_anew(home, harm, command):
    harm(home / FILE)
    said = manage(home, *command.split())
    assert said.returncode != 0
    assert "Traceback" not in said.stderr
    assert "恢复备份" in said.stderr or "先运行 manage.py migrate" in said.stderr
    assert not (home / FILE).exists() or (home / FILE).stat().st_size == 0


def test_who_wants_to_begin_anew_says_so_by_deleting_the_note(home):
    (home / FILE).unlink()
    assert "databases.json" in manage(home, "migrate").stderr
    (home / "databases.json").unlink()
    assert manage(home, "migrate").returncode == 0
    assert (home / FILE).stat().st_size > 0


def test_a_home_that_never_had_a_database_is_told_how_to_make_one(tmp_path):
    said = manage(tmp_path, "reclean", "--dry-run")
    assert said.returncode != 0
    assert "Traceback" not in said.stderr
    assert "migrate" in said.stderr
    assert not (tmp_path / FILE).exists()


def test_a_home_that_was_moved_still_knows_its_database(home, tmp_path):
    moved = home.rename(tmp_path / "moved")
    (moved / FILE).unlink()
    assert "恢复备份" in manage(moved, "migrate").stderr


def test_a_file_that_goes_away_under_a_server_is_missed_and_known_again(home, server):
    assert server.get("/").status == 200
    os.rename(home / FILE, home / "aside")
    assert server.get("/").status == 503
    assert '"database": "missing"' in server.get("/readyz").body
    assert not (home / FILE).exists()
    os.rename(home / "aside", home / FILE)
    assert server.until("/", 200) < 5
    assert server.until("/readyz", 200) < 5


def test_a_backup_put_in_its_place_is_read_at_once(home, server):
    backup = home / "backup"
    shutil.copy(home / FILE, backup)
    with sqlite3.connect(backup) as other:
        other.execute("UPDATE sources_source SET name = '换过的' || name")
    other.close()
    assert "换过的" not in server.get("/sources/").body
    os.replace(backup, home / FILE)
    assert "换过的" in server.get("/sources/").body
    assert server.get("/readyz").status == 200


def test_another_portals_file_is_told_from_ones_own_until_it_is_adopted(home, server, portals):
    with portals.migrated() as other:
        shutil.copy(Path(other["NEWSPORTAL_HOME"]) / FILE, home / "other")
    os.replace(home / "other", home / FILE)
    ready = server.get("/readyz")
    assert (ready.status, "another portal's" in ready.body) == (503, True)
    assert manage(home, "migrate").returncode == 0
    assert "another portal's" not in server.get("/readyz").body


def test_a_file_that_is_cut_to_nothing_is_said_to_be_empty(home, server):
    assert server.get("/").status == 200
    whole = (home / FILE).read_bytes()
    os.truncate(home / FILE, 0)
    assert server.get("/archive/").status == 503
    assert server.get("/readyz").status == 503
    assert manage(home, "check").returncode == 0
    assert (home / FILE).stat().st_size == 0
    (home / "back").write_bytes(whole)
    os.replace(home / "back", home / FILE)
    assert server.until("/archive/", 200) < 5


def spoil_all_pages(data: bytearray) -> None:
    data[4096:] = random.Random(1).randbytes(len(data) - 4096)


def spoil_the_head(data: bytearray) -> None:
    data[:100] = b"x" * 100


def cut_in_half(data: bytearray) -> None:
    del data[len(data) // 2 :]


@pytest.mark.parametrize("harm", [spoil_all_pages, spoil_the_head, cut_in_half])
def test_a_damaged_file_is_said_to_be_damaged_until_it_is_whole(home, server, harm):
    whole = (home / FILE).read_bytes()
    spoilt = bytearray(whole)
    harm(spoilt)
    (home / "spoilt").write_bytes(spoilt)
    os.replace(home / "spoilt", home / FILE)
    answers = [server.get(f"/articles/{pk}/") for pk in range(1, 60)] + [server.get("/archive/")]
    assert 500 not in {answer.status for answer in answers}
    assert 503 in {answer.status for answer in answers}
    assert '"database": "damaged"' in server.get("/readyz").body
    (home / "back").write_bytes(whole)
    os.replace(home / "back", home / FILE)
    assert server.until("/", 200) < 5
    assert server.until("/readyz", 200) < 5


@pytest.mark.django_db(transaction=True)
def test_what_is_opened_is_never_made(tmp_path):
    if connection.vendor != "sqlite":
        assert connection.settings_dict["ENGINE"] == "newsportal.databases.postgresql"
        return
    other = connections.create_connection("default")
    other.settings_dict = other.settings_dict | {"NAME": str(tmp_path / "no 100% such?file.sqlite3")}
    with pytest.raises(OperationalError):
        other.ensure_connection()
    assert list(tmp_path.iterdir()) == []
    Path(other.settings_dict["NAME"]).touch()
    with other.cursor() as cursor:
        cursor.execute("CREATE TABLE t (a)")
    other.close()
    assert "no 100% such?file.sqlite3" in {file.name for file in tmp_path.iterdir()}


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
