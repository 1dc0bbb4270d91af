"""A browser that its editor has signed in with: strangers who try his user name do not lock him out of it."""

import logging
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.core import signing
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsportal.signin import devices, locks
from tests.support.editors import words
from tests.support.signing_in import PASSWORD, WRONG, is_in, sign_in, staff

pytestmark = pytest.mark.django_db
HOME = "192.0.2.1"
FRESH = "红柳滩上第三只灰雁正在打盹"


@pytest.fixture
def own():
    """The browser of an editor, who has signed out."""
    staff()
    return used_by("zhubian")


@pytest.fixture
def days_pass(monkeypatch):
    """As if signatures had been made so much earlier; called again, so much more."""
    passed = timedelta()

    def more(**time_passed):
        nonlocal passed
        passed += timedelta(**time_passed)

    clock = SimpleNamespace(time=lambda: time.time() + passed.total_seconds())
    monkeypatch.setattr("django.core.signing.time", clock)
    return more


def used_by(name: str, password: str = PASSWORD) -> Client:
    client = Client()
    assert sign_in(client, name, password, HOME).status_code == 302
    client.post("/admin/logout/")
    return client


def besiege(name: str = "zhubian", really: int = 1) -> None:
    """A hundred wrong passwords, of which some are really sent; after them the name is locked for whoever comes."""
    locked = AccessAttempt.objects.filter(username=name, user_agent=locks.BY_NAME.name)
    for number in range(really):
        sign_in(Client(), name, address=f"198.51.100.{number // 10}")
    locked.filter(failures_since_start=really).update(failures_since_start=locks.BY_NAME.most)
    assert enter(Client(), name) == 429


def enter(client: Client, name: str = "zhubian", password: str = PASSWORD, address: str = HOME) -> int:
    return sign_in(client, name, password, address).status_code


def later(**passed) -> None:
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(**passed))


def carried(client: Client) -> str:
    return client.cookies[devices.COOKIE].value


def with_cookie(value: str) -> Client:
    client = Client()
    client.cookies[devices.COOKIE] = value
    return client


def test_the_own_browser_gets_in_while_others_are_locked_out(own):
    besiege(really=100)
    stranger = Client()
    assert enter(stranger) == 429 and not is_in(stranger)
    assert enter(own) == 302 and is_in(own)
    assert enter(stranger) == 429
    own.post("/admin/logout/")
    assert enter(own, address="192.0.2.200") == 302


def test_it_still_needs_the_password(own):
    besiege()
    assert enter(own, password=WRONG) == 200 and not is_in(own)
    assert enter(own, password="") == 200 and not is_in(own)


def test_a_name_is_compared_as_at_the_sign_in(own):
    besiege()
    besiege("ZHUBIAN")
    assert enter(own, "ZHUBIAN") == 429
    assert enter(own, " ｚｈｕｂｉａｎ ") == 302


def test_wrong_tries_in_the_own_browser_lock_it_wherever_it_goes_and_nobody_else(own):
    answers = [enter(own, password=WRONG, address=f"192.0.2.{number}") for number in range(11)]
    assert answers == [200] * 9 + [429] * 2
    answer = sign_in(own, password=PASSWORD, address=HOME)
    assert answer.status_code == 429 and int(answer["Retry-After"]) <= 15 * 60
    assert "在这个浏览器里试错的次数太多" in words(answer)
    assert enter(Client()) == 302
    later(minutes=15, seconds=1)
    assert enter(own) == 302


def test_the_right_password_begins_its_count_anew(own):
    for _ in range(3):
        assert [enter(own, password=WRONG) for _ in range(9)] == [200] * 9
        assert enter(own) == 302
        own.post("/admin/logout/")


def test_whoever_has_the_cookie_tries_no_more_in_a_day_than_strangers_do(own):
    thief = with_cookie(carried(own))
    answers = []
    for number in range(locks.BY_NAME.most + 10):
        if number % 9 == 0:
            AccessAttempt.objects.filter(user_agent__startswith=f"{locks.BY_DEVICE.name}:").update(
                attempt_time=F("attempt_time") - timedelta(minutes=16)
            )
        answers.append(enter(thief, password=WRONG, address=f"198.51.100.{number}"))
    assert answers == [200] * 99 + [429] * 11
    later(days=1)
    assert enter(own) == 302


def test_its_wrong_tries_do_not_lock_the_name_and_another_own_browser_has_its_own_count(own):
    other = used_by("zhubian")
    for number in range(20):
        enter(own, password=WRONG, address=f"198.51.100.{number}")
    assert enter(own) == 429
    assert not AccessAttempt.objects.filter(
        user_agent=locks.BY_NAME.name, failures_since_start__gt=0
    ).exists()
    assert enter(other) == 302


def test_the_locks_of_its_address_hold_for_it_too(own):
    for _ in range(10):
        enter(Client(), password=WRONG)
    assert enter(own) == 429
    for number in range(50):
        enter(Client(), f"name{number}", address="203.0.113.99")
    assert enter(own, address="203.0.113.99") == 429
    assert enter(own, address="203.0.113.100") == 302


