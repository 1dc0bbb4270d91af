"""The database goes away, is locked or stands still under a server that was started as `make run` starts one."""

import os
import re
import signal
import threading
import time
from collections import Counter

import psycopg
import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import Client

from articles.models import Article
from bench.harness.running import clean_env
from newsportal.databases.outage import Outage
from tests.support.builders import make_article
from tests.support.faulty_database import PostgresFaults, faulty_database
from tests.support.portal_server import portal_server
from tests.support.portals import manage

VENDOR = "postgresql" if os.environ.get("DATABASE_URL") else "sqlite"
FAULTS = {"sqlite": ("away", "locked"), "postgresql": ("away", "locked", "frozen")}[VENDOR]
PAGES = (
    "/",
    "/articles/2/",
    "/sources/",
    "/feed.xml",
    "/search/?q=%E9%93%B6%E8%A1%8C",
    "/categories/yinhang/",
)


@pytest.fixture(scope="module")
def faulty(portals, tmp_path_factory):
    """A database of our own with the sample newsroom in it."""
    home = tmp_path_factory.mktemp("outages") / "home"
    with faulty_database(VENDOR, home) as database:
        if VENDOR == "sqlite":
            database.password = portals.newsroom(home)
        else:
            said = manage(clean_env(**database.env), "open_newsroom")
            database.password = re.search("密码：(\\S+)", said)[1]
        yield database


@pytest.fixture
def server(faulty, tmp_path):
    with portal_server(clean_env(**faulty.env), tmp_path / "log") as running:
        yield running


@pytest.mark.parametrize("fault", FAULTS)
def test_pages_say_in_time_that_they_will_be_back_and_are_back_without_a_restart(faulty, server, fault):
    asked = [path for path in PAGES if server.get(path).status in (200, 404)]
    workers = server.workers()
    with getattr(faulty, fault)():
        answers = [server.get(path) for path in (*asked, *asked)]
        health, ready = server.get("/healthz"), server.get("/readyz")
    assert {answer.status for answer in answers} == {503}
    assert max(answer.seconds for answer in answers) < 3
    for answer in answers:
        assert int(answer.headers["Retry-After"]) <= 120
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Traceback" not in answer.body
        assert "请过一会儿再试" in answer.body
    assert health.status == 200
    assert (ready.status, ready.seconds < 3) == (503, True)
    assert '"database": "ok"' not in ready.body
    assert server.until("/", 200) < 5
    assert server.until("/readyz", 200) < 5
    assert server.workers() == workers


@pytest.mark.parametrize("fault", FAULTS)
def test_an_editor_keeps_what_was_typed_and_is_told_that_nothing_was_saved(faulty, server, fault):
    server.sign_in("admin", faulty.password)
    assert server.get("/admin/").status == 200
    body = "<p>第一段。</p>\n<p>尚未保存的第二段。</p>"
    typed = {"title": "改过的标题", "body_html": body, "password": "not to be shown"}
    with getattr(faulty, fault)():
        read = server.get("/admin/articles/article/")
        sent = server.post("/admin/articles/article/2/change/", typed)
    assert read.status == sent.status == 503
    assert max(read.seconds, sent.seconds) < 3
    assert "没有保存" not in read.body
    assert "没有保存" in sent.body
    assert "改过的标题" in sent.body
    assert "&lt;p&gt;尚未保存的第二段。&lt;/p&gt;" in sent.body
    assert "not to be shown" not in sent.body
    assert server.until("/admin/articles/article/", 200) < 5


def test_readers_do_not_notice_that_connections_are_cut(faulty, server):
    """On SQLite there is nothing to cut: then this is that they are answered at all, many at once."""
    stop, seen = threading.Event(), Counter()

    def read() -> None:
        while not stop.is_set():
            for path in PAGES:
                seen[server.get(path).status] += 1

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    cut = 0
    while sum(seen.values()) < 100:
        cut += faulty.cut() if isinstance(faulty, PostgresFaults) else 1
        time.sleep(0.2)
    stop.set()
    for reader in readers:
        reader.join()
    assert cut > 0
    assert seen[500] == 0
    assert seen[200] > seen[503]
    assert server.until("/", 200) < 5


def test_a_killed_worker_is_replaced_while_pages_go_on(faulty, server):
    before = server.workers()
    assert len(before) == 2
    os.kill(min(before), signal.SIGKILL)
    assert server.until("/", 200) < 10
    until = time.monotonic() + 30
    while len(server.workers() - {min(before)}) < 2 and time.monotonic() < until:
        assert server.until("/", 200) < 10
    after = server.workers()
    assert len(after) == 2
    assert min(before) not in after


# ------------------------------------------------------------------ errors from every part of a request
@pytest.fixture
def reader():
    return Client(raise_request_exception=False)


def cut_once(error: Exception, when: str):
    """Fails the first query that has these words in it."""
    left = [error]

    def wrapper(execute, sql, *args):
        if left and when in sql:
            raise left.pop()
        return execute(sql, *args)

    return wrapper


def cut_off() -> OperationalError:
    """As Django wraps what psycopg says of a connection that ended."""
    error = OperationalError("server closed the connection unexpectedly")
    error.__cause__ = psycopg.OperationalError("server closed the connection unexpectedly")
    return error


@pytest.mark.django_db
@pytest.mark.parametrize(
    "part", ["articles_article", "sources_source", "articles_taggedarticle", "articles_security"]
)
def test_a_reader_whose_connection_ends_anywhere_is_asked_for_again(reader, part):
    article = make_article("还在的稿件")
    with connection.execute_wrapper(cut_once(cut_off(), part)):
        answer = reader.get(f"/articles/{article.pk}/")
    assert answer.status_code == 200
    assert "还在的稿件" in answer.content.decode()


@pytest.mark.django_db
def test_what_writes_is_not_done_twice(reader):
    made = []

    def count(execute, sql, *args):
        made.append(sql)
        raise cut_off()

    with connection.execute_wrapper(count):
        answer = reader.post("/admin/login/", {"username": "a", "password": "b"})
    assert answer.status_code == 503
    assert len(made) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["/no/such/page/", "/category/x.html", "/admin/", "/feed.json", "/sitemap.xml"]
)
def test_nothing_that_looks_into_the_database_ends_in_a_server_error(admin_client, path):
    admin_client.raise_request_exception = False

    def refuse(*args):
        error = OperationalError("out of connections")
        error.__cause__ = psycopg.errors.TooManyConnections("out of connections")
        raise error

    cache.clear()
    with connection.execute_wrapper(refuse):
        answer = admin_client.get(path)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"


@pytest.mark.django_db
def test_a_mistake_of_ours_still_is_a_server_error(reader, monkeypatch):
    monkeypatch.setattr(Article, "is_public", property(lambda self: 1 / 0))
    answer = reader.get(f"/articles/{make_article().pk}/")
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers


def test_every_kind_of_outage_is_said_in_words_of_its_own():
    assert len({outage.value for outage in Outage}) == len(Outage)
