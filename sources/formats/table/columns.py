"""Map the columns of a table to fields, by their names in English or Chinese. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from hashlib import sha256

from sources.formats.fields import Values, host, is_web_address
from sources.formats.private_text import says
from sources.formats.raw_article import Unreadable
from sources.problem import Code, Problem
from sources.text.clean.declared import html_body, text_body, title_words

# Column name -> field. If several columns map to one field, the first one here that is not empty wins: markup keeps
# what plain text has lost.
COLUMNS = {
    **dict.fromkeys(("稿件标题", "稿件名称", "新闻题目"), "title"),
    **dict.fromkeys(("刊发日期", "刊发时间", "刊载日期", "发稿日期", "发稿时间", "见报时间"), "date"),
    **dict.fromkeys(("稿件内容", "稿件正文", "稿件全文"), "body"),
    **dict.fromkeys(("刊发媒体", "刊载媒体", "稿件来源", "发稿媒体"), "outlet"),
    **dict.fromkeys(("title", "headline", "标题", "题目", "标题名称"), "title"),
    **dict.fromkeys(
        ("新闻标题", "文章标题", "news_title", "article_title", "標題", "題目", "新聞標題"), "title"
    ),
    **dict.fromkeys(("published_at", "published", "publish_time", "pubdate", "pub_date"), "date"),
    **dict.fromkeys(
        ("publishedat", "published_time", "published_date", "published_on", "publishtime"), "date"
    ),
    **dict.fromkeys(
        ("publish_date", "publishdate", "publish_at", "publication_date", "date_published"), "date"
    ),
    **dict.fromkeys(("datepublished", "pubtime", "pub_time", "release_time", "release_date"), "date"),
    **dict.fromkeys(
        ("发布时间", "发布日期", "发表时间", "发表日期", "發布時間", "發佈時間", "發布日期"), "date"
    ),
    **dict.fromkeys(("發佈日期", "發表時間", "發表日期", "新闻时间", "新闻日期", "刊登日期"), "date"),
    **dict.fromkeys(("datetime", "date", "日期", "时间", "time", "時間"), "date"),
    **dict.fromkeys(
        ("created", "created_at", "createdat", "create_time", "created_time", "创建时间"), "date"
    ),
    **dict.fromkeys(("body_html", "content_html", "html", "body", "正文", "content", "内容"), "body"),
    **dict.fromkeys(
        ("content_text", "text", "body_text", "全文", "正文内容", "新闻内容", "新闻正文"), "body"
    ),
    **dict.fromkeys(("文章内容", "文章正文", "news_content", "article_content", "article_body"), "body"),
    **dict.fromkeys(("article_text", "內容", "內文", "正文內容", "新聞內容", "文章內容"), "body"),
    **dict.fromkeys(("outlet", "source", "来源", "媒体", "媒体名称", "media", "稿源", "发布媒体"), "outlet"),
    **dict.fromkeys(("新闻来源", "文章来源", "来源媒体", "source_name", "media_name", "publisher"), "outlet"),
    **dict.fromkeys(
        ("來源", "新聞來源", "文章來源", "媒體", "媒體名稱", "报纸", "报纸名称", "報紙"), "outlet"
    ),
    **dict.fromkeys(("original_url", "原文链接", "url", "link", "链接", "网址", "href"), "url"),
    **dict.fromkeys(("原文連結", "連結", "鏈接", "網址", "新闻链接", "文章链接"), "url"),
    **dict.fromkeys(("byline", "author", "authors", "作者", "记者", "署名", "記者"), "author"),
    **dict.fromkeys(("editor", "责任编辑", "责编", "编辑", "責任編輯", "責編", "編輯"), "editor"),
    **dict.fromkeys(("external_id", "id", "编号", "稿件编号", "guid", "uid", "編號", "_id"), "id"),
    **dict.fromkeys(("digest", "摘要", "summary", "abstract", "description", "导语", "導語"), "digest"),
    **dict.fromkeys(("page", "版次", "版面"), "page"),
    **dict.fromkeys(("edition_date", "见报日期", "見報日期"), "edition_date"),
    **dict.fromkeys(("tags", "标签", "keywords", "关键词", "標籤", "關鍵詞", "關鍵字"), "tags"),
    **dict.fromkeys(("category", "栏目", "section", "频道", "欄目", "頻道"), "category"),
}
FIELDS = {one.name for one in fields(Values)} | {"category"}
# Columns whose name says what a body is; any other may be either.
HTML, PLAIN = {"body_html", "content_html", "html"}, {"body_text", "content_text"}
# In a column named `published` these are no date.
_NO_DATE = {"true", "false", "yes", "no", "y", "n", "1", "0", "是", "否"}
_LIST = re.compile(r"[,，;；、|\n]+")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class SavedColumns:
    """An editor's saved mapping for one header: its name, column -> field ("" to omit a column), and the outlet of
    rows without one."""

    name: str
    fields: dict[str, str]
    outlet: str = ""


class Columns:
    """The columns of one table. `mapping` is an editor's own (column -> field, "" to omit a column); `saved` are
    the stored mappings, by the signature of their header."""

    def __init__(
        self, mapping: dict[str, str] | None = None, saved: Mapping[str, SavedColumns] | None = None
    ):
        self.fields = _meanings(mapping or {})
        self.saved = {} if mapping else saved or {}
        self._meanings = {one.name: _meanings(one.fields) for one in self.saved.values()}
        self._plans: dict[tuple[str, ...], list[tuple[str, list[str]]]] = {}
        self._private: dict[tuple[str, ...], list[str]] = {}

    def kept_for(self, names: Iterable[str]) -> SavedColumns | None:
        """Return the saved mapping of exactly this header."""
        return self.saved.get(signature(names)) if self.saved else None

    def _fields_of(self, names: Iterable[str]) -> dict[str, str]:
        kept = self.kept_for(names)
        return self._meanings[kept.name] if kept else self.fields

    def known(self, names: list[str]) -> int:
        """Return how many of the names map to a field."""
        meant = self._fields_of(names)
        return sum(bool(meant.get(key(name))) for name in names)

    def check(self, names: list[str], line: int = 1) -> None:
        """Raise Unreadable if the row, of which this is the number, cannot be the header of a table of articles."""
        if any(_NOT_TEXT.search(name) for name in names):
            said = "不是文本表格（第一行有控制字符）；若是 UTF-16，请另存为 UTF-8 再导入"
            raise Unreadable(Problem(Code.WRONG_FORMAT, said))
        said = "、".join(name[:20] for name in names[:8] if name.strip())
        if not self.known(names):
            row = "第一行" if line == 1 else f"第 {line} 行"
            raise _bad_header(f"{row}没有认得的列名（{said}）；请加上表头，如 title、date、source、body")
        fields = self._fields_of(names)
        keys = [key(name) for name in names if fields.get(key(name))]
        if twice := next((name for name in keys if keys.count(name) > 1), ""):
            raise _bad_header(f"表头里“{twice}”写了不止一次，不知道该用哪一列；请改名或删去再导入")
        meant = {fields[name] for name in keys}
        for field, words in (("title", "标题列（如 title、标题）"), ("body", "正文列（如 body、正文）")):
            if field not in meant:
                raise _bad_header(f"表头里没有{words}，只有：{said}；请补上再导入")

    def has_article(self, cells: dict) -> bool:
        """Return True if an object has a title or a body."""
        return any(meant in ("title", "body") for meant, _ in self._plan(tuple(cells)))

    def fields_in(self, names: Iterable[str]) -> set[str]:
        """Return the fields that these columns give."""
        return {meant for meant, _ in self._plan(tuple(names))}

    def values(self, cells: dict[str, str | list[str]]) -> Values:
        """Return the values of one row; a list where one value is expected is joined, one item per line."""
        found: dict = {}
        for meant, names in self._plan(tuple(cells)):
            if meant in ("tags", "category"):
                found.setdefault("tags", []).extend(tag for name in names for tag in _tags(cells[name]))
            else:
                joined = ((name, _joined(cells[name])) for name in names)
                given = (pair for pair in joined if pair[1] and not pair[1].isspace())
                found[meant] = _as_declared(meant, next(given, ("", "")), given)
            if meant == "outlet" and is_web_address(found[meant]) and _is_of_addresses(names[0]):
                found |= {"outlet": "", "site": host(found[meant]), "source_url": found[meant]}
        address = found.pop("source_url", "")
        found["url"] = found.get("url") or address
        return Values(**found)

    def private(self, cells: dict[str, str | list[str]]) -> dict[str, str]:
        """Return what a row says of whether it is public, by column (sources.formats.private_text)."""
        names = tuple(cells)
        if names not in self._private:
            if len(self._private) > 1000:
                self._private.clear()
            self._private[names] = [name for name in names if says(key(name))]
        return {key(name): _joined(cells[name]) for name in self._private[names]}

    def _plan(self, names: tuple[str, ...]) -> list[tuple[str, list[str]]]:
        """Return the columns of each field, the preferred one first; cached per header."""
        if names not in self._plans:
            if len(self._plans) > 1000:  # objects whose keys always differ
                self._plans.clear()
            plan: dict[str, list[str]] = {}
            fields = self._fields_of(names)
            rank = {name: place for place, name in enumerate(fields)}
            for name in sorted(names, key=lambda name: rank.get(key(name), 0)):
                if meant := fields.get(key(name)):
                    plan.setdefault(meant, []).append(name)
            self._plans[names] = list(plan.items())
        return self._plans[names]


def _is_of_addresses(name: str) -> bool:
    """Return True for a column where data sets give the original's address; 来源 and the like name an outlet."""
    return key(name) == "source"


