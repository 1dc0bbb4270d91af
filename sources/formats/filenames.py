"""How the files of each format are named: what tells one from another before any of it is read."""

import re

POSTS = {".md", ".markdown"}
TEXTS = {".txt", ".text"}
PAGES = {".html", ".htm", ".xhtml", ".shtml"}
FEEDS = {".rss", ".atom", ".rdf"}
SEPARATED, OBJECTS, WORKBOOKS = {".csv", ".tsv", ".tab"}, {".jsonl", ".ndjson", ".json"}, {".xlsx", ".xlsm"}
TABLES = SEPARATED | OBJECTS | WORKBOOKS
# May hold one or another.
MARKED = {".xml", ".json"}
# A site's own pages, and the notes that lie beside files of texts, by their stems.
NOT_POSTS = {"readme", "404", "index", "license", "changelog", "contributing", "about"}
_NOTES = {"license", "licence", "copying", "changelog", "contributing", "robots", "requirements", "readme"}
_NOTES |= {"自述", "自述文件", "说明", "使用说明", "更新日志"}
_OF_THE_SITE = re.compile(r"(?:\A|[/!])_(?:layouts|includes|sass|plugins|data|site)/")


def is_of_the_site(name: str) -> bool:
    """Whether a file lies in a folder of a Jekyll site that holds no posts: templates, data, what the site became."""
    return _OF_THE_SITE.search(name) is not None


def is_note(stem: str) -> bool:
    """Whether a text file is called like one that goes with other files: README_zh, requirements-dev, robots."""
    return re.split(r"[-_. ]", stem.lower(), maxsplit=1)[0] in _NOTES
