"""The old password that the form for a new one asks for: nobody finds it out there by trying."""

import logging

import pytest
from django.contrib.auth.models import User
from django.test import Client

from newsportal.signin import locks
from tests.support.editors import words
from tests.support.signing_in import PASSWORD, WRONG, is_in, sign_in, staff

pytestmark = pytest.mark.django_db
NEW = "红柳滩上第三只灰雁正在打盹"
AT = "203.0.113.7"


@pytest.fixture
def desk():
    """Somebody has left an open session."""
    staff()
    client = Client()
    sign_in(client, password=PASSWORD)
    return client


def change(client, old: str, new: str = NEW, address: str = AT):
    fields = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post("/admin/password_change/", fields, REMOTE_ADDR=address)


def has(password: str) -> bool:
    return User.objects.get().check_password(password)


def test_after_ten_wrong_ones_the_right_one_is_not_taken_either(desk):
    assert {change(desk, f"{WRONG}{n}").status_code for n in range(10)} == {200}
    answer = change(desk, PASSWORD)
    assert answer.status_code == 200 and "请等 15 分钟" in words(answer)
    assert has(PASSWORD) and is_in(desk)


def test_nor_from_ever_new_addresses(desk):
    for n in range(locks.BY_NAME.most):
        change(desk, WRONG, address=f"198.51.100.{n // 5}")
    assert "请等" in words(change(desk, PASSWORD, address="192.0.2.1")) and has(PASSWORD)


def test_a_few_mistakes_do_no_harm_and_the_count_begins_anew(desk):
    for old, new in ((PASSWORD, NEW), (NEW, PASSWORD)):
        for _ in range(9):
            change(desk, WRONG)
        assert change(desk, old, new).status_code == 302
        assert has(new)


def test_a_new_password_that_is_refused_is_no_wrong_old_one(desk):
    for _ in range(12):
        assert change(desk, PASSWORD, "short").status_code == 200
    assert change(desk, PASSWORD).status_code == 302


def test_the_owner_still_signs_in_and_who_is_locked_out_by_others_can_change_it(desk):
    for _ in range(12):
        change(desk, WRONG)
    assert sign_in(Client(), password=PASSWORD).status_code == 302
    for _ in range(12):
        sign_in(Client(), address="198.51.100.9")
    assert change(desk, PASSWORD, address="198.51.100.9").status_code == 302


def test_wrong_ones_are_logged_without_what_was_typed_and_the_lock_can_be_lifted(desk, caplog):
    caplog.set_level(logging.INFO, logger="newsportal.signin")
    for _ in range(10):
        change(desk, WRONG)
    said = [record.getMessage() for record in caplog.records if record.name == "newsportal.signin"]
    assert said == [f'failed user="zhubian" address={AT} at="password change"'] * 10
    locks.lift(["zhubian"])
    assert change(desk, PASSWORD).status_code == 302
