"""The reference for imports: Hugo building a site of the same posts, with nothing but what it must do."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.running import Ran, run

# Feeds, sitemap and the 404 page are left out and HTML is passed through: what is left is reading the
# posts and writing a page for each of them and a list for each section and category.
CONFIG = """\
baseURL = "https://example.org/"
title = "bench"
timeZone = "Asia/Shanghai"
disableKinds = ["RSS", "sitemap", "robotsTXT", "404"]
[taxonomies]
category = "categories"
[markup.goldmark.renderer]
unsafe = true
"""
SINGLE = """\
<!doctype html><html lang="zh"><title>{{ .Title }}</title>
<h1>{{ .Title }}</h1><time>{{ .Date }}</time>
{{ .Content }}</html>
"""
LIST = """\
<!doctype html><html lang="zh"><title>{{ .Title }}</title><h1>{{ .Title }}</h1>
<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date }}</time></li>
{{ end }}</ul></html>
"""


def available() -> bool:
    return shutil.which("hugo") is not None


def build(posts: Path, count: int) -> Ran:
    """Build the `count` posts of a folder in a fresh site; RuntimeError if Hugo did not make a page for each."""
    with tempfile.TemporaryDirectory(prefix="newsportal-bench-hugo-") as name:
        site = Path(name)
        _lay_out(site, posts)
        ran = run(["hugo", "--quiet"], cwd=site)
        made = sum(
            1 for folder in ("_posts", "old_post") for _ in (site / "public" / folder).glob("*/index.html")
        )
        if made != count:
            raise RuntimeError(f"Hugo made {made} pages of {count} posts: {ran.stdout[-2000:]}")
        return ran


def _lay_out(site: Path, posts: Path) -> None:
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "layouts" / "_default" / "single.html").write_text(SINGLE)
    (site / "layouts" / "_default" / "list.html").write_text(LIST)
    (site / "config.toml").write_text(CONFIG)
    # Hard links: nothing to copy, and Hugo does not follow a symlinked folder.
    subprocess.run(["cp", "-al", str(posts), str(site / "content")], check=True)
