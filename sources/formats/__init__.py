"""The formats we read: name -> reader. A reader takes (bytes, name) and yields RawArticle, OldAddress or Broken."""

from sources.formats import jekyll
from sources.inputs import file_name

FORMATS = {
    "jekyll": jekyll.read,
}
SUFFIXES = dict.fromkeys(jekyll.SUFFIXES, "jekyll")


def detect(name: str, data: bytes) -> str | None:
    """The format of a file by its name and, where names do not tell, its content; None for what is no article."""
    parts = file_name(name)
    return None if parts.stem.startswith(".") else SUFFIXES.get(parts.suffix)
