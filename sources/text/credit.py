"""Who a piece says it is by: the credit line, authors, reporters, the responsible editor."""

import re
from dataclasses import dataclass

_NAME = r"[\u4e00-\u9fff·]{2,5}"
_NAMES = rf"{_NAME}(?:[ \u3000、，,/和]+{_NAME}){{0,7}}"
_OPEN, _CLOSE = r"[（(\[【]", r"[）)\]】]"
CREDIT = re.compile(rf"^\s*{_OPEN}?\s*文章来源\s*[：:]\s*(.+?)\s*{_CLOSE}?\s*$")
_SOURCE_AT_END = re.compile(rf"{_OPEN}\s*文章来源\s*[：:]\s*([^（）()]+?(?:\([^()]*\))?)\s*{_CLOSE}\s*$")
_EDITOR = re.compile(
    rf"{_OPEN}?\s*(?:责任编辑|责编)\s*[：:]\s*([^（）()\[\]【】\n]{{1,40}}?)\s*{_CLOSE}?\s*$"
)
_AUTHOR = re.compile(rf"{_OPEN}\s*(?:原文)?作者\s*[：:]\s*([^（）()\[\]【】\n]{{1,60}}?)\s*{_CLOSE}\s*$")
_WRITTEN_BY = re.compile(rf"(?<=[。！？!?”…\s])\s*{_OPEN}?文\s*[/／]\s*({_NAMES})\s*{_CLOSE}?\s*$")
_REPORTER = re.compile(
    rf"(?:{_OPEN}|^|[\s\u3000□■电讯])(?:[\u4e00-\u9fff]{{2,10}}?(?:报|社|网|台|刊))?(?:见习|实习|首席|本报|特约)?"
    rf"记者(?:[ \u3000]+|(?<={_OPEN}记者))({_NAMES})(?=[\s\u3000）)\]】]|$|报道|摄)"
)
_SIGNS = re.compile(r"来源|责任编辑|责编|作者|文\s*[/／]")
_SPACES = re.compile(r"[\s\u3000]+")


@dataclass(slots=True)
class Signed:
    """A text without its closing signatures, and what they said."""

    text: str
    byline: str = ""
    editor: str = ""
    credit: str = ""


def read_credit(text: str) -> str:
    """The outlet of a line that is a credit and nothing else, such as （文章来源：国际商报）; "" if it is none."""
    match = CREDIT.match(text)
    return match[1].strip() if match and len(match[1]) <= 100 else ""


def read_signatures(text: str) -> Signed:
    """Take the signatures off the end of a last paragraph: credit, 责任编辑, (作者：…), 文/姓名, in any order."""
    signed = Signed(text)
    if not _SIGNS.search(text):
        return signed
    slots = {"credit": _SOURCE_AT_END, "editor": _EDITOR, "byline": _AUTHOR}
    while True:
        for slot, pattern in slots.items():
            if not getattr(signed, slot) and (match := pattern.search(signed.text)):
                setattr(signed, slot, _tidy(match[1]))
                signed.text = signed.text[: match.start()].rstrip()
                break
        else:
            break
    if not signed.byline and (match := _WRITTEN_BY.search(signed.text)):
        signed.byline = _tidy(match[1])
        signed.text = signed.text[: match.start()].rstrip()
    return signed


def find_reporters(text: str) -> str:
    """The reporters named in a text's first or last lines (记者 张三 李四); the words themselves stay."""
    for part in (text[:200], text[-120:]):
        if "记者" in part and (match := _REPORTER.search(part)):
            names = _tidy(match[1]).split(" ")
            # 记者 林越 渝州报道: what stands before 报道 without a space, after a name, is a place.
            if names[-1].endswith("报道") or part.startswith("报道", match.end()):
                names[-1:] = [names[-1].removesuffix("报道")] if len(names) == 1 else []
            return " ".join(names)
    return ""


def _tidy(names: str) -> str:
    return _SPACES.sub(" ", names.replace("、", " ").strip())
