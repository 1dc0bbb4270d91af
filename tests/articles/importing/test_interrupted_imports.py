"""An import that is stopped, killed or started twice loses nothing and doubles nothing."""

import fcntl
import os
import random
import subprocess
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from articles.importing import batch
from articles.importing.run import NotResumable, Options, import_paths, resume
from articles.models import Article
from articles.models.summaries import DayFront, OutletFront
from articles.undo.undo import undo_import
from bench.drills.kill import differences
from bench.harness.killing import ask, faults_of, import_through_kills, start
from sources.models import ImportItem, ImportRun, Outcome
from sources.run_control.import_lock import ADVISORY_KEY, ImportUnderWay, import_lock

POSTS = 600
MANY = 3 * batch.AT_ONCE  # so that a process can be killed between two transactions


@pytest.fixture
def posts(tmp_path):
    """A folder of 600 posts, every tenth of them a second version of the one before."""
    return write_posts(tmp_path / "posts", POSTS)


def write_posts(folder, count):
    folder.mkdir()
    for number in range(count):
        story = number - (number % 10 == 9)
        text = f"<p>第 {story} 篇，第 {number} 稿。</p>" + "<p>沧澜银行一日公布季报。</p>" * 20
        day, outlet = story // 100 % 28 + 1, "ab"[story // 300 % 2]
        head = f'---\nlayout: post\ntitle: "第 {story} 篇"\ndate: 2022-03-{day:02} 09:00:00 +0800\n'
        name = f"{number:04d}/2022-03-01-NW{202203010000000000 + story}.md"
        (folder / name).parent.mkdir()
        (folder / name).write_text(f"{head}categories: {outlet}\ntags: 国际商报{outlet}新闻\n---\n{text}")
    return str(folder)


@pytest.mark.django_db
def test_a_stopped_run_resumes_where_it_ended(posts, monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 50)
    stopped_after(120, Options([posts], workers=1))
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
            # A closed session gives its locks back only when the server has noticed.
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_KEY])
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
    with import_lock():
        dead.refresh_from_db()
    assert dead.state == "interrupted"
    assert "中断于第 1 条" in dead.message


# ------------------------------------------------------------------ real processes, really killed
def manage(env, *args):
    process = start(env, *args)
    stdout, stderr = process.communicate()
    return subprocess.CompletedProcess(args, process.returncode, stdout, stderr)


def say(env, expression):
    """What an expression over the models is worth in that portal."""
    code = (
        "from articles.models import *; from sources.models import *; from django.db.models import *\n"
        f"print({expression})"
    )
    asked = manage(env, "shell", "-v0", "-c", code)
    assert not asked.stderr, asked.stderr
    return asked.stdout.strip()


def test_a_run_killed_again_and_again_ends_as_one_that_was_never_stopped(tmp_path, portals):
    posts = write_posts(tmp_path / "posts", MANY)
    with portals.migrated() as whole, portals.migrated() as killed:
        assert manage(whole, "import_articles", posts, "--workers", "2").returncode == 0
        chance = random.Random(7)
        survived = import_through_kills(killed, [posts], 2, iter(lambda: chance.uniform(0.9, 1.6), None))
        assert survived.returncode == 0, survived.errors
        assert survived.kills
        assert [fault for kill in survived.kills for fault in faults_of(kill)] == []
        contents = [ask(env, "bench.harness.contents", "--rows") for env in (whole, killed)]
        assert contents[0]["articles.DayFront"]
        assert differences(*contents) == []
        after = ask(killed, "bench.harness.integrity")
        assert {state for _, state, _ in after["runs"]} == {"finished"}


@pytest.mark.django_db
def test_a_resumed_run_takes_files_of_one_name_under_two_paths(tmp_path, monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 50)
    both = [str(tmp_path / name) for name in ("mine", "yours")]
    for place, folder in enumerate(both):
        write_posts(tmp_path / Path(folder).name, 200)
        for path in Path(folder).glob("*/*.md"):
            path.write_text(path.read_text().replace("稿。", f"稿，第 {place} 处。"))
    assert import_paths(Options(both, workers=1, dry_run=True)).counts.total() == 400
    stopped_after(120, Options(both, workers=1))
    assert resume(ImportRun.objects.get(), workers=1).counts.total() == 400
    assert ImportItem.objects.count() == 400
    assert Article.objects.filter(text__contains="第 1 处").count() > 0


@pytest.mark.django_db
def test_a_file_that_was_changed_since_the_run_was_stopped_is_read_again(posts, monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 50)
    stopped_after(120, Options([posts], workers=1))
    changed = min(Path(posts).glob("*/*.md"))
    changed.write_text(changed.read_text().replace("第 0 篇", "第 0 篇（更正）"))
    assert resume(ImportRun.objects.get()).counts == {Outcome.CREATED: 540, Outcome.UPDATED: 61}


