"""File names of each format, to tell formats apart before reading a file."""

import re

POSTS = {".md", ".markdown", ".mdown", ".mkd"}
TEXTS = {".txt", ".text"}
PAGES = {".html", ".htm", ".xhtml", ".shtml"}
FEEDS = {".rss", ".atom", ".rdf"}
SEPARATED, OBJECTS, WORKBOOKS = (
    {".csv", ".tsv", ".tab"},
    {".jsonl", ".ndjson", ".json"},
    {".xlsx", ".xlsm", ".xls"},
)
DOCUMENTS = {".docx", ".epub", ".eml", ".mht", ".mhtml"}
TABLES = SEPARATED | OBJECTS | WORKBOOKS
# Suffixes that two formats share.
MARKED = {".xml", ".json"}
# Stems of a site's own pages, and of notes stored beside text files.
NOT_POSTS = {"readme", "404", "index", "license", "changelog", "contributing", "about"}
_NOTES = {"license", "licence", "copying", "changelog", "contributing", "robots", "requirements", "readme"}
_NOTES |= {"自述", "自述文件", "说明", "使用说明", "更新日志"}
_OF_THE_SITE = re.compile(r"(?:\A|[/!])_(?:layouts|includes|sass|plugins|data|site)/")
_IN_POSTS = re.compile(r"(?:\A|[/!])_(?:posts|drafts)/")


def is_of_the_site(name: str) -> bool:
    """Return True if a file is in a Jekyll folder without posts: templates, data, the generated site."""
    return _OF_THE_SITE.search(name) is not None


def is_in_posts(name: str) -> bool:
    """Return True if a file is in a folder of posts, where HTML files are posts too."""
    return _IN_POSTS.search(name) is not None


def is_note(stem: str) -> bool:
    """Return True for text files that accompany others: README_zh, requirements-dev, robots."""
    return re.split(r"[-_. ]", stem.lower(), maxsplit=1)[0] in _NOTES
