"""A web page scraped into one line: no paragraphs, no headline field, the lead twice (formats.md §3)."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import NamedTuple

from sources.formats.raw_article import RawArticle, Unreadable
from sources.formats.scrape.page_furniture import (
    Stamped,
    own_part,
    read_headline,
    read_stamps,
    read_under,
    stamps_at_end,
    without_site,
)
from sources.problem import EMPTY, NO_BODY, NO_DATE, NO_OUTLET, NO_TITLE, NOT_TEXT, Code, Problem
from sources.text.clean.boilerplate import tidy
from sources.text.clean.bylines import find_reporters, read_signatures
from sources.text.clean.furniture import cut_furniture
from sources.text.dates import ReadDate, read_date
from sources.text.decode import decode
from sources.text.lines import one_line
from sources.text.plain import read_plain
from sources.text.sanitize import sanitize_html
from sources.text.sentences import is_closed, sentences

LONG_LINE, FEW_LINES, MANY_SENTENCES = 300, 6, 5
LONGEST_TITLE, SHORTEST_LEAD, LONGEST_LEAD = 80, 20, 1500
SAME_START = 8  # two leads with this many equal first characters are one lead in two wordings
PARAGRAPH = 120  # characters; a paragraph ends at the first sentence end after this
LONGEST_HEADER = 160  # characters of a title with the day, outlet and names under it
HEAD = (8, 40)  # minimum and maximum characters of a section head
TO_CHECK = Problem(Code.TO_CHECK, "抓取来的文本：标题、分段和小标题是程序拆出的，请对照原文核对")
TAIL = Problem(Code.DOUBTFUL_BODY, "文末像是网站上的其他内容，单独成段，请核对后删去")

# Match spaces only from the start of their run, for linear time.
_LABEL = re.compile(r"(?:[（(【\[]|(?<![\s（(【\[]))\s*+原标题\s*+[：:]\s*+")
_YEAR, _MONTH = re.compile(r"\s{0,9}\d{4}年\Z"), re.compile(r"\d{1,2}月")
_SITE = re.compile(r"\s{0,9}[_|｜]\s{0,9}[^\s_|｜。，]{2,20}")
_CLOSING = {"（": "）", "(": ")", "【": "】", "[": "]"}
_NO_YEAR = re.compile(r"(?<![\d年])\d{1,2}月\d{1,2}日")
_SIGNED = re.compile(
    r"\s{0,9}[（(【\[]?(?:责任编辑|责编|编辑|作者|文章来源|来源)\s{0,9}[：:]|\s{1,9}[（(【\[]"
)
_DESK_CODE = re.compile(r"(?<!\s)\s++[A-Za-z]{1,4}\d{1,6}\Z")
_LEAD_BEGINS = re.compile(
    r"\n|(?:\d{4}年)?\d{1,2}月\d{1,2}日|本报[^，。]{0,12}[讯电]|近日，|日前，"
    r"|据?(?:新华社|中新社|人民网|中新网)[^，。]{0,20}[讯电]"
)
_NEW_POINT = re.compile(
    r"首先|其次|再次|最后[，,]|第[一二三四五六七八九十][，,]|其[一二三四五六][，,]|一是|此外[，,]|另外[，,]|与此同时"
    r"|[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]）"
)
# Words that begin a sentence. Joined to other words without punctuation, they show where a section head ended: _SURE
# on their own; _LIKELY, which a subject may precede, only if the head has two clauses and words of the title.
_SURE = re.compile(
    r"首先[，,]|(?<!尤)其一[，,]|(?<![自从在是])党的[\u4e00-\u9fff]{2,4}以来[，,]|(?<![另又])据(?:悉|了解|介绍)[，,]"
)
_LIKELY = re.compile(
    r"近年来[，,]|今年以来[，,]|当前[，,]|目前[，,]|随着|为(?:了|更好地|进一步|贯彻|深入|落实)"
)
_NO_HEAD = re.compile(
    r"(?:面对|在|从|随着|通过|为|对|自|经|据|当|但|而|并|也|又|另|这|该|他|她|其|今年|去年|目前|\d|[“‘（《])"
    r"|.*[。！？!?；;：:…]|(?:.*[，,]){2}"
    r"|.*(?:[的了是和与及在把将被对于向由，、行司府市省县区委院校社部会们]|工作|企业|机构|集团|中心)\Z",
    re.S,
)


@dataclass(frozen=True, slots=True)
class Parted:
    """A scraped text in parts: the title; the paragraphs before it, including the lead; the rest; and the day,
    outlet and names between title and lead."""

    title: str
    known: list[str]
    rest: str
    problem: str = ""  # of the title
    stamps: str = ""


def looks_like(text: str) -> bool:
    """Return True if a text is a page scraped into one line: few lines, a long one, and 原标题 or five sentences."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines or len(lines) > FEW_LINES or text.lstrip("\ufeff \t\r\n")[:1] in "<{[-":
        return False
    longest = max(lines, key=len)
    if len(longest) < LONG_LINE:
        return False
    return bool(_LABEL.search(text)) or len(sentences(longest)) >= MANY_SENTENCES


def read(data: bytes, name: str) -> Iterator[RawArticle]:
    """Yield the article of a scraped page; it always goes to review. Raises Unreadable for files without text.

    Only the second copies of lead and title, the site's name after the title, the 原标题 label and closing lines such
    as 阅读全文 are dropped.
    Closing signatures, the title, and day, outlet and names under it move to their fields. `name` is ignored: such
    files have arbitrary names.
    """
    decoded = decode(data)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \t\n\u3000")
    if not text.strip("\0") or "\0" in text[:1000]:
        raise Unreadable(NOT_TEXT if text.strip("\0") else EMPTY)
    own, tail = own_part(text)
    furniture = cut_furniture(own)
    own = furniture.kept
    parted = part(own)
    signed = read_signatures(parted.rest[-200:])
    html = body_html(parted, parted.rest[:-200] + signed.text, tail)
    stamped = read_stamps(own, parted.stamps)
    title, date = one_line(parted.title), publication_date(own, stamped)
    raw = RawArticle(
        title, signed.credit or stamped.outlet, html, read_plain(title, html), published_at=date.at
    )
    raw.original_url = furniture.address
    raw.original_title = title if _LABEL.search(own) else ""
    raw.byline = signed.byline or stamped.byline or find_reporters(raw.plain.text)
    raw.editor = _DESK_CODE.sub("", signed.editor or stamped.editor)
    raw.notes = [date.note] if date.note else []
    doubt = Problem(Code.DOUBTFUL_TITLE, parted.problem) if parted.problem else None
    problems = [TO_CHECK, doubt, date.problem, decoded.problem, *_missing(raw), TAIL if tail else None]
    raw.problems = [problem for problem in problems if problem]
    yield raw


def _missing(raw: RawArticle) -> Iterator[Problem]:
    if not raw.title:
        yield NO_TITLE
    if not raw.outlet:
        yield NO_OUTLET
    if not raw.plain.text:
        yield NO_BODY


def part(text: str) -> Parted:
    """Find title and lead around 原标题：. Where the lead occurs twice, the title ends at its second copy.

    A second lead with a different wording also ends the title, and both are kept. Without a second lead, the title is
    what stands before the label, or is assumed to end at a line end, date or dateline; an assumption adds a problem.
    """
    label = _LABEL.search(text)
    if not label:
        return _cleared(_unlabelled(text))
    return _cleared(_labelled(text[: label.start()].rstrip(), label[0][0], text[label.end() :]))


def _labelled(before: str, opening: str, after: str) -> Parted:
    closing = after.find(_CLOSING.get(opening, "\0"))
    if 0 < closing <= LONGEST_TITLE:
        title, after = after[:closing], after[closing + 1 :].lstrip()
        return _led(title, before, after, _lead(before, after))
    titled = without_site(stamps_at_end(before)[0]) if len(before) <= 2 * LONGEST_HEADER else ""
    if 4 <= len(titled) <= LONGEST_TITLE and "。" not in titled and after.startswith(titled):
        return Parted(titled, [before], after[len(titled) :])
    lead = _lead(before, after)
    if lead and not lead.b:
        return _without_second_lead("", after)
    if not lead and len(before) >= max(LONG_LINE // 2, 2 * len(after)):
        return _closing_title(before, after)
    again = (
        after.find(before[:SAME_START], 1, LONGEST_TITLE + SAME_START) if len(before) >= SAME_START else -1
    )
    if again > 0 and (not lead or lead.b > again):
        return Parted(
            after[:again], [before], after[again:], "导语出现两次而写法不同，两份都留着，请删去一份"
        )
    if lead and len(stamps_at_end(after[: lead.b])[0]) <= LONGEST_TITLE:
        return _led(after[: lead.b], before, after[lead.b :], lead)
    return _without_second_lead(before, after)


def _closing_title(before: str, after: str) -> Parted:
    """The label follows the text: the title is what comes after it, up to a signature."""
    end = _SIGNED.search(after)
    title = after[: end.start()] if end else after
    if len(title) > LONGEST_TITLE or "。" in title:
        return Parted("", [], f"{before}\n{after}", "原标题与正文连在一起，分不开，请从正文末尾取出标题")
    return Parted(title, [], f"{before}\n{after[len(title) :]}".rstrip())


def _cleared(parted: Parted) -> Parted:
    """Remove day, outlet and names after the title, and the title's second copy before the text."""
    title, stamps = stamps_at_end(parted.title)
    texts, lead = [*parted.known, parted.rest], max(len(parted.known) - 1, 0)
    if (year := _YEAR.search(title)) and _MONTH.match(texts[lead]):
        title, texts[lead] = title[: year.start()], year[0].lstrip() + texts[lead]
    title = title.strip()
    for at, words in enumerate(texts):
        texts[at], under = _without_title(words, title)
        stamps = f"{stamps} {under}"
        if texts[at].strip():
            break
    known = [words for words in texts[:-1] if words.strip()]
    return Parted(title, known, texts[-1], parted.problem, stamps.strip())


def _without_title(words: str, title: str) -> tuple[str, str]:
    """Remove an initial title, the site's name after it and the stamps under it. Return the text and the stamps."""
    end = len(title) if title and words.startswith(title) else 0
    while end and (more := _SITE.match(words, end)):
        end = more.end()
    under = read_under(words[end:])
    if end or any(sign in under for sign in (":", "：", "记者")):
        return words[end + len(under) :].lstrip(), under
    return words, ""


def _without_second_lead(before: str, after: str) -> Parted:
    end = _LEAD_BEGINS.search(after, 4, LONGEST_TITLE)
    if end and "。" not in after[: end.start()]:
        known, sure = [before] if before else [], end[0] == "\n"
        problem = "" if sure else "原标题止于何处由程序推断，请核对标题"
        return Parted(after[: end.start()], known, after[end.start() :], problem)
    return Parted("", [before] if before else [], after, "原标题与正文连在一起，分不开，请从正文开头取出标题")


class _Again(NamedTuple):
    """Where the lead's text begins in `before`'s tail, and where it occurs again."""

    a: int
    b: int


def _lead(before: str, after: str) -> _Again | None:
    """Return where the end of `before` (a lead, or its beginning with ……) occurs again early in `after`; else None.

    It must be the longest common substring, and the first of that length; otherwise it is not a lead.
    """
    tail = before[-LONGEST_LEAD:].rstrip(".…")
    near = after[: len(tail) + 2 * LONGEST_TITLE]
    start = bisect_left(range(len(tail)), True, key=lambda at: tail[at:] in near)
    size = len(tail) - start
    if size < SHORTEST_LEAD:
        return None
    pieces = {near[at : at + size] for at in range(len(near) - size + 1)}
    if any(tail[at : at + size] in pieces for at in range(start)):
        return None
    return _Again(start, near.find(tail[start:]))


def _led(title: str, before: str, after: str, lead: _Again | None) -> Parted:
    """Return the parts once the title is known: drop the lead's first copy and keep the second, in `after`."""
    if not lead and len(before) >= LONG_LINE:
        return Parted(title, [], f"{before}\n{after}".rstrip())
    if not lead:
        return Parted(title, [before] if before else [], after)
    skipped = max(len(before) - LONGEST_LEAD, 0) + lead.a
    known = [before[:skipped]] if before[:skipped].strip() else []
    full = before.rstrip()[-1:] not in ".…" and is_closed(before)
    if full and after.startswith(before[skipped:]):
        again = before[skipped:]
        return Parted(title, [*known, again], after[len(again) :].removeprefix(again))
    return Parted(title, known, after)


def _unlabelled(text: str) -> Parted:
    """Split a text without 原标题: the title is a first line of its own, or text followed by a day and an outlet. A
    lead that is repeated directly is still dropped."""
    first, _, rest = text.partition("\n")
    title = first.strip() if rest and len(first) <= LONGEST_TITLE and not re.search("[。；]", first) else ""
    inferred = "" if title else read_headline(text)
    title = title or inferred
    body = rest.lstrip() if title and not inferred else text
    problem = "标题是从正文开头取出的，请核对" if inferred else ""
    again = body.find(body[:SHORTEST_LEAD], SHORTEST_LEAD, LONGEST_LEAD + SHORTEST_LEAD)
    if again > 0 and body.startswith(body[:again], again):
        whole = is_closed(body[:again])
        return Parted(title, [body[:again]] if whole else [], body[2 * again if whole else again :], problem)
    return Parted(title, [], body, problem)


def publication_date(text: str, stamped: Stamped) -> ReadDate:
    """Return the publication day if the page labels exactly one; never guess the year."""
    if len(stamped.days) == 1:
        return read_date(stamped.days[0])
    days = list(dict.fromkeys([*stamped.bare_days, *_NO_YEAR.findall(text)]))[:3]
    note = f"文中只写“{'、'.join(days)}”，没有年份，发布日期留空" if days else ""
    return ReadDate(None, NO_DATE, note)


def body_html(parted: Parted, rest: str, tail: str = "") -> str:
    """Return the parts as sanitised paragraphs and section heads. A text with lines of its own keeps them."""
    made = [("p", words) for words in parted.known]
    lines = rest.split("\n")
    for line in lines:
        whole = len(lines) > FEW_LINES and len(line) < LONG_LINE
        made += [("p", line)] if whole else _blocks(line, parted.title)
    made += [("p", tail)] if tail else []
    html = "\n".join(f"<{tag}>{escape(words.strip(), quote=False)}</{tag}>" for tag, words in made)
    return tidy(sanitize_html(html))


def _blocks(line: str, title: str) -> Iterator[tuple[str, str]]:
    """Yield (tag, words) for one line: heads split off, sentences grouped into paragraphs, new points on their own."""
    gathered = ""
    for sentence in sentences(line):
        head, words = cut_head(sentence, title)
        if gathered and (head or len(gathered) >= PARAGRAPH or _NEW_POINT.match(words.lstrip())):
            yield "p", gathered
            gathered = ""
        if head:
            yield "h3", head
        gathered += words
    if gathered.strip():
        yield "p", gathered


def cut_head(sentence: str, title: str) -> tuple[str, str]:
    """Split a section head from the sentence it is joined to; ("", sentence) if uncertain.

    For example `伴随种粮大户走过二十年首先，…`. Heads before sentences that begin with other words are not found.
    """
    for pattern in (_SURE, _LIKELY):
        for match in pattern.finditer(sentence, HEAD[0], HEAD[1] + 8):
            head = sentence[: match.start()]
            sure = pattern is _SURE or (_two_clauses(head) and _shares_words(head, title))
            if sure and _may_be_head(head):
                return head, sentence[match.start() :]
    return "", sentence


def _may_be_head(words: str) -> bool:
    return HEAD[0] <= len(words.strip()) <= HEAD[1] and not _NO_HEAD.match(words.strip())


def _two_clauses(words: str) -> bool:
    return all(len(clause) >= 6 for clause in re.split("[，,]", words)) and bool(re.search("[，,]", words))


def _shares_words(head: str, title: str) -> bool:
    """Return True if both contain the same four characters in a row."""
    return any(head[i : i + 4] in title for i in range(len(head) - 3))
