"""Whether a word stands in a text as a word, and whether it means our own institution. Pure, and no part of the search:
it reads each place in its clause, cut by the dictionary.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import rjieba

from bench.generate.words import PLACES
from sources.text.folding import fold

AROUND = 12  # characters of a clause on either side of a word
MOST_LOOKS = 30
# Before an institution they say that it is another one: 欧洲央行, 美国的证监会.
_FOREIGN = fold(
    "美国 英国 日本 韩国 欧洲 欧 美 英 日 韩 印度 印尼 俄罗斯 俄 土耳其 瑞士 瑞典 挪威 丹麦 加拿大 澳大利亚 澳 巴西 "
    "德国 法国 意大利 西班牙 墨西哥 阿根廷 智利 泰国 越南 新加坡 菲律宾 马来西亚 新西兰 南非 以色列 乌克兰 伊朗 埃及 "
    "巴基斯坦 孟加拉国 匈牙利 波兰 捷克 沙特 黎巴嫩 委内瑞拉 叙利亚 阿富汗 各国 多国 该国 他国 外国 国外 海外 全球 "
    "香港 澳门 台湾 欧盟 欧元区 非盟 东盟 世界 联合国"
).split()
_BETWEEN = fold("的 国家 联邦 中央 劳工").split()  # 德国联邦统计局
_LOCAL = tuple("省市县区州盟旗")
_PROVINCES = fold(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 广东 海南 四川 贵州 "
    "云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 深圳 广州 地方"
).split()
_OTHERS = (*_FOREIGN, *_LOCAL, *_PROVINCES, *map(fold, PLACES))
_WHOSE = ("", *fold("中国 国家 全国").split())  # what a longer word may add to the name of an institution
_OTHER_BODIES = tuple(fold("大学 学院 学校 学会 协会 化工 化学工业 和化学 和化工").split())
SHORT = 3  # characters of a name that longer words hold by chance


@dataclass(frozen=True, slots=True)
class Term:
    """A word in all the spellings that mean the same. `own`: of an institution, only ours, not that of another
    country or, without `towns`, of a province or a town; `strict`: short ones not within a longer word either (人行
    in 人行道); `firm`: of a firm, not another body whose name begins with it (中国石油大学)."""

    forms: tuple[str, ...]
    own: bool = False
    strict: bool = False
    firm: bool = False
    towns: bool = False

    def in_text(self, text: str) -> bool:
        return any(self._in(form, text) for form in self.forms)

    def may_be_in(self, text: str) -> bool:
        """Quicker: whether a spelling is in it at all."""
        return any(form in text for form in self.forms)

    def count(self, text: str) -> int:
        """How often, at least: spellings within one another are counted once."""
        return max(text.count(form) for form in self.forms)

    def _in(self, form: str, text: str) -> bool:
        others = _FOREIGN if self.towns else _OTHERS
        strict = self.strict and len(form) <= SHORT
        return any(
            stands_at(text, at, at + len(form), strict)
            and not (self.own and is_others(text, at, others))
            and not (self.firm and text.startswith(_OTHER_BODIES, at + len(form)))
            for at in _places(form, text)
        )


def term(*forms: str, own: bool = False, strict: bool = False, firm: bool = False) -> Term:
    """Of words as they are written."""
    return Term(tuple(dict.fromkeys(map(fold, forms))), own, strict, firm)


def cut(text: str) -> list[str]:
    """By the dictionary alone, without guesses at words that it does not have."""
    return rjieba.cut(text, False)


def _places(form: str, text: str) -> Iterator[int]:
    at = text.find(form)
    for _ in range(MOST_LOOKS):
        if at < 0:
            return
        yield at
        at = text.find(form, at + 1)


def stands_at(text: str, begin: int, end: int, strict: bool = False) -> bool:
    """Whether no word of the dictionary lies across its edges, and no number or Latin word goes on past them."""
    if _goes_on(text, begin, -1) or _goes_on(text, end - 1, 1) or text[end - 1 : end + 1] == "部门":
        return False
    across, at = [], _clause(text, begin, end)[0]
    for word in cut(text[slice(*_clause(text, begin, end))]):
        first, last = at, at + len(word)
        at = last
        if last <= begin or first >= end or (begin <= first and last <= end):
            continue
        if not (first <= begin and end <= last):
            across.append((first, last))
        elif (first < begin and end < last) or (strict and (end < last or text[first:begin] not in _WHOSE)):
            return False
    return not across or not _is_chance(text, begin, end, across)


def _is_chance(text: str, begin: int, end: int, across: list[tuple[int, int]]) -> bool:
    """Whether words that lie across its edges are the better reading. The dictionary may not have the word itself
    (起降|准): then they are not, unless it leaves more single characters than they do."""
    if rjieba.has_word(text[begin:end]):
        return True
    start, stop = min(begin, across[0][0]), max(end, across[-1][1])
    return _singles(text[start:begin]) + _singles(text[end:stop]) > _singles(text[start:stop])


def _singles(text: str) -> int:
    return sum(len(word) == 1 for word in cut(text)) if text else 0


def is_others(text: str, at: int, others: Sequence[str]) -> bool:
    """Whether one of these stands before an institution."""
    before = text[max(0, at - 8) : at]
    for between in _BETWEEN:
        before = before.removesuffix(between)
    return before.endswith(tuple(others))


def _clause(text: str, begin: int, end: int) -> tuple[int, int]:
    start, stop = begin, end
    while start > max(0, begin - AROUND) and text[start - 1].isalnum():
        start -= 1
    while stop < min(len(text), end + AROUND) and text[stop].isalnum():
        stop += 1
    return start, stop


def _goes_on(text: str, edge: int, step: int) -> bool:
    """Whether a number or a Latin word goes on past this edge."""
    here, beyond = text[edge], edge + step
    if not here.isascii() or not here.isalnum() or not 0 <= beyond < len(text):
        return False
    other = text[beyond]
    if here.isdigit():
        after = text[beyond + step : beyond + step + 1] if beyond + step >= 0 else ""
        return other.isdigit() or (other in ".," and after.isdigit())
    return other.isascii() and other.isalpha()
