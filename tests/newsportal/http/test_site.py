"""What every answer carries, and the two questions of a supervisor."""

import pytest
from django.db import OperationalError, connection

from articles.search.index import follow

pytestmark = pytest.mark.django_db

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@pytest.mark.parametrize(
    "path", ["/", "/sources/", "/archive/", "/feed.xml", "/robots.txt", "/healthz", "/no/such/"]
)
def test_every_public_answer_carries_the_header_set(client, path):
    headers = client.get(path).headers
    assert {name: headers.get(name) for name in HEADERS} == HEADERS
    assert "Set-Cookie" not in headers


def test_the_desk_carries_it_too_with_nonces_and_never_unsafe_inline(admin_client, client):
    for answer in (
        client.get("/admin/login/"),
        admin_client.get("/admin/"),
        admin_client.get("/admin/no/such/"),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert {name: answer.headers.get(name) for name in HEADERS if not name.startswith("Content")} == {
            name: value for name, value in HEADERS.items() if not name.startswith("Content")
        }
    assert "'nonce-" in admin_client.get("/admin/").headers["Content-Security-Policy"]


def test_nonces_are_never_used_twice(admin_client):
    policies = {admin_client.get("/admin/").headers["Content-Security-Policy"] for _ in range(20)}
    assert len(policies) == 20


def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"alive": True}


def test_ready_says_what_it_looked_at(client, settings, tmp_path):
    settings.SEARCH_HOME = tmp_path / "search"
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "database": "ok", "migrations": "ok", "index": "missing"}
    follow.rebuild()
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"ready": True, "database": "ok", "migrations": "ok", "index": "ok"}


def test_not_ready_while_the_database_refuses(client):
    def refuse(*args):
        raise OperationalError("gone")

    with connection.execute_wrapper(refuse):
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "unreachable"
    assert answer.headers["Retry-After"] == "5"
