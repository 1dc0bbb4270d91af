"""A log line tells when, how grave, who and for which request; nothing that others wrote can pass for one."""

import logging
import re
from io import StringIO

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection

from newsportal.config import masking
from newsportal.logs import LineFormatter

pytestmark = pytest.mark.django_db

LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.\\-]+ \[[\w-]+\] .*"
)


@pytest.fixture
def lines():
    """The lines that the console gets, as they are written."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter())
    logging.getLogger().addHandler(handler)
    yield lambda: written.getvalue().splitlines()
    logging.getLogger().removeHandler(handler)


HOSTILE = {
    "line feed": "/x%0A2026-01-01T00:00:00.000Z INFO django.request [1] signed in",
    "carriage return": "/x%0D2026-01-01 forged",
    "escape": "/x%1B%5B2J%1B%5D0;title%07",
    "c1": "/x%C2%9B31m",
    "line separator": "/x%E2%80%A8y%E2%80%A9z",
    "next line": "/x%C2%85y",
    "bidi": "/x%E2%80%AEgpj.exe%E2%80%AC",
    "isolates": "/x%E2%81%A6y%E2%81%A9",
    "zero width": "/x%E2%80%8By%EF%BB%BF",
    "backspace": "/x%08%08%08y%7F",
    "not utf-8": "/x%ff%fe%00",
}


@pytest.mark.parametrize("path", HOSTILE.values(), ids=HOSTILE)
def test_an_address_makes_one_line_that_shows_as_it_is(client, lines, path):
    assert client.get(path).status_code == 404
    [line] = lines()
    assert LINE.fullmatch(line)
    assert line.isprintable()
    assert "Not Found: /x" in line


@pytest.mark.parametrize(
    "name", ["User-Agent", "Referer", "Host", "X-Forwarded-For", "X-Request-ID", "Cookie"]
)
def test_no_header_makes_a_line(client, lines, name):
    hostile = "a\r\n2026-01-01 forged\x1b[2J\u202e".encode().decode("latin-1")
    client.get("/nope", headers={name: hostile})
    first, *traceback = lines()
    assert LINE.fullmatch(first)
    assert all(line.startswith("    ") for line in traceback)
    assert all(line.isprintable() for line in lines())


def test_a_traceback_stands_below_its_line_and_begins_none(client, lines, monkeypatch):
    def broken():
        raise RuntimeError("标题\n2026-01-01T00:00:00.000Z INFO x [1] forged\x1b[2J\u2028more")

    monkeypatch.setattr("articles.portal.render.navigation", broken)
    client.raise_request_exception = False
    client.get("/sources/")
    first, *rest = lines()
    assert LINE.fullmatch(first) and "ERROR django.request" in first
    assert any("RuntimeError: 标题" in line for line in rest)
    assert all(line.startswith("    ") and line.isprintable() for line in rest)


def test_a_logger_s_name_and_arguments_are_spelt_out(lines):
    logging.getLogger("odd\nname").warning("%s and %r", "a\nb", "c\nd")
    [line] = lines()
    assert "odd\\x0aname" in line and "a\\x0ab" in line


# ------------------------------------------------------------------ the request's id
def test_the_proxy_s_id_is_in_the_answer_and_in_the_log(client, lines):
    answer = client.get("/nope", headers={"X-Request-ID": "0123456789abcdef0123456789abcdef"})
    assert answer.headers["X-Request-ID"] == "0123456789abcdef0123456789abcdef"
    assert "[0123456789abcdef0123456789abcdef] Not Found: /nope" in lines()[0]


NO_IDS = ["", "short", "a" * 65, "a b c d e f", "<script>1", "é" * 10, "１２３４５６７８９", "a\nbcdefgh"]


@pytest.mark.parametrize("given", NO_IDS)
def test_an_id_that_is_none_is_replaced(client, given):
    answer = client.get("/", headers={"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert answer.headers["X-Request-ID"] != client.get("/").headers["X-Request-ID"]


def test_the_500_page_says_the_id_with_database_and_cache_away(client, lines, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://:hidden-word@127.0.0.1:1/0",
        }
    }
    cache.close()

    def refuse(*args):
        raise OperationalError("connection to postgres://portal:hidden-word@db/news failed")

    client.raise_request_exception = False
    with connection.execute_wrapper(refuse):
        answer = client.get("/sources/", headers={"X-Request-ID": "reader-can-quote-this"})
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "服务器出错" in page and "reader-can-quote-this" in page
    assert "Error" not in page
    said = "\n".join(lines())
    assert "[reader-can-quote-this]" in said
    assert "hidden-word" not in said


def test_a_password_is_in_no_line(lines):
    masking.hide("only-here-12345")
    logging.getLogger("x").error(
        "%s %s %s",
        "redis://:p/w@host/0",
        "https://reader:geheim@feeds.example.com/rss",
        "host=db password=geheim sslpassword='geheim too' only-here-12345",
    )
    [line] = lines()
    for word in ("p/w", "geheim", "only-here"):
        assert word not in line
    assert "redis://***@host/0 https://***@feeds.example.com/rss host=db password=***" in line
