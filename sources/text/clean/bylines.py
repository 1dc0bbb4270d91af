"""Read the credit line, authors, reporters and the responsible editor from a text."""

import re
from dataclasses import dataclass, replace
from functools import cache

_HAN = r"[\u4e00-\u9fff]"
_OPENING, _CLOSING = "（([【", "）)]】"
_OPEN, _CLOSE = r"[（(\[【]", r"[）)\]】]"
_ANY_OPENING = re.compile(_OPEN)
# Words that follow an editor's name at the foot of a scraped page and are as short as a name.
_NOBODY = (
    rf"(?!{_HAN}{{0,3}}(?:阅读|推荐|首页|声明|新闻|更多|举报|分享|收藏|打印|关注|链接|版权|评论|点击|来源))"
)
_ONE = (
    rf"(?:{_NOBODY}{_HAN}{{2,4}}|{_HAN}{{1,10}}(?:·{_HAN}{{1,10}}){{1,3}}|{_HAN}[ \u3000]{{1,2}}{_HAN}"
    rf"|[A-Za-z]{{1,10}}\d{{0,6}})(?![\w·])"
)
_ROLE = r"(?:记者|通讯员|实习生|评论员|撰稿人)"
# Each word must have only one reading: 记者 before a name is always a role, and a possible label is never a writer.
# With two readings per word, two hundred characters take hours.
_WRITER = rf"(?:{_HAN}{{0,10}}?{_ROLE}[ \u3000：:]*+(?={_ONE}(?!\s{{0,3}}[：:])))?+{_ONE}"
_LABEL = (
    rf"(?:{_HAN}{{1,6}}\s{{0,3}}[：:]|文\s?[/／]\s?图(?:\s{{0,3}}[：:]|[ \u3000]{{1,3}})"
    r"|(?:图?文|图|文字|图片|摄影|编辑|制图|供图)\s{0,3}[/／])"
)
_AND = rf"(?:(?=[ \u3000、，,]{{0,2}}[/和])[ \u3000、，,/和]{{1,3}}|[ \u3000、，,]{{1,3}}+(?!{_LABEL}))"
_WRITERS = rf"{_WRITER}(?:{_AND}{_WRITER}){{0,7}}"
_SIGNATURE = rf"{_LABEL}\s{{0,3}}{_WRITERS}"
# A closing bracket belongs to the signatures only if the opening one does. Group 3 is set by the first signature, and
# before each other one a separator must stand: with the signature written out twice, every start took 30 ms longer.
_BARE = re.compile(
    rf"(?:(?P<open>{_OPEN}\s{{0,3}})|^|(?<=[。！？!?”…」』；;\s）)\]】])|(?=责任?编))"
    rf"(?P<inside>(?:(?(3)[\s，,；;、|｜]{{1,3}}+){_SIGNATURE}()){{1,6}})\s*+(?(open){_CLOSE}?)\s*+\Z"
)
# More text follows: only the first name, and names joined to it by 、, are certain.
_EDITOR = re.compile(r"责(?:任编辑|编)\s{0,3}[：:]")


@cache  # compile on first use: 13 ms, else added to every command's start
def _editor_then_more() -> re.Pattern:
    return re.compile(rf"{_EDITOR.pattern}\s{{0,3}}(?P<names>{_ONE}(?:、{_ONE}){{0,7}})(?=[\s；;|｜]++\S)")


_BRACKETED = re.compile(
    rf"(?P<open>{_OPEN})(?P<inside>(?:[^（）()\[\]【】\n]|\([^（）()\n]*+\)|（[^（）()\n]*+）){{1,150}}+){_CLOSE}\s*+\Z"
)
_ITEM = re.compile(rf"(?:\A|(?<=[\s，,；;、|｜]))({_LABEL})")
_FIRST = re.compile(rf"{_HAN}{{0,10}}{_ROLE}.*")
_SLOTS = {"文章来源": "credit", "责任编辑": "editor", "责编": "editor", "文": "byline"}
_SLOTS |= dict.fromkeys(("作者", "原文作者", "本文作者", "图文", "文字", "文/图", "文／图"), "byline")
_LONGEST = {"credit": 100, "editor": 40, "byline": 60}
_SIGNS = re.compile(r"来源|责任编辑|责编|作者|文\s{0,3}[/／：:]")
_FOOT = 200  # characters at the end of a text that may hold signatures

_CREDIT = re.compile(rf"^\s*+{_OPEN}?\s*+文章来源\s*+[：:](.*)$", re.S)
_NAME = r"[\u4e00-\u9fff·]{2,5}"
_BETWEEN = r"(?:[ \u3000、，,/]++(?:和[ \u3000、，,/]*+)?|和[ \u3000、，,/]*+)"
_NAMES = rf"{_NAME}(?:{_BETWEEN}(?:{_ROLE}[ \u3000：:]*+)?{_NAME}){{0,7}}"
# The surnames of six people in seven. Without a space, only a surname marks a name: 记者张三, not 记者获悉.
_SURNAME = (
    "(?:欧阳|上官|司马|诸葛|司徒|皇甫|慕容|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范廖石贾韦夏付傅邹熊白孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤])"
)
_ENDED = r"\s\u3000）)\]】]"
_REPORTER = re.compile(
    rf"(?:{_OPEN}|^|[\s\u3000□■电讯])(?:{_HAN}{{2,10}}?(?:报|社|网|台|刊))?(?:见习|实习|首席|本报|特约)?"
    rf"记者(?:[ \u3000]++|(?<={_OPEN}记者)|[：:]?(?={_SURNAME}{_HAN}{{1,2}}(?:[、，{_ENDED}|$|报道|摄)))"
    rf"({_NAMES})(?=[{_ENDED}|$|报道|摄)"
)


