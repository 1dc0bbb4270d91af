"""Somebody at the sign-in page."""

from django.contrib.auth.models import User
from django.test import Client

PASSWORD = "沧澜江边第七棵柳树正在发芽"
WRONG = "沧澜江边第八棵柳树正在发芽"


def staff(name: str = "zhubian", **fields) -> User:
    return User.objects.create_user(name, password=PASSWORD, **{"is_staff": True} | fields)


def sign_in(
    client: Client, name: str = "zhubian", password: str = WRONG, address: str = "203.0.113.7", **more
):
    """Send the sign-in form from an address; more is headers and fields (`next`)."""
    fields = {"username": name, "password": password} | {
        key: more.pop(key) for key in ("next",) if key in more
    }
    return client.post("/admin/login/", fields, REMOTE_ADDR=address, **more)


def is_in(client: Client) -> bool:
    return client.get("/admin/password_change/").status_code == 200
