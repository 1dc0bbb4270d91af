"""The admin of a portal that lives under a path of its host (FORCE_SCRIPT_NAME): no link leads out of it."""

import re

import pytest
from django.urls import reverse, set_script_prefix
from lxml import html

from tests.support.editors import at_desk, fields_of, make_user
from tests.support.newsroom import admin_addresses, furnish

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PATH = "/news"
LINKS = ("href", "src", "action", "formaction", "data-state", "data-sign-in", "data-popup-opener")
# Files are served wherever the settings say.
ELSEWHERE = ("/static/", "/media/", "//")


@pytest.fixture
def room(settings, tmp_path):
    settings.HOME, settings.FORCE_SCRIPT_NAME = tmp_path, PATH
    set_script_prefix(f"{PATH}/")
    yield furnish()
    set_script_prefix("/")


def links(content: bytes) -> set[str]:
    tree = html.document_fromstring(content)
    found = {one for name in LINKS for one in tree.xpath(f"//@{name}")}
    return {one for one in found if one.startswith("/") and not one.startswith(ELSEWHERE)}


def test_every_link_of_every_admin_page_stays_under_the_path(room):
    client, wrong, read = at_desk(make_user(is_superuser=True)), set(), 0
    for name, address in admin_addresses(room).items():
        if name == "logout":
            continue
        assert address.startswith(f"{PATH}/admin/") or re.fullmatch(r"/admin/.*", address), name
        response = client.get(address.removeprefix(PATH))
        if response.status_code in (301, 302):
            where = response["Location"]
            wrong |= {(name, where)} if where.startswith("/") and not where.startswith(f"{PATH}/") else set()
        elif response.status_code == 200 and "html" in response["Content-Type"]:
            read += 1
            wrong |= {(name, one) for one in links(response.content) if not f"{one}/".startswith(f"{PATH}/")}
    assert not wrong
    assert read > 60


def test_saving_and_signing_in_again_stay_under_the_path(room):
    user = make_user(is_superuser=True)
    client = at_desk(user)
    address = reverse("admin:articles_article_change", args=[room["article"]])
    sent = fields_of(client.get(address.removeprefix(PATH)).content, "article_form")
    sent |= {"title": "新题", "reason": "改"}
    saved = client.post(address.removeprefix(PATH), sent)
    assert saved["Location"] == reverse("admin:articles_article_changelist")
    client.logout()
    asked = client.get(address.removeprefix(PATH))
    assert asked["Location"] == f"{reverse('admin:login')}?next={address}"
