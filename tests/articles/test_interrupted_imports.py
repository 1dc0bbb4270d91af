"""An import that is stopped, killed or started twice loses nothing and doubles nothing."""

import fcntl
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from articles import importing
from articles.importing import Options, import_paths, resume
from articles.models import Article
from sources.models import ImportItem, ImportRun, Outcome
from sources.turns import ADVISORY_KEY, ImportUnderWay, turn_to_import

ROOT = Path(__file__).parent.parent.parent
POSTS = 600


@pytest.fixture
def posts(tmp_path):
    """A folder of 600 posts, every tenth of them a second version of the one before."""
    folder = tmp_path / "posts"
    folder.mkdir()
    for number in range(POSTS):
        story = number - (number % 10 == 9)
        text = f"<p>第 {story} 篇，第 {number} 稿。</p>" + "<p>沧澜银行一日公布季报。</p>" * 20
        head = f'---\nlayout: post\ntitle: "第 {story} 篇"\ndate: 2022-03-01 09:00:00 +0800\n'
        name = f"{number:04d}/2022-03-01-NW{202203010000000000 + story}.md"
        (folder / name).parent.mkdir()
        (folder / name).write_text(f"{head}categories: a\ntags: 国际商报新闻\n---\n{text}")
    return str(folder)


@pytest.mark.django_db
def test_a_stopped_run_resumes_where_it_ended(posts, monkeypatch):
    monkeypatch.setattr(importing, "AT_ONCE", 50)
    heard = []

    def stop_after_some(decision):
        heard.append(decision)
        if len(heard) == 120:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_paths(Options([posts], workers=1), stop_after_some)
    run = ImportRun.objects.get()
    assert (run.state, sum(run.counts.values())) == ("stopped", 150)
    result = resume(run)
    run.refresh_from_db()
    assert run.state == "finished"
    assert result.counts == {Outcome.CREATED: 540, Outcome.UPDATED: 60}
    assert ImportItem.objects.count() == POSTS
    assert Article.objects.count() == 540


@contextmanager
def somebody_elses_turn():
    """The lock as another process would hold it: another session on PostgreSQL, another open file on SQLite."""
    if connection.vendor == "postgresql":
        other = connection.copy()
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_KEY])
        try:
            yield
        finally:
            other.close()
        return
    with Path(settings.HOME, "import.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@pytest.mark.django_db
def test_a_second_import_is_refused_by_name_while_one_runs(posts):
    run = ImportRun.objects.create()
    with somebody_elses_turn(), pytest.raises(ImportUnderWay, match=f"第 {run.pk} 批"):
        import_paths(Options([posts], workers=1))
    assert not Article.objects.exists()


@pytest.mark.django_db
def test_a_run_whose_process_died_is_called_interrupted_by_the_next():
    dead = ImportRun.objects.create(options={})
    ImportItem.objects.create(run=dead, name="a.md", outcome=Outcome.CREATED)
    with turn_to_import():
        dead.refresh_from_db()
    assert dead.state == "interrupted"
    assert "中断于第 1 条" in dead.message


# ------------------------------------------------------------------ real processes, really killed
@contextmanager
def fresh_home(folder):
    """The environment of a portal of its own, on the database the suite runs on."""
    env = {
        key: value for key, value in os.environ.items() if not key.startswith(("NEWSPORTAL_", "DATABASE_"))
    }
    env["NEWSPORTAL_HOME"] = str(folder)
    if connection.vendor != "postgresql":
        yield env
        return
    name, asked = f"killed_{uuid4().hex[:8]}", settings.DATABASES["default"]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    env["DATABASE_URL"] = (
        f"postgres://{asked['USER']}@/{name}?host={asked['HOST'] or asked['OPTIONS'].get('host')}"
    )
    try:
        yield env
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def command(*args):
    return [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), *args]


def manage(env, *args):
    return subprocess.run(command(*args), env=env, capture_output=True, text=True)


def start(env, *args):
    """A command in a process group of its own; `communicate` gives what it said on stderr."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command(*args), env=env, start_new_session=True, **quiet)


def say(env, expression):
    """What an expression over the models is worth in that portal."""
    code = (
        "from articles.models import *; from sources.models import *; from django.db.models import *\n"
        f"print({expression})"
    )
    asked = manage(env, "shell", "-v0", "-c", code)
    assert not asked.stderr, asked.stderr
    return asked.stdout.strip()


CONTENT = (
    "sorted(Article.objects.values_list('external_id', 'title', 'body_html', 'version', 'status')), "
    "sorted(ImportItem.objects.values_list('name', 'sha256', 'outcome')), "
    "sorted((r.article.external_id, r.version, r.import_item.name, str(r.snapshot and r.snapshot['body_html'])) "
    "for r in Revision.objects.select_related('article', 'import_item')), "
    "sorted(OutletFront.objects.values_list('source__name', 'count'))"
)


def test_a_run_killed_again_and_again_ends_as_one_that_was_never_stopped(posts, tmp_path, db):
    with fresh_home(tmp_path / "whole") as whole, fresh_home(tmp_path / "killed") as killed:
        for env in (whole, killed):
            assert manage(env, "migrate", "-v0").returncode == 0
        assert manage(whole, "import_articles", posts, "--workers", "2").returncode == 0
        kills = kill_until_it_is_done(killed, posts)
        assert kills >= 1
        assert say(killed, CONTENT) == say(whole, CONTENT)
        assert say(killed, "ImportRun.objects.filter(state='running').count()") == "0"


def kill_until_it_is_done(env, posts) -> int:
    """Start the import, kill it at random moments, resume it; how often it was killed."""
    chance, kills, asked = random.Random(7), 0, [posts]
    while True:
        process = start(env, "import_articles", *asked, "--workers", "2")
        try:
            _, errors = process.communicate(timeout=chance.uniform(0.9, 1.6) if kills < 4 else 60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            kills += 1
        else:
            assert process.returncode == 0, errors
            return kills
        runs = say(env, "list(ImportRun.objects.values_list('pk', flat=True))")
        asked = ["--resume", "1"] if runs == "[1]" else [posts]


def test_two_processes_at_once_double_nothing(posts, tmp_path, db):
    with fresh_home(tmp_path / "home") as env:
        assert manage(env, "migrate", "-v0").returncode == 0
        both = [start(env, "import_articles", posts, "--workers", "1") for _ in range(2)]
        said = [process.communicate()[1] for process in both]
        assert 0 in {process.returncode for process in both}
        for process, errors in zip(both, said, strict=True):
            assert process.returncode == 0 or "正在导入" in errors
            assert "Traceback" not in errors
        assert say(env, "Article.objects.count()") == "540"


def test_sigterm_stops_the_command_in_good_order(posts, tmp_path, db):
    with fresh_home(tmp_path / "home") as env:
        assert manage(env, "migrate", "-v0").returncode == 0
        report = tmp_path / "report.jsonl"
        process = start(env, "import_articles", posts, "--workers", "2", "--report", str(report))
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (report.exists() and report.stat().st_size):
            time.sleep(0.01)
        process.terminate()
        _, errors = process.communicate(timeout=10)
        assert process.returncode in (143, 0)
        assert "Traceback" not in errors
        assert say(env, "ImportRun.objects.get().state") in ("stopped", "finished")


@pytest.mark.django_db
def test_what_to_import_must_be_said():
    with pytest.raises(Exception, match="要导入什么"):
        call_command("import_articles")
    with pytest.raises(Exception, match="没有第 99 批"):
        call_command("import_articles", "--resume", "99")
