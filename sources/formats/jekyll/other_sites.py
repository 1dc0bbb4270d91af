"""What posts of other generators (Hexo, Hugo, Zola, Wiki.js) say in ways of their own. Pure."""

import re

from sources.files.inputs import FileName
from sources.formats.filenames import POSTS
from sources.formats.jekyll.front_values import FrontMatter
from sources.formats.raw_article import NotAnArticle

_COMMAS = re.compile(r"[,，、;；]")
# Layouts and types of a folder's own page.
_FOLDER_PAGES = {
    "page",
    "home",
    "default",
    "index",
    "category",
    "categories",
    "tag",
    "tags",
    "archive",
    "archives",
}
_FOLDER_PAGES |= {"list", "section", "about", "links", "friends"}


def article_file(path: FileName) -> FileName:
    """Return the name that says which article a file is: of a leaf bundle (`2022-03-01-x/index.md`) its folder's.

    Raises NotAnArticle for the page of a section (`_index.md`).
    """
    if path.suffix not in POSTS:
        return path
    stem = path.stem.lower().partition(".")[0]  # index.zh-cn.md
    if stem == "_index":
        raise NotAnArticle("栏目自己的页面（_index.md），不是稿件")
    return path._replace(stem=path.folder) if stem == "index" and path.folder else path


def is_folder_page(front: FrontMatter) -> bool:
    """Return True if the `index.md` of a folder is no article: a list, a home page, a page without words or title."""
    if any(front.text(key).lower() in _FOLDER_PAGES for key in ("layout", "type")):
        return True
    body = front.body.lstrip()
    return not body or not (front.text("title") or body.startswith("#"))


def is_wiki_page(front: FrontMatter) -> bool:
    """Return True for front matter of Wiki.js, which stands over pages in HTML too."""
    return "editor" in front.values and "published" in front.values


def names(front: FrontMatter, *keys: str) -> str:
    """Return the names under the first of these keys that has any."""
    return next((" ".join(found) for key in keys if (found := front.texts(key))), "")


def tags_of(front: FrontMatter, with_categories: bool) -> list[str]:
    """Return tags, separated by commas or else by spaces where they are one text, and categories if asked for."""
    keys = ("tags", "tag", "categories", "category") if with_categories else ("tags",)
    return [tag for key in keys for tag in _separate(front.values.get(key, []))]


def _separate(value: str | list[str]) -> list[str]:
    if isinstance(value, list):
        return value
    if _COMMAS.search(value):
        return [part.strip() for part in _COMMAS.split(value) if part.strip()]
    return value.split()
