"""A saved web page: extract the article and omit the rest of the site."""

import logging
import re
from collections.abc import Iterator
from functools import cache

from selectolax.lexbor import LexborHTMLParser

from sources.files.inputs import file_name
from sources.formats.fields import (
    Values,
    article,
    host,
    same_outlet,
)
from sources.formats.markup import decode_markup
from sources.formats.page.body_finder import around, letters, missed_prose, paragraphs_at_breaks
from sources.formats.page.page_metadata import Head, read_head
from sources.formats.raw_article import (
    UNKNOWN_OUTLET,
    NotAnArticle,
    RawArticle,
    Unreadable,
)
from sources.problem import EMPTY, NO_OUTLET, Code, Problem
from sources.text.lines import one_line
from sources.text.markup import shallow, with_few_attributes
from sources.text.outlet_names import name_key
from sources.text.plain import plain_text
from sources.text.sanitize import IMPLIED_END, sanitize_html
from sources.text.substrings import standing_in

# Many times a real page's size; trafilatura's time is quadratic in the cells of a table.
LARGEST, MOST_TAGS = 2_000_000, 40_000

# Comments are matched atomically (see sources.formats.feed.feed_file).
_OPENS = re.compile(
    r"\A[\ufeff\s]*+(?:<\?xml[^>]*>\s*+)?(?:(?><!--.{0,2000}?-->)\s*+)*+<(?:!doctype\s+html|html)\b",
    re.I | re.S,
)
_DATA_URI = re.compile(r"data:[\w/+.;=-]{1,60},[A-Za-z0-9+/=%_-]{200,}")
_ERROR = re.compile(
    r"^(?:(?:error\s*+)?(?:40\d|41\d|50\d)\s*+(?:\Z|[-:：|_]*+\s*+(?:[a-z]|错误|页面))|.{0,30}not found"
    r"|.{0,20}forbidden|bad gateway|service unavailable|.{0,20}页面(?:不存在|没有找到|未找到)"
    r"|.{0,12}找不到[该此]?(?:网页|页面)|.{0,10}访问被拒绝)",
    re.I,
)
_BETWEEN_TAGS = re.compile(r">[^\S\n]*+\n\s*+<")
_FIRST_BLOCK = re.compile(r"\s*+(?:<html>\s*+<body>\s*+)?<(h[1-6]|p)>([^<]*+)</\1>")
_INVISIBLE = re.compile(r"visibility\s{0,5}:\s{0,5}hidden\s{0,5};?", re.I)
# A line of its own that says how the article was called elsewhere.
_ORIGINAL_TITLE = re.compile(
    r"(?<=>)(?:\s|&nbsp;)*+[（(\[【]?(?:本文)?原标题\s{0,3}[：:]\s{0,3}([^<]{2,200})(?=</p>|</div>|</h[2-6]>|<div|<p\b|<br)"
)
# WordPress says in an element's class which state a post is in; others see only published ones.
_STATUS = re.compile(
    r"<(?:article|body|main|div|section)\b[^<>]{0,400}?\bclass=[\"'][^\"'<>]{0,800}?\b"
    r"(status-(?:private|draft|pending|future|trash|auto-draft))(?![\w-])",
    re.I,
)
_USER_NUMBER = re.compile(r"[A-Za-z]{0,10}[_-]?\d{1,10}")
BODY_NOT_FOUND = Problem(Code.DOUBTFUL_BODY, "没认出哪里是正文，收下了整页的文字，请删去无关的部分")
BODY_EXTRACTED = Problem(Code.DOUBTFUL_BODY, "正文由程序从网页里取出，请核对有没有缺漏或多余")
TITLE_OF_THE_PAGE = Problem(Code.DOUBTFUL_TITLE, "标题取自网页标题，可能带着网站名，请核对")
TITLE_UNPROVEN = Problem(Code.DOUBTFUL_TITLE, "标题与网页标题对不上，或有别的标题，请核对")
_AMP = "amp-ad, amp-embed, amp-sticky-ad, amp-sidebar, amp-consent, amp-user-notification"
SHORT = 200  # characters; an error page is shorter
ENOUGH = 0.9  # share of the letters that the page marks as its article
UNSEEN_MOST = 0.5  # share of a page's letters that a script is still to show


