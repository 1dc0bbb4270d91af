"""A body that will not be used is not read: by address, kind, length and session, on either database."""

from io import BytesIO

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.newsportal.http.test_site import HEADERS
from tests.support.editors import at_desk, chief, make_user

pytestmark = pytest.mark.django_db

UPLOAD, LOGIN, ARTICLE = "/admin/sources/upload/add/", "/admin/login/", "/admin/articles/article/add/"
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
KIB, MIB = 1024, 1024 * 1024


class Untouchable:
    """A body that nobody may read a byte of."""

    def read(self, *args):
        raise AssertionError("the body was read")

    readline = read


def send(client, path, kind=URLENCODED, length=100, method="POST", **headers):
    """A request whose body must stay unread."""
    environ = {"wsgi.input": Untouchable(), "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length)} | headers
    return client.generic(method, path, **environ)


@pytest.mark.parametrize(
    "path", ["/", "/search/", "/articles/1/", "/healthz", "/nope", LOGIN, "/admin/", UPLOAD, ARTICLE]
)
@pytest.mark.parametrize(
    "kind", [MULTIPART, "MultiPart/Form-Data", "multipart/mixed; boundary=a", " multipart/form-data"]
)
@pytest.mark.parametrize("length", [1, 600 * MIB])
def test_nobody_s_multipart_is_refused_unread(path, kind, length, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = send(Client(), path, kind, length)
    if path.startswith("/admin/"):
        assert answer.status_code == 403
        assert "没有登录" in answer.content.decode()
    else:  # nobody at all may send a form here
        assert answer.status_code == 405
        assert answer.headers["Allow"] == "GET, HEAD"
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    "path", ["/", "/search/", "/sources/", "/articles/1/", "/feed.xml", "/readyz", "/nope"]
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_public_pages_take_no_body(client, path, method):
    answer = send(client, path, method=method)
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_the_desk_takes_forms_only(method):
    assert send(chief(), ARTICLE, method=method).status_code == 405


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_what_comes_with_a_plain_reading_is_left_alone(client, method):
    assert send(client, "/", MULTIPART, 600 * MIB, method).status_code == 200


@pytest.mark.parametrize(
    ("path", "kind", "most"),
    [
        (LOGIN, URLENCODED, 16 * KIB),
        ("/admin/articles/category/try/", URLENCODED, MIB),
        (ARTICLE, URLENCODED, 5 * MIB),
        (UPLOAD, MULTIPART, 21 * MIB),
    ],
)
def test_what_is_larger_than_its_address_takes_is_refused_unread(path, kind, most):
    for length in (most + 1, 10**17):
        assert send(chief(), path, kind, length).status_code == 413
    # Nothing is said against one byte less: it is read.
    with pytest.raises(AssertionError, match="the body was read"):
        send(chief(), path, kind, most)


@pytest.mark.parametrize(
    "length", ["-1", "+5", "1e3", "0x10", "5 ", "5, 5", "5,6", "١٢", "9" * 19, "9" * 5000, "NaN", "\t"]
)
def test_a_length_that_is_none_is_refused(length):
    answer = send(chief(), LOGIN, length=length)
    assert answer.status_code == 400
    assert "看不懂的请求" in answer.content.decode()


@pytest.mark.parametrize("given", ["chunked", "Chunked", "gzip, chunked", "identity"])
def test_a_body_of_unknown_length_is_refused(given):
    for length in ("", "5"):
        answer = send(chief(), ARTICLE, length=length, HTTP_TRANSFER_ENCODING=given)
        assert answer.status_code == 411


@pytest.mark.parametrize("given", ["gzip", "br", "deflate", "GZIP", "gzip, gzip", "zstd"])
def test_a_packed_body_is_refused(given):
    assert send(chief(), ARTICLE, HTTP_CONTENT_ENCODING=given).status_code == 415


@pytest.mark.parametrize("given", ["200-ok", "100-continue, x"])
def test_an_expectation_nobody_knows_is_refused(given):
    assert send(chief(), ARTICLE, HTTP_EXPECT=given).status_code == 417


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "text/xml", "", "multipart/mixed; boundary=x"]
)
def test_what_is_no_form_is_refused(kind):
    assert send(chief(), ARTICLE, kind).status_code == 415


def _forged(client):
    client.cookies["sessionid"] = "a" * 32


def _odd(client):
    client.cookies["sessionid"] = "../../x"


def _logged_out(client):
    cookie = client.cookies["sessionid"].value
    client.post("/admin/logout/")
    client.cookies["sessionid"] = cookie


def _gone(client):
    Session.objects.all().delete()


def _deactivated(client):
    user = client.user
    user.is_active = False
    user.save()


def _dismissed(client):
    user = client.user
    user.is_staff = False
    user.save()


def _new_password(client):
    client.user.set_password("another one, and long enough")
    client.user.save()


@pytest.mark.parametrize(
    "end",
    [_forged, _odd, _logged_out, _gone, _deactivated, _dismissed, _new_password],
    ids=lambda end: end.__name__,
)
@pytest.mark.parametrize("kind", [MULTIPART, URLENCODED])
def test_a_form_is_unread_until_its_sender_is_known(end, kind):
    user = make_user("主编")
    client = at_desk(user)
    client.user = user
    end(client)
    answer = send(client, UPLOAD, kind)
    assert answer.status_code == 403
    assert "登录已过期" in answer.content.decode()


def test_a_stranger_s_form_is_read_at_the_sign_in_only(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert send(Client(), ARTICLE).status_code == 403
    with pytest.raises(AssertionError, match="the body was read"):
        send(Client(), LOGIN)


def test_a_form_that_breaks_off_is_not_taken_for_a_whole_one():
    sent = {"wsgi.input": BytesIO(b"username=x"), "CONTENT_TYPE": URLENCODED, "CONTENT_LENGTH": "5000"}
    answer = Client().generic("POST", LOGIN, **sent)
    assert answer.status_code == 400
    assert "没有收到完整的内容" in answer.content.decode()


def test_one_can_sign_in_and_work_with_forms():
    user = make_user("主编")
    user.set_password("correct horse battery")
    user.save()
    client = Client()
    given = {"username": user.username, "password": "correct horse battery", "next": "/admin/"}
    assert client.post(LOGIN, given).headers["Location"] == "/admin/"
    assert client.post("/admin/articles/category/try/", {"text": "贷款"}).status_code == 200
    assert client.post("/admin/logout/").status_code == 200


def test_a_form_without_its_token_is_still_refused():
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("主编"))
    assert client.post("/admin/articles/category/try/", {"text": "贷款"}).status_code == 403


def test_pages_look_at_no_session(client):
    client.cookies["sessionid"] = "a" * 32
    with CaptureQueriesContext(connection) as asked:
        assert client.get("/").status_code == 200
    assert not [query for query in asked.captured_queries if "session" in query["sql"]]
