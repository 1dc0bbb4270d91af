"""The formats we read: name -> reader. A reader takes (bytes, name) and yields articles and what else it finds."""

from sources.formats import feed, jekyll, newspaper, page, scrape, table
from sources.inputs import file_name
from sources.text.decode import decode

FORMATS = {
    "jekyll": jekyll.read,
    "newspaper": newspaper.read,
    "scrape": scrape.read,
    "feed": feed.read,
    "table": table.read,
    "page": page.read,
}
POSTS = {".md", ".markdown"}
PAGES = page.SUFFIXES
TEXTS = {".txt", ".text"}
MARKED = {".xml", ".json"}
HEAD = 4096  # bytes that tell a feed from a table from a page


def detect(name: str, data: bytes) -> str | None:
    """The format of a file by its name and, where names do not tell, its content; None for what is no article."""
    stem, suffix = file_name(name)[1:]
    if stem.startswith("."):
        return None
    if suffix in POSTS:
        return "jekyll"
    if suffix in TEXTS:
        return "newspaper" if newspaper.looks_like(decode(data).text) else "scrape"
    if suffix not in PAGES | MARKED | table.SUFFIXES | feed.SUFFIXES:
        return None
    head = decode(data[:HEAD]).text
    if suffix in PAGES:
        # Templates and category pages of a Jekyll site open with front matter.
        return "jekyll" if head.lstrip("\ufeff \r\n").startswith("---") else "page"
    if feed.looks_like(name, head):
        return "feed"
    return "table" if table.looks_like(name, head) else None