def test_a_cookie_of_one_account_is_nothing_for_another(own):
    staff("jizhe")
    besiege("jizhe")
    assert enter(own, "jizhe") == 429
    assert enter(used_by("zhubian"), "jizhe", WRONG) == 429


def test_who_used_the_browser_last_is_who_it_knows(own):
    staff("jizhe")
    assert enter(own, "jizhe") == 302
    besiege()
    own.post("/admin/logout/")
    assert enter(own) == 429
    besiege("jizhe")
    assert enter(own, "jizhe") == 302


def test_after_a_new_password_only_the_browser_it_was_set_in_counts(own):
    stolen = with_cookie(carried(own))
    enter(own)
    changed = {"old_password": PASSWORD, "new_password1": FRESH, "new_password2": FRESH}
    assert own.post("/admin/password_change/", changed).status_code == 302
    own.post("/admin/logout/")
    besiege()
    assert enter(stolen, password=FRESH) == 429
    assert enter(own, password=FRESH) == 302


def test_after_a_password_that_somebody_else_has_set_it_counts_no_more(own):
    user = User.objects.get()
    user.set_password(FRESH)
    user.save()
    besiege()
    assert enter(own, password=FRESH) == 429


@pytest.mark.parametrize(
    "forge",
    [
        lambda real: "",
        lambda real: "1",
        lambda real: real[:-1],
        lambda real: real.replace(":", "0:", 1),
        lambda real: ":".join(["1", "f" * 32, *real.split(":")[2:]]),
        lambda real: signing.get_cookie_signer("another cookie").sign(":".join(real.split(":")[:3])),
        lambda real: "x" * 3000,
        lambda real: "\xff:::",
    ],
)
def test_a_forged_cookie_is_none(own, forge):
    besiege()
    forged = with_cookie(forge(carried(own)))
    assert enter(forged) == 429 and not is_in(forged)


def test_a_deleted_and_made_again_account_has_no_browsers(own):
    User.objects.all().delete()
    staff()
    besiege()
    assert enter(own) == 429


def test_it_is_known_for_thirty_days_after_it_was_used_and_no_longer(own, days_pass):
    days_pass(days=29, hours=23)
    besiege()
    assert enter(own) == 302
    days_pass(days=29)
    besiege()
    assert enter(own) == 302
    days_pass(days=30, minutes=1)
    besiege()
    assert enter(own) == 429


def test_a_form_is_kept_for_a_day_all_the_same(own, days_pass):
    days_pass(days=3)
    kept = own.post("/admin/articles/article/add/", {"title": "新题"}).context["kept"]
    back = {"username": "zhubian", "password": PASSWORD, "kept_form": kept}
    assert own.post("/admin/login/", back)["Location"] == "/admin/articles/article/add/"
    own.post("/admin/logout/")
    days_pass(hours=25)
    assert own.post("/admin/login/", back)["Location"] == "/admin/"
    assert "没能带过来" in words(own.get("/admin/"))


def test_it_keeps_its_number_when_it_is_renewed(own, days_pass):
    number = carried(own).split(":")[1]
    days_pass(days=2)
    before = carried(own)
    enter(own)
    assert carried(own) != before and carried(own).split(":")[1] == number
    again = carried(own)
    own.get("/admin/")
    assert carried(own) == again
    assert carried(used_by("zhubian")).split(":")[1] != number


def test_the_cookie_says_nothing_of_the_password(own):
    value, user = carried(own), User.objects.get()
    assert PASSWORD not in value and user.password not in value
    assert user.get_session_auth_hash() not in value
    cookie = own.cookies[devices.COOKIE]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == 30 * 24 * 3600


@pytest.mark.parametrize("command", [("axes_reset",), ("axes_reset_username", "zhubian")])
def test_its_lock_is_lifted_like_any_other(own, command, capsys):
    for number in range(10):
        enter(own, password=WRONG, address=f"198.51.100.{number}")
    assert enter(own) == 429
    call_command(*command)
    assert enter(own) == 302


def test_its_lock_is_written_down_and_its_number_is_not(own, caplog):
    caplog.set_level(logging.INFO, logger="newsportal.signin")
    for number in range(12):
        enter(own, password=WRONG, address=f"198.51.100.{number}")
    said = [record.getMessage() for record in caplog.records if record.name == "newsportal.signin"]
    (line,) = [line for line in said if line.startswith("locked")]
    assert 'user="zhubian"' in line and 'by="browser" until=' in line
    assert carried(own).split(":")[1] not in "".join(said)


def test_what_has_run_out_is_deleted(own):
    for number in range(3):
        enter(own, password=WRONG, address=f"198.51.100.{number}")
    later(days=1, seconds=1)
    enter(Client(), "somebody", WRONG)
    assert set(AccessAttempt.objects.values_list("username", flat=True)) == {"", "somebody"}


def test_known_and_unknown_names_ask_the_same_of_the_database():
    """Nobody learns whose name is known: without a cookie no account is looked for."""
    staff()
    asked = []
    for name in ("zhubian", "nobody"):
        with CaptureQueriesContext(connection) as queries:
            enter(Client(), name, WRONG, address="203.0.113.50")
        asked.append(len(queries))
    assert asked[0] == asked[1]
