"""Feed files: RSS 2.0 and 1.0, Atom, JSON Feed. Nothing is fetched; each entry is an article."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from html import escape
from io import BytesIO
from urllib.parse import quote, urljoin, urlsplit
from xml.sax import SAXParseException

from sources.files.inputs import file_name
from sources.formats.feed.entries import entry_bytes, json_feed
from sources.formats.feed.entry_dates import EntryDates
from sources.formats.feed.entry_kinds import is_kind, posts_only
from sources.formats.feed.made_by_tools import leave_outlet_open, made_by
from sources.formats.fields import Values, article, host, html_words, is_web_address, plain_words
from sources.formats.filenames import FEEDS, says_wordpress
from sources.formats.markup import decode_markup
from sources.formats.private_text import private_reason, says
from sources.formats.raw_article import UNKNOWN_OUTLET, Broken, LeftOut, RawArticle, Unreadable
from sources.formats.xml_guard import refuse_bombs, too_much
from sources.problem import EMPTY, Code, Problem
from sources.text.clean.declared import html_body, read_entities, text_body
from sources.text.lines import one_line
from sources.text.plain import plain_text
from sources.text.sanitize import sanitize_html

LARGEST = 8 * 1024 * 1024  # characters; a feed covers days, not years
LONGEST_AUTHOR = 300  # characters
HEAD = 4096
NOT_A_FEED = Problem(Code.WRONG_FORMAT, "是 WordPress 的导出文件，不是订阅源；请把格式选作 wxr，或自动判断")

# Comments are matched atomically. Otherwise the text between <!-- and a later --> could be split into comments in
# exponentially many ways, and a file of sixty empty comments would never finish.
_OPENS = re.compile(
    r"\A[\ufeff\s]*+(?:<\?xml[^>]*>\s*+)?(?:(?><!--.{0,2000}?-->)\s*+)*+<(?:\w++:)?(?:rss|feed|RDF)\b", re.S
)
_JSON_FEED = re.compile(r"\A[\ufeff\s]*\{.*\"https?:\\?/\\?/jsonfeed\.org\\?/version\\?/", re.S)
_REFERENCE = re.compile(rb"&#([xX][0-9a-fA-F]++|[0-9]++);?")
_PROLOG = re.compile(r"\A[\ufeff\s]*<\?xml[^>]*\?>")
_ROOT = re.compile(r"<\w")
_LONG_BLANK = re.compile(r"(?<!\s)\s{200,}+")
_PREFIX = re.compile(r"\A(?:wp_post|[a-z0-9]+)_(?=[a-z])")
# RSS writes an author as an address followed by the name in brackets, or the reverse.
_ADDRESS = re.compile(r"[(（<]?\b[\w.+-]{1,64}@[\w.-]{1,255}[)）>]?", re.A)
_IN_ADDRESSES = "/:?#@!$&'*+,;=~%-._"
_CUT = re.compile(
    r"(?:…|\.\.\.|\[…\]|阅读全文|查看全文|阅读更多|read more|continue reading)[\s»>→\]）)]*\Z", re.I
)


def looks_like(name: str, text_head: str) -> bool:
    """Return True if a file is a feed, by its first characters; `.xml` and `.json` prove nothing."""
    return file_name(name).suffix in FEEDS or bool(
        _OPENS.match(text_head) or _JSON_FEED.match(text_head[:4000])
    )


def read(data: bytes, name: str) -> Iterator[RawArticle | Broken | LeftOut]:
    """Yield an article per entry, named by its number. Raises Unreadable if no entry can be read.

    For broken XML, yield what was recovered, each with the problem and the line of the error.
    """
    decoded = decode_markup(data)
    text = decoded.text.replace("\0", "")
    if not text.strip("\ufeff \t\r\n"):
        raise Unreadable(EMPTY)
    if len(text) > LARGEST:
        raise too_much(f"订阅源有 {len(text)} 字，超过 {LARGEST} 的上限，未读；请拆开")
    refuse_bombs(text, "订阅源")
    if says_wordpress(text[:HEAD]):
        raise Unreadable(NOT_A_FEED)
    problems = [decoded.problem] if decoded.problem else []
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        feed, entries, raws = json_feed(text)
    else:
        feed, entries, raws = _xml_feed(_PROLOG.sub("", text, count=1), problems)
    if not entries:
        raise Unreadable(Problem(Code.NO_ARTICLES, "订阅源里没有条目"))
    entries, raws, numbers, left_out = posts_only(entries, raws)
    uses = Counter(address for entry in entries for address in {entry.get("id"), entry.get("link")})
    dates = EntryDates(feed, entries)
    for number, entry, raw in zip(numbers, entries, raws, strict=True):
        found = _article(feed, entry, str(number), raw, problems, uses, dates)
        empty = not found.title and not found.plain.text
        problem = Problem(Code.BAD_PART, f"第 {number} 条没有标题也没有正文")
        yield Broken(found.part, problem, raw) if empty else found
    if left_out:
        yield left_out


def _xml_feed(text: str, problems: list[Problem]) -> tuple[dict, list[dict], list[bytes]]:
    """Return the feed, its entries and their bytes. feedparser gets a stream; it could take bytes for a file name."""
    source = _without_long_blanks(text).encode("utf-8", "replace")
    try:
        parsed = _parsed(source)
    except (ValueError, OverflowError):
        # In broken XML feedparser fails at a reference to a character that there is not, such as &#x110000;.
        source = _REFERENCE.sub(_possible, source)
        parsed = _parsed(source)
    fault = parsed.get("bozo_exception") if parsed.get("bozo") else None
    line, said = _where(fault)
    if not parsed.entries and (fault or not parsed.get("version")):
        said = f"不是订阅源，或 XML 坏得读不出条目（{said or '没有 rss、feed'}）；请重新下载"
        raise Unreadable(Problem(Code.DAMAGED, said, line))
    if fault:
        said = f"订阅源的 XML 有错（{said or type(fault).__name__}），可能读漏，请对照原文"
        problems.append(Problem(Code.BROKEN_XML, said, line))
    return parsed.feed, parsed.entries, entry_bytes(source, parsed.entries)


def _parsed(source: bytes):
    return _parser()(BytesIO(source), sanitize_html=False, resolve_relative_uris=False)


def _possible(reference: re.Match) -> bytes:
    """Return a numeric reference; one to no character becomes the sign for a lost one, which a problem names."""
    digits, base = (reference[1][1:], 16) if reference[1][:1] in b"xX" else (reference[1], 10)
    is_one = len(digits) < 10 and int(digits or b"0", base) < 0x110000
    return reference[0] if is_one else "\ufffd".encode()


@cache
def _parser() -> Callable:
    """Return feedparser's parse, imported on first use: it takes 0.1 s, and few imports contain a feed.

    This patches feedparser's only private name we use: its search for an address in an author takes quadratic time and
    has no setting. Text longer than any author is skipped. A feedparser without this method fails here at once;
    test_feed fails if the method is no longer the right place.
    """
    from feedparser import mixin, parse

    usual = mixin._FeedParserMixin._sync_author_detail

    def sync(parser, key: str = "author") -> None:
        if len(parser._get_context().get(key) or "") <= LONGEST_AUTHOR:
            usual(parser, key)

    mixin._FeedParserMixin._sync_author_detail = sync
    return parse


def _without_long_blanks(text: str) -> str:
    """Shorten long runs of whitespace before the root element, where feedparser searches for declarations from each
    line, and keep it from seeing a processing instruction first."""
    root = _ROOT.search(text)
    head = text[: root.start()] if root else text
    head = _LONG_BLANK.sub("\n", head)
    return (" " if head.startswith("<?") else "") + head + (text[root.start() :] if root else "")


def _where(fault: Exception | None) -> tuple[int | None, str]:
    """Return line and message of an XML error. feedparser puts an XML declaration, one line, before the text."""
    if not isinstance(fault, SAXParseException):
        return None, ""
    line = max(fault.getLineNumber() - 1, 1)
    return line, f"第 {line} 行：{fault.getMessage()}"


def _article(
    feed: dict,
    entry: dict,
    part: str,
    raw: bytes,
    problems: list[Problem],
    uses: Counter,
    dates: EntryDates,
) -> RawArticle:
    base = feed.get("link") or ""
    body, digest, cut = _body(entry)
    body = f"![]({picture})\n{body}" if (picture := _enclosed(entry, body, base)) else body
    date, note = dates.of(entry)
    own, link = entry.get("id"), entry.get("link") or ""
    values = Values(
        title=_title(entry),
        body=body,
        digest=digest,
        date=date,
        outlet=plain_words((entry.get("source") or {}).get("title") or ""),
        site=plain_words(feed.get("title") or ""),
        url="" if link == own and not is_web_address(link) else _whole(link, base),
        author=_author(entry),
        tags=[tag.get("label") or tag.get("term") or "" for tag in entry.get("tags", []) if not is_kind(tag)],
    )
    found = article(values, part, raw, problems)
    if tool := made_by(feed):
        leave_outlet_open(found, values, tool)
    found.notes += [note] if note else []
    if private := private_reason(_said_of_publication(entry)):
        found.problems.append(private)
    if cut and found.plain.text:
        found.problems.append(Problem(Code.DOUBTFUL_BODY, "正文像是截断了的摘要，请对照原文补全"))
    found.external_id = _external_id(feed, entry, found, uses)
    found.own_link = found.original_url if uses[link] == 1 and _leads_to_one(found.original_url) else ""
    found.teller = values.site or host(base) or UNKNOWN_OUTLET
    return found


def _title(entry: dict) -> str:
    """Return the title. Atom says whether it is text or markup; in RSS it may be either."""
    title = entry.get("title") or ""
    kind = (entry.get("title_detail") or {}).get("type")
    return read_entities(title) if kind == "text/plain" else html_words(title)


def _body(entry: dict) -> tuple[str, str, bool]:
    """Return body, digest, and whether the body seems truncated. Content takes precedence over a summary."""
    contents = [part for part in entry.get("content", []) if (part.get("value") or "").strip()]
    summary = entry.get("summary") or ""
    if not contents:
        body = _markup(summary, (entry.get("summary_detail") or {}).get("type"))
        return body, "", bool(_CUT.search(plain_text(sanitize_html(body))))
    best = max(contents, key=lambda part: ("html" in (part.get("type") or ""), len(part["value"])))
    same = any(summary.strip() == part["value"].strip() for part in contents)
    digest = "" if same else _digest(summary, (entry.get("summary_detail") or {}).get("type"))
    return _markup(best["value"], best.get("type")), digest, False


def _markup(value: str, kind: str | None) -> str:
    """Return a body as the HTML it is, or as the HTML that shows a declared plain text."""
    if kind == "text/plain":
        return text_body(value) if "<" in value or "&" in value else value
    return html_body(value)


def _digest(value: str, kind: str | None) -> str:
    """Return a summary as words, escaped: whatever looks like a tag from here on is one of the words."""
    return escape(value if kind == "text/plain" else html_words(value), quote=False)


def _said_of_publication(entry: dict) -> dict[str, str]:
    """Return what an entry says of whether it is public, in any namespace: app:draft, wp:status, prism:embargoDate."""
    return {
        name: said
        for full, said in entry.items()
        if isinstance(said, str) and full != "published" and says(name := _PREFIX.sub("", full, count=1))
    } | entry.get("says", {})


def _leads_to_one(address: str) -> bool:
    """Return True for an address of one article, as far as can be seen: not a home page."""
    return is_web_address(address) and urlsplit(address).path.strip("/") != ""


def _whole(address: str, base: str) -> str:
    """Resolve an address relative to the feed's own; return any other unchanged."""
    if not address or not is_web_address(base) or ":" in address.partition("/")[0]:
        return address
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def _enclosed(entry: dict, body: str, base: str) -> str:
    """Return the address of an entry's picture if the body has none; else ""."""
    if "<img" in body.lower():
        return ""
    enclosed = [*entry.get("media_content", []), *entry.get("enclosures", [])]
    pictures = [
        one for one in enclosed if "image" in (one.get("medium"), (one.get("type") or "").split("/")[0])
    ]
    for one in [*pictures, *entry.get("media_thumbnail", [])]:
        if is_web_address(address := _whole(one.get("href") or one.get("url") or "", base)):
            return quote(address, safe=_IN_ADDRESSES)
    return ""


def _author(entry: dict) -> str:
    names = [
        _ADDRESS.sub(" ", one.get("name") or "").strip(" ()（）<>\"'") for one in entry.get("authors", [])
    ]
    return " ".join(dict.fromkeys(filter(None, names)))


def _external_id(feed: dict, entry: dict, found: RawArticle, uses: Counter) -> str:
    """Return the entry's id, else its address; "" if several entries share it."""
    own = entry.get("id") or ""
    if own and uses[own] > 1:
        said = f"编号 {one_line(own)[:60]} 在订阅源里不止一次，请核对是不是同一篇"
        found.problems.append(Problem(Code.REPEATED_ID, said))
        return ""
    if not own:
        return found.original_url if uses[entry.get("link")] == 1 else ""
    if is_web_address(own):
        return own
    site = host(feed.get("link") or "") or host(found.original_url) or found.outlet
    return f"{site}/{one_line(own)}"
