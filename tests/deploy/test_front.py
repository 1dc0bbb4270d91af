"""nginx as deploy/nginx.conf sets it up, before the portal as deploy/newsportal.service starts it."""

import os
import signal
import tempfile
import time
from pathlib import Path

import pytest

from tests.newsportal.http.test_site import HEADERS
from tests.support import front_door
from tests.support.front_door import (
    FORGED,
    LOGIN,
    MIB,
    MULTIPART,
    UPLOAD,
    URLENCODED,
    Portal,
    ask,
    head,
    pour,
)
from tests.support.nginx import Nginx, find_nginx, free_port, nginx_in_front

THREADS = 8  # of the portal: two workers with four each
ACCEPTED = 16 * MIB  # what sockets hold, and a little


@pytest.fixture(scope="module")
def front():
    """(nginx, portal), of the sample newsroom; nginx' workers are another user's, so the folders' rights count."""
    try:
        find_nginx()
    except LookupError as reason:
        pytest.skip(str(reason.args[0]))
    with tempfile.TemporaryDirectory(prefix="newsportal-front-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)
        settings = {
            "NEWSPORTAL_PUBLIC_HOME": str(folder / "public"),
            "NEWSPORTAL_SITE_URL": f"http://127.0.0.1:{port}",
        }
        with (
            front_door.served(folder, **settings) as portal,
            nginx_in_front(portal.port, folder / "public", port) as nginx,
        ):
            yield nginx, portal


@pytest.fixture
def nginx(front) -> Nginx:
    return front[0]


@pytest.fixture
def portal(front) -> Portal:
    return front[1]


# ------------------------------------------------------------------ slow
def test_home_answers_while_slow_forms_are_open(nginx):
    with front_door.slow_forms(nginx.port, THREADS + 1):
        assert [ask(nginx.port, "/").status for _ in range(20)] == [200] * 20


def test_home_answers_while_slow_forms_are_open_without_nginx_too(portal):
    with front_door.slow_forms(portal.port, THREADS + 1):
        assert [ask(portal.port, "/").status for _ in range(20)] == [200] * 20


def test_home_answers_while_three_hundred_send_their_headers_slowly(nginx, portal):
    for port in (nginx.port, portal.port):
        with front_door.slow_headers(port, 300):
            assert [ask(port, "/").status for _ in range(20)] == [200] * 20


def test_who_never_ends_the_headers_is_hung_up_on(nginx, portal):
    for port in (nginx.port, portal.port):
        with front_door.slow_headers(port, 3) as lines:
            assert all(front_door.is_hung_up(line) for line in lines)


# ------------------------------------------------------------------ large
@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("cookie", ["", FORGED])
@pytest.mark.parametrize("path", ["/", "/search/", "/articles/1/", LOGIN, "/admin/", UPLOAD])
def test_six_hundred_megabytes_from_nobody_are_refused_early(nginx, portal, path, cookie, chunked):
    for port in (nginx.port, portal.port):
        status, taken = pour(port, path, 600 * MIB, chunked, Cookie=cookie)
        # Without nginx the end of the connection may overtake the answer.
        assert status in (403, 405, 411, 413, 429) or (status == 0 and port == portal.port)
        assert taken < ACCEPTED + (32 * MIB if chunked else 0), port
    kept = [file for file in nginx.folder.glob("body/**/*") if file.is_file()]
    assert sum(file.stat().st_size for file in kept) < 40 * MIB
    assert ask(nginx.port, "/").status == 200


def test_a_forged_cookie_gets_no_file_past_the_portal(nginx):
    status, _ = pour(nginx.port, UPLOAD, 19 * MIB, Cookie=FORGED)
    # The portal refuses before it has the body, and closes; nginx, still sending, may then miss its words.
    assert status in (403, 502)


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/", 2000, 413),
        ("/", 500, 405),
        ("/search/", 500, 405),
        (LOGIN, 20_000, 413),
        (LOGIN, 6 * MIB, 413),
        ("/admin/x/", 2 * MIB, 413),
    ],
)
def test_forms_have_a_size_everywhere(nginx, path, size, status):
    answer = ask(nginx.port, path, "POST", b"a" * size, Content_Type=URLENCODED)
    assert answer.status == status


