"""Feed files: RSS 2.0 and 1.0, Atom, JSON Feed. Nothing is fetched; each entry is an article."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from urllib.parse import quote, urljoin
from xml.sax import SAXParseException

from sources.files.inputs import file_name
from sources.formats.feed.entries import entry_bytes, json_feed
from sources.formats.feed.entry_dates import EntryDates
from sources.formats.fields import Values, article, host, is_web_address, plain_words
from sources.formats.filenames import FEEDS
from sources.formats.markup import decode_markup
from sources.formats.raw_article import UNKNOWN_OUTLET, Broken, RawArticle, Unreadable
from sources.problem import EMPTY, Code, Problem
from sources.text.clean.boilerplate import paragraphs
from sources.text.lines import one_line
from sources.text.plain import plain_text
from sources.text.sanitize import sanitize_html

LARGEST = 8 * 1024 * 1024  # characters; a feed covers days, not years
# feedparser takes quadratic time in these (for a declared entity: its length times its uses).
MOST_NAMESPACES, MOST_DECLARATIONS = 5000, 100
LONGEST_AUTHOR = 300  # characters

# Comments are matched atomically. Otherwise the text between <!-- and a later --> could be split into comments in
# exponentially many ways, and a file of sixty empty comments would never finish.
_OPENS = re.compile(
    r"\A[\ufeff\s]*+(?:<\?xml[^>]*>\s*+)?(?:(?><!--.{0,2000}?-->)\s*+)*+<(?:\w++:)?(?:rss|feed|RDF)\b", re.S
)
_JSON_FEED = re.compile(r"\A[\ufeff\s]*\{.*\"https?:\\?/\\?/jsonfeed\.org\\?/version\\?/", re.S)
_PROLOG = re.compile(r"\A[\ufeff\s]*<\?xml[^>]*\?>")
_MANY_ATTRIBUTES = re.compile(r"""<\w(?:(?:[^<=]|=(?!\s*+["']))*+=\s*+["']){1000}""")
_LONG_ENTITY = re.compile(r"<!ENTITY[^>]{200}")
_ROOT = re.compile(r"<\w")
_LONG_BLANK = re.compile(r"(?<!\s)\s{200,}+")
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


def read(data: bytes, name: str) -> Iterator[RawArticle | Broken]:
    """Yield an article per entry, named by its number. Raises Unreadable if no entry can be read.

    For broken XML, yield what was recovered, each with the problem and the line of the error.
    """
    decoded = decode_markup(data)
    text = decoded.text.replace("\0", "")
    if not text.strip("\ufeff \t\r\n"):
        raise Unreadable(EMPTY)
    if len(text) > LARGEST:
        raise _too_much(f"订阅源有 {len(text)} 字，超过 {LARGEST} 的上限，未读；请拆开")
    if text.count("xmlns") > MOST_NAMESPACES:
        raise _too_much(f"订阅源里的 xmlns 超过 {MOST_NAMESPACES} 个，不合常理，未读")
    if text.count("<!ENTITY") + text.count("<!DOCTYPE") > MOST_DECLARATIONS or _LONG_ENTITY.search(text):
        raise _too_much("订阅源里声明的实体太多或太长，不合常理，未读")
    if _MANY_ATTRIBUTES.search(text):
        raise _too_much("订阅源里有一个标记的属性超过 1000 个，不合常理，未读")
    problems = [decoded.problem] if decoded.problem else []
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        feed, entries, raws = json_feed(text)
    else:
        feed, entries, raws = _xml_feed(_PROLOG.sub("", text, count=1), problems)
    if not entries:
        raise Unreadable(Problem(Code.NO_ARTICLES, "订阅源里没有条目"))
    uses = Counter(address for entry in entries for address in {entry.get("id"), entry.get("link")})
    dates = EntryDates(feed, entries)
    for number, (entry, raw) in enumerate(zip(entries, raws, strict=True), 1):
        found = _article(feed, entry, str(number), raw, problems, uses, dates)
        empty = not found.title and not found.plain.text
        problem = Problem(Code.BAD_PART, f"第 {number} 条没有标题也没有正文")
        yield Broken(found.part, problem, raw) if empty else found


def _too_much(said: str) -> Unreadable:
    return Unreadable(Problem(Code.TOO_LARGE, said))


def _xml_feed(text: str, problems: list[Problem]) -> tuple[dict, list[dict], list[bytes]]:
    """Return the feed, its entries and their bytes. feedparser gets a stream; it could take bytes for a file name."""
    source = _without_long_blanks(text).encode("utf-8", "replace")
    parsed = _parser()(BytesIO(source), sanitize_html=False, resolve_relative_uris=False)
    fault = parsed.get("bozo_exception") if parsed.get("bozo") else None
    line, said = _where(fault)
    if not parsed.entries and (fault or not parsed.get("version")):
        said = f"不是订阅源，或 XML 坏得读不出条目（{said or '没有 rss、feed'}）；请重新下载"
        raise Unreadable(Problem(Code.DAMAGED, said, line))
    if fault:
        said = f"订阅源的 XML 有错（{said or type(fault).__name__}），可能读漏，请对照原文"
        problems.append(Problem(Code.BROKEN_XML, said, line))
    return parsed.feed, parsed.entries, entry_bytes(source, parsed.entries)


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
        tags=[tag.get("label") or tag.get("term") or "" for tag in entry.get("tags", [])],
    )
    found = article(values, part, raw, problems)
    found.notes += [note] if note else []
    if cut and found.plain.text:
        found.problems.append(Problem(Code.DOUBTFUL_BODY, "正文像是截断了的摘要，请对照原文补全"))
    found.external_id = _external_id(feed, entry, found, uses)
    found.teller = values.site or host(base) or UNKNOWN_OUTLET
    return found


def _title(entry: dict) -> str:
    """Return the title. Atom says whether it is text or markup; in RSS it may be either."""
    title = entry.get("title") or ""
    kind = (entry.get("title_detail") or {}).get("type")
    return title if kind == "text/plain" else plain_words(title)


def _body(entry: dict) -> tuple[str, str, bool]:
    """Return body, digest, and whether the body seems truncated. Content takes precedence over a summary."""
    contents = [part for part in entry.get("content", []) if (part.get("value") or "").strip()]
    summary = entry.get("summary") or ""
    if not contents:
        body = _markup(summary, (entry.get("summary_detail") or {}).get("type"))
        return body, "", bool(_CUT.search(plain_text(sanitize_html(body))))
    best = max(contents, key=lambda part: ("html" in (part.get("type") or ""), len(part["value"])))
    same = any(summary.strip() == part["value"].strip() for part in contents)
    return _markup(best["value"], best.get("type")), "" if same else summary, False


def _markup(value: str, kind: str | None) -> str:
    """Escape declared plain text that could be taken for markup."""
    return paragraphs(value) if kind == "text/plain" and "<" in value else value


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
