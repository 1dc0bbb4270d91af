"""Addresses in `next`: none leads off this site, whatever is written there, and none breaks the page."""

from itertools import cycle
from urllib.parse import urljoin, urlsplit

import pytest
from django.test import Client

from tests.support.editors import at_desk
from tests.support.signing_in import PASSWORD, sign_in, staff

pytestmark = pytest.mark.django_db
HOST = "http://testserver/admin/login/"
ELSEWHERE = [
    *(
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
    ),
    *(
        "http://evil.example",
        "https://evil.example/admin/",
        "https:evil.example",
        "http:/evil.example",
        "http:evil.example",
    ),
    *(
        "https:///evil.example",
        "https:\\\\evil.example",
        "https:/\\evil.example",
        "HTTPS://EVIL.EXAMPLE",
        "hTTp:\\evil.example",
    ),
    *(
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "javascript://testserver/%0aalert(1)",
    ),
    *(
        "data:text/html,<script>alert(1)</script>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://evil.example",
        "mailto:a@evil.example",
    ),
    *(
        "\thttps://evil.example",
        " //evil.example",
        "\n//evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r/evil.example",
    ),
    *(
        "\x00//evil.example",
        "\x01https://evil.example",
        "\u00a0//evil.example",
        "\u2028//evil.example",
        "\ufeff//evil.example",
    ),
    *(
        "//testserver@evil.example",
        "http://testserver@evil.example",
        "http://testserver:80@evil.example/",
        "//testserver:x@evil.example",
    ),
    *(
        "http://testserver.evil.example",
        "http://testserver%2eevil.example",
        "http://evil.example#testserver",
        "http://evil.example?testserver",
    ),
    *(
        "http://evil.example\\@testserver",
        "http://evil.example\\.testserver",
        "//evil。example",
        "//evil.example．",
        "／／evil.example",
    ),
    *("http://[::1", "http://[evil]", "//[", "http://testserver:99999999/", "http://:80", "//:@/", "http://"),
    *(
        "https://evil.example:443/admin/login/",
        "//evil.example/%2f..",
        "http://2130706433/",
        "http://0x7f.1/",
        "//127.1/",
    ),
]
OURS = [
    "/%5cevil.example",
    "/%2f%2fevil.example",
    "/admin/?x=//evil.example",
    "/%0d%0aLocation:%20//evil.example",
]
BROKEN = [
    "/admin/\r\nSet-Cookie: a=b",
    "/admin/\0",
    "/" + "x" * 10_000,
    "/" + "主" * 1000,
    "/😀",
    "",
]


def lands_on(answer) -> str:
    assert answer.status_code == 302
    location = answer["Location"]
    assert not set("\r\n\t\0\\") & set(location)
    whole = urlsplit(urljoin(HOST, location))
    assert (whole.scheme, whole.netloc) == ("http", "testserver")
    return whole.path


def test_there_are_sixty_and_more():
    assert len({*ELSEWHERE, *OURS, *BROKEN}) >= 60


@pytest.mark.parametrize("url", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_an_address_elsewhere_lands_on_the_desk(client, url):
    staff()
    assert lands_on(sign_in(client, password=PASSWORD, next=url)) == "/admin/"
    assert lands_on(client.get("/admin/login/", {"next": url})) == "/admin/"
    assert lands_on(client.post("/admin/logout/", {"next": url})) == "/admin/"


@pytest.mark.parametrize("url", [*OURS, *BROKEN], ids=range(len(OURS) + len(BROKEN)))
def test_an_odd_address_of_ours_breaks_nothing(client, url):
    staff()
    lands_on(sign_in(client, password=PASSWORD, next=url))
    lands_on(client.get("/admin/login/", {"next": url}))
    answer = client.post("/admin/logout/", {"next": url})
    assert answer.status_code == 302
    lands_on(answer)


@pytest.mark.parametrize("url", ["//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_in_the_address_as_well_as_in_the_form(client, url):
    staff()
    answer = client.post(f"/admin/login/?next={url}", {"username": "zhubian", "password": PASSWORD})
    assert lands_on(answer) == "/admin/"
    assert lands_on(client.post(f"/admin/logout/?next={url}")) == "/admin/"


def test_a_page_of_ours_is_gone_to(client):
    staff()
    assert (
        lands_on(sign_in(client, password=PASSWORD, next="/admin/password_change/"))
        == "/admin/password_change/"
    )
    assert lands_on(sign_in(Client(), password=PASSWORD)) == "/admin/"


@pytest.mark.parametrize("url", ELSEWHERE, ids=range(len(ELSEWHERE)))
def test_no_other_parameter_redirects(url):
    desk = at_desk(staff(is_superuser=True))
    names = ("next", "return", "redirect", "url", "_popup", "_to_field", "_changelist_filters", "lang")
    for path, alone in zip(
        ("/", "/admin/", "/admin/articles/article/", "/search/"), cycle(names), strict=False
    ):
        for some in (names, names[:4], [alone]):
            answer = desk.get(path, dict.fromkeys(some, url), HTTP_REFERER=url)
            assert answer.status_code < 500
            if "Location" in answer:
                lands_on(answer)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "//evil.example/",
        "/\\evil.example",
        "/%2f/evil.example/..",
        "//evil.example/admin/login",
    ],
)
def test_no_path_redirects_elsewhere(client, path):
    answer = client.get(path)
    assert answer.status_code < 500
    if "Location" in answer:
        assert urlsplit(urljoin("http://testserver/", answer["Location"])).netloc == "testserver"
