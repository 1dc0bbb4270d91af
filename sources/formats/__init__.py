"""The formats we read: name -> reader. A reader takes (bytes, name) and yields RawArticle, OldAddress or Broken."""

from pathlib import PurePosixPath

from sources.formats import jekyll

FORMATS = {
    "jekyll": jekyll.read,
}
SUFFIXES = dict.fromkeys(jekyll.SUFFIXES, "jekyll")


def detect(name: str, data: bytes) -> str | None:
    """The format of a file by its name and, where names do not tell, its content; None for what is no article."""
    path = PurePosixPath(name.rpartition("!")[2])
    if path.name.startswith("."):
        return None
    return SUFFIXES.get(path.suffix.lower())
