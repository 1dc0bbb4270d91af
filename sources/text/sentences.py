"""Where a Chinese sentence ends and where one begins. Nothing is lost: what is cut apart joins to the text again."""

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
    """Cut at 。！？ outside of quotes, brackets and titles; a quote led in by a colon ends its sentence, too.

    A quote that is not closed within 400 characters is no quote. Sentences ended by …… stay with the next.
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
    """Whether a paragraph ends as paragraphs do; （下转4版） at its end is looked past."""
    return bool(_CLOSED.search(_JUMP.sub("", text)))


def goes_on(text: str) -> bool:
    """Whether a text begins with what only stands inside a sentence, such as a comma or a closing quote."""
    return bool(_GOES_ON.match(text))


def begins_anew(text: str) -> bool:
    """Whether a text begins as new paragraphs do: a quote, a date, 例如, 此外 … No proof that others do not."""
    return bool(_ANEW.match(text))


def count_pairs(words: Iterable[str]) -> Counter:
    """Pairs of Chinese characters, as often as they stand there."""
    page: Counter = Counter()
    for text in words:
        for run in CHINESE.findall(text):
            page.update(run[i : i + 2] for i in range(len(run) - 1))
    return page