def test_the_staff_signs_in_and_uploads_through_both(nginx):
    cookies = front_door.sign_in(nginx.port)
    assert "sessionid" in cookies
    uploaded = front_door.upload(nginx.port, cookies, 3 * MIB)
    assert uploaded.status == 302, uploaded.body.decode()[:2000]
    assert front_door.upload(nginx.port, cookies, 21 * MIB).status == 413


# ------------------------------------------------------------------ often
def test_guessing_passwords_is_slowed_down_and_reading_is_not(nginx):
    answers = front_door.hammer(nginx.port, 40)
    refused = [answer for answer in answers if answer.status == 429]
    assert len(refused) >= 20
    assert refused[0].all("Retry-After") == ["10"]
    assert "请求太频繁" in refused[0].body.decode()
    assert ask(nginx.port, "/").status == 200
    assert ask(nginx.port, LOGIN, source=front_door.AWAY).status == 200  # looking at the form is no guess


def test_searching_has_a_rate_of_its_own(nginx):
    statuses = [ask(nginx.port, "/search/?q=x").status for _ in range(60)]
    assert statuses[0] == 200 and 429 in statuses
    assert ask(nginx.port, "/").status == 200


def test_a_supervisor_on_this_machine_asks_as_often_as_it_likes(nginx):
    assert {ask(nginx.port, "/healthz").status for _ in range(60)} == {200}


def test_no_address_has_all_connections(nginx):
    with front_door.slow_clients(
        nginx.port, 60, head("POST", LOGIN, nginx.port, Content_Type=URLENCODED, Content_Length=9000)
    ) as lines:
        answered = []
        for line in lines:
            line.settimeout(1)
            try:
                answered.append(line.recv(100)[:12])
            except TimeoutError:
                continue
        assert b"HTTP/1.1 429" in answered


# ------------------------------------------------------------------ headers
def hashed(portal: Portal) -> str:
    """A style sheet under the name that has a hash in it."""
    return next((portal.home.parent / "public" / "static" / "css").glob("site.????????????.css")).name


def test_every_answer_carries_the_header_set_once(nginx, portal):
    asked = {
        "home": ask(nginx.port, "/"),
        "none": ask(nginx.port, "/nope/"),
        "form": ask(nginx.port, "/", "POST", b"x", Content_Type=URLENCODED),
        "large": ask(nginx.port, "/", "POST", b"x" * 5000, Content_Type=URLENCODED),
        "long address": ask(nginx.port, "/" + "x" * 40_000),
        "static": ask(nginx.port, f"/static/css/{hashed(portal)}"),
        "no static": ask(nginx.port, "/static/nope.0123456789ab.css"),
        "dots": ask(nginx.port, "/static/../../home/secret-key"),
    }
    for name, answer in asked.items():
        assert {header: answer.all(header) for header in HEADERS} == {
            header: [value] for header, value in HEADERS.items()
        }, name
        assert len(answer.all("X-Request-ID")) == 1, name
        assert answer.all("Server") == ["nginx"], name
        assert b"nginx/" not in answer.body, name
    assert [asked[name].status for name in ("home", "none", "form", "large")] == [200, 404, 405, 413]
    assert asked["form"].all("Allow") == ["GET, HEAD"]
    assert asked["long address"].status == 414
    assert asked["dots"].status in (400, 404)
    assert "太大" in asked["large"].body.decode()


