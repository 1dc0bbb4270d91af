"""Where a paragraph that breaks off goes on, on a page that jumps between columns and stories.

No single sign proves that two blocks are one sentence, so every end is weighed against every beginning behind it, and
what fits best as a whole is taken; what the page could nearly as well do without is left to the editor.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from math import inf

from sources.text.sentences import CHINESE, begins_anew, count_pairs, goes_on, is_closed

REACH = 40  # blocks ahead in which a broken sentence may go on
STORY, AFTER = 4, 2  # paragraphs that tell what an end is about, and a beginning
MOST_ENDS, MOST_STARTS = 500, 5  # ends weighed on a page; beginnings kept for one end
LEAST = 1e-9  # weight that is one: sums of fractions differ by less
ON_TOPIC = 2.5  # most that shared words count for

# What each sign is worth, as the logarithm of its odds, counted on pages that were cut up by machine (and rounded).
CHANCE = 2.5  # what any two blocks have; what weighs less is no candidate
SURE = 1.5  # how much the page must lose without a join
BEHIND, BEHIND_AN_END, FARTHER = 3.0, 1.5, 0.03
SAME_TOPIC = 1.3
ONE_WORD, TORN_HALF, PAIR_ELSEWHERE = 3.5, 0.7, 2.0
TORN_END, TORN_START = -1.9, -1.1
NUMBER_AND_UNIT, NUMBER_ALONE = 3.0, -1.3
QUOTE_CLOSED, QUOTE_LEFT_OPEN, QUOTE_FROM_NOWHERE = 4.0, -3.0, -3.0
GOES_ON, CLOSES, NEVER_FIRST, REST_OF_A_SENTENCE = 2.8, 1.1, 2.0, 2.7
ANEW, NAME_FIRST, LINK_FIRST, SUFFIX_FIRST, VERB_FIRST, VERB_ALONE = -2.5, -2.0, -0.8, 0.5, 0.3, 1.4
AMOUNT_FIRST = 1.5
ADVERB_AND_VERB, PREPOSITION_AND_NOUN = 1.1, 1.1

_LAST_SENTENCE = re.compile(r"(?<![^。！？!?])[^。！？!?]*+\Z")
_AMOUNT = re.compile(r"\d[\d.,]*+\s?[%％亿万元千百个家倍户吨台]")
# On another page.
_TO_ELSEWHERE, _FROM_ELSEWHERE = (
    re.compile(r"[（(]下转[^（）()]{1,20}[）)]\s*+\Z"),
    re.compile(r"\s*+[（(]上接"),
)
_CLAUSE = re.compile(r"[^，、：；。！？]*")
_FIRST_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]?[”’]?")
_OPENING, _CLOSING = "“（《【(「『", "”）》】)」』"
# One character that a sentence may well be cut behind or before: no half of a word.
_WHOLE = frozenset(
    "的了在和与为是对把被将从中等后前时年月日元亿万个家以向到由及或并而也都就还已可能有不无上下内外者性化于其之各该"
    "每这那再又更最很至让使用做要会来去说称共约近超达占"
)
_NEVER_FIRST = frozenset("的了们着地得和及或吗呢吧过之所者")
_FIRST = (
    ({"nr", "ns", "nt", "nz", "nrfg", "nrt", "j"}, NAME_FIRST),
    ({"p", "c", "r", "t"}, LINK_FIRST),
    ({"uj", "ul", "u", "ug", "uz", "uv", "ng", "vg", "zg", "q", "y", "k", "f"}, SUFFIX_FIRST),
    ({"v", "vn", "a", "d", "vd"}, VERB_FIRST),
)
_IN_A_ROW = {
    ("d", "v"): ADVERB_AND_VERB,
    ("d", "a"): ADVERB_AND_VERB,
    ("p", "n"): PREPOSITION_AND_NOUN,
    ("p", "r"): PREPOSITION_AND_NOUN,
}
# Characters of a paragraph that may be but the rest of a sentence: so many, and such a part of the page's usual one.
LONGEST_REST, PART_OF_USUAL = 24, 0.45
SHORTEST = 8  # of a sentence that other ones follow
_UNITS = frozenset("亿万千百元个家人户年月日时吨亩倍件次项名位多％%,，.。、")


@dataclass(slots=True)
class _Word:
    text: str
    kind: str


@dataclass(slots=True)
class _End:
    """A block that breaks off: the words before the cut, the signs still open, what its story is about."""

    block: int
    tail: str
    last: _Word
    open: set[str]
    story: frozenset[str]


@dataclass(slots=True)
class _Start:
    """A block that may go on: its first words, the signs it closes, what it is about and what it stands behind."""

    block: int
    head: str
    first: _Word
    closes: set[str]
    looks: float
    torn: bool
    behind_an_end: bool
    about: frozenset[str]
    stands_in: frozenset[str]


@dataclass(slots=True)
class Jumps:
    """`after`: from a block that breaks off to the one that goes on; `torn`: those that begin inside a sentence, but
    whose beginning was not found."""

    after: dict[int, int] = field(default_factory=dict)
    torn: set[int] = field(default_factory=set)


def find_jumps(words: Sequence[str], prose: Sequence[int], heads: Iterable[int]) -> Jumps:
    """Where each paragraph that breaks off goes on: `prose` are the paragraphs, `heads` where a story may open, both
    by index into `words`.

    Each end has one beginning at most and each beginning one end. Never raises, whatever the page.
    """
    prose = [
        i for i in prose if not (_FROM_ELSEWHERE.match(words[i]) or _TO_ELSEWHERE.search(words[i][-30:]))
    ]
    open_ends = [at for at, i in enumerate(prose) if not is_closed(words[i])]
    if not 0 < len(open_ends) <= MOST_ENDS:
        return Jumps(torn={i for i in prose if goes_on(words[i])})
    sheet = _Sheet(words, prose, set(heads))
    starts = [sheet.start(at) for at in range(len(prose))]
    weighed: dict[int, dict[int, float]] = {}
    for at in open_ends:
        end = sheet.end(at)
        fits = {
            start.block: weight
            for apart, start in enumerate(starts[at + 1 : at + 1 + REACH])
            if (weight := sheet.weigh(end, start, apart)) > 0
        }
        weighed[end.block] = dict(sorted(fits.items(), key=lambda one: (-one[1], one[0]))[:MOST_STARTS])
    after = _surest(weighed)
    return Jumps(after, {one.block for one in starts if one.torn} - set(after.values()))


class _Sheet:
    """The page's paragraphs with what is known of each word: how many paragraphs have it."""

    def __init__(self, words: Sequence[str], prose: Sequence[int], heads: set[int]):
        self.words, self.prose, self.heads, self.pairs = words, prose, heads, count_pairs(words)
        self.topics = {i: topics(words[i]) for i in (*prose, *heads)}
        usual = sorted(len(words[i]) for i in prose)[len(prose) // 2]
        self.rest = min(LONGEST_REST, PART_OF_USUAL * usual)
        self.spread = Counter(word for i in prose for word in self.topics[i])

    def end(self, at: int) -> _End:
        i = self.prose[at]
        sentence = _LAST_SENTENCE.search(self.words[i].rstrip()[-400:])[0]
        story: set[str] = set()
        for near in range(at, max(at - STORY, -1), -1):
            story |= self.topics[self.prose[near]]
            heads = self._heads_over(near)
            story |= {word for head in heads for word in self.topics[head]}
            if heads or (near and not is_closed(self.words[self.prose[near - 1]])):
                break
        last = (_tagged(sentence[-16:]) or [_Word("", "x")])[-1]
        return _End(i, sentence, last, _unbalanced(sentence)[0], frozenset(story))

    def start(self, at: int) -> _Start:
        i = self.prose[at]
        text = self.words[i].lstrip()
        sentence = _FIRST_SENTENCE.match(text[:400])[0]
        first = (_tagged(sentence[:16])[:1] or [_Word("", "x")])[0]
        about = set(self.topics[i])
        for near in range(at + 1, min(at + AFTER, len(self.prose))):
            if self._heads_over(near) or not is_closed(self.words[self.prose[near - 1]]):
                break
            about |= self.topics[self.prose[near]]
        closes = _unbalanced(sentence)[1]
        return _Start(
            block=i,
            head=sentence,
            first=first,
            closes=closes,
            looks=_looks(text, sentence, first, closes, self.rest),
            torn=_torn(text, first, closes),
            behind_an_end=bool(at) and not is_closed(self.words[self.prose[at - 1]]),
            about=frozenset(about),
            stands_in=self.topics[self.prose[at - 1]] if at else frozenset(),
        )

    def _heads_over(self, at: int) -> list[int]:
        """The heads between a paragraph and the one before it."""
        above = self.prose[at - 1] if at else -1
        return [i for i in range(above + 1, self.prose[at]) if i in self.heads]

    def weigh(self, end: _End, start: _Start, apart: int) -> float:
        """How much speaks for it that `start`, so many paragraphs behind, goes on with the sentence of `end`."""
        weight = start.looks - CHANCE - FARTHER * apart + self._cut_through(end, start)
        topic = SAME_TOPIC * self._topic(end, start)
        if start.block == end.block + 1:
            # The next paragraph of the same story speaks of the same, whether it goes on or begins anew.
            weight += BEHIND + min(topic, topic / 2)
        else:
            weight += topic + BEHIND_AN_END * start.behind_an_end
        weight += _IN_A_ROW.get((end.last.kind, start.first.kind[:1]), 0)
        weight += QUOTE_CLOSED * bool(end.open & start.closes)
        weight += QUOTE_LEFT_OPEN * bool(end.open - start.closes)
        return weight + QUOTE_FROM_NOWHERE * bool(start.closes - end.open)

    def _cut_through(self, end: _End, start: _Start) -> float:
        """What the characters on both sides of the cut say: halves of a word, a number and its unit, or nothing."""
        before, after = end.tail.rstrip()[-8:], start.head[:8]
        if not before or not after or goes_on(after):
            return 0
        if before.rstrip(".,")[-1:].isdigit():
            return NUMBER_AND_UNIT if after[0].isdigit() or after[0] in _UNITS else NUMBER_ALONE
        if not CHINESE.fullmatch(before[-1] + after[0]):
            return 0
        torn_end = len(end.last.text) == 1 and end.last.text not in _WHOLE
        torn_start = len(start.first.text) == 1 and start.first.text not in _WHOLE
        if _crossing(before, after):
            # What looked like a new beginning (在, 从) is the other half of a word then.
            return ONE_WORD + TORN_HALF * (torn_end + torn_start) - ANEW * begins_anew(after)
        stands_elsewhere = PAIR_ELSEWHERE * (self.pairs[before[-1] + after[0]] >= 2)
        return stands_elsewhere + TORN_END * torn_end + TORN_START * torn_start

    def _topic(self, end: _End, start: _Start) -> float:
        """Rare words that the beginning shares with the end's story, less those it shares with where it stands."""
        common = max(len(self.prose) / 3, 4)

        def rare(shared: frozenset[str]) -> float:
            return sum((1 if len(word) < 3 else 1.5) for word in shared if self.spread[word] <= common)

        lean = rare(start.about & (end.story - start.stands_in)) - rare(
            start.about & (start.stands_in - end.story)
        )
        return max(-ON_TOPIC, min(ON_TOPIC, lean / 2))


def _looks(text: str, sentence: str, first: _Word, closes: set[str], rest: float) -> float:
    """How much a block looks by itself as if it began inside a sentence; `rest`: how long a mere rest of one may be."""
    if goes_on(text):
        return GOES_ON
    if begins_anew(text):
        return ANEW
    looks = CLOSES * bool(closes) + NEVER_FIRST * (first.text in _NEVER_FIRST)
    looks += REST_OF_A_SENTENCE * (
        len(sentence) <= rest and (len(sentence) == len(text) or len(sentence) <= SHORTEST)
    )
    looks += AMOUNT_FIRST * bool(_AMOUNT.match(text))
    looks += VERB_ALONE * (
        first.kind in ("v", "vn", "a", "m", "q") and 1 < len(first.text) == len(_CLAUSE.match(text)[0])
    )
    return looks + next((worth for kinds, worth in _FIRST if first.kind in kinds), 0)


def _torn(text: str, first: _Word, closes: set[str]) -> bool:
    """Whether a block surely begins inside a sentence, wherever that began."""
    one_character = len(_CLAUSE.match(text)[0]) == 1 and bool(CHINESE.match(text))
    return (
        goes_on(text)
        or (bool(closes) and not begins_anew(text))
        or one_character
        or first.text in _NEVER_FIRST
    )


def _crossing(before: str, after: str) -> bool:
    """Whether the dictionary sees one word across the cut, made of whole words or halves and not of torn ones."""
    at = 0
    for word in _parted(before + after):
        if at < len(before) < at + len(word):
            return at in _edges(before) and at + len(word) - len(before) in _edges(after)
        at += len(word)
    return False


def _edges(text: str) -> set[int]:
    return {0, *accumulate(map(len, _parted(text)))}


def _unbalanced(sentence: str) -> tuple[set[str], set[str]]:
    """Quotes and brackets of a piece of a sentence that are opened only, and that are closed only (as openings)."""
    opened: list[str] = []
    closed: set[str] = set()
    for sign in sentence:
        if (at := _OPENING.find(sign)) >= 0:
            opened.append(sign)
        elif (at := _CLOSING.find(sign)) >= 0:
            if opened and opened[-1] == _OPENING[at]:
                opened.pop()
            else:
                closed.add(_OPENING[at])
    return set(opened), closed


def topics(text: str) -> frozenset[str]:
    """The words that say what a text is about: nouns and names."""
    return frozenset(
        one.text
        for one in _tagged(text[:2000])
        if len(one.text) > 1 and (one.kind[0] in "njli" or one.kind == "vn")
    )


def _tagged(text: str) -> list[_Word]:
    return [_Word(word, kind) for word, kind in _tagger()(_whole(text))]


def _parted(text: str) -> list[str]:
    return _cutter()(_whole(text), False)


def _whole(text: str) -> str:
    """With a sign in place of each half of a character, which the dictionary cannot read."""
    return text.encode("utf-8", "replace").decode()


@cache
def _tagger() -> Callable[[str], list[tuple[str, str]]]:
    from rjieba import tag  # a tenth of a second and 40 MB, which only a page that jumps needs

    return tag


@cache
def _cutter() -> Callable[[str, bool], list[str]]:
    from rjieba import cut

    return cut


# ------------------------------------------------------------------ all ends of a page at once
def _surest(weighed: dict[int, dict[int, float]]) -> dict[int, int]:
    """Of all ways to join one to one, that of most weight, without the joins it could nearly as well do without."""
    taken: dict[int, int] = {}  # start -> end
    for end in weighed:
        _place(weighed, taken, [end])
    sure: dict[int, int] = {}
    for start, end in taken.items():
        fits = weighed[end]
        weighed[end] = {one: weight for one, weight in fits.items() if one != start}
        others = {one: held for one, held in taken.items() if one != start}
        gained = 0.0
        while (more := _place(weighed, others, sorted(weighed.keys() - others.values()))) > LEAST:
            gained += more
        weighed[end] = fits
        if fits[start] - gained >= SURE:
            sure[end] = start
    return sure


def _place(weighed: dict[int, dict[int, float]], taken: dict[int, int], newcomers: Iterable[int]) -> float:
    """Give one of these ends its beginning, others making room along a chain, so that the whole gains most; what it
    gained."""
    gain, came = dict.fromkeys(newcomers, 0.0), {}
    best: tuple[float, int, int | None] = (0.0, -1, None)
    waiting = deque(
        gain
    )  # first come, first served: the other way round an end may be looked at any number of times
    while waiting:
        end = waiting.popleft()
        best = max(best, (gain[end], end, None), key=lambda one: one[0])
        for start, weight in weighed[end].items():
            holder, reached = taken.get(start), gain[end] + weight
            if holder is None:
                best = max(best, (reached, end, start), key=lambda one: one[0])
            elif holder != end and reached - weighed[holder][start] > gain.get(holder, -inf) + LEAST:
                gain[holder], came[holder] = reached - weighed[holder][start], (end, start)
                waiting.append(holder)
    gained, end, free = best
    while gained:
        before = came.get(end)
        if free is not None:
            taken[free] = end
        if before is None:
            break
        end, free = before
    return gained
