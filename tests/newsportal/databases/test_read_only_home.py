"""A home that can only be read: pages and search are served from it, and what cannot be saved is said."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.harness.running import clean_env
from tests.support.editors import fields_of
from tests.support.portal_server import portal_server

# Root may write anywhere by a capability, which a server of root's is started without.
WITHOUT_IT = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")


@contextmanager
def read_only(home: Path) -> Iterator[tuple[str, ...]]:
    """Nothing can be written there from now on; gives the command before a server's that makes this true for root."""
    paths = [home, *home.rglob("*")]
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield WITHOUT_IT if os.geteuid() == 0 else ()
    for path in paths:
        path.chmod(0o755 if path.is_dir() else 0o644)


def test_it_serves_pages_and_search_and_says_what_cannot_be_written(portals, tmp_path):
    home = tmp_path / "home"
    password = portals.newsroom(home)
    env = clean_env(NEWSPORTAL_HOME=str(home))
    with portal_server(env, tmp_path / "before") as server:
        server.sign_in("admin", password)
        form = server.get("/admin/sources/source/1/change/").body
        cookie = server.cookie
    with read_only(home) as before, portal_server(env, tmp_path / "log", *before) as server:
        pages = ("/", "/articles/2/", "/search/?q=%E9%93%B6%E8%A1%8C", "/search/?q=zzzz", "/feed.xml")
        assert [server.get(path).status for path in pages] == [200] * len(pages)
        ready = server.get("/readyz")
        assert ready.status == 200
        assert '"read_only": ["database", "home", "search", "media"]' in ready.body
        server.cookie = cookie
        assert server.get("/admin/articles/article/").status == 200
        fields = fields_of(form.encode(), "source_form")
        saved = server.post("/admin/sources/source/1/change/", fields | {"name": "改过的名字"})
        assert saved.status == 503
        assert "数据库只读" in saved.body
        assert "没有保存" in saved.body
        assert "改过的名字" not in server.get("/sources/").body
