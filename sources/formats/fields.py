"""Build an article from named values: the step shared by tables, feeds and saved pages. Pure."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

from sources.formats.raw_article import UNKNOWN_OUTLET, RawArticle
from sources.problem import NO_BODY, NO_OUTLET, NO_TITLE, SAYS_BAD_BYTES, Code, Problem, no_outlet
from sources.text.clean.boilerplate import clean_body
from sources.text.clean.declared import shows_tags, without_pairs
from sources.text.clean.furniture import cut_furniture
from sources.text.clean.names import only_name, only_outlet
from sources.text.dates import SHANGHAI, ReadDate, read_date
from sources.text.lines import one_line
from sources.text.outlet_names import name_key
from sources.text.plain import plain_text, summed_up, without_opening
from sources.text.sanitize import sanitize_html

_LABEL = re.compile(
    r"(?:(?:文章|新闻|稿件|信息)?来源|稿源|出处|作者|记者|文|编辑|责任编辑|责编)\s{0,9}[：:]\s{0,9}"
)
_NEXT_LABEL = re.compile(r"[\s|｜]{1,9}(?:来源|作者|记者|编辑|责任编辑|责编|发布时间|时间|日期)\s{0,9}[：:]")
_MARKED = re.compile(r"<[/!a-z]|&[#a-z]", re.I)
_TAG = re.compile(r"<[/!a-z]", re.I)
SHOWS_TAGS = Problem(Code.DOUBTFUL_BODY, "正文里有写成文字的 HTML 标签（如 </p>），请核对")


# Clocks differ, and so do the zones of those who write none.
SOON = timedelta(hours=1)


@dataclass(slots=True)
class Values:
    """What an input says about one article, verbatim; "" for a missing value.

    `outlet` is the author's outlet, by name or address; `site` is the list, feed or page it appeared in.
    """

    title: str = ""
    body: str = ""
    date: str = ""
    outlet: str = ""
    site: str = ""
    url: str = ""
    author: str = ""
    editor: str = ""
    id: str = ""
    digest: str = ""
    page: str = ""
    edition_date: str = ""
    tags: list[str] = field(default_factory=list)


def article(values: Values, part: str, raw: bytes, problems: list[Problem]) -> RawArticle:
    """Build and clean the article of these values; each missing or unreadable value adds a problem.

    `problems` are those of the whole file. The caller sets the external id, because only it knows whose ids they are.
    """
    found = RawArticle(title=one_line(values.title), outlet="", body_html="", plain=summed_up("", ""))
    found.part, found.raw, found.problems = part, raw, list(problems)
    cleaned = clean_body(values.body)
    found.body_html, found.plain = cleaned.html, summed_up(found.title, cleaned.text)
    found.digest = without_opening(plain_words(cut_furniture(values.digest).kept))
    found.byline = only_name(without_label(values.author))[0] or cleaned.byline
    found.editor = without_label(values.editor) or cleaned.editor
    found.page, found.tags = values.page, values.tags
    found.securities, found.pictures = cleaned.securities, cleaned.pictures
    found.original_url = web_address(values.url, found.problems)
    _outlet(found, values, cleaned.credit)
    found.original_url = found.original_url or cleaned.original
    _dates(found, values)
    if shows_tags(found.plain.text):
        found.problems.append(SHOWS_TAGS)
    return found


def _outlet(found: RawArticle, values: Values, credit: str) -> None:
    """Set the outlet: the named one, else the body's credit, the site, or the host of the address.

    A source that is no name (an address, 网络) leaves the outlet to an editor: who fills the column so knows none.
    """
    said = without_label(one_line(values.outlet))
    named, left_out = only_outlet(said)
    if is_web_address(said):
        found.original_url = found.original_url or said
    if left_out and not named:
        found.problems.append(no_outlet(f"来源一栏只有{left_out}“{one_line(values.outlet)[:60]}”"))
    if named and credit and not same_outlet(named, credit):
        said = f"来源写的是“{named}”，文末写的是“{credit}”，请核对"
        found.problems.append(Problem(Code.DOUBTFUL_OUTLET, said))
    where = "" if left_out else host(found.original_url)
    found.outlet = named or credit or values.site or where or UNKNOWN_OUTLET


def _dates(found: RawArticle, values: Values) -> None:
    """Set both dates. Without a publication date, use the print edition's date."""
    edition = dated(values.edition_date)
    found.edition_date = edition.at.date() if edition.at else None
    if values.edition_date.strip() and not edition.at:
        said = f"见报日期读不懂，请改正：{one_line(values.edition_date)[:40]}"
        found.problems.append(Problem(Code.DOUBTFUL_DATE, said))
    date = dated(values.date)
    if edition.at and not values.date.strip():
        date = ReadDate(edition.at, note="没有发布时间，按见报日期")
    found.published_at = date.at
    found.notes += [date.note] if date.note else []
    if early := _in_the_future(date.at):
        found.problems.append(early)
    say_what_is_missing(found, date)


