"""Where a Chinese sentence ends and where one begins. Nothing is lost: what is cut apart joins to the text again."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

REACH = 40  # blocks ahead in which a broken sentence may go on
NEXT = 3  # what standing right behind counts for, against so many finds of the parted word

CHINESE = re.compile(r"[\u4e00-\u9fff]+")

_TOKENS = re.compile(
    r"“[^“”]{1,400}”|（[^（）]{1,200}）|《[^《》]{1,100}》"
    r"|(?:[。！？]|[!?](?![A-Za-z0-9]))+[”’」』）)】]*|[^“（《。！？!?]+|.",
    re.S,
)
_END = re.compile(r"[。！？!?][”’」』）)】]*\Z")
_SAID = re.compile(r"[：:]“[^“”]*[。！？!?]”\Z")
_CLOSED = re.compile(r"(?:[。！？!?；;：:—%]|…)[”’」』）)】》\s*]*\Z|[”’」』）)】》][\s*]*\Z")
_JUMP = re.compile(r"\s*[（(](?:紧接|下转|上接)[^（）()]{1,20}[）)]\s*")
_GOES_ON = re.compile(r"[，、。；：！？）”’》】」』％%,;!?)]")
_BEGINNINGS = re.compile(r"(?:\A|[。！？]”?|[，；])([^\s。！？，；]{2})")
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
    found, begun = [], ""
    for token in _TOKENS.findall(text):
        begun += token
        said = token.endswith("”") and _SAID.search(begun[-402:])
        if said or (token[0] in "。！？!?" and _END.search(token)):
            found.append(begun)
            begun = ""
    return [*found, begun] if begun else found


def is_closed(text: str) -> bool:
    """Whether a paragraph ends as paragraphs do; （下转4版） at its end is looked past."""
    return bool(_CLOSED.search(_JUMP.sub("", text)))


def goes_on(text: str) -> bool:
    """Whether a text begins with what only stands inside a sentence, such as a comma or a closing quote."""
    return bool(_GOES_ON.match(text))


def begins_anew(text: str) -> bool:
    """Whether a text begins as new paragraphs do: a quote, a date, 例如, 此外 … No proof that others do not."""
    return bool(_ANEW.match(text))


def joins(before: str, after: str, page: Counter) -> bool:
    """Whether `after`, which does not stand right behind `before`, goes on with its broken sentence.

    `page` counts the page's pairs of characters and its beginnings of sentences ("^" + two characters): the cut
    went through a word if the pair it parts stands whole elsewhere, twice, and no other sentence begins as `after`.
    """
    if is_closed(before) or begins_anew(after):
        return False
    if goes_on(after):
        return True
    pair = before.rstrip()[-1:] + after.lstrip()[:1]
    return page[pair] >= 2 and bool(CHINESE.fullmatch(pair)) and page["^" + after.lstrip()[:2]] <= 1


def count_pairs(words: Iterable[str]) -> Counter:
    """Pairs of Chinese characters, and sentence beginnings, for `joins`."""
    page: Counter = Counter()
    for text in words:
        for run in CHINESE.findall(text):
            page.update(run[i : i + 2] for i in range(len(run) - 1))
        page.update("^" + begun for begun in _BEGINNINGS.findall(text))
    return page


def goes_on_in(words: Sequence[str], i: int, j: int, page: Counter) -> bool:
    """Whether block i breaks off and block j goes on with it; right behind it j needs no proof but a plain start."""
    if j == i + 1:
        return not is_closed(words[i]) and not begins_anew(words[j])
    return joins(words[i], words[j], page)


def continuations(words: Sequence[str], prose: Sequence[int], page: Counter) -> dict[int, int]:
    """Where each paragraph that breaks off goes on; a page-jump may have put other blocks between.

    Where pairs compete, the cut through the word that stands oftener on the page wins, nearness counting as NEXT.
    """
    found: list[tuple[int, int, int]] = []
    for at, i in enumerate(prose):
        for j in prose[at + 1 : at + 1 + REACH] if not is_closed(words[i]) else ():
            if goes_on_in(words, i, j, page):
                strength = page[words[i][-1] + words[j][0]] + (NEXT if j == i + 1 else 0)
                found.append((-strength, j - i, i))
    after: dict[int, int] = {}
    taken: set[int] = set()
    for _, distance, i in sorted(found):
        if i not in after and i + distance not in taken:
            after[i] = i + distance
            taken.add(i + distance)
    return after
