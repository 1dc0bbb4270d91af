"""What stands around a scraped article on its page: day, outlet and names under the title, other news below. Pure."""

import re
from dataclasses import dataclass, field

_TIME = r"(?:\s{0,5}\d{1,2}:\d{2}(?::\d{2})?)"
_FULL_DAY = rf"\d{{4}}(?:年\d{{1,2}}月\d{{1,2}}日|[-/.]\d{{1,2}}[-/.]\d{{1,2}}){_TIME}?"
_FULL_DAY_TIME = _FULL_DAY.removesuffix("?")
_BARE_DAY = rf"\d{{1,2}}(?:月\d{{1,2}}日|[-/]\d{{1,2}}){_TIME}"
_PUBLISHED = r"(?:发布时间|发布日期|发表时间|发布于|发表于|时间|日期)"
_NAME = r"[\u4e00-\u9fff·]{2,4}"
_NAMES = rf"{_NAME}(?:[\s、，]{{1,3}}{_NAME}){{0,5}}"
_ROLE = r"(?:本报|本刊|本网|本台)?(?:见习|实习|首席|特约|高级)?(?:记者|通讯员)"
_STAMP = (
    rf"(?:{_PUBLISHED}\s{{0,5}}[：:]?\s{{0,5}})?(?:{_FULL_DAY}|{_BARE_DAY})"
    r"|(?:文章|稿件)?来源\s{0,5}[：:]\s{0,5}[^\s。，：:（）()|｜]{2,20}"
)
_PERSON = r"(?:作者|记者|文|编辑|责任编辑|责编)\s{0,5}[：:/／]\s{0,5}"
_SIGNED = rf"{_PERSON}(?:{_NAMES}|[A-Za-z]{{2,12}})|{_ROLE}\s{{1,5}}{_NAMES}"
_GAP = r"[\s|｜]{0,9}"
# Atomic, so that no text takes long: a stamp that was found is not taken apart again.
# Names go on to the line's end or to the next stamp: before a text nobody knows where they stop.
_UNDER = re.compile(
    rf"(?>{_GAP}(?:(?:{_STAMP})(?=[\s|｜]|\Z|{_STAMP}|{_SIGNED})"
    rf"|(?:{_SIGNED})(?=[ \u3000]{{0,9}}(?:[\n|｜]|\Z|{_STAMP}|{_PERSON}))|{_PERSON}{_NAME}(?=\s)))+"
)
_AT_END = re.compile(rf"(?>{_GAP}(?:{_STAMP}|{_SIGNED}))+{_GAP}\Z")
_HEADLINE = re.compile(
    rf"(?P<title>[^。；，>＞\n]{{6,60}}?)(?=\s{{0,9}}(?:{_PUBLISHED}\s{{0,5}}[：:]|{_FULL_DAY_TIME}|来源\s{{0,5}}[：:]))"
)
_SITE = re.compile(r"\s{0,9}[_|｜]\s{0,9}[^\s_|｜。，]{2,20}\Z")

_LABELLED = re.compile(
    rf"(?:发布时间|发布日期|发表时间|发布于|发表于)\s{{0,5}}[：:]?\s{{0,5}}({_FULL_DAY})"
    rf"|({_FULL_DAY})\s{{0,5}}[|｜]?\s{{0,5}}(?:文章)?来源\s{{0,5}}[：:]"
)
_LISTED = re.compile(rf"{_FULL_DAY}\s{{0,5}}[|｜]?\s{{0,5}}(?:文章)?来源\s{{0,5}}[：:]\s{{0,5}}\S{{0,20}}")
_NAMED = r"来源\s{0,5}[：:]\s{0,5}([^\s。，：:（）()|｜]{2,20})(?:\s|\Z)"
_SOURCE = re.compile(_NAMED)
# In a text 数据来源 and 收入来源 are no outlets.
_OWN_SOURCE = re.compile(rf"(?:(?<![\u4e00-\u9fff])|(?<=文章)|(?<=稿件)|(?<=新闻)|(?<=信息)){_NAMED}")
_BY = re.compile(rf"(?:(?:作者|记者|文)\s{{0,5}}[：:/／]|{_ROLE})\s{{0,5}}({_NAMES})")
_EDITOR = re.compile(rf"(?:编辑|责任编辑|责编)\s{{0,5}}[：:]\s{{0,5}}({_NAMES}|[A-Za-z]{{2,12}})")
_DAYS, _BARE_DAYS = re.compile(_FULL_DAY), re.compile(rf"(?<![\d年/.-]){_BARE_DAY}")

_BELOW = re.compile(
    r"(?<=[。！？”）)】\]\s])[【\[]?(?:相关(?:新闻|阅读|报道|链接|文章|推荐|专题)|(?:推荐|延伸|热门|精彩)阅读|(?:热门|精彩|编辑)推荐"
    r"|热点新闻|猜你喜欢|您可能感兴趣|更多(?:新闻|精彩|阅读)|上一篇|下一篇|网友评论|版权所有|版权声明|免责声明)(?=[：:\s】\]])"
)
LONGEST_UNDER = 200  # characters
LAST_PART = 0.5  # of a text: what stands below an article begins behind this


@dataclass(slots=True)
class Stamped:
    """What a page says beside its text: the days of publication it names (with and without a year), who it is by."""

    days: list[str] = field(default_factory=list)
    bare_days: list[str] = field(default_factory=list)
    outlet: str = ""
    byline: str = ""
    editor: str = ""


def own_part(text: str) -> tuple[str, str]:
    """The text up to where other things of the site begin (相关新闻 …), and these."""
    below = _BELOW.search(text, int(len(text) * LAST_PART))
    return (text[: below.start()].rstrip(), text[below.start() :].strip()) if below else (text, "")


def stamps_at_end(title: str) -> tuple[str, str]:
    """A title without the day, outlet and names that follow it to its very end; and these."""
    found = _AT_END.search(title, max(len(title) - LONGEST_UNDER, 0))
    return (title[: found.start()].rstrip(), title[found.start() :].strip()) if found else (title, "")


def read_under(words: str) -> str:
    """The day, outlet and names that some words begin with, as they stand there."""
    found = _UNDER.match(words[:LONGEST_UNDER])
    return found[0] if found else ""


def read_headline(text: str) -> str:
    """The title that a text begins with, where day or outlet are named right behind it; "" for none."""
    found = _HEADLINE.match(text[:LONGEST_UNDER])
    return found["title"] if found and read_under(text[found.end() :]) else ""


def without_site(title: str) -> str:
    """`标题_频道_站名` as far as the title goes."""
    while found := _SITE.search(title):
        title = title[: found.start()]
    return title


def read_stamps(text: str, under: str) -> Stamped:
    """What the page says of the article: under its title first, then by labels. A day and an outlet together far down
    are another article's."""
    half = int(len(text) * LAST_PART)
    text = text[:half] + _LISTED.sub("", text[half:])
    days = set(_DAYS.findall(under)) or {label or source for label, source in _LABELLED.findall(text)}
    sources = set(_SOURCE.findall(under)) or set(_OWN_SOURCE.findall(text))
    by, editor = _BY.search(under), _EDITOR.search(under)
    return Stamped(
        days=sorted(days),
        bare_days=_BARE_DAYS.findall(under) if not days else [],
        outlet=sources.pop() if len(sources) == 1 else "",
        byline=" ".join(re.split(r"[\s、，]+", by[1])) if by else "",
        editor=" ".join(re.split(r"[\s、，]+", editor[1])) if editor else "",
    )
