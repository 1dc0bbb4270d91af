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
DOCUMENTS = {
    ".docx": "docx",
    ".epub": "epub",
    ".eml": "mail",
    ".mht": "mhtml",
    ".mhtml": "mhtml",
}  # and their formats
SAVED_BY_A_BROWSER = b"\nsnapshot-content-location:"  # a header of MHTML only
TABLES = SEPARATED | OBJECTS | WORKBOOKS
# What holds text that no reader here takes: suffix -> what to do with it.
_AS_TEXT, _AS_DOCX = "请另存为 .txt、.docx 或 .html 再导入", "请用 Word 或 WPS 另存为 .docx 再导入"
_AS_TABLE, _UNPACKED = "请另存为 .xlsx 或 .csv 再导入", "请解开，或重新打包成 .zip 再导入"
_AS_EXPORT = "请导出成 .csv 或 .jsonl 再导入"
_AS_WORDS = "请用能选中文字的阅读器另存为 .txt，或先做文字识别再导入"
NO_READER = {
    **dict.fromkeys(
        (".7z", ".rar", ".cab", ".arj", ".lzh", ".zst", ".lz4", ".xz", ".bz2", ".lzma", ".gz"), _UNPACKED
    ),
    **dict.fromkeys((".doc", ".wps", ".wpt", ".dot", ".rtf", ".odt", ".pages", ".wpd", ".docm"), _AS_DOCX),
    **dict.fromkeys((".pdf", ".ofd", ".ceb", ".caj", ".kdh", ".nh", ".xps", ".djvu"), _AS_WORDS),
    **dict.fromkeys(
        (".ppt", ".pptx", ".pps", ".ppsx", ".odp", ".dps"), "请把文字另存为 .docx 或 .txt 再导入"
    ),
    **dict.fromkeys(
        (".mobi", ".azw", ".azw3", ".kfx", ".fb2", ".chm", ".lit", ".umd"), "请转换成 .epub 再导入"
    ),
    **dict.fromkeys((".et", ".ods", ".numbers", ".xlsb", ".dbf"), _AS_TABLE),
    **dict.fromkeys((".sql", ".sqlite", ".sqlite3", ".mdb", ".accdb", ".parquet", ".bson"), _AS_EXPORT),
    **dict.fromkeys((".msg", ".pst", ".mbox"), "请把邮件另存为 .eml 再导入"),
    **dict.fromkeys((".webarchive", ".maff", ".warc"), "请在浏览器里把网页另存为 .html 或 .mhtml 再导入"),
    **dict.fromkeys((".one", ".enex", ".wiz", ".note"), _AS_TEXT),
}
# What holds no text: pictures, sound, films, fonts, programs.
NO_TEXT = {
    ".png",
    ".jpg",
    ".jpeg",
    ".gif",
    ".webp",
    ".bmp",
    ".svg",
    ".ico",
    ".tif",
    ".tiff",
    ".heic",
    ".avif",
    ".psd",
}
NO_TEXT |= {
    ".mp3",
    ".wav",
    ".m4a",
    ".ogg",
    ".flac",
    ".mp4",
    ".mov",
    ".avi",
    ".mkv",
    ".webm",
    ".ttf",
    ".otf",
    ".woff",
}
NO_TEXT |= {
    ".woff2",
    ".exe",
    ".dll",
    ".so",
    ".dylib",
    ".bin",
    ".jar",
    ".apk",
    ".msi",
    ".dmg",
    ".iso",
    ".db",
    ".pyc",
}
NO_TEXT |= {".css", ".js", ".py", ".sh", ".yml", ".yaml", ".toml"}
# Suffixes that two formats share.
MARKED = {".xml", ".json"}
# Stems of a site's own pages, and of notes stored beside text files.
NOT_POSTS = {"readme", "404", "index", "license", "changelog", "contributing", "about"}
_NOTES = {"license", "licence", "copying", "changelog", "contributing", "robots", "requirements", "readme"}
_NOTES |= {"自述", "自述文件", "说明", "使用说明", "更新日志"}
_WORDPRESS = re.compile(r"""xmlns:\w{1,20}\s?=\s?["']https?://wordpress\.org/export/""")
_GHOST = re.compile(
    r"""[\ufeff\s]*+\{\s*+"(?:db"\s*+:\s*+\[\s*+\{\s*+"(?:meta|data)"|meta"\s*+:\s*+\{[^{}]{0,300}"exported_on")"""
)
_OF_THE_SITE = re.compile(r"(?:\A|[/!])_(?:layouts|includes|sass|plugins|data|site)/")
_IN_POSTS = re.compile(r"(?:\A|[/!])_(?:posts|drafts)/")


def is_of_the_site(name: str) -> bool:
    """Return True if a file is in a Jekyll folder without posts: templates, data, the generated site."""
    return _OF_THE_SITE.search(name) is not None


def is_in_posts(name: str) -> bool:
    """Return True if a file is in a folder of posts, where HTML files are posts too."""
    return _IN_POSTS.search(name) is not None


def says_wordpress(head: str) -> bool:
    """Return True if the beginning of a file declares the namespace of WordPress exports."""
    return "wordpress.org/export/" in head and _WORDPRESS.search(head) is not None


def says_ghost(head: str) -> bool:
    """Return True if a file begins as the exports of Ghost do."""
    return _GHOST.match(head) is not None


def is_note(stem: str) -> bool:
    """Return True for text files that accompany others: README_zh, requirements-dev, robots."""
    return re.split(r"[-_. ]", stem.lower(), maxsplit=1)[0] in _NOTES
