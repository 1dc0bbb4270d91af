"""Figures and codes in a query: what must be found whole. Pure.

A figure is a number with its unit (12.5%, 1.2万亿元, 5G, 3,500点) or of three digits and more: its neighbours may be no
digits, so that 12.5% is not found in 112.5%. A code is letters and numbers joined by signs (C++, COVID-19, A+H, 10:30).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from articles.search.index.tokens import figures
from sources.text.folding import squeezed

_LONG_UNITS = (
    "个百分点 个基点 平方公里 平方米 千瓦时 人民币 百分点 基点 美元 港元 欧元 日元 英镑 港币 韩元 卢布 公里 "
    "公斤 小时 分钟 世纪 周年 年代 季度 月份 年度"
)
_UNITS = tuple(_LONG_UNITS.split())
_COUNTERS = (
    "元点个人家年月日号倍次吨股手张只户岁天名位项条亩度分米斤升桶"
    "台辆架艘套座件份笔期届版层成折档级类种批时秒强后板"
)
_SUFFIX = (
    r"(?:[%‰]|°c?|[a-z]{1,4}(?![a-z])|(?:[十百千万亿]{1,3})?(?:"
    + "|".join(_UNITS)
    + rf"|[{_COUNTERS}])|[十百千万亿]{{1,3}})"
)
_NUMBER = r"(?:[0-9]{1,3}(?:,[0-9]{3})++(?![0-9])|[0-9]++)(?:\.[0-9]++)*+"
# Figures that touch are one: 3月5日.
_FIGURE = re.compile(rf"(?:{_NUMBER} ?{_SUFFIX})+(?:{_NUMBER})?|{_NUMBER}")
_CODE = re.compile(r"[a-z0-9]+(?:[-+&./·:][a-z0-9]+)*+[+#]{0,2}")
LEAST_DIGITS = 3  # of a number without a unit


@dataclass(frozen=True, slots=True)
class Whole:
    """A figure or code as it stands in a folded query, from `start` to `end`.

    `tokens`: those of the index's field of figures that its articles have; none for a code.
    """

    words: str
    start: int
    end: int
    tokens: tuple[str, ...] = ()

    @property
    def is_one(self) -> bool:
        """Whether its one token says all of it."""
        return len(self.tokens) == 1 and self.tokens[0] == self.words.replace(",", "")


def wholes(folded: str) -> Iterator[Whole]:
    """The figures and codes of a folded query, in order."""
    if folded.isalpha():
        return
    at = 0
    while found := _next(folded, at):
        yield found
        at = found.end


def _next(folded: str, at: int) -> Whole | None:
    while at < len(folded):
        if not (begun := _CODE.search(folded, at)):
            return None
        if is_code(begun[0]):
            return Whole(squeezed(begun[0]), begun.start(), begun.end())
        if (number := _FIGURE.match(folded, begun.start())) and _is_figure(number[0]):
            words = squeezed(number[0])
            return Whole(words, number.start(), number.end(), tuple(figures(words).split()))
        at = begun.end()
    return None


def is_code(word: str) -> bool:
    """Whether letters, figures or signs stand side by side in it, and it is no figure."""
    return not word.isalpha() and not word.isdigit() and not _FIGURE.fullmatch(word)


def _is_figure(number: str) -> bool:
    digits = sum(one.isdigit() for one in number)
    return digits >= LEAST_DIGITS or not number.isdigit()


def pattern(token: str) -> str:
    """The regular expression of the tokens of the index that begin with this one and do not go on as a number or word
    does: 1.2万亿 finds 1.2万亿元, 12 not 125."""
    escaped = re.sub(r"([.+*?()\[\]{}|^$\\])", r"\\\1", token)
    if token[-1].isdigit():
        return rf"{escaped}([^0-9.].*)?"
    return rf"{escaped}([^a-z].*)?" if "a" <= token[-1] <= "z" else rf"{escaped}.*"


def day_forms(on: date) -> list[tuple[str, str]]:
    """The ways in which texts write a day, as they are compared, each with the figure that it must end with (""
    if its end is plain)."""
    year, month, number = on.year, on.month, on.day
    forms = [(f"{year}年{month}月{number}日", ""), (f"{year}年{month:02}月{number:02}日", "")]
    for sign in "-/":
        forms.append((f"{year}{sign}{month:02}{sign}{number:02}", f"{number:02}"))
        forms.append((f"{year}{sign}{month}{sign}{number}", f"{number}"))
    for end in (f"{year}.{month:02}.{number:02}", f"{year}.{month}.{number}", f"{year}{month:02}{number:02}"):
        forms.append((end, end))
    return list(dict.fromkeys(forms))
