"""Text around a scraped article: date, outlet and names under the title, other news below. Pure."""

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
# Atomic, for linear time: a matched stamp is never split again. Names must reach the line's end or the next stamp,
# because before body text it is unclear where they end.
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
# In body text, 数据来源 and 收入来源 are not outlets.
_OWN_SOURCE = re.compile(rf"(?:(?<![\u4e00-\u9fff])|(?<=文章)|(?<=稿件)|(?<=新闻)|(?<=信息)){_NAMED}")
_BY = re.compile(rf"(?:(?:作者|记者|文)\s{{0,5}}[：:/／]|{_ROLE})\s{{0,5}}({_NAMES})")
_EDITOR = re.compile(rf"(?:编辑|责任编辑|责编)\s{{0,5}}[：:]\s{{0,5}}({_NAMES}|[A-Za-z]{{2,12}})")
_DAYS, _BARE_DAYS = re.compile(_FULL_DAY), re.compile(rf"(?<![\d年/.-]){_BARE_DAY}")

_BELOW = re.compile(
    r"(?<=[。！？”）)】\]\s])[【\[]?(?:相关(?:新闻|阅读|报道|链接|文章|推荐|专题)|(?:推荐|延伸|热门|精彩)阅读|(?:热门|精彩|编辑)推荐"
    r"|热点新闻|猜你喜欢|您可能感兴趣|更多(?:新闻|精彩|阅读)|上一篇|下一篇|网友评论|版权所有|版权声明|免责声明)(?=[：:\s】\]])"
)
LONGEST_UNDER = 200  # characters
LAST_PART = 0.5  # share of a text after which the material below an article begins


@dataclass(slots=True)
class Stamped:
    """Metadata in a page's text: publication days (with and without a year), outlet, byline and editor."""

    days: list[str] = field(default_factory=list)
    bare_days: list[str] = field(default_factory=list)
    outlet: str = ""
    byline: str = ""
    editor: str = ""


def own_part(text: str) -> tuple[str, str]:
    """Split a text where other content of the site begins (相关新闻 …)."""
    below = _BELOW.search(text, int(len(text) * LAST_PART))
    return (text[: below.start()].rstrip(), text[below.start() :].strip()) if below else (text, "")


def stamps_at_end(title: str) -> tuple[str, str]:
    """Split off the day, outlet and names at the very end of a title."""
    found = _AT_END.search(title, max(len(title) - LONGEST_UNDER, 0))
    return (title[: found.start()].rstrip(), title[found.start() :].strip()) if found else (title, "")


def read_under(words: str) -> str:
    """Return the day, outlet and names at the beginning of some text, verbatim."""
    found = _UNDER.match(words[:LONGEST_UNDER])
    return found[0] if found else ""


def read_headline(text: str) -> str:
    """Return the title at the beginning of a text if day or outlet follow it directly; else ""."""
    found = _HEADLINE.match(text[:LONGEST_UNDER])
    return found["title"] if found and read_under(text[found.end() :]) else ""


def without_site(title: str) -> str:
    """Return the title part of `标题_频道_站名`."""
    while found := _SITE.search(title):
        title = title[: found.start()]
    return title


def read_stamps(text: str, under: str) -> Stamped:
    """Read the metadata: first from under the title, then from labels. A day with an outlet in the second half
    belongs to another article."""
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