def looks_like(name: str, text_head: str) -> bool:
    """Return True if a file begins with a doctype or html tag, whatever its name."""
    return bool(_OPENS.match(text_head))


def read(data: bytes, name: str) -> Iterator[RawArticle]:
    """Yield the article of a page; whatever the page does not prove itself is a problem for an editor.

    Raises NotAnArticle for error pages and pages without words, Unreadable for files that are not pages or are too
    large.
    """
    decoded = decode_markup(data)
    html = _DATA_URI.sub("data:,", decoded.text.replace("\0", ""))
    if not html.strip("\ufeff \t\r\n"):
        raise Unreadable(EMPTY)
    if "<" not in html:
        said = f"不是网页：{file_name(name).stem[:40]} 里没有 HTML 标记"
        raise Unreadable(Problem(Code.WRONG_FORMAT, said))
    if len(html) > LARGEST or html.count("<") > MOST_TAGS:
        said = f"网页太大（{len(html)} 字，{html.count('<')} 个标记），未读；请只存正文部分"
        raise Unreadable(Problem(Code.TOO_LARGE, said))
    html = _without_amp(_shown(shallow(with_few_attributes(html), IMPLIED_END)))
    head = read_head(html)
    problems = [decoded.problem] if decoded.problem else []
    body, original_title = _without_original_title(_body(html, head, problems))
    found = article(_values(head, body), "", None, problems)
    found.original_title = head.original_title or original_title
    found.editor = "" if _USER_NUMBER.fullmatch(found.editor) else found.editor
    _refuse_what_is_no_article(found, head)
    _name_the_outlet(found, head)
    _doubt(found, head)
    if "status-" in html and (status := _STATUS.search(html)):
        said = f"网页标明它不是公开的（{status[1]}）"
        found.problems.append(Problem(Code.UNPUBLISHED, said))
    yield found


def _without_amp(html: str) -> str:
    """Return the page without the elements in which AMP pages put advertisements, menus and notices."""
    if "<amp-" not in html:
        return html
    tree = LexborHTMLParser(html)
    for node in tree.css(_AMP):
        node.decompose()
    return tree.html or html


def _shown(html: str) -> str:
    """Return the page with its article visible, where the page leaves that to a script (WeChat)."""
    if not _INVISIBLE.search(html):
        return html
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript", "template"])
    unseen = [node for node in tree.css("[style]") if _INVISIBLE.search(node.attributes.get("style") or "")]
    if not unseen or tree.body is None:
        return html
    most = max(len(node.text().strip()) for node in unseen[:20])
    return _INVISIBLE.sub("", html) if most >= UNSEEN_MOST * len(tree.body.text().strip()) > 0 else html


def _values(head: Head, body: str) -> Values:
    return Values(
        title=head.title,
        body=_without_title(body, head.title),
        date=head.date.value,
        outlet=head.source,
        site=head.site,
        url=head.url,
        author=head.author,
    )


def _body(html: str, head: Head, problems: list[Problem]) -> str:
    """Return the main text as HTML; if nothing is found, the whole page.

    The page without its furniture is tried first, then the whole one: the first result that holds the article's
    beginning is taken.
    """
    begins = letters(head.begins)
    tried = []
    for source in (head.pruned, html):
        body, words = _main_text(source, head.url)
        if words:
            tried.append(body)
            if begins in letters(words):
                break
    else:
        tried.append(around(head.pruned, head.begins) or next(iter(tried), ""))
    if tried[-1]:
        return _BETWEEN_TAGS.sub("><", paragraphs_at_breaks(tried[-1]))
    if head.words:
        problems.append(BODY_NOT_FOUND)
    return head.all


