"""What the portal keeps is for its own user alone, whatever it was before."""

import os
import sqlite3
import stat

import pytest

from tests.newsportal.config.test_settings import manage


def mode(path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_all_that_is_made_is_private(tmp_path):
    home = tmp_path / "deep" / "home"
    made = manage(tmp_path, "migrate", "-v0", NEWSPORTAL_HOME=str(home))
    assert made.returncode == 0, made.stderr
    assert manage(tmp_path, "rebuild_search", NEWSPORTAL_HOME=str(home)).returncode == 0
    assert manage(tmp_path, "collectstatic", "--noinput", "-v0", NEWSPORTAL_HOME=str(home)).returncode == 0
    found = [home, *home.rglob("*")]
    assert len(found) > 20
    assert {mode(path) for path in found if path.is_dir()} == {0o700}
    assert {mode(path) for path in found if path.is_file()} == {0o600}


@pytest.mark.parametrize("wide", [0o755, 0o777, 0o750, 0o701])
def test_a_home_of_ours_that_was_open_is_closed(tmp_path, wide):
    home = tmp_path / "home"
    home.mkdir()
    sqlite3.connect(home / "newsportal.sqlite3").close()
    for name in ("newsportal.sqlite3", "newsportal.sqlite3-journal", "secret-key", "report.jsonl"):
        (home / name).touch()
        (home / name).chmod(0o644)
    (home / "secret-key").write_text("k" * 60)
    for name in ("media", "search", "uploads"):
        (home / name).mkdir()
        (home / name).chmod(0o755)
    (home / "link").symlink_to("/etc/passwd")
    home.chmod(wide)
    before = mode(home / "link")
    asked = manage(tmp_path, "check", NEWSPORTAL_HOME=str(home))
    assert asked.returncode == 0, asked.stderr
    assert mode(home) == 0o700
    entries = [path for path in home.iterdir() if not path.is_symlink()]
    assert {mode(path) for path in entries if path.is_dir()} == {0o700}
    assert {mode(path) for path in entries if path.is_file()} == {0o600}
    assert mode(home / "link") == before  # what a link leads to is nobody's of ours


def test_a_folder_with_other_things_in_it_is_left_and_named(tmp_path):
    home = tmp_path / "documents"
    home.mkdir()
    (home / "letter.txt").write_text("mine")
    (home / "letter.txt").chmod(0o644)
    home.chmod(0o755)
    asked = manage(tmp_path, "check", NEWSPORTAL_HOME=str(home), NEWSPORTAL_SECRET_KEY="k" * 40)
    assert (mode(home), mode(home / "letter.txt")) == (0o755, 0o644)
    assert "newsportal.W001" in asked.stderr and f"chmod 700 {home}" in asked.stderr


def test_a_folder_that_everybody_shares_is_refused(tmp_path):
    home = tmp_path / "shared"
    home.mkdir()
    home.chmod(0o1777)
    for path in (home, "/"):
        asked = manage(tmp_path, "check", NEWSPORTAL_HOME=str(path))
        assert asked.returncode != 0
        assert "is a folder that everybody shares" in asked.stderr
    assert mode(home) == 0o1777


def test_a_database_elsewhere_is_private_too(tmp_path):
    file = tmp_path / "elsewhere.sqlite3"
    file.touch()
    file.chmod(0o666)
    assert manage(tmp_path, "check", DATABASE_URL=f"sqlite:///{file}").returncode == 0
    assert mode(file) == 0o600


def test_what_nginx_serves_lies_outside_and_may_be_read(tmp_path):
    home, public = tmp_path / "home", tmp_path / "public"
    env = {"NEWSPORTAL_HOME": str(home), "NEWSPORTAL_PUBLIC_HOME": str(public)}
    asked = manage(tmp_path, "collectstatic", "--noinput", "-v0", **env)
    assert asked.returncode == 0, asked.stderr
    found = [public / "static", *(public / "static").rglob("*")]
    assert any(path.suffix == ".gz" for path in found)
    assert {mode(path) for path in found if path.is_dir()} == {0o755}
    assert {mode(path) for path in found if path.is_file()} == {0o644}
    assert not home.exists()
    inside = manage(tmp_path, "check", **env | {"NEWSPORTAL_PUBLIC_HOME": str(home / "public")})
    assert "NEWSPORTAL_PUBLIC_HOME lies in NEWSPORTAL_HOME" in inside.stderr


def test_the_shell_s_umask_does_not_matter(tmp_path):
    before = os.umask(0)
    try:
        manage(tmp_path, "migrate", "-v0")
    finally:
        os.umask(before)
    assert mode(tmp_path / "newsportal.sqlite3") == 0o600
