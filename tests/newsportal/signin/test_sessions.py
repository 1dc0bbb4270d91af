"""How long somebody is signed in, and what ends it at once."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.support.editors import at_desk, chief
from tests.support.signing_in import PASSWORD, is_in, sign_in, staff

pytestmark = pytest.mark.django_db
STATE = "/admin/session/"


def later(client: Client, **passed) -> None:
    """As if so much time had passed since the client's last request."""
    session, past = client.session, timedelta(**passed)
    session["signed_in_at"] -= past.total_seconds()
    session.set_expiry(session.get_expiry_date() - past)
    session.save()


@pytest.fixture
def desk():
    return at_desk(staff())


def test_two_idle_hours_end_a_session(desk):
    later(desk, hours=1, minutes=59)
    assert is_in(desk)
    later(desk, hours=2, seconds=1)
    assert not is_in(desk)


def test_whoever_works_on_stays_in_for_twelve_hours_and_no_longer(desk):
    for _ in range(11):
        later(desk, hours=1)
        assert is_in(desk)
    later(desk, minutes=59)
    assert is_in(desk)
    later(desk, minutes=1, seconds=1)
    assert not is_in(desk)


def test_saving_the_session_for_another_reason_does_not_make_it_longer(desk):
    later(desk, hours=1)
    session = desk.session
    session["something"] = 1
    session.save()
    later(desk, hours=1, seconds=1)
    assert not is_in(desk)


def test_a_public_page_is_no_activity_and_asks_for_no_session(desk):
    later(desk, hours=1)
    answer = desk.get("/")
    assert "Cookie" not in answer.get("Vary", "")
    later(desk, hours=1, seconds=1)
    assert not is_in(desk)


def test_asking_how_long_is_left_is_no_activity(desk):
    later(desk, hours=1)
    for _ in range(3):
        told = desk.get(STATE)
        assert 3590 < told.json()["left"] <= 3600
        assert "no-store" in told["Cache-Control"]
        assert "sessionid" not in told.cookies
    later(desk, hours=1, seconds=1)
    assert desk.get(STATE).json() == {"user": "", "left": 0, "most": 0, "token": ""}


def test_a_click_on_continue_gives_two_more_hours_within_the_twelve(desk):
    later(desk, hours=1, minutes=58)
    assert desk.post(STATE).json()["left"] > 7190
    for _ in range(9):
        later(desk, hours=1)
        desk.post(STATE)
    told = desk.post(STATE).json()
    assert told["left"] == told["most"] < 3800


def test_continue_wants_the_token_of_our_own_page(desk):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = desk.cookies
    later(desk, hours=1)
    assert strict.post(STATE).status_code == 403
    assert desk.get(STATE).json()["left"] <= 3600
    token = strict.get(STATE).json()["token"]
    assert strict.post(STATE, headers={"X-CSRFToken": token}).json()["left"] > 7190


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_the_state_knows_two_methods(desk, method):
    assert getattr(desk, method)(STATE).status_code == 405


def test_who_is_not_on_the_staff_is_told_nothing(client):
    client.force_login(User.objects.create_user("reader"))
    assert client.get(STATE).json()["user"] == ""


def test_a_session_from_before_the_limits_gets_them_with_its_next_page(desk):
    session = desk.session
    del session["signed_in_at"], session["_session_expiry"]
    session.save()
    assert is_in(desk)
    later(desk, hours=2, seconds=1)
    assert not is_in(desk)


def test_a_beginning_in_the_future_is_taken_for_now(desk):
    later(desk, days=-30)
    assert is_in(desk)
    assert desk.get(STATE).json()["most"] <= 12 * 3600


def test_signing_in_makes_a_new_key_and_takes_over_nothing(client):
    staff()
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = planted = session.session_key
    assert sign_in(client, password=PASSWORD).status_code == 302
    assert client.session.session_key != planted
    assert not is_in(holding(planted))


def holding(key: str) -> Client:
    other = Client()
    other.cookies["sessionid"] = key
    return other


def test_a_session_is_dead_after_signing_out(desk):
    key = desk.session.session_key
    desk.post("/admin/logout/")
    assert not is_in(holding(key))


@pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
def test_a_session_is_dead_once_the_account_is_closed_or_off_the_staff(desk, change):
    assert is_in(desk)
    User.objects.update(**change)
    assert not is_in(desk)
    assert desk.get(STATE).json()["left"] == 0


def test_a_session_is_dead_once_the_account_is_deleted(desk):
    User.objects.all().delete()
    assert not is_in(desk)


def test_a_new_password_ends_all_sessions_but_the_one_it_was_set_in(desk):
    other = at_desk(User.objects.get())
    fresh = "三只橘猫蹲在旧仓库门口晒太阳"
    desk.post(
        "/admin/password_change/",
        {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh},
    )
    assert is_in(desk)
    assert not is_in(other)


def test_a_password_set_by_the_superuser_ends_the_sessions(desk):
    user, root = User.objects.get(), at_desk(User.objects.create_superuser("root"))
    fresh = "三只橘猫蹲在旧仓库门口晒太阳"
    fields = {"password1": fresh, "password2": fresh, "usable_password": "true"}
    assert root.post(f"/admin/auth/user/{user.pk}/password/", fields).status_code == 302
    assert not is_in(desk)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "login/",
        "articles/article/",
        "articles/article/add/",
        "sources/upload/",
        "password_change/",
        "session/back/",
    ],
)
def test_no_page_of_the_desk_is_stored_by_a_browser(path):
    for client in (chief(), Client()):
        assert "no-store" in client.get(f"/admin/{path}")["Cache-Control"]


def test_cookies_are_for_this_host_and_for_no_script(client, settings):
    staff()
    answer = sign_in(client, password=PASSWORD)
    client.get("/admin/")
    assert set(client.cookies) == {"sessionid", "csrftoken", "editor"}
    for cookie in [*answer.cookies.values(), *client.cookies.values()]:
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert not cookie["domain"]
    ends = timezone.now() + timedelta(hours=2)
    assert abs((client.session.get_expiry_date() - ends).total_seconds()) < 60
