"""Bylines in print: lines of names, and datelines such as 本报讯（记者 …）."""

import re
from dataclasses import dataclass

from sources.text.clean.bylines import find_reporters

LONGEST_BYLINE = 80
MARKS = "■◆●▲◇○◎▪►★☆•·"

_NAME = r"[\u4e00-\u9fff·]{1,5}"
_STATION = "(?:记者|通讯员|评论员|特派员|撰稿人|实习生)"
_TITLE = "首席|高级|见习|实习(?!生)|特约|全媒体|融媒体"
# Each word must have only one reading: a place ends before a title or role, and a name after other names contains no
# role. With two readings per word, a line of forty characters takes hours.
_TITLES = rf"(?:{_TITLE}|驻(?:(?!{_TITLE}|驻|{_STATION})[\u4e00-\u9fff]){{1,4}}+){{0,4}}+"
_MORE_NAMES = rf"(?:[\s、，]++(?![\u4e00-\u9fff·]{{0,5}}?{_STATION}){_NAME}){{0,9}}"
_NAMES = rf"{_NAME}{_MORE_NAMES}"
_ROLE = rf"{_TITLES}{_STATION}"
_BY = rf"(?:文\s*+[/／]\s*+)?[\u4e00-\u9fffA-Za-z0-9·—－\-]{{0,18}}?{_ROLE}"
_MORE = rf"(?:[\s、，]++{_BY}(?:[\s：:、，]*+{_NAMES})?){{0,4}}(?:\s*+图\s*+[/／].{{1,20}}|\s*(?:文|\s\S{{2,6}}报道))?"
_BYLINE = re.compile(rf"[{MARKS}□]?\s*+{_BY}[\s：:]++{_NAMES}{_MORE}")
_TIGHT_BYLINE = re.compile(
    rf"[{MARKS}□]?\s*+{_BY}(?<=[报社网台刊]记者)[\u4e00-\u9fff]{{2,4}}{_MORE_NAMES}{_MORE}"
)
_MARKED_NAMES = re.compile(rf"□\s*+(?:{_BY}[\s：:]*+(?:{_NAMES})?|{_NAMES})")
_BRACKETED = re.compile(r"[（(【\[〔]\s*+([^（()）【】\[\]〔〕]*+)[）)】\]〕]")
# In brackets, 记者张三 may be written without a space; 记者手记 is a section label.
_TIGHT_IN_BRACKETS = re.compile(
    rf"{_TITLES}记者(?!手记|观察|调查|连线|札记|述评|见闻|日记|节|站)[\u4e00-\u9fff]{{2,3}}{_MORE_NAMES}{_MORE}"
)
_NAMED_IN_BRACKETS = re.compile(rf"{_BY}[\s：:]*+{_NAMES}{_MORE}")
_REPORTS = re.compile(rf"[讯电]\s*+(?:本报)?{_ROLE}\s*+({_NAME}?(?:[\s、，]++{_NAME}?){{0,4}})\s*+报道")
_NOT_NAMES = re.compile(
    rf"\A[{MARKS}□]\s*+|(?:(?<!\s)\s++)?+图\s*+[/／].{{0,400}}+\Z|(?<=[\u4e00-\u9fff])\s++\S{{2,6}}报道\Z"
    r"|(?<!\s)\s++文\Z"
)
_WRITER = re.compile(rf"{_BY}[：:]?")
_OUTLET = re.compile(rf"([\u4e00-\u9fff]{{2,10}}(?:报|社|网|台|刊)){_ROLE}")
_DATELINE = re.compile(
    r"(?:据?本报|据?新华社|据?中新社|据?人民日报)[^，。；]{0,24}?(?:讯|电|报道)|[（(](?:本报|\S{2,8}报)?记者\s"
)


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors: names joined by spaces, and the outlet if the line names exactly one newspaper, agency or site."""

    names: str
    outlet: str = ""


def is_byline(words: str) -> bool:
    """Return True if a line consists of the authors' names, with or without brackets."""
    if len(words) > LONGEST_BYLINE:
        return False
    words = words.strip("*")
    if bracketed := _BRACKETED.fullmatch(words):
        words = bracketed[1].rstrip()
        if _TIGHT_IN_BRACKETS.fullmatch(words):
            return True
    return any(pattern.fullmatch(words) for pattern in (_BYLINE, _TIGHT_BYLINE, _MARKED_NAMES))


def is_signature(words: str) -> bool:
    """Return True if a byline is in brackets, as at the end of an article."""
    return is_byline(words) and bool(_BRACKETED.fullmatch(words.strip("*")))


def opens_with_dateline(words: str) -> bool:
    """Return True if a paragraph opens like an article: 本报讯（记者 …）, 新华社北京…电."""
    return bool(_DATELINE.match(words.strip()))


def read_byline(words: str) -> Byline:
    """Parse a byline such as `□ 重庆日报记者 黄光红`. 本报 is not an outlet's name; two different outlets give ""."""
    words = words.strip().strip("*（）()【】[]〔〕")
    outlets = set(_OUTLET.findall(words)) - {"本报", "我报", "本社", "本网", "本台", "本刊"}
    rest = _NOT_NAMES.sub("", words)
    names: list[str] = []
    for name in re.findall(_NAME, _WRITER.sub(" ", rest)):
        # 张 三: a two-character name spaced out to three
        if names and len(name) == len(names[-1]) == 1:
            names[-1] += name
        else:
            names.append(name)
    return Byline(" ".join(names) or rest, outlets.pop() if len(outlets) == 1 else "")


def read_lead(words: str) -> Byline:
    """Read the byline from an article's first paragraph: 本报讯（记者 … 通讯员 …）, 本报…讯 记者…报道："""
    outlet = read_byline(words[:60]).outlet if opens_with_dateline(words) else ""
    for bracketed in _BRACKETED.finditer(words[:LONGEST_BYLINE]):
        if _NAMED_IN_BRACKETS.fullmatch(inside := bracketed[1].rstrip()):
            return Byline(read_byline(inside).names, outlet)
    if reports := _REPORTS.search(words[:LONGEST_BYLINE]):
        return Byline(" ".join(re.split(r"[\s、，]+", reports[1].strip())), outlet)
    return Byline(find_reporters(words), outlet)
