"""The formats we read: name -> reader. A reader takes (bytes, name) and yields RawArticle."""

from sources.formats import jekyll

FORMATS = {
    "jekyll": jekyll.read,
}
SUFFIXES = dict.fromkeys(jekyll.SUFFIXES, "jekyll")


def format_of(name: str) -> str | None:
    """The format that a file's name points to, or None for a file that is no article."""
    suffix = "." + name.rpartition(".")[2].lower() if "." in name.rpartition("/")[2] else ""
    return SUFFIXES.get(suffix)
