"""Which passwords are refused, in which words, and that every way of setting one asks."""

from secrets import token_urlsafe

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command

from newsportal.passwords import ADVICE, SAID, fault, names_of
from tests.support.editors import at_desk, words
from tests.support.signing_in import PASSWORD, staff

ZHUBIAN = User(username="zhubian", last_name="王", first_name="建国", email="wangjg.desk@example.com")
REFUSED = {
    "short": ["", "短", "qX7#kP2$vL9", "沧澜江边第七棵柳树"],
    "long": ["x" * 257, "天" * 10_000],
    "kinds": ["aabbccabcabb", "xyxxyyxyyxxyz"],
    "repeat": [
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "哈" * 12,
        "你好" * 6,
        "密码密码密码密码密码密码",
        "ababababab" * 20,
    ],
    "run": [
        *("qwertyuiopas", "QWERTYUIOPAS", "abcdefghijkl", "zyxwvutsrqponm", "asdfghjkl;'1", "!@#$%^&*()_+"),
        *(
            "aabbccddeeff",
            "112233445566",
            "一二三四五六七八九十一二",
            "1q2w3e4r5t6y",
            "098765432109",
            "poiuytrewq12",
        ),
    ],
    "name": [
        *(
            "zhubianzhubian",
            "zhubian123456",
            "Zhubian@2026!",
            "zhubian.zhubian1",
            "newsportal2026",
            "Newsp0rtal1234",
        ),
        *(
            "新闻门户新闻门户2026",
            "wangjianguo123",
            "王建国王建国2026王建国",
            "naibuhz naibuhz",
            "王建国wang.jian.guo",
        ),
    ],
    "word": [
        *(
            "123456789012",
            "admin1234567",
            "password2024!!",
            "P@ssw0rd1234",
            "iloveyou1234",
            "monkeydragon12",
            "adminadmin12",
        ),
        *("1qaz2wsx3edc", "qazwsxedcrfv", "Password!Password!", "welcome12345", "１２３４５６７８９０１２"),
    ],
    "digits": ["2026年11月30日2026年", "138001380001", "19491001-2026", "wangjg20261130"],
}
TAKEN = [
    *("correct horse battery staple", "correcthorsebatterystaple", "purple walrus jumps slowly"),
    *("我家门口的石榴树又开花了呀", "昨天的豆浆比今天甜两勺糖", "三只猫偷吃了隔壁的咸鱼干", PASSWORD),
    *("k3jx9q2mw7vp", "kX9-pQ2-vT7-mL4", "zhe ju hua zhi you wo zhi dao", "豆浆 two sugar 石榴 9pm"),
    ("我今天在院子里种了三棵辣椒和两棵番茄，隔壁老王送来一把葱。" * 3)[:64],
    "every good boy deserves fudge and a very long password may be used here as well"[:64],
]


@pytest.mark.parametrize(
    ("code", "password"), [(code, one) for code, some in REFUSED.items() for one in some]
)
def test_what_is_easily_guessed_is_refused_with_its_reason(code, password):
    with pytest.raises(ValidationError) as refused:
        validate_password(password, ZHUBIAN)
    said = refused.value.messages
    if code in ("short", "long"):
        assert said == [SAID[code]]
    else:
        assert len(said) == 1
        assert said[0].endswith(ADVICE)


@pytest.mark.parametrize("code", ["short", "long", "repeat", "run", "name"])
def test_the_reason_names_what_is_wrong(code):
    assert {fault(password, names_of(ZHUBIAN)) for password in REFUSED[code]} == {code}


@pytest.mark.parametrize("password", TAKEN)
def test_a_phrase_is_taken(password):
    assert validate_password(password, ZHUBIAN) is None


def test_what_a_password_program_makes_is_taken():
    assert {fault(token_urlsafe(12), names_of(ZHUBIAN)) for _ in range(500)} == {""}


def test_without_a_user_the_site_alone_is_known():
    assert fault("zhubian 雨后的彩虹", names_of(None)) == ""
    assert fault("zhubian 雨后的彩虹", names_of(ZHUBIAN)) == "name"
    assert fault("newsportal2026", names_of(None)) == "name"


@pytest.mark.django_db
@pytest.mark.parametrize("weak", ["admin1234567", "zhubianzhubian", "qwertyuiopas"])
def test_every_form_of_the_desk_refuses_it_in_words(weak):
    root, user = User.objects.create_superuser("root", password=PASSWORD), staff("zhubian")
    desk, twice = at_desk(root), {"password1": weak, "password2": weak}
    own = {"old_password": PASSWORD, "new_password1": weak, "new_password2": weak}
    for path, fields in {
        "/admin/password_change/": own,
        f"/admin/auth/user/{user.pk}/password/": twice | {"usable_password": "true"},
        "/admin/auth/user/add/": twice
        | {"username": "xinren" if "zhu" not in weak else "zhubian2", "usable_password": "true"},
    }.items():
        answer = desk.post(path, fields)
        assert answer.status_code == 200, path
        assert ADVICE in words(answer) or "zhubian" in weak, path
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert not User.objects.filter(username="xinren").exists()


@pytest.mark.django_db
def test_createsuperuser_refuses_it_in_words(monkeypatch, capsys):
    answers = iter(["admin1234567", "admin1234567", PASSWORD, PASSWORD])
    monkeypatch.setattr("getpass.getpass", lambda prompt="": next(answers))
    monkeypatch.setattr("builtins.input", lambda prompt="": "N")
    tty = type("Terminal", (), {"isatty": lambda self: True})()
    call_command("createsuperuser", username="root", email="", interactive=True, stdin=tty)
    assert ADVICE in capsys.readouterr().err
    assert User.objects.get(username="root").check_password(PASSWORD)
