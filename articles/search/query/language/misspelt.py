"""Another spelling of a question that finds something by chance: one character apart, and far more frequent (数字经挤,
where articles have 数字经济).

Precision comes first. A word of the dictionary, a name of a person and what some articles hold as it is typed stand as
they are; only a word of the dictionary that is no name is put in the place of crumbs that are no word.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from articles.search.index.tokens import dictionary
from articles.search.query.language.idle_words import PARTICLES
from articles.search.query.language.nearest import alike, shaped_alike

FEW = 5  # articles that hold a misspelling
LEAST, TIMES = 20, 20  # articles that hold the better one: so many, and so many times as many
LEAST_BESIDE = 5  # articles in which it stands beside the word that it was typed beside
LONGEST, LONGEST_PHRASE = 24, 8  # characters
TELLING = 4  # characters of a phrase that is not met by chance
MOST_PLACES = 8
_HAN = re.compile(f"[一-鿿]{{2,{LONGEST}}}+(?![一-鿿])")
_NAMES = ("nr", "ns", "nz")  # what the dictionary says of names of people, places, firms
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖石贾"
    "韦夏付傅邹熊白孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔汤施洪翟安颜倪柯温康伍庞樊兰殷易乔赖文方成章"
)
CountsOf = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Word:
    """A word where it stands in a text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spelling:
    """Finds better spellings. `holding`: how many articles hold a phrase; `pairing`: two characters side by side."""

    holding: CountsOf
    pairing: CountsOf

    def better(self, close: str) -> str:
        """The better spelling of a folded text without spaces; "" where there is none that is sure."""
        made = _HAN.sub(lambda found: self._better(found[0]) or found[0], close)
        return made if made != close else ""

    def _better(self, text: str) -> str:
        if dictionary().has_word(text):
            return ""
        cut = _words(text)
        crumbs = [word.start for word in cut if word.end - word.start == 1 and word.text not in PARTICLES]
        is_phrase = TELLING <= len(text) <= LONGEST_PHRASE
        if not (crumbs or is_phrase) or self.holding(text) > FEW:
            return ""
        found = [one for place in crumbs[:MOST_PLACES] for one in self._instead(text, place, is_phrase)]
        if not crumbs and not self.holding(text):
            found = [one for place in range(len(text)) for one in self._instead(text, place, True)]
            found = [(count, one) for count, one in found if self.holding(one) >= LEAST]
        return max(found, default=(0, ""))[1]

    def _instead(self, text: str, place: int, is_phrase: bool) -> Iterator[tuple[int, str]]:
        """(articles, the text with another character in this place), where that is sure."""
        # Two characters that somebody wrote may be a name: 润桦 is no 润滑.
        is_name = len(text) == 2 and self.holding(text)
        for char in shaped_alike(text[place]) if is_name else alike(text[place]):
            before, after = text[place - 1 : place] + char, char + text[place + 1 : place + 2]
            if not any(len(pair) > 1 and self.pairing(pair) >= LEAST for pair in (before, after)):
                continue
            changed = text[:place] + char + text[place + 1 :]
            cut = _words(changed)
            at = next(at for at, word in enumerate(cut) if word.end > place)
            if _may_stand(text, cut[at]) and (count := self._outweighs(text, changed, cut, at, is_phrase)):
                yield count, changed

    def _outweighs(self, text: str, changed: str, cut: list[_Word], at: int, is_phrase: bool) -> int:
        """The number of articles that hold the word of `changed` at this place, if that speaks for it; else 0."""
        word = cut[at]
        if is_phrase and self._is_rarer(text, changed):
            return self.holding(changed)
        count = self.holding(word.text)
        if count < LEAST or not self._is_rarer(text[word.start : word.end], word.text):
            return 0
        is_telling = len(word.text) >= TELLING or len(word.text) == len(text)
        return count if is_telling or self._stands_beside(text, changed, cut, at) else 0

    def _is_rarer(self, typed: str, other: str) -> bool:
        held = self.holding(typed)
        return held <= FEW and self.holding(other) >= max(LEAST, TIMES * held)

    def _stands_beside(self, text: str, changed: str, cut: list[_Word], at: int) -> bool:
        """Whether articles put the new word beside one that it was typed beside, and never the typed one."""
        for first, last in ((max(at - 1, 0), at), (at, min(at + 1, len(cut) - 1))):
            start, end = cut[first].start, cut[last].end
            is_new = first < last and not self.holding(text[start:end])
            if is_new and self.holding(changed[start:end]) >= LEAST_BESIDE:
                return True
        return False


def _words(text: str) -> list[_Word]:
    cut = dictionary().cut(text, False)
    ends = accumulate(map(len, cut))
    return [_Word(word, end - len(word), end) for word, end in zip(cut, ends, strict=True)]


def _may_stand(text: str, word: _Word) -> bool:
    """Whether this word may stand for what was typed in its place: a word for what is none, and for no name."""
    typed = text[word.start : word.end]
    if len(word.text) < 2 or not dictionary().has_word(word.text):
        return False
    if len(text) < TELLING and dictionary().has_word(typed):
        return False
    if len(typed) < TELLING and typed[0] in _SURNAMES:
        return False
    if len(typed) == 2 and word.start == 1 and text[0] in _SURNAMES:
        return False
    ((_, kind),) = dictionary().tag(word.text)[:1]
    return not kind.startswith(_NAMES)
