"""A portal that lives under a path of its host: every address it gives leads there, and is answered there."""

import re
import subprocess
import sys
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.urls import Resolver404, resolve
from selectolax.lexbor import LexborHTMLParser

from bench.harness.running import clean_env
from newsportal.http.path_prefix import under_prefix
from tests.support.portal_server import ROOT, portal_server

PREFIX = "/news"
SAMPLE = ROOT / "docs" / "sample_newsroom"
OF_A_KIND = 3  # pages that are asked for of each name in the URLconf
ATTRIBUTES = ("href", "src", "action", "data-suggestions", "data-state", "data-sign-in")
READERS_PAGES = {
    *("home", "article", "directory", "outlet", "category", "tag", "security", "archive", "year", "day"),
    *("search", "feed", "outlet_feed", "category_feed", "tag_feed", "security_feed", "search_feed"),
    *("opensearch", "suggestions", "suggestions_module"),
}


@pytest.fixture(scope="module")
def portal(tmp_path_factory):
    """The sample newsroom under /news, served as `make run` serves it."""
    home = tmp_path_factory.mktemp("prefixed")
    env = clean_env(NEWSPORTAL_HOME=str(home), NEWSPORTAL_PATH_PREFIX=PREFIX)
    command = [sys.executable, "manage.py", "open_newsroom"]
    said = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout
    assert f"{PREFIX}/admin/" in said
    with portal_server(env, home / "log") as server:
        yield server, re.search("密码：(\\S+)", said)[1]


def addresses(text: str, here: str) -> set[str]:
    """Every address of our own host in a page or feed: in attributes, or written out anywhere."""
    found = set(re.findall(r"https?://127\.0\.0\.1:\d+[^\s\"'<>]*", text))
    if "<html" in text:
        for node in LexborHTMLParser(text).css("*"):
            found |= {value for name in ATTRIBUTES if (value := node.attributes.get(name)) is not None}
    whole = {
        urljoin(here, one.replace("{searchTerms}", "%E9%93%B6%E8%A1%8C")).partition("#")[0] for one in found
    }
    return {one for one in whole if urlsplit(one).netloc == urlsplit(here).netloc}


def kind(path: str) -> str:
    """The name of the page at a path; the path itself where it is a file."""
    try:
        return resolve(path.removeprefix(PREFIX)).view_name
    except Resolver404:
        return path


def walk(server, start: str) -> Counter:
    """Follow what the pages say; gives how many of each kind were asked for. Every one must be under the prefix."""
    waiting = known = [f"http://127.0.0.1:{server.port}{start}"]
    seen = Counter()
    while waiting:
        here, *waiting = waiting
        path = urlsplit(here).path
        assert path.startswith(f"{PREFIX}/"), here
        what = kind(path)
        if seen[what] >= OF_A_KIND:
            continue
        seen[what] += 1
        answer = server.get(urlsplit(here)._replace(scheme="", netloc="").geturl())
        assert answer.status == 200, here
        new = sorted(addresses(answer.body, here) - set(known))
        known, waiting = known + new, waiting + new
    return seen


def test_every_address_of_the_readers_pages_leads_under_the_prefix_and_is_answered(portal):
    seen = walk(portal[0], f"{PREFIX}/")
    seen += walk(portal[0], f"{PREFIX}/search/?q=%E9%93%B6%E8%A1%8C")
    assert set(seen) >= READERS_PAGES
    assert f"{PREFIX}/static/css/site.css" in seen


@pytest.mark.parametrize(
    ("asked", "to"),
    [
        ("/admin/", f"{PREFIX}/admin/login/?next={PREFIX}/admin/"),
        ("/sources", f"{PREFIX}/sources/"),
        ("/index.html", f"{PREFIX}/"),
    ],
)
def test_redirects_stay_under_the_prefix(portal, asked, to):
    assert portal[0].get(f"{PREFIX}{asked}").headers["Location"] == to


def test_an_old_address_leads_to_its_article_under_the_prefix(portal):
    assert (SAMPLE / "_posts" / "2021-12-08-202112082206748969.md").exists()
    answer = portal[0].get(f"{PREFIX}/yinhang/2021/12/08/202112082206748969.html")
    assert answer.status == 301
    assert re.fullmatch(f"{PREFIX}/articles/[0-9]+/", answer.headers["Location"])


def test_robots_are_kept_from_search_and_admin_under_the_prefix(portal):
    lines = portal[0].get(f"{PREFIX}/robots.txt").body.splitlines()
    assert lines == ["User-agent: *", f"Disallow: {PREFIX}/admin/", f"Disallow: {PREFIX}/search/"]


def test_signing_in_leads_to_the_admin_under_the_prefix_with_cookies_for_nothing_else(portal):
    server, password = portal
    answer = server.sign_in("admin", password, PREFIX)
    assert answer.headers["Location"] == f"{PREFIX}/admin/"
    cookies = answer.headers.get_all("Set-Cookie")
    assert len(cookies) >= 2
    assert all(f"; Path={PREFIX}/" in cookie for cookie in cookies)
    page = server.get(f"{PREFIX}/admin/")
    assert page.status == 200
    found = addresses(page.body, f"http://127.0.0.1:{server.port}{PREFIX}/admin/")
    assert len(found) > 10
    assert [one for one in found if not f"{urlsplit(one).path}/".startswith(f"{PREFIX}/")] == []


def test_errors_lead_back_under_the_prefix(portal):
    answer = portal[0].get(f"{PREFIX}/nothing/of/the/kind/")
    assert answer.status == 404
    found = addresses(answer.body, f"http://127.0.0.1:{portal[0].port}{PREFIX}/nothing/")
    assert f"http://127.0.0.1:{portal[0].port}{PREFIX}/search/" in found
    assert all(urlsplit(one).path.startswith(f"{PREFIX}/") for one in found)


def test_supervisors_ask_with_or_without_the_prefix(portal):
    assert portal[0].get("/healthz").status == portal[0].get(f"{PREFIX}/healthz").status == 200


@pytest.mark.parametrize(
    ("asked", "passed_on"),
    [
        ("/news", ""),
        ("/news/", "/"),
        ("/news/sources/", "/sources/"),
        ("/sources/", "/sources/"),  # a proxy took it off
        ("/newsroom/", "/newsroom/"),
        ("/news/news/", "/news/"),
        ("", ""),
    ],
)
def test_the_prefix_is_taken_off_once_and_nothing_else_is(asked, passed_on):
    application = under_prefix(lambda environ, start_response: environ["PATH_INFO"], PREFIX)
    environ = {"PATH_INFO": asked}
    assert application(environ, None) == passed_on
    assert environ == {"PATH_INFO": asked}