def _main_text(html: str, url: str) -> tuple[str, str]:
    """Return the main text as HTML and as words; if the extraction misses the page's prose, the element with the
    prose."""
    try:
        body = _extracted(html, url) or ""
    except Exception:  # noqa: BLE001 (unsupported markup must not lose the words)
        body = ""
    words = plain_text(sanitize_html(body)).strip()
    if prose := missed_prose(html, words):
        return prose, plain_text(sanitize_html(prose))
    return body, words


def _extracted(html: str, url: str) -> str | None:
    extract, config = _extractor()
    return extract(
        html,
        url=url or None,
        fast=True,  # the fallbacks count words by spaces, which Chinese does not have
        favor_precision=True,
        include_comments=False,
        include_tables=True,
        include_images="<img" in html,
        include_formatting=True,
        include_links=True,
        output_format="html",
        config=config,
    )


@cache
def _extractor() -> tuple:
    """Return trafilatura's extract and our config, imported on first use: 0.25 s, and few imports contain a page."""
    import trafilatura
    from trafilatura.settings import use_config

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # we report its problems ourselves
    config = use_config()
    # Characters; Chinese needs a third as many as English.
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "30")
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "10")
    return trafilatura.extract, config


def _without_title(body: str, title: str) -> str:
    """Return the body without the headline that pages repeat as its first block."""
    match = _FIRST_BLOCK.match(body)
    return (
        body[match.end() :] if match and title and name_key(one_line(match[2])) == name_key(title) else body
    )


def _without_original_title(body: str) -> tuple[str, str]:
    """Return the body without its line 原标题：…, and that title; "" for none."""
    match = _ORIGINAL_TITLE.search(body) if "原标题" in body else None
    if match is None:
        return body, ""
    return body[: match.start()] + body[match.end() :], one_line(plain_text(match[1])).strip("《》）)]】 ")


def _refuse_what_is_no_article(found: RawArticle, head: Head) -> None:
    if not found.plain.text:
        raise NotAnArticle("网页里没有文字，不是稿件")
    if len(found.plain.text) < SHORT:
        for words in (head.title, found.plain.lead):
            if _ERROR.match(words):
                raise NotAnArticle(f"是出错页（{words[:40]}），不是稿件")


def _name_the_outlet(found: RawArticle, head: Head) -> None:
    """Remove an outlet that is only the address's host: an editor names it."""
    if found.outlet == host(found.original_url):
        found.outlet = UNKNOWN_OUTLET
        found.problems.append(NO_OUTLET)
    elif head.source_doubt:
        found.problems.append(Problem(Code.DOUBTFUL_OUTLET, head.source_doubt))
    elif head.site_guessed and not head.source and found.outlet == head.site:
        said = f"网页没有写明来源，“{head.site}”是网站名，请核对"
        found.problems.append(Problem(Code.DOUBTFUL_OUTLET, said))


def _doubt(found: RawArticle, head: Head) -> None:
    """Add problems for an unproven title or date, a reprint and an extracted body."""
    problems = found.problems
    if found.title and not head.title_certain:
        problems.append(TITLE_UNPROVEN if head.title_seen else TITLE_OF_THE_PAGE)
    own = head.site if not head.site_guessed else ""
    if found.outlet != UNKNOWN_OUTLET and own and not same_outlet(found.outlet, own):
        said = f"文中署名来源“{found.outlet}”，网站是“{own}”，请核对"
        problems.append(Problem(Code.DOUBTFUL_OUTLET, said))
    if found.published_at and head.date.doubt:
        problems.append(Problem(Code.DOUBTFUL_DATE, head.date.doubt))
    if not _same_text(found.plain.text, head.article):
        problems.append(BODY_EXTRACTED)


def _same_text(text: str, marked: str) -> bool:
    """Return True if a text matches the marked article: nearly all of its lines, and little else."""
    have = letters(text)
    lines = [letters(line) for line in marked.split("\n")]
    total = sum(map(len, lines))
    there = standing_in(have, lines)
    kept = sum(len(line) for line in lines if line in there)
    return total > 0 and kept >= total * ENOUGH and len(have) * ENOUGH <= total