def _joined(cell: str | list[str]) -> str:
    return cell if isinstance(cell, str) else "\n".join(cell)


def _as_declared(meant: str, first: tuple[str, str], others: Iterable[tuple[str, str]]) -> str:
    """Return the value of a field from its first column that has one."""
    name, value = first
    if meant == "date" and value.strip().lower() in _NO_DATE:
        return next((other for _, other in others if other.strip().lower() not in _NO_DATE), "")
    if meant == "title":
        return title_words(value)
    if meant != "body" or not value:
        return value
    return html_body(value) if key(name) in HTML else text_body(value) if key(name) in PLAIN else value


def _meanings(mapping: dict[str, str]) -> dict[str, str]:
    """Map all normalised column names to fields; the editor's have priority. Raises ValueError for an unknown field."""
    found = {key(name): meant for name, meant in mapping.items()}
    if unknown := set(found.values()) - FIELDS - {""}:
        raise ValueError(f"没有这样的字段：{'、'.join(sorted(unknown))}")
    for name, meant in COLUMNS.items():
        found.setdefault(key(name), meant)
    return found


def signature(names: Iterable[str]) -> str:
    """Return a hash of a header that ignores the order and spelling of its names."""
    flat = sorted({key(name) for name in names} - {""})
    return sha256("\x1f".join(flat).encode("utf-8", "replace")).hexdigest()[:32]


def key(name: str) -> str:
    """Normalise a column name for comparison: half width, lower case, words joined by _."""
    flat = unicodedata.normalize("NFKC", name).replace("\ufeff", "").strip().casefold()
    return re.sub(r"[\s\-]+", "_", flat)


def _tags(value: str | list[str]) -> list[str]:
    return [tag.strip() for tag in (_LIST.split(value) if isinstance(value, str) else value) if tag.strip()]


def _bad_header(said: str) -> Unreadable:
    return Unreadable(Problem(Code.BAD_HEADER, said))
