"""What readers return: one article as read, or the reason there is none."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import TypedDict
from unicodedata import normalize

from sources.problem import NO_TITLE, Code, Problem, no_outlet
from sources.text.clean.image_tags import Pictured, resolved
from sources.text.clean.mentions import Named
from sources.text.lines import one_line
from sources.text.plain import Plain, summed_up
from sources.text.visible import has_words, is_turned, straight

# Maximum length of each one-line value in the database, and whether a truncated value is still useful.
LIMITS = {
    "title": (500, True),
    "subtitle": (500, True),
    "original_title": (500, True),
    "outlet": (100, True),
    "channel": (100, True),
    "channel_slug": (200, False),
    "byline": (200, True),
    "editor": (100, True),
    "page": (50, True),
    "original_url": (2000, False),
    "legacy_path": (400, False),
    "external_id": (300, False),
    "teller": (100, True),
}
_NAMES = set(LIMITS) - {"external_id", "original_url", "legacy_path", "channel_slug"}
UNKNOWN_OUTLET = "来源不明"
MOST_TAGS, LONGEST_TAG = 30, 50
SHORT = 6  # characters of an id that tells articles apart wherever they come from
# Break marks and other characters of no width. Joiners stay: they carry meaning in emoji and some scripts.
_HIDDEN = re.compile("[\u200b\u2060\ufeff\xad]")
_NUL = re.compile(r"[\x00\ud800-\udfff]")
# What programs and templates write where there is no title; compared without case, width, brackets and spaces.
_NO_TITLES = {
    "undefined",
    "null",
    "nan",
    "none",
    "nil",
    "n/a",
    "#n/a",
    "#ref!",
    "#value!",
    "#name?",
    "objectobject",
}
_NO_TITLES |= {"untitled", "notitle", "title", "pagetitle", "posttitle", "nosubject", "headline"}
_NO_TITLES |= {"无标题", "無標題", "未命名", "暂无标题", "暫無標題", "没有标题", "无主题", "標題", "標題文字"}
_NO_TITLES |= {
    "标题",
    "文章标题",
    "新闻标题",
    "页面标题",
    "网页标题",
    "请输入标题",
    "請輸入標題",
    "在此输入标题",
    "此处输入标题",
}
# A new file of an office program or editor, often numbered: Document1, 新建文档(2).docx.
_NEW_FILE = re.compile(
    r"(?:(?:new|untitled)?(?:document|page|post|file)|untitled|(?:无标题|未命名|新建|空白)?(?:文档|文稿|页面|网页)"
    r"|(?:未命名|新建)(?:文件|文章)?|新建(?:microsoft)?(?:office)?(?:word)?(?:文本)?文档)"
    r"(?:[(-]?\d{0,3}\)?)(?:\.(?:docx?|txt|html?|md|wps))?"
)
_LONGEST_NO_TITLE = 40
_AROUND_TITLE = "()[]{}<>〈〉《》【】「」『』“”\"'*_-—–.。…:"
_BETWEEN = re.compile(r"[\s_]+")
# What may be the name of a poem as well as of nothing.
_MAYBE_TITLES = {"无题", "無題", "失题"}
_TURNED = "去掉了控制文字方向的字符（如 U+202E）"


class IdFrom(StrEnum):
    """Where an article's external id comes from, and so whether two articles may have it by chance."""

    SOURCE = "source"  # a number or guid that names one article
    SHORT_NUMBER = "short-number"  # it may only count the rows of a file
    FILE_NAME = "file-name"

    @classmethod
    def of_number(cls, own: str) -> "IdFrom":
        """The kind of an id that a file gives as one."""
        return cls.SHORT_NUMBER if len(own) < SHORT else cls.SOURCE