def test_nginx_serves_static_files_itself_packed_and_for_ever(nginx, portal):
    name = hashed(portal)
    answer = ask(nginx.port, f"/static/css/{name}", Accept_Encoding="gzip")
    assert answer.status == 200
    assert answer.all("Content-Encoding") == ["gzip"]
    assert answer.all("Cache-Control") == ["public, max-age=31536000, immutable"]
    assert answer.all("Content-Type") == ["text/css"]
    assert ask(nginx.port, "/static/css/site.css").all("Cache-Control") == ["public, max-age=60"]
    missing = ask(nginx.port, "/static/css/nope.0123456789ab.css")
    assert missing.status == 404
    assert "immutable" not in str(missing.headers)


def test_nginx_serves_pictures_themselves_and_they_can_run_nothing(nginx, portal):
    name = "ab" + "0" * 62
    folder = portal.home.parent / "public" / "media" / "ab"
    folder.mkdir(parents=True, mode=0o755)
    for one in (folder, folder.parent):
        one.chmod(0o755)
    (folder / f"{name}.webp").write_bytes(b"RIFF")
    (folder / f"{name}.webp").chmod(0o644)
    answer = ask(nginx.port, f"/media/{name}.webp")
    assert (answer.status, answer.body) == (200, b"RIFF")
    assert answer.all("Content-Type") == ["image/webp"]
    assert answer.all("Content-Security-Policy") == ["default-src 'none'; sandbox"]
    assert answer.all("X-Content-Type-Options") == ["nosniff"]
    assert answer.all("Cache-Control") == ["public, max-age=31536000, immutable"]
    assert ask(nginx.port, f"/media/{'0' * 64}.webp").status == 404


def test_what_is_private_is_not_served(nginx, portal):
    for path in (
        "/secret-key",
        "/home/secret-key",
        "/static/..%2fhome/secret-key",
        "/media/../home/secret-key",
    ):
        answer = ask(nginx.port, path)
        assert answer.status in (400, 403, 404), path
        assert portal.home.joinpath("secret-key").read_bytes() not in answer.body
    assert portal.home.stat().st_mode & 0o777 == 0o700


def test_what_a_client_claims_of_itself_is_replaced(nginx, portal):
    forged = {"X_Forwarded_For": "6.6.6.6", "X_Forwarded_Proto": "https", "X_Request_ID": "forged-by-client"}
    answer = ask(nginx.port, "/nope-forged/", **forged, Forwarded="for=6.6.6.6")
    [given] = answer.all("X-Request-ID")
    assert given != "forged-by-client"
    assert f"[{given}] Not Found: /nope-forged/" in portal.log.read_text()


# ------------------------------------------------------------------ when the portal is away
def test_a_worker_that_is_killed_is_no_error_to_readers(nginx, portal):
    for _ in range(2):
        worker, started = portal.workers()[0], portal.log.read_text().count("Started worker")
        os.kill(worker, signal.SIGKILL)
        seen, until = [], time.monotonic() + 60
        while portal.log.read_text().count("Started worker") == started and time.monotonic() < until:
            seen.append(ask(nginx.port, "/").status)
            time.sleep(0.02)  # a reader, not a flood: nginx would answer that with 429
        assert set(seen) == {200}
        assert len(portal.workers()) == 2 and worker not in portal.workers()


def test_while_the_portal_is_away_readers_are_told_so_in_chinese():
    with (
        tempfile.TemporaryDirectory() as empty,
        nginx_in_front(free_port(), Path(empty)) as nginx,
    ):
        answer = ask(nginx.port, "/")
        assert answer.status == 502
        assert "暂时不能打开" in answer.body.decode()
        assert answer.all("Retry-After") == ["5"]
        assert answer.all("Cache-Control") == ["no-store"]
        assert {header: answer.all(header) for header in HEADERS} == {
            header: [value] for header, value in HEADERS.items()
        }


def test_multipart_of_nobody_never_reaches_the_portal(nginx, portal):
    before = len(portal.log.read_text())
    body = b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb\r\n--x--\r\n"
    for path in (UPLOAD, LOGIN, "/admin/"):
        assert ask(nginx.port, path, "POST", body, Content_Type=MULTIPART).status in (403, 429)
    assert "Forbidden" not in portal.log.read_text()[before:]
