"""What every reader hands on: one article as read, or the reason there is none."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypedDict

from sources.problem import Code, Problem, no_outlet
from sources.text.clean.image_tags import Pictured, resolved
from sources.text.clean.mentions import Named
from sources.text.lines import one_line
from sources.text.plain import Plain

# The longest each one-line value may be, as the database takes it, and whether its beginning alone is of use.
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
UNKNOWN_OUTLET = "来源不明"
MOST_TAGS, LONGEST_TAG = 30, 50
_NUL = re.compile(r"[\x00\ud800-\udfff]")


@dataclass(slots=True)
class RawArticle:
    """One article as a reader found it: cleaned, not yet matched against anything we keep.

    `published_at` is aware; `body_html` has passed sanitize_html; `problems` says why an editor must look before it
    is public; `notes` what was assumed on the way and needs nobody's attention.
    """

    title: str
    outlet: str
    body_html: str
    plain: Plain
    # Which part of its file it was (a line, an entry; "" for the whole), and that part's own bytes.
    part: str = ""
    raw: bytes | None = None
    external_id: str = ""
    # The list the post stood in (an outlet's, or a roll of many outlets) and its old address part.
    channel: str = ""
    channel_slug: str = ""
    # Who tells it, where that is somebody else than the outlet it is credited to: the feed it stood in.
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
    # By what near-duplicates are found (sources.text.minhash); empty for a piece without a date.
    sketch: bytes = b""
    # What somebody asked the reading process to make of it (sources.reading.pool); nothing else reads it.
    prepared: object = None
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def credit_to(self, outlet: str) -> None:
        """Take the piece for this outlet's, whatever it says itself: then nobody need ask whose it is."""
        self.outlet = outlet
        self.problems = [problem for problem in self.problems if problem.code != Code.NO_OUTLET]

    def fit(self) -> None:
        """Bring every value into the form the database takes; what is cut is said, and stands in the raw bytes."""
        for name, (longest, cut) in LIMITS.items():
            if not (found := getattr(self, name)):
                continue
            value = one_line(found)
            if len(value) > longest:
                said = f"{name} 有 {len(value)} 个字，超过 {longest}，全文在原始文件里"
                self.problems.append(Problem(Code.TOO_LONG, said))
                value = value[:longest] if cut else ""
            setattr(self, name, value)
        self._leave_out_broken_names()
        self.outlet = self.outlet or UNKNOWN_OUTLET
        tags = dict.fromkeys(one_line(tag) for tag in self.tags)
        self.tags = [tag for tag in tags if 0 < len(tag) <= LONGEST_TAG][:MOST_TAGS]
        self.digest = _NUL.sub("", self.digest)
        if self.pictures:
            self.pictures = resolved(self.pictures, self.original_url)

    def _leave_out_broken_names(self) -> None:
        """A name with a broken character in it is no outlet's; nobody's list may be opened under it."""
        if "\ufffd" in self.outlet or "\ufffd" in self.channel:
            self.problems.append(no_outlet(f"来源名里有坏字：“{self.outlet or self.channel}”"))
            self.outlet = "" if "\ufffd" in self.outlet else self.outlet
            self.channel = self.channel_slug = ""


@dataclass(slots=True, frozen=True)
class OldAddress:
    """A page of the old site that only teaches an address: `/category/<slug>.html`, and its (often wrong) name."""

    slug: str
    name: str


@dataclass(slots=True, frozen=True)
class Broken:
    """One part of a file that cannot be read, while the rest goes on: which, why, and its bytes as they came."""

    part: str
    problem: Problem
    raw: bytes | None = None


class Unreadable(Exception):
    """The input holds no article that could be kept; the problem says why, where, and what to do."""

    def __init__(self, problem: Problem):
        super().__init__(problem)
        self.problem = problem


class NotAnArticle(Exception):
    """The input is no article by its nature (a README, a layout, a picture)."""


class Proposal(TypedDict):
    """One article as proposed: block numbers in reading order, head and byline first, boxes last."""

    title: str
    byline: str
    blocks: list[int]


@dataclass(frozen=True, slots=True)
class Page:
    """A page laid out; JSON-able by dataclasses.asdict (whose JSON has the numbers of `repeats` as strings).

    Blocks are numbered from 1 and carry the blank around them: `"".join(blocks)` is the input. Every number is in
    exactly one of an article, `repeats` (-> the copy that is kept) and `left_over`. `variants` only points out:
    a block, wherever it is, that nearly repeats another, or is a box item that repeats one.
    """

    blocks: list[str]
    articles: list[Proposal] = field(default_factory=list)
    repeats: dict[int, int] = field(default_factory=dict)
    left_over: list[int] = field(default_factory=list)
    variants: dict[int, int] = field(default_factory=dict)
