"""A command that is told to stop stops in good order, at whatever moment the signal comes."""

import signal
import subprocess
import sys

import pytest

from bench.harness.killing import ROOT
from tests.articles.importing.test_interrupted_imports import POSTS, manage, say, write_posts


@pytest.fixture
def posts(tmp_path):
    return write_posts(tmp_path / "posts", POSTS)


# The portal's command line in a process that is sent a signal while it is in a destructor, and again when it is in the
# next, as it asks for something of a table.
STOPPED_IN_A_DESTRUCTOR = """
import os, signal, sys, time, manage
from django.db.backends.signals import connection_created

signal.signal(signal.SIGINT, signal.default_int_handler)  # as at a terminal, though the tests may run behind nohup
times, number, table = 2, int(sys.argv.pop(1)), sys.argv.pop(1)

class Passing:
    def __del__(self):
        os.kill(os.getpid(), number)
        for step in range(100):
            pass

def look(execute, sql, params, many, context):
    global times
    if times and table in sql:
        times -= 1
        Passing()
        time.sleep(0.1)
    return execute(sql, params, many, context)

connection_created.connect(lambda connection, **more: connection.execute_wrappers.append(look), weak=False)
manage.main()
"""


def stopped_in_a_destructor(env, number, table, *words):
    """What a command says and ends with that is stopped by a signal at the worst of moments."""
    command = [sys.executable, "-W", "ignore", "-c", STOPPED_IN_A_DESTRUCTOR, str(int(number)), table, *words]
    stopped = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "Traceback" not in stopped.stderr and "ignored" not in stopped.stderr
    return stopped


@pytest.mark.once  # Python's doing, whatever the database
@pytest.mark.parametrize(("number", "status"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_stop_that_comes_in_a_destructor_is_not_lost(posts, portals, number, status):
    with portals.migrated() as env:
        stopped = stopped_in_a_destructor(env, number, "sources_importitem", "import_articles", posts)
        assert (stopped.returncode, "已停止" in stopped.stderr) == (status, True)
        assert say(env, "ImportRun.objects.get().state") == "stopped"
        assert manage(env, "import_articles", "--resume", "1").returncode == 0
        assert say(env, "ImportItem.objects.count()") == str(POSTS)


# A stop that leaves a session of PostgreSQL as psycopg does when a COPY (in a transaction) or a query is broken off.
STOPPED_IN_A_QUERY = """
import os, signal, sys, manage
from django.db.backends.signals import connection_created

signal.signal(signal.SIGINT, signal.default_int_handler)
how, times = sys.argv.pop(1), 1

def look(execute, sql, params, many, context):
    global times
    asking = context["connection"]
    if times and "articles_" in sql and asking.in_atomic_block == (how == "copy"):
        times = 0
        if asking.vendor == "postgresql":
            asking.connection.close() if how == "copy" else asking.connection.pgconn.send_query(b"SELECT 1")
        os.kill(os.getpid(), signal.SIGINT)
    return execute(sql, params, many, context)

connection_created.connect(lambda connection, **more: connection.execute_wrappers.append(look), weak=False)
manage.main()
"""


@pytest.mark.parametrize("how", ["copy", "query"])
def test_a_stop_that_breaks_a_query_off_is_told_from_a_database_that_failed(posts, portals, how):
    with portals.migrated() as env:
        command = [sys.executable, "-W", "ignore", "-c", STOPPED_IN_A_QUERY, how, "import_articles", posts]
        stopped = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
        assert (stopped.returncode, "已停止" in stopped.stderr) == (130, True), stopped.stderr
        assert say(env, "ImportRun.objects.get().state") == "stopped"


def test_other_commands_that_are_stopped_say_what_is_kept(posts, portals):
    with portals.migrated() as env:
        assert manage(env, "import_articles", posts).returncode == 0
        grouped = say(env, "Article.objects.exclude(story=None).count()")
        for table, words, kept in [
            ("articles_article", ["rebuild_search"], "原来的索引没有动"),
            ("articles_sketch", ["group_stories"], "归并没有改动"),
            ("sources_importitem", ["reclean", "--yes"], "写入的都在"),
            ("articles_revision", ["undo_import", "1"], "什么也没有撤销"),
        ]:
            for number, status in [(signal.SIGTERM, 143), (signal.SIGINT, 130)]:
                stopped = stopped_in_a_destructor(env, number, table, *words)
                assert (stopped.returncode, kept in stopped.stderr) == (status, True), words
        assert say(env, "Article.objects.count()") == "540"
        assert say(env, "Article.objects.exclude(story=None).count()") == grouped
        assert "540" in manage(env, "rebuild_search").stdout
        assert "移除 540 篇" in manage(env, "undo_import", "1").stdout
