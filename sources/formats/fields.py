"""Build an article from named values: the step shared by tables, feeds and saved pages. Pure."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from sources.formats.raw_article import UNKNOWN_OUTLET, RawArticle
from sources.problem import NO_BODY, NO_OUTLET, NO_TITLE, SAYS_BAD_BYTES, Code, Problem
from sources.text.clean.boilerplate import clean_body
from sources.text.clean.furniture import cut_furniture
from sources.text.dates import SHANGHAI, ReadDate, read_date
from sources.text.lines import one_line
from sources.text.outlet_names import name_key
from sources.text.plain import plain_text, summed_up, without_opening
from sources.text.sanitize import sanitize_html

_COMPACT = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})$")
# Unambiguous forms that sources.text.dates does not know.
_COMPACT_TIME = re.compile(r"^((?:19|20)\d{2})(\d{2})(\d{2})[ T]?(\d{2}):?(\d{2})(?::?(\d{2}))?$")
_EPOCH = re.compile(r"^(1\d{9})(?:\d{3})?(?:\.\d{1,9})?$")
_WEEKDAY = re.compile(r"\s?[（(\[]?(?:星期|周|礼拜|週)[一二三四五六日天][）)\]]?\s?")
_HALF = re.compile(r"(上午|下午|凌晨|晚上|中午|早上|早晨|清晨|傍晚)\s?(?=\d)")
_HALVES = {"早上": "上午", "早晨": "上午", "清晨": "上午", "傍晚": "下午"}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_ENGLISH = re.compile(
    rf"^(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{{0,6}}\.?,? )?"
    rf"(?:{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?|(?P<day2>\d{{1,2}}) {_MONTH.replace('month', 'month2')})"
    r",? (?P<year>\d{4})(?:,? (?:at )?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))? ?(?P<half>[ap]m)?)?"
    r"(?P<zone> ?(?:z|utc|gmt|[+-]\d{2}:?\d{2}))?$",
    re.I,
)
_LABEL = re.compile(
    r"(?:(?:文章|新闻|稿件|信息)?来源|稿源|出处|作者|记者|文|编辑|责任编辑|责编)\s{0,9}[：:]\s{0,9}"
)
_NEXT_LABEL = re.compile(r"[\s|｜]{1,9}(?:来源|作者|记者|编辑|责任编辑|责编|发布时间|时间|日期)\s{0,9}[：:]")
_MARKED = re.compile(r"<[/!a-z]|&[#a-z]", re.I)


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
    found.byline = without_label(values.author) or cleaned.byline
    found.editor = without_label(values.editor) or cleaned.editor
    found.page, found.tags = values.page, values.tags
    found.securities, found.pictures = cleaned.securities, cleaned.pictures
    found.original_url = web_address(values.url, found.problems)
    _outlet(found, values, cleaned.credit)
    found.original_url = found.original_url or cleaned.original
    _dates(found, values)
    return found


def _outlet(found: RawArticle, values: Values, credit: str) -> None:
    """Set the outlet: the named one, else the body's credit, the site, or the host of the address."""
    named = without_label(one_line(values.outlet))
    if is_web_address(named):
        found.original_url = found.original_url or named
        named, values.site = "", values.site or host(named)
    if named and credit and not same_outlet(named, credit):
        said = f"来源写的是“{named}”，文末写的是“{credit}”，请核对"
        found.problems.append(Problem(Code.DOUBTFUL_OUTLET, said))
    found.outlet = named or credit or values.site or host(found.original_url) or UNKNOWN_OUTLET


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
    say_what_is_missing(found, date)


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
    """Like read_date, with the forms of tables and feeds: `20220301` is a day; a time in `CST` is ambiguous."""
    value = _COMPACT.sub(r"\1-\2-\3", one_line(value))
    if value.upper().endswith(" CST"):
        said = f"时区 CST 可指中国或美国中部，请写明：{value[:40]}"
        return ReadDate(None, Problem(Code.DOUBTFUL_DATE, said))
    found = read_date(value)
    if found.at is None and 8 <= len(value) <= 60 and (other := _usual_form(value)):
        again = read_date(other)
        return again if again.at else found
    return found


def _usual_form(value: str) -> str:
    """Rewrite another unambiguous date format for read_date; "" if it is unknown."""
    if match := _EPOCH.match(value):
        return datetime.fromtimestamp(int(match[1]), SHANGHAI).strftime("%Y-%m-%d %H:%M:%S +0800")
    if match := _COMPACT_TIME.match(value):
        year, month, day, hour, minute, second = match.groups()
        return f"{year}-{month}-{day} {hour}:{minute}:{second or '00'}"
    if match := _ENGLISH.match(value):
        return _of_english(match)
    plain = _HALF.sub(lambda match: _HALVES.get(match[1], match[1]), _WEEKDAY.sub(" ", value, count=1))
    return plain if plain != value else ""


def _of_english(match: re.Match) -> str:
    month = _MONTHS.index((match["month"] or match["month2"]).lower()) + 1
    day = f"{match['year']}-{month:02}-{int(match['day'] or match['day2']):02}"
    if not match["hour"]:
        return day
    hour, half = int(match["hour"]), (match["half"] or "").lower()
    if half and not 1 <= hour <= 12:
        return ""
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    return f"{day} {hour:02}:{match['minute']}:{match['second'] or '00'}{(match['zone'] or '').upper()}"


def plain_words(value: str) -> str:
    """Return a title or digest, which may contain markup, as plain text on one line."""
    return one_line(plain_text(sanitize_html(value)) if _MARKED.search(value) else value)


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