@cache  # compile on first use: 27 ms, and few texts begin like this
def _written_above() -> re.Pattern:
    return re.compile(rf"\A[（(]?文\s?[/／]\s?({_WRITERS})[）)]?$", re.M)


_ROLES = re.compile(rf"(?:{_HAN}{{0,10}}?{_ROLE}|(?<!{_HAN})摄影)[ \u3000：:]*")
_SPACED_NAME = re.compile(rf"(?<!{_HAN})({_HAN})[ \u3000]{{1,2}}({_HAN})(?!{_HAN})")
_BLANKS = re.compile(r"[\s\u3000]+")


@dataclass(slots=True)
class Signed:
    """A text without its closing signatures, and their values."""

    text: str
    byline: str = ""
    editor: str = ""
    credit: str = ""


def read_credit(text: str) -> str:
    """Return the outlet of a line that is only a credit, such as （文章来源：国际商报）; "" if it is no credit,
    names no outlet, or has broken characters."""
    match = _CREDIT.match(text) if len(text) <= 200 else None
    return _outlet(match[1]) if match else ""


def may_be_signed(text: str) -> bool:
    """Return True if a paragraph's end, as text or HTML, contains a word that signatures begin with. Cheap."""
    return _SIGNS.search(text) is not None


def read_signatures(text: str) -> Signed:
    """Remove the signatures at the end of a last paragraph: credit, 责任编辑, (作者：…), 文/姓名, in any order."""
    signed = Signed(text)
    if not _SIGNS.search(text, max(len(text) - _FOOT, 0)):
        return signed
    before, signed.text = text[:-_FOOT], text[-_FOOT:].replace("\xa0", " ")
    unread = signed.text
    for pattern in (_BRACKETED, _BARE, _BRACKETED, _BARE, _BRACKETED):
        signed = _take(signed, pattern.search(signed.text))
    if not signed.editor:
        signed = _take_editor_before_more(signed)
    return replace(signed, text=text if signed.text == unread else before + signed.text)


def find_reporters(text: str) -> str:
    """Return the reporters named in the first or last lines (记者 张三 李四, 文/张三); the text is not changed."""
    if text[:3].strip("（(").startswith("文") and (match := _written_above().search(text[:200])):
        return _names(match[1])
    for part in (text[:200], text[-120:]):
        # 和 may join names or be part of one; three in a row are neither, and would cause backtracking.
        if "记者" in part and "和和和" not in part and (match := _REPORTER.search(part)):
            names = _names(match[1]).split(" ")
            # 记者 林越 渝州报道: the word directly before 报道, after a name, is a place.
            if names[-1].endswith("报道") or part.startswith("报道", match.end()):
                names[-1:] = [names[-1].removesuffix("报道")] if len(names) == 1 else []
            return " ".join(names)
    return ""


# ------------------------------------------------------------------ signatures one by one, from the end
def _take(signed: Signed, match: re.Match | None) -> Signed:
    """Take the values of the signatures in a match; signatures without a field stay in the text, with their bracket."""
    inside = match["inside"].strip() if match else ""
    items = list(_ITEM.finditer(inside))
    first = inside[: items[0].start()].strip() if items else inside
    if not items or (first and not _FIRST.fullmatch(first)):
        return signed
    left, taken = [first] if first else [], {}
    untouched, ends = len(left) + len(items), [item.start() for item in items[1:]]
    for item, end in zip(items, [*ends, len(inside)], strict=True):
        slot = _SLOTS.get(item[1].rstrip("：:/／ \u3000").replace(" ", ""))
        said = inside[item.end() : end].strip(" \u3000\xa0，,；;、|｜")
        if slot and not said:
            continue
        if slot and slot not in taken and not getattr(signed, slot) and len(said) <= _LONGEST[slot]:
            taken[slot] = _outlet(said) if slot == "credit" else _names(said)
        else:
            left.append(inside[item.start() : end].strip())
    if len(left) == untouched:
        return signed
    kept, opening = " ".join(left), (match["open"] or "").strip()
    if kept and opening:
        kept = f"{opening}{kept}{_CLOSING[_OPENING.index(opening)]}"
    return replace(signed, text=signed.text[: match.start()].rstrip() + kept, **taken)


def _take_editor_before_more(signed: Signed) -> Signed:
    if not _EDITOR.search(signed.text) or not (match := _editor_then_more().search(signed.text)):
        return signed
    left = f"{signed.text[: match.start()].rstrip()} {signed.text[match.end() :].lstrip('；;|｜ \u3000')}"
    return replace(signed, text=left.lstrip(), editor=_names(match["names"]))


def _outlet(words: str) -> str:
    """Return the name after 文章来源：, without unbalanced closing brackets."""
    name = words.strip()
    if not _ANY_OPENING.search(name):
        name = name.rstrip(f"{_CLOSING} \u3000")
    while name[-1:] in _CLOSING and name and _count(name, _CLOSING) > _count(name, _OPENING):
        name = name[:-1].rstrip()
    says_something = name[:1].isalnum() or any(map(str.isalnum, name))
    return name if says_something and len(name) <= 100 and "\ufffd" not in name else ""


def _count(words: str, signs: str) -> int:
    return sum(words.count(sign) for sign in signs)


def _names(words: str) -> str:
    """Return names joined by spaces, without roles: 本报记者 张三、通讯员李四 gives 张三 李四."""
    names = _BLANKS.sub(" ", _ROLES.sub(" ", words.replace("、", " "))).strip()
    return _SPACED_NAME.sub(r"\1\2", names) or words.strip()
