"""Cut the closing lines that a scraper or site puts under an article: a link to the original, a stamp, 阅读全文. Pure.

They are no part of the article. The address in them is kept, as that of the original.
"""

import re
from html import unescape
from typing import NamedTuple

from sources.text.markup import without_tags

# Characters at the end that are looked at; an address may take most of them. Without one, fewer are.
_FOOT, _NEAR = 1500, 500
_SHORT_LINE = 240  # characters of a line that names an app or a site, mostly of its link
_MORE = re.compile("[读看开览示]更多")
_MORE_IN = re.compile(r"更多[^\n<。]{0,30}(?:下载|打开|扫|关注|登录|尽在)")
_FIRST = re.compile("最先[出发發]|最早[出发發]")
_APP = re.compile(r"(?:打开|下载|安装)[^\n。]{0,200}?(?:客户端|APP|小程序)|扫(?:码|描|一扫)", re.I)
# How most bodies end: then a label would stand right before (点击阅读全文。).
_BEFORE_STOP = 60  # characters
_PROSE_ENDS = ("。", "。</p>", "。\n", "。</p>\n")
_SENTENCE_ENDS = tuple("。！？…”）>.")
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
# Names of programs and accounts, and what one is to see there. Without 的 and 了, which sentences have.
_NAME = r"[^\s，。,；;：:！!？?、的了]{0,16}"
_CLIENT = r"(?:客户端|APP|应用|小程序|公众号|服务号|订阅号|视频号|官方微信|官方微博|微信|微博|头条号)"
_SEE = r"(?:即可|可)?(?:查看|阅读|观看|浏览|收看|体验|获取|了解|看)[^，。；]{1,16}"
_THINGS = (
    r"(?:精彩|热点|相关|深度|最新|独家|权威|优质){0,2}(?:内容|资讯|新闻|报道|图片|视频|信息|详情|消息|文章)"
)
_GET = r"(?:下载|安装|打开|关注|进入|登录)"
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
    "app-notice": re.compile(
        rf"(?:请|立即|点击)?(?:打开|下载|安装){_NAME}(?:客户端|APP|小程序)(?:[，,\s]{{0,2}}{_SEE})?"
        rf"|{_PLEASE}(?:想?(?:看|查看|了解|阅读|浏览|获取))?更多{_THINGS}[，,：:\s]{{0,2}}(?:敬请|请|欢迎)?(?:点击)?"
        rf"(?:(?:下载|安装|打开|扫码下载){_NAME}|(?:扫码)?(?:{_GET}|尽在){_NAME}{_CLIENT}|扫(?:码|描)(?:上方|下方)?(?:二维码)?)"
        rf"|(?:请|欢迎|微信|长按)?扫(?:码|描|一扫)(?:上方|下方|上图|下图|以下|左侧|右侧)?(?:二维码)?[，,\s]{{0,2}}(?:即可)?"
        rf"(?:{_GET}(?:{_NAME}(?:{_CLIENT}|新闻|[日晚早时]报|周刊))?(?:[，,\s]{{0,2}}{_SEE})?"
        rf"|(?:查看|阅读|了解)(?:全文|更多{_THINGS}|更多|详情))",
        re.I,
    ),
    # WordPress closes the entries of its feeds with it.
    "syndicated": re.compile(
        r"The post .{1,120} (?:appeared first|first appeared) on .{1,60}|本文最[先早](?:出现|发[表布])[在于].{1,60}",
        re.I,
    ),
}
# In Chinese it may be a sentence (该病毒最先出现在……): certain only between two links.
_LINK = r"(?:<a\s[^<>]{1,2000}+>[^<>]{1,200}+</a>|\[[^\[\]\n]{1,200}+\]\([^\s()]{1,2000}+\))"
_LINKED_FROM = re.compile(
    rf"(?:<p\b[^<>]{{0,200}}+>)?\s{{0,5}}(?:《|〈|文章|本文|这篇文章|這篇文章){{0,2}}\s?{_LINK}[》〉]?\s?(?:這篇文章|这篇文章|一文)?"
    rf"最[先早](?:出现|出現|发[布表]|發[佈布表])[在于於]\s?《?{_LINK}》?\s?。?\s{{0,5}}(?:</p>)?\s{{0,5}}"
)
_GIVE_ADDRESS = ("original-link", "read-more", "syndicated")
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
    found = next((addresses[rule] for rule in _GIVE_ADDRESS if addresses.get(rule)), "")
    return Furniture(body[: before + end], pieces[::-1], found, foot[signed:])


def _may_hold(text: str) -> bool:
    """Return False for text without any sign of furniture. Spelt out: a loop takes thrice the time."""
    return (
        "原文" in text
        or "全文" in text
        or "时间戳" in text
        or "继续阅读" in text
        or (" first " in text and ("appeared first" in text or "first appeared" in text))
        or ("更多" in text and (_MORE.search(text) is not None or _MORE_IN.search(text) is not None))
        or _may_point_elsewhere(text[-_SHORT_LINE:])
    )


def _may_point_elsewhere(end: str) -> bool:
    """Return False for an end without any sign of an app or of where the text came from.

    One rare character is found in less than half the time of two.
    """
    return (
        ("最" in end and _FIRST.search(end) is not None)
        or ("扫" in end and _APP.search(end) is not None)
        or ("载" in end and "下载" in end and _APP.search(end) is not None)
        or ("打开" in end and _APP.search(end) is not None)
    )


def _judge_end(line: str) -> tuple[str, str, int]:
    """Return the rule that a line, or its end, matches, the address in it, and where that end begins."""
    rule, address = _judge(line)
    if rule:
        return rule, address, 0
    for start in [one.start() for one in _INLINE.finditer(line)][-3:]:
        rule, address = _judge(line[start:])
        if rule == "syndicated" and not line[:start].rstrip(_BLANK).endswith(_SENTENCE_ENDS):
            continue  # words of a sentence that are linked by chance
        if rule:
            return rule, address, start
    return "", "", 0


def _judge(line: str) -> tuple[str, str]:
    if "<img" in line or not _may_hold(line):
        return "", ""
    found = _ADDRESS.search(unescape(line))
    if "最" in line and found and _LINKED_FROM.fullmatch(line):
        return "syndicated", found[0]
    label = _words(line).strip(_AROUND)
    if len(label) <= _MOST_WORDS:
        for rule, pattern in _LABELS.items():
            if pattern.fullmatch(label):
                # A lone link of that line leads to the site, not to the piece.
                lone = rule == "syndicated" and line.count("://") < 2
                return rule, found[0] if found and not lone else ""
    return "", ""


def _words(line: str) -> str:
    """Return a line's words, without tags and addresses."""
    return _ADDRESS.sub("", unescape(without_tags(line))).strip(_BLANK)


def _is_drawn(line: str) -> bool:
    """Return True for a line that is drawn, not written; it goes with the furniture below it."""
    words = _words(line)
    return bool(words) and _DRAWN.fullmatch(words) is not None
