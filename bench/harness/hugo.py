"""The reference for imports: Hugo building a site of the same posts."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from bench.harness.running import Ran, run

# As Hugo comes: a page for each post; a list and a feed for home, each section, category and tag; a sitemap. Without
# the last two settings it would leave the posts' HTML out and read their dates in another time zone.
SITE = """\
baseURL = "https://example.org/"
title = "bench"
timeZone = "Asia/Shanghai"
[markup.goldmark.renderer]
unsafe = true
"""
# All that can be switched off: what is left is a page for each post and a list for each section and category.
BARE = f"""\
disableKinds = ["RSS", "sitemap", "robotsTXT", "404"]
{SITE}
[taxonomies]
category = "categories"
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


def build(posts: Path, count: int, folder: Path, config: str = SITE) -> Ran:
    """Build the `count` posts of a folder in a fresh site; RuntimeError if Hugo did not make a page for each.

    The site is left in `folder`: within minutes of tens of thousands of files being deleted, ext4 takes up to three
    times as long to make as many new ones, and the next build would pay for it.
    """
    site = Path(tempfile.mkdtemp(prefix="hugo-", dir=folder))
    _lay_out(site, posts, config)
    os.sync()  # or it pays for what the one before has written
    ran = run(["hugo", "--quiet"], cwd=site)
    pages = (site / "public" / part for part in ("_posts", "old_post"))
    made = sum(1 for part in pages for _ in part.glob("*/index.html"))
    if made != count:
        raise RuntimeError(f"Hugo made {made} pages of {count} posts: {ran.stdout[-2000:]}")
    return ran


def _lay_out(site: Path, posts: Path, config: str) -> None:
    (site / "layouts" / "_default").mkdir(parents=True)
    (site / "layouts" / "_default" / "single.html").write_text(SINGLE)
    (site / "layouts" / "_default" / "list.html").write_text(LIST)
    (site / "config.toml").write_text(config)
    # Hard links: nothing to copy, and Hugo does not follow a symlinked folder.
    subprocess.run(["cp", "-al", str(posts), str(site / "content")], check=True)
