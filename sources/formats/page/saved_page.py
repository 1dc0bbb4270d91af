"""A saved web page: extract the article and omit the rest of the site."""

import logging
import re
from collections.abc import Iterator
from functools import cache

from sources.files.inputs import file_name
from sources.formats.fields import (
    Values,
    article,
    dated,
    host,
    same_outlet,
)
from sources.formats.markup import decode_markup
from sources.formats.page.body_finder import letters, missed_prose, paragraphs_at_breaks
from sources.formats.page.page_metadata import Head, read_head
from sources.formats.raw_article import (
    UNKNOWN_OUTLET,
    NotAnArticle,
    RawArticle,
    Unreadable,
)
from sources.problem import EMPTY, Code, Problem
from sources.text.lines import one_line
from sources.text.markup import shallow, with_few_attributes
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
_SIGNED = re.compile(r"(?:来源|稿源|文章来源)\s*[：:]\s*([^\s\d|｜，。；、()（）：:《》]{2,20})")
BODY_NOT_FOUND = Problem(Code.DOUBTFUL_BODY, "没认出哪里是正文，收下了整页的文字，请删去无关的部分")
BODY_EXTRACTED = Problem(Code.DOUBTFUL_BODY, "正文由程序从网页里取出，请核对有没有缺漏或多余")
TITLE_OF_THE_PAGE = Problem(Code.DOUBTFUL_TITLE, "标题取自网页标题，可能带着网站名，请核对")
OUTLET_OF_THE_ADDRESS = Problem(Code.DOUBTFUL_OUTLET, "来源是从网址看出来的，请选定")
DATES_DIFFER = Problem(Code.DOUBTFUL_DATE, "网页里写的发布时间不一致，请核对")
SHORT = 200  # characters; an error page is shorter
ENOUGH = 0.9  # share of the letters that the page marks as its article


def looks_like(name: str, text_head: str) -> bool:
    """Return True if a file begins with a doctype or html tag, whatever its name."""
    return bool(_OPENS.match(text_head))


def read(data: bytes, name: str) -> Iterator[RawArticle]:
    """Yield the article of a page; whatever the page does not mark up itself is a problem for an editor.

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
    html = shallow(with_few_attributes(html), IMPLIED_END)
    head = read_head(html)
    problems = [decoded.problem] if decoded.problem else []
    body = _body(html, head, problems)
    found = article(_values(head, body), "", None, problems)
    _refuse_what_is_no_article(found, head)
    _doubt(found, head)
    yield found


def _values(head: Head, body: str) -> Values:
    signed = _SIGNED.search(head.words[:3000])
    return Values(
        title=head.title,
        body=_without_title(body, head.title),
        date=head.dates[0] if head.dates else "",
        outlet=head.source or (signed[1] if signed else ""),
        site=head.site,
        url=head.url,
        author="" if any(same_outlet(head.author, one) for one in (head.site, head.source)) else head.author,
    )


def _body(html: str, head: Head, problems: list[Problem]) -> str:
    """Return the main text as HTML; if the extraction misses the page's prose, the element with the prose; if
    nothing is found, the whole page."""
    try:
        body = _extracted(html, head.url) or ""
    except Exception:  # noqa: BLE001 (unsupported markup must not lose the words)
        body = ""
    words = plain_text(sanitize_html(body)).strip()
    if prose := missed_prose(html, words):
        body = words = prose
    if words:
        return _BETWEEN_TAGS.sub("><", paragraphs_at_breaks(body))
    if head.words:
        problems.append(BODY_NOT_FOUND)
    return head.all


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
    return body[match.end() :] if match and title and one_line(match[2]) == title else body


def _refuse_what_is_no_article(found: RawArticle, head: Head) -> None:
    if not found.plain.text:
        raise NotAnArticle("网页里没有文字，不是稿件")
    if len(found.plain.text) < SHORT:
        for words in (head.title, head.heading, found.plain.lead):
            if _ERROR.match(words):
                raise NotAnArticle(f"是出错页（{words[:40]}），不是稿件")


def _doubt(found: RawArticle, head: Head) -> None:
    """Add problems for an unconfirmed title, an outlet from the address, differing dates and an extracted body."""
    problems = found.problems
    if found.title and not head.title_certain:
        problems.append(TITLE_OF_THE_PAGE)
    if found.outlet == host(found.original_url):
        problems.append(OUTLET_OF_THE_ADDRESS)
    elif found.outlet != UNKNOWN_OUTLET and head.site and not same_outlet(found.outlet, head.site):
        said = f"文中署名来源“{found.outlet}”，网站是“{head.site}”，请核对"
        problems.append(Problem(Code.DOUBTFUL_OUTLET, said))
    moments = {moment for date in head.dates if (moment := dated(date).at)}
    if len(moments) > 1 and (max(moments) - min(moments)).total_seconds() >= 60:
        problems.append(DATES_DIFFER)
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