@dataclass(slots=True)
class RawArticle:
    """One article as read: cleaned, not yet matched against stored articles.

    `published_at` is aware; `body_html` has passed sanitize_html. `problems` are reasons for review before
    publication; `notes` are assumptions that need no attention.
    """

    title: str
    outlet: str
    body_html: str
    plain: Plain
    # The part of its file (a line, an entry; "" for the whole file), and that part's own bytes.
    part: str = ""
    raw: bytes | None = None
    external_id: str = ""
    # An address that tells the article from all others of its outlet, whatever id it comes under (a feed's entry).
    own_link: str = ""
    id_from: IdFrom = IdFrom.SOURCE
    # The list the post appeared in (an outlet's, or one with many outlets), and the list's old slug.
    channel: str = ""
    channel_slug: str = ""
    # The feed the article appeared in, if that is not the credited outlet.
    teller: str = ""
    published_at: datetime | None = None
    digest: str = ""
    subtitle: str = ""
    original_title: str = ""
    byline: str = ""
    editor: str = ""
    original_url: str = ""
    legacy_path: str = ""
    page: str = ""
    edition_date: date | None = None
    tags: list[str] = field(default_factory=list)
    securities: list[Named] = field(default_factory=list)
    pictures: list[Pictured] = field(default_factory=list)
    # MinHash signature to find near-duplicates (sources.text.minhash); empty for an article without a date.
    sketch: bytes = b""
    # A result that the caller requested from the reading process (sources.reading.pool); unused elsewhere.
    prepared: object = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def credit_to(self, outlet: str) -> None:
        """Set the outlet, overriding the article's own, and remove the problem of a missing outlet."""
        self.outlet = outlet
        self.problems = [problem for problem in self.problems if problem.code != Code.NO_OUTLET]

    def __reduce__(self):
        """Pickle as a call, which takes half the time of a dict of fields: reading processes send thousands."""
        return RawArticle, _values(self)

    def fit(self) -> None:
        """Fit every value to the database's limits. Truncation is reported; the full value is in the raw bytes."""
        titled, turned = bool(self.title), []
        for name, (longest, cut) in LIMITS.items():
            if not (value := getattr(self, name)):
                continue
            if value.isprintable():
                value = value.strip()
            else:
                value = one_line(value)
                if not value.isprintable() and name in _NAMES:
                    if is_turned(value):
                        turned.append(name)
                    value = _HIDDEN.sub("", straight(value)).strip()
            if len(value) > longest:
                said = f"{name} 有 {len(value)} 个字，超过 {longest}，全文在原始文件里"
                self.problems.append(Problem(Code.TOO_LONG, said))
                value = value[:longest] if cut else ""
            setattr(self, name, value)
        if titled:
            self._leave_out_empty_title()
        self._leave_out_broken_names()
        self.outlet = self.outlet or UNKNOWN_OUTLET
        tags = dict.fromkeys(straight(one_line(tag)) for tag in self.tags)
        self.tags = [tag for tag in tags if 0 < len(tag) <= LONGEST_TAG][:MOST_TAGS]
        self.digest = _NUL.sub("", self.digest)
        if is_turned(self.digest):
            turned.append("digest")
            self.digest = straight(self.digest)
        if is_turned(self.plain.text):
            turned.append("body")
            self.body_html = straight(self.body_html)
            self.plain = summed_up(self.title, straight(self.plain.text))
        if turned:
            self.notes.append(f"{_TURNED}（{'、'.join(turned)}）")
        if self.pictures:
            self.pictures = resolved(self.pictures, self.original_url)

    def _leave_out_empty_title(self) -> None:
        """Clear a title that says nothing: what a program writes for none, or no letter that can be seen."""
        if len(self.title) > _LONGEST_NO_TITLE and has_words(self.title):
            return
        if has_words(self.title) and not _is_no_title(self.title):
            if self.title in _MAYBE_TITLES:
                said = f"标题是“{self.title}”，请核对是不是没有标题"
                self.problems.append(Problem(Code.DOUBTFUL_TITLE, said))
            return
        self.title = ""
        self.plain = summed_up("", self.plain.text)
        if all(problem.code != Code.NO_TITLE for problem in self.problems):
            self.problems.append(NO_TITLE)

    def _leave_out_broken_names(self) -> None:
        """Clear names with a broken character: they must not create an outlet or a list."""
        if "\ufffd" in self.outlet or "\ufffd" in self.channel:
            self.problems.append(no_outlet(f"来源名里有坏字：“{self.outlet or self.channel}”"))
            self.outlet = "" if "\ufffd" in self.outlet else self.outlet
            self.channel = self.channel_slug = ""


_values = attrgetter(*RawArticle.__slots__)


def _is_no_title(title: str) -> bool:
    """Return True for a title that a program or template wrote where there is none."""
    flat = _BETWEEN.sub("", normalize("NFKC", title).casefold())
    bare = flat.strip(_AROUND_TITLE)
    if bare in _NO_TITLES or _NEW_FILE.fullmatch(flat) or _NEW_FILE.fullmatch(bare):
        return True
    # In brackets it is a remark, not the name of a poem.
    return bare in _MAYBE_TITLES and bare != flat


@dataclass(slots=True, frozen=True)
class OldAddress:
    """A page of the old site that only gives an address: `/category/<slug>.html`, and its (often wrong) name."""

    slug: str
    name: str


@dataclass(slots=True, frozen=True)
class Broken:
    """A part of a file that cannot be read, while reading continues: its name, the reason, its original bytes."""

    part: str
    problem: Problem
    raw: bytes | None = None


@dataclass(slots=True, frozen=True)
class LeftOut:
    """Parts of a file that are no articles: how many of which kind, in words, and a list of them as bytes."""

    said: str
    raw: bytes


class Unreadable(Exception):
    """The input has no article to keep; the problem says why, where, and what to do."""

    def __init__(self, problem: Problem):
        super().__init__(problem)
        self.problem = problem


class NotAnArticle(Exception):
    """The input is not an article by nature (a README, a layout, a picture)."""


class Proposal(TypedDict):
    """A proposed article: block numbers in reading order, head and byline first, boxes last."""

    title: str
    byline: str
    blocks: list[int]


@dataclass(frozen=True, slots=True)
class Page:
    """A laid-out page; JSON-able with dataclasses.asdict (in JSON, the keys of `repeats` are strings).

    Blocks are numbered from 1 and include the whitespace around them: `"".join(blocks)` is the input. Each number is
    in exactly one of: an article, `repeats` (-> the copy that is kept), `left_over`. `variants` is only a hint: a
    block anywhere that nearly repeats another, or a box item that repeats one.
    """

    blocks: list[str]
    articles: list[Proposal] = field(default_factory=list)
    repeats: dict[int, int] = field(default_factory=dict)
    left_over: list[int] = field(default_factory=list)
    variants: dict[int, int] = field(default_factory=dict)