def _in_the_future(at: datetime | None) -> Problem | None:
    """Return the problem of a publication date that has not come yet."""
    if at is None or at <= datetime.now(SHANGHAI) + SOON:
        return None
    said = f"发布时间还没到（{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}），请核对后再发布"
    return Problem(Code.UNPUBLISHED, said)


def say_what_is_missing(found: RawArticle, date: ReadDate) -> None:
    """Add a problem for each value an editor must supply before publication; set an empty outlet to UNKNOWN_OUTLET."""
    if not found.title:
        found.problems.append(NO_TITLE)
    if date.problem:
        found.problems.append(date.problem)
    if not found.plain.text:
        found.problems.append(NO_BODY)
    said = SAYS_BAD_BYTES.intersection(problem.code for problem in found.problems)
    if not said and "\ufffd" in found.title + found.plain.text:
        found.problems.append(Problem(Code.LOST_CHARACTERS, "正文里有 \ufffd：来源自己已经丢了字"))
    if found.outlet in ("", UNKNOWN_OUTLET):
        found.outlet = UNKNOWN_OUTLET
        if not any(problem.code == Code.NO_OUTLET for problem in found.problems):
            found.problems.append(NO_OUTLET)


def dated(value: str) -> ReadDate:
    """Like read_date, with what tables and feeds write besides: seconds since 1970."""
    return read_date(one_line(value), epochs=True)


def plain_words(value: str) -> str:
    """Return a title or digest, which may contain markup, as plain text on one line."""
    return one_line(plain_text(sanitize_html(value)) if _MARKED.search(value) else value)


def html_words(value: str) -> str:
    """Return a title or digest declared to be HTML as words on one line, also one that was encoded twice."""
    words = without_pairs(value)
    words = plain_words(words) if _TAG.search(words) else unescape(words)
    return one_line(without_pairs(words))


def without_label(value: str) -> str:
    """Remove the label before a name (来源：…, 作者：…), and any later label with what follows it."""
    if ":" not in value and "：" not in value:
        return value
    value = value.strip()
    if label := _LABEL.match(value):
        value = value[label.end() :]
    return _NEXT_LABEL.split(value, maxsplit=1)[0].strip()


def same_outlet(one: str, other: str) -> bool:
    """Return True if two names seem to mean one outlet: one contains the other."""
    one, other = name_key(one), name_key(other)
    return bool(one and other) and (one in other or other in one)


def is_web_address(value: str) -> bool:
    """Return True for a complete http(s) address with a host."""
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError:
        return False


def web_address(value: str, problems: list[Problem]) -> str:
    """Return the address if it is a complete http(s) one; else "", and add a problem."""
    value = one_line(value)
    if not value or is_web_address(value):
        return value
    problems.append(Problem(Code.BAD_LINK, f"原文链接不能用：{value[:80]}"))
    return ""


def host(address: str) -> str:
    """Return the address's host without www.; "" if it is not a web address."""
    return (urlsplit(address).hostname or "").removeprefix("www.") if is_web_address(address) else ""
