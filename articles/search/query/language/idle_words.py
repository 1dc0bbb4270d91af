"""Words that ask or only join: a query is not searched for them. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence

# Every text contains them, so they would make up for a missing word.
PARTICLES = frozenset("的了和与是在及对为等将也就都而之以于从并或把被让向吗呢吧啊")
# Said with a verb; in a name (再融资, 最高法) they count, so they are idle only among several words.
ADVERBS = frozenset("又很太更最再还却才刚已曾正总只仅偏竟岂勿会能要可")
_ASKING_WORDS = (
    "是什么意思 什么意思 意味着什么 是怎么回事 怎么回事 为什么会 为什么要 什么时候 有什么 是什么 什么是 "
    "为什么 怎么样 怎么办 是不是 有没有 会不会 能不能 要不要 哪一年 有哪些 有多少 有多少人 多少人 "
    "多少钱 在哪里 在哪儿 在哪 是谁 如何看待 请问 为何 为啥 "
    "什么 怎么 怎样 如何 哪些 哪个 哪家 哪里 哪儿 多少 多久 是否 能否 可否 何时 何以 谁"
)
_ASKING = tuple(_ASKING_WORDS.split())
_ASKED = re.compile("|".join(sorted(_ASKING, key=len, reverse=True)) + r"|[吗呢吧啊嘛]?[?!]+|[吗呢嘛]\Z")
# Within these nobody asks: 任何时候, 因为何.
_NOT_ASKING = re.compile("任何时|无论如何|不管怎样|谁家")


def asking(folded: str) -> Iterator[tuple[int, int]]:
    """Where question words and question marks stand in a folded query."""
    kept = [found.span() for found in _NOT_ASKING.finditer(folded)]
    yield from apart_from(kept, (found.span() for found in _ASKED.finditer(folded)))


def apart_from(
    kept: Sequence[tuple[int, int]], spans: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The spans that touch none of those kept. Both are in order, so that each is looked at once."""
    at = 0
    for start, end in spans:
        while at < len(kept) and kept[at][1] <= start:
            at += 1
        if at == len(kept) or end <= kept[at][0]:
            yield start, end
