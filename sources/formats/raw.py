"""What every reader hands on: one article as read, or the reason there is none."""

from dataclasses import dataclass, field
from datetime import date, datetime

from sources.text.mentions import Named
from sources.text.plain import Plain


@dataclass(slots=True)
class RawArticle:
    """One article as a reader found it: cleaned, not yet matched against anything we keep.

    `published_at` is aware; `body_html` has passed sanitize_html; `problems` says in words why an editor
    must look before it is public; `notes` what was assumed on the way and needs nobody's attention.
    """

    title: str
    outlet: str
    body_html: str
    plain: Plain
    external_id: str = ""
    # The list the post stood in (an outlet's, or a roll of many outlets) and its old address part.
    channel: str = ""
    channel_slug: str = ""
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
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class OldAddress:
    """A page of the old site that only teaches an address: `/category/<slug>.html`, and its (often wrong) name."""

    slug: str
    name: str


class Unreadable(Exception):
    """The input holds no article that could be kept; the message says why, where, and what to do."""


class NotAnArticle(Exception):
    """The input is no article by its nature (a README, a layout, a picture)."""
