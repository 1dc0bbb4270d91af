"""Cut the closing lines that a scraper or site puts under an article: a link to the original, a stamp, 阅读全文. Pure.

They are no part of the article. The address in them is kept, as that of the original.
"""

import re
from html import unescape
from typing import NamedTuple

from sources.text.markup import without_tags

# Characters at the end that are looked at; an address may take most of them. Without one, fewer are.
_FOOT, _NEAR = 1500, 500
_MORE = re.compile("[读看开览示]更多")
# How most bodies end: then a label would stand right before (点击阅读全文。).
_BEFORE_STOP = 60  # characters
_PROSE_ENDS = ("。", "。</p>", "。\n", "。</p>\n")
_BLANK = " \t\r\n\u3000\xa0"
# Where the last line, or the last block of HTML, begins.
_BLOCK = re.compile(
    r"\n|(?=<(?:p|div|section|center|li)\b)|</(?:p|div|section|center|table|ul|ol|h[1-6])>|<br\s?/?>", re.I
)
# A link or a label behind the last words of a paragraph.
_INLINE = re.compile(
    r"(?=<a\b)|(?=\[[^\[\]\n]{1,20}\]\()|(?<=[。…！？.])(?=\s?[（(【\[]?(?:点击)?(?:阅读|查看|展开)(?:全文|原文|更多))",
    re.I,
)
_ADDRESS = re.compile(r"https?://(?:[^\s<>()（）\[\]\"']|\([^\s<>()\"']{0,200}\)){1,2000}+", re.I)
_AROUND = _BLANK + "*_~#-—[]【】()（）<>＞＜»›→↓▼…。.:：|｜"
_PLEASE = r"(?:请|可)?(?:点击|点此|戳此|轻触)?(?:这里|此处|下方)?"
_LABELS = {
    "original-link": re.compile(
        rf"{_PLEASE}(?:查看|阅读|浏览|访问|打开)(?:网页|新闻)?原文(?:链接|网页)?"
        r"|(?:新闻|文章|本文)?原文(?:链接|地址|网址|出处)?"
    ),
    "read-more": re.compile(
        rf"{_PLEASE}(?:阅读|查看|展开|显示|浏览)(?:更多|余下|剩余|完整)?(?:的)?(?:全文|全部内容)"
        rf"|{_PLEASE}(?:继续阅读|(?:阅读|查看|展开|浏览)更多(?:内容|详情)?)"
    ),
    "update-stamp": re.compile(
        r"(?:更新|抓取|采集|同步)时间戳\s{0,3}[:：]?\s{0,3}(?:\d{10,16}|\d{4}-\d\d-\d\d[\d T:.Z+-]{0,30})"
    ),
    # WordPress closes the entries of its feeds with it.
    "syndicated": re.compile(r"The post .{1,120} (?:appeared first|first appeared) on .{1,60}", re.I),
}
_DRAWN = re.compile(r"[-*_=—－\s]{3,80}")
_SIGNED = re.compile(
    r"(?:<p\b[^<>]{0,200}>)?\s{0,5}[（(【\[]?(?:责任编辑|责编|编辑|作者|文章来源|来源|记者)\s{0,3}[：:/／][^\n]{1,400}"
)
_MOST_WORDS = 200  # characters of such a line, without the address


class Furniture(NamedTuple):
    """A body without its closing furniture; what was cut, as (rule, text) in order; the original's address; and the
    signatures that stood below it.

    The body, the pieces and the signatures join to the input.
    """

    body: str
    pieces: list[tuple[str, str]]
    address: str = ""
    signatures: str = ""

    @property
    def kept(self) -> str:
        """All but the furniture."""
        return self.body + self.signatures


def cut_furniture(body: str) -> Furniture:
    """Cut the closing lines that are furniture, one by one from the end, in plain text as in HTML."""
    foot = body[-_NEAR:]
    if "http" in foot:
        foot = body[-_FOOT:]
    elif foot.endswith(_PROSE_ENDS) and not _may_hold(foot[-_BEFORE_STOP:]):
        return Furniture(body, [])
    if not _may_hold(foot):
        return Furniture(body, [])
    foot = body[-_FOOT:]
    before, pieces, addresses = len(body) - len(foot), [], {}
    begins = [0, *(one.end() for one in _BLOCK.finditer(foot))]
    end = at = signed = len(foot)  # of what is kept; of what is not looked at yet
    while lines := foot[:at].rstrip(_BLANK):
        while begins[-1] >= len(lines):
            begins.pop()
        start = begins[-1]
        if not pieces and start and _SIGNED.fullmatch(lines, start):
            end = at = signed = start
            continue
        line = lines[start:]
        rule, address, inside = _judge_end(line)
        if start == 0 and before and not inside:
            break  # the line begins earlier
        start += inside
        if not rule and _is_drawn(line):
            rule = pieces[-1][0] if pieces else ""
        elif not rule and _words(line):
            break
        if rule:
            addresses.setdefault(rule, address)
            pieces.append((rule, foot[start:end]))
            end = start
        if inside:
            break
        at = start
    if not pieces:
        return Furniture(body, [])
    found = addresses.get("original-link") or addresses.get("read-more") or ""
    return Furniture(body[: before + end], pieces[::-1], found, foot[signed:])


def _may_hold(text: str) -> bool:
    """Return False for text without any sign of furniture. Spelt out: a loop takes thrice the time."""
    return (
        "原文" in text
        or "全文" in text
        or "时间戳" in text
        or "继续阅读" in text
        or (" first " in text and ("appeared first" in text or "first appeared" in text))
        or ("更多" in text and _MORE.search(text) is not None)
    )


def _judge_end(line: str) -> tuple[str, str, int]:
    """Return the rule that a line, or its end, matches, the address in it, and where that end begins."""
    rule, address = _judge(line)
    if rule:
        return rule, address, 0
    for start in [one.start() for one in _INLINE.finditer(line)][-3:]:
        rule, address = _judge(line[start:])
        if rule:
            return rule, address, start
    return "", "", 0


def _judge(line: str) -> tuple[str, str]:
    if "<img" in line or not _may_hold(line):
        return "", ""
    found = _ADDRESS.search(unescape(line))
    label = _words(line).strip(_AROUND)
    if len(label) <= _MOST_WORDS:
        for rule, pattern in _LABELS.items():
            if pattern.fullmatch(label):
                return rule, found[0] if found else ""
    return "", ""


def _words(line: str) -> str:
    """Return a line's words, without tags and addresses."""
    return _ADDRESS.sub("", unescape(without_tags(line))).strip(_BLANK)


def _is_drawn(line: str) -> bool:
    """Return True for a line that is drawn, not written; it goes with the furniture below it."""
    words = _words(line)
    return bool(words) and _DRAWN.fullmatch(words) is not None
