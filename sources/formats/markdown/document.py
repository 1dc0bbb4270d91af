"""Plain Markdown files (Wiki.js and other exports): like posts, but they need no front matter."""

from collections.abc import Iterator

from sources.formats.jekyll import posts
from sources.formats.raw_article import OldAddress, RawArticle


def read(data: bytes, name: str) -> Iterator[RawArticle | OldAddress]:
    """Yield the article of a Markdown file; its first heading is the title if its front matter, if any, gives none.

    Raises NotAnArticle and Unreadable like the reader of posts.
    """
    return posts.read(data, name, needs_front_matter=False)
