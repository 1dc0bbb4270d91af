"""HEAD answers as GET does, without the page."""

import pytest

from tests.support.builders import make_article

pytestmark = pytest.mark.django_db

SAME = ("Content-Type", "ETag", "Cache-Control", "Vary", "Location", "Allow")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/sources/",
        "/archive/",
        "/feed.xml",
        "/feed.json",
        "/robots.txt",
        "/search/?q=x",
        "/sitemap.xml",
        "/nope/",
        "/sources",
    ],
)
def test_head_has_the_status_and_the_headers_of_get(client, path):
    make_article("渔港开市")
    whole, head = client.get(path), client.head(path)
    assert head.status_code == whole.status_code
    assert {name: head.get(name) for name in SAME} == {name: whole.get(name) for name in SAME}


@pytest.mark.parametrize("path", ["/", "/feed.xml"])
def test_who_has_the_page_is_told_so_by_head_too(client, path):
    make_article("渔港开市")
    known = {"If-None-Match": client.get(path)["ETag"]}
    assert client.head(path, headers=known).status_code == client.get(path, headers=known).status_code == 304
