"""Find where Chinese sentences begin and end. Lossless: the pieces join to the original text."""

import re
from collections import Counter
from collections.abc import Iterable

CHINESE = re.compile(r"[\u4e00-\u9fff]+")

_TOKENS = re.compile(
    r"“[^“”]{1,400}”|（[^（）]{1,200}）|《[^《》]{1,100}》"
    r"|(?:[。！？]|[!?](?![A-Za-z0-9]))+[”’」』）)】]*|[^“（《。！？!?]+|.",
    re.S,
)
_END = re.compile(r"[。！？!?][”’」』）)】]*+\Z")
_SAID = re.compile(r"[：:]“[^“”]*[。！？!?]”\Z")
_CLOSED = re.compile(
    r"(?:[。！？!?；;：:—%]|…)[”’」』）)】》\s*]*\Z|[”’」』）)】》][\s*]*\Z|\s[\u4e00-\u9fff]{2,4}\s?[摄供]\Z"
)
_JUMP = re.compile(r"(?:(?<!\s)\s++)?+[（(](?:紧接|下转|上接)[^（）()]{1,20}+[）)]\s*+")
_GOES_ON = re.compile(r"[，、。；：！？）”’》】」』％%,;!?)]")
_LINKS = (
    "再如|例如|比如|譬如|此外|另外|同时|与此同时|其中|其间|目前|当前|当时|近年来|近日|日前|据|截至|今年|去年|当天|当日|"
    "随着|然而|但|不过|因此|首先|其次|最后|第[一二三四五六]|一是|二是|为了|在|从|按照|根据|通过|围绕|记者|本报|新华社|如何|"
    "如今|过去|未来|接下来|下一步|值得一提|数据显示|得益于|类似|这|该|此次|此项|他|她|我们"
)
_ANEW = re.compile(rf"[“‘「『（(《【\"]|\d+(?:年|月|日|时|岁)|{_LINKS}")


def sentences(text: str) -> list[str]:
    """Split at 。！？ outside quotes, brackets and titles; a quote after a colon also ends its sentence.

    A quotation mark not closed within 400 characters does not open a quote. Sentences that end in …… stay with the
    next.
    """
    found, begun = [], 0
    for match in _TOKENS.finditer(text):
        token, end = match[0], match.end()
        said = token.endswith("”") and _SAID.search(text, max(begun, end - 402), end)
        if said or (token[0] in "。！？!?" and _END.search(token)):
            found.append(text[begun:end])
            begun = end
    return [*found, text[begun:]] if begun < len(text) else found


def is_closed(text: str) -> bool:
    """Return True if a paragraph has a proper end; a final （下转4版） is ignored."""
    return bool(_CLOSED.search(_JUMP.sub("", text)))


def goes_on(text: str) -> bool:
    """Return True if a text begins with what only occurs inside a sentence, such as a comma or a closing quote."""
    return bool(_GOES_ON.match(text))


def begins_anew(text: str) -> bool:
    """Return True if a text begins like a new paragraph: a quote, a date, 例如, 此外 … False proves nothing."""
    return bool(_ANEW.match(text))


def count_pairs(words: Iterable[str]) -> Counter:
    """Count the pairs of adjacent Chinese characters."""
    page: Counter = Counter()
    for text in words:
        for run in CHINESE.findall(text):
            page.update(run[i : i + 2] for i in range(len(run) - 1))
    return page
