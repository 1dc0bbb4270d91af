"""Guessing a password: who is locked, for how long, who is not, and what is written down."""

import logging
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client

from newsportal.signin import locks
from newsportal.signin.address import client_address
from tests.support.editors import at_desk, words
from tests.support.signing_in import PASSWORD, WRONG, is_in, sign_in, staff

pytestmark = pytest.mark.django_db


def fail(client, times: int, **more) -> list[int]:
    return [sign_in(client, **more).status_code for _ in range(times)]


def later(**passed) -> None:
    """As if so much time had passed since the tries."""
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**passed))


@pytest.fixture
def said(caplog):
    """The lines of the log of sign-ins."""
    caplog.set_level(logging.INFO, logger="newsportal.signin")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "newsportal.signin"]


def test_ten_wrong_passwords_lock_the_user_at_this_address_the_right_one_too(client):
    staff()
    assert fail(client, 9) == [200] * 9
    assert sign_in(client).status_code == 429
    answer = sign_in(client, password=PASSWORD)
    assert answer.status_code == 429
    assert 14 * 60 < int(answer["Retry-After"]) <= 15 * 60
    assert "no-store" in answer["Cache-Control"]
    assert "请等 15 分钟" in words(answer)
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert not is_in(client)


def test_tries_that_a_lock_refuses_are_one_line_of_the_log(client, caplog):
    staff()
    fail(client, 10)
    caplog.clear()
    caplog.set_level(logging.INFO)
    assert fail(client, 3) == [429] * 3
    assert not [record.getMessage() for record in caplog.records if record.name.startswith("django")]
    client.get("/nowhere/")
    assert "Not Found: /nowhere/" in [record.getMessage() for record in caplog.records]


def test_the_owner_gets_in_from_elsewhere_and_others_from_here(client):
    staff()
    staff("jizhe")
    fail(client, 12)
    assert sign_in(client, password=PASSWORD, address="198.51.100.9").status_code == 302
    assert sign_in(Client(), "jizhe", PASSWORD).status_code == 302


def test_the_lock_ends_after_a_quarter_of_an_hour_and_not_before(client):
    staff()
    fail(client, 10)
    later(minutes=14)
    assert sign_in(client, password=PASSWORD).status_code == 429
    later(minutes=1, seconds=1)
    assert sign_in(client, password=PASSWORD).status_code == 302


def test_trying_on_does_not_make_a_lock_longer(client):
    staff()
    fail(client, 10)
    later(minutes=14)
    fail(client, 5)
    later(minutes=1, seconds=1)
    assert sign_in(client, password=PASSWORD).status_code == 302


def test_slow_guessing_is_counted_as_long_as_a_quarter_of_an_hour_does_not_pass_in_between(client):
    staff()
    for _ in range(9):
        sign_in(client)
        later(minutes=14)
    assert sign_in(client).status_code == 429


def test_the_right_password_begins_the_count_anew(client):
    staff()
    fail(client, 9)
    assert sign_in(client, password=PASSWORD).status_code == 302
    assert fail(Client(), 9) == [200] * 9


def test_a_user_is_locked_after_a_hundred_a_day_from_wherever(client):
    staff()
    for number in range(100):
        sign_in(client, address=f"198.51.100.{number}")
    answer = sign_in(client, password=PASSWORD, address="192.0.2.1")
    assert answer.status_code == 429
    assert 23 * 3600 < int(answer["Retry-After"]) <= 24 * 3600
    later(hours=24)
    assert sign_in(client, password=PASSWORD, address="192.0.2.1").status_code == 302


def test_an_address_is_locked_whatever_names_it_tries_and_others_are_not(client):
    staff()
    answers = [sign_in(client, f"name{number}").status_code for number in range(60)]
    assert answers == [200] * 49 + [429] * 11
    assert sign_in(client, password=PASSWORD).status_code == 429
    assert sign_in(client, password=PASSWORD, address="203.0.113.8").status_code == 302


def test_an_ipv6_subscriber_is_one_address(client):
    staff()
    answers = [sign_in(client, address=f"2001:db8:1:2::{number:x}").status_code for number in range(1, 12)]
    assert answers == [200] * 9 + [429] * 2
    assert sign_in(client, address="2001:db8:1:3::1").status_code == 200


def test_forged_headers_change_nothing(client):
    staff()
    for number in range(200):
        forged = f"10.9.{number}.1"
        answer = sign_in(
            client, HTTP_X_FORWARDED_FOR=forged, HTTP_X_REAL_IP=forged, HTTP_FORWARDED=f"for={forged}"
        )
        assert answer.status_code == (200 if number < 9 else 429)
    assert sign_in(client, password=PASSWORD, address="198.51.100.9").status_code == 302