@pytest.mark.django_db
def test_an_undone_run_is_not_resumed(posts, monkeypatch):
    monkeypatch.setattr(batch, "AT_ONCE", 50)
    stopped_after(120, Options([posts], workers=1))
    undo_import(ImportRun.objects.get())
    with pytest.raises(NotResumable, match="已经撤销"):
        resume(ImportRun.objects.get())
    assert (ImportRun.objects.get().state, Article.objects.count()) == ("undone", 0)


def stopped_after(count, options):
    heard = []

    def stop(decision):
        heard.append(decision)
        if len(heard) == count:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_paths(options, stop)


def a_run_that_died(posts, monkeypatch) -> ImportRun:
    """As a killed process leaves it: some inputs recorded, no fronts, no end written down."""
    monkeypatch.setattr(batch, "AT_ONCE", 50)
    stopped_after(400, Options([posts], workers=1))
    OutletFront.objects.all().delete()
    DayFront.objects.all().delete()
    ImportRun.objects.update(state=ImportRun.State.RUNNING, finished_at=None)
    return ImportRun.objects.get()


@pytest.mark.django_db
def test_a_resumed_run_shows_on_the_front_what_it_had_written_before_it_died(posts, monkeypatch):
    run = a_run_that_died(posts, monkeypatch)
    resume(run)
    assert sorted(OutletFront.objects.values_list("count", flat=True)) == [270, 270]
    assert sum(DayFront.objects.values_list("count", flat=True)) == 540


@pytest.mark.django_db
def test_the_next_import_shows_on_the_front_what_a_dead_one_had_written(posts, tmp_path, monkeypatch):
    run = a_run_that_died(posts, monkeypatch)
    (tmp_path / "more").mkdir()
    import_paths(Options([str(tmp_path / "more")], workers=1))
    run.refresh_from_db()
    assert (run.state, run.finished_at is None) == ("interrupted", False)
    assert sum(OutletFront.objects.values_list("count", flat=True)) == Article.objects.count() == 360
    assert sum(DayFront.objects.values_list("count", flat=True)) == 360


def test_two_processes_at_once_double_nothing(posts, tmp_path, portals):
    with portals.migrated() as env:
        both = [start(env, "import_articles", posts, "--workers", "1") for _ in range(2)]
        said = [process.communicate()[1] for process in both]
        assert 0 in {process.returncode for process in both}
        for process, errors in zip(both, said, strict=True):
            assert process.returncode == 0 or "正在导入" in errors
            assert "Traceback" not in errors
        assert say(env, "Article.objects.count()") == "540"


def test_sigterm_stops_the_command_in_good_order(posts, tmp_path, portals):
    with portals.migrated() as env:
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
    with pytest.raises(Exception, match="大于零"):
        call_command("import_articles", "somewhere", "--limit", "-1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--dry-run"], "会写入"),
        (["--limit", "5"], "--limit"),
        (["--source", "沧澜日报"], "--source"),
        (["/"], "路径"),
    ],
)
def test_who_resumes_a_run_cannot_ask_for_something_else(posts, more, why):
    import_paths(Options([posts], workers=1, limit=50))
    before = ImportItem.objects.count()
    with pytest.raises(CommandError, match=why) as refused:
        call_command("import_articles", "--resume", str(ImportRun.objects.get().pk), *more)
    assert refused.value.returncode == 2
    assert ImportItem.objects.count() == before
    call_command("import_articles", posts, "--resume", str(ImportRun.objects.get().pk))


def test_a_database_without_tables_is_told_from_a_full_disk(tmp_path, portals):
    with portals.empty() as env:
        asked = manage(env, "import_articles", str(tmp_path))
    assert asked.returncode == 2
    assert "migrate" in asked.stderr and "磁盘" not in asked.stderr
    assert "Traceback" not in asked.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no device that is always full")
def test_a_disk_too_full_for_the_report_is_called_so_with_what_is_in_and_how_to_go_on(
    posts, tmp_path, portals
):
    with portals.migrated() as env:
        stopped = manage(env, "import_articles", posts, "--report", "/dev/full")
        assert stopped.returncode == 2 and "Traceback" not in stopped.stderr
        written = int(say(env, "ImportItem.objects.count()"))
        assert 0 < written < 540
        for words in ("磁盘满了", "/dev/full", f"已写入 {written} 条", "--resume 1"):
            assert words in stopped.stderr
        assert manage(env, "import_articles", "--resume", "1").returncode == 0
        assert say(env, "Article.objects.count()") == "540"
        tried = manage(env, "import_articles", posts, "--dry-run", "--report", "/dev/full")
        assert tried.returncode == 2 and "什么也没有导入" in tried.stderr