@pytest.mark.parametrize("forged", ["", "1.2.3.4, ", "1.2.3.4, 5.6.7.8, ", "junk,, ", "203.0.113.7, "])
def test_behind_a_proxy_only_the_entry_it_wrote_counts(client, settings, forged):
    settings.PROXIES = 1
    staff()
    proxied = {"address": "127.0.0.1", "HTTP_X_FORWARDED_FOR": f"{forged}203.0.113.50"}
    fail(client, 10, **proxied)
    assert sign_in(client, password=PASSWORD, **proxied).status_code == 429
    elsewhere = {"address": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.50, 203.0.113.51"}
    assert sign_in(client, password=PASSWORD, **elsewhere).status_code == 302


@pytest.mark.parametrize(
    ("proxies", "header", "seen"),
    [
        (0, "203.0.113.9", "192.0.2.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
        (1, "fe80::1%eth0", "fe80::"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "192.0.2.1"),  # the header is too short to be of two proxies
        (1, "unknown", "192.0.2.1"),
        (1, "", "192.0.2.1"),
        (1, "6.6.6.6,", "192.0.2.1"),
        (1, "9" * 10_000, "192.0.2.1"),
    ],
)
def test_the_address_is_the_one_the_outermost_trusted_proxy_saw(rf, settings, proxies, header, seen):
    settings.PROXIES = proxies
    assert client_address(rf.get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=header)) == seen


@pytest.mark.parametrize("address", ["", "junk", "/run/portal.sock"])
def test_a_socket_without_an_address_locks_a_user_but_not_everybody(client, address):
    staff()
    assert [sign_in(client, f"name{number}", address=address).status_code for number in range(60)] == [
        200
    ] * 60
    fail(client, 10, address=address)
    assert sign_in(client, password=PASSWORD, address=address).status_code == 429


def test_on_a_public_site_an_uncounted_proxy_locks_nobody_else(client, settings):
    settings.PUBLIC = True
    staff()
    answers = {sign_in(client, f"name{number}", address="127.0.0.1").status_code for number in range(60)}
    assert answers == {200}
    assert sign_in(client, password=PASSWORD, address="127.0.0.1").status_code == 302


def test_known_and_unknown_names_are_answered_alike(client):
    staff()
    staff("left", is_active=False)
    User.objects.create_user("reader", password=PASSWORD)
    tries = [
        ("zhubian", WRONG),
        ("nobody", WRONG),
        ("left", PASSWORD),
        ("reader", PASSWORD),
        ("reader", WRONG),
    ]
    said = {words(sign_in(client, name, password)) for name, password in tries}
    assert len(said) == 1
    for name in ("zhubian", "nobody", "left", "reader"):
        assert fail(Client(), 10, name=name, address="192.0.2.77")[-1] == 429


@pytest.mark.parametrize("name", ["reader", "left"])
def test_a_right_password_that_opens_nothing_is_counted_like_a_wrong_one(client, said, name):
    User.objects.create_user(name, password=PASSWORD, is_staff=name == "left", is_active=name != "left")
    answers = [sign_in(client, name, PASSWORD).status_code for _ in range(11)]
    assert answers == [200] * 9 + [429] * 2
    assert len([line for line in said() if line.startswith("failed")]) == 10


HOSTILE = [
    "x" * 10_000,
    '\n\n\r\nsigned in user="root"',
    "\x1b[2J\x07\x08",
    "a\u202egnp.exe\u2066\u200b",
    "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "主" * 1500,  # what takes more bytes is refused unread
    "' OR 1=1 --",
    '"quoted" \\n back\\slash',
    "\x7f\x85\u2028\u2029",
    "😀" * 400,
]


@pytest.mark.parametrize("name", HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_name_makes_one_short_line_and_a_short_row(client, said, name):
    assert sign_in(client, name).status_code == 200
    (line,) = said()
    assert line.isprintable()
    assert len(line) < 1000
    assert line.startswith('failed user="')
    row = AccessAttempt.objects.get(user_agent=locks.BY_PAIR.name)
    assert len(row.username) <= 255
    assert row.post_data == row.get_data == ""
    assert fail(client, 9, name=name)[-1] == 429


@pytest.mark.parametrize("name", ["\0", "zhubian\0", "\0" * 5000, ""])
def test_a_name_that_is_none_is_refused_and_leaves_no_trace(client, said, name):
    staff()
    assert sign_in(client, name, PASSWORD).status_code == 200
    assert not is_in(client)
    assert said() == []
    assert not AccessAttempt.objects.exists()


def test_long_names_that_begin_alike_are_counted_apart(client):
    fail(client, 10, name="x" * 5000 + "a")
    assert sign_in(client, "x" * 5000 + "b").status_code == 200


def test_a_flood_of_names_fills_neither_table_nor_log(client, said, monkeypatch):
    monkeypatch.setattr(locks, "ROWS", 50)
    for number in range(200):
        sign_in(client, f"{number}" * 2000, address=f"198.51.{number // 20}.1")
    assert AccessAttempt.objects.count() <= 50 + 3
    for number in range(200):
        sign_in(client, f"{number}", address="192.0.2.5")
    assert len([line for line in said() if "192.0.2.5" in line]) == 51  # fifty tries and one lock


def test_a_flood_does_not_push_out_a_lock(client, monkeypatch):
    monkeypatch.setattr(locks, "ROWS", 50)
    staff()
    fail(client, 10)
    for number in range(100):
        sign_in(client, f"{number}", address=f"198.51.{number}.1")
    assert sign_in(client, password=PASSWORD).status_code == 429


def test_what_has_run_out_is_deleted(client):
    for number in range(5):
        sign_in(client, f"name{number}", address=f"198.51.100.{number}")
    later(days=1, seconds=1)
    sign_in(client, "somebody")
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"", "somebody"}


@pytest.mark.parametrize("days", [-1, 1, 4000])
def test_a_clock_that_jumps_makes_no_lock_longer_than_its_time(client, days):
    """The rows are as many days behind the clock, or before it, as the clock has jumped."""
    staff()
    fail(client, 10)
    later(days=days)
    answer = sign_in(client, password=PASSWORD)
    assert answer.status_code == (429 if days < 0 else 302)
    if days < 0:
        assert int(answer["Retry-After"]) <= 15 * 60


def test_a_superuser_lifts_a_lock_at_the_desk(client, said):
    root, locked = User.objects.create_superuser("root"), staff()
    fail(client, 10)
    desk = at_desk(root)
    desk.post("/admin/auth/user/", {"action": "lift_locks", "_selected_action": [locked.pk]})
    assert sign_in(client, password=PASSWORD).status_code == 302
    assert any(line.startswith('lock lifted user="zhubian"') and 'by="root"' in line for line in said())


@pytest.mark.parametrize("command", [("axes_reset",), ("axes_reset_username", "zhubian")])
def test_a_command_lifts_a_lock(client, capsys, command):
    staff()
    fail(client, 10)
    call_command(*command)
    assert sign_in(client, password=PASSWORD).status_code == 302


def test_commands_lift_the_lock_of_an_address(client, capsys):
    staff()
    for number in range(50):
        sign_in(client, f"name{number}")
    call_command("axes_reset_ip", "203.0.113.7")
    assert sign_in(client, password=PASSWORD).status_code == 302


def test_everything_is_written_down_once_and_no_secret(client, said):
    user = staff()
    sign_in(client)
    sign_in(client, password=PASSWORD)
    key = client.session.session_key
    fresh = "三只橘猫蹲在旧仓库门口晒太阳"
    changed = {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    assert client.post("/admin/password_change/", changed).status_code == 302
    user.refresh_from_db()
    assert user.check_password(fresh)
    client.post("/admin/logout/")
    assert said() == [
        'failed user="zhubian" address=203.0.113.7',
        'signed in user="zhubian" address=203.0.113.7',
        'password changed user="zhubian" address=127.0.0.1 by="zhubian"',
        'signed out user="zhubian" address=127.0.0.1',
    ]
    assert not any(secret in line for line in said() for secret in (PASSWORD, WRONG, fresh, key))


def test_the_lock_is_written_down_once(client, said):
    fail(client, 15)
    (line,) = [line for line in said() if line.startswith("locked")]
    assert 'user="zhubian" address=203.0.113.7 by="user and address" until=' in line
    assert len(said()) == 11


def test_a_client_without_a_request_signs_in_too(client):
    staff()
    assert client.login(username="zhubian", password=PASSWORD)
    assert not Client().login(username="zhubian", password=WRONG)


@pytest.mark.django_db(transaction=True)
def test_of_fifty_tries_at_once_no_more_than_ten_are_looked_at():
    staff()
    barrier, answers = Barrier(50), []

    def attempt():
        barrier.wait()
        answers.append(sign_in(Client()).status_code)
        connection.close()

    threads = [Thread(target=attempt) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(set(answers)) == [200, 429]
    assert answers.count(200) == 9
    row = AccessAttempt.objects.get(user_agent=locks.BY_PAIR.name)
    assert row.failures_since_start == 10


@pytest.mark.django_db(transaction=True)
def test_thirty_colleagues_at_once_all_get_in():
    for number in range(30):
        staff(f"user{number}")
    barrier, answers = Barrier(30), []

    def attempt(number: int):
        barrier.wait()
        answers.append(sign_in(Client(), f"user{number}", PASSWORD).status_code)
        connection.close()

    threads = [Thread(target=attempt, args=[number]) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 30
    assert not AccessAttempt.objects.filter(failures_since_start__gt=0).exists()
