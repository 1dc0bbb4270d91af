"""Find where cut-off paragraphs continue, on a page that jumps between columns and stories.

No single sign proves that two blocks are one sentence, so every end is scored against every later beginning, and the
best overall assignment is taken. Joins that the page could nearly do without are left to the editor.
"""

import re
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from math import inf

from sources.text.sentences import CHINESE, begins_anew, count_pairs, goes_on, is_closed

REACH = 40  # blocks ahead in which a cut-off sentence may continue
STORY, AFTER = 4, 2  # paragraphs that show the topic of an end, and of a beginning
MOST_ENDS, MOST_STARTS = 500, 5  # ends scored per page; beginnings kept per end
LEAST = 1e-9  # smaller differences in weight are rounding errors
ON_TOPIC = 2.5  # upper limit for the weight of shared words

# Weights: log odds, counted on pages cut up by a program, rounded.
CHANCE = 2.5  # prior of any pair; a pair below it is not a candidate
SURE = 1.5  # a join counts if the page's total loses at least this much without it
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
# Jumps to or from another page.
_TO_ELSEWHERE, _FROM_ELSEWHERE = (
    re.compile(r"[（(]下转[^（）()]{1,20}[）)]\s*+\Z"),
    re.compile(r"\s*+[（(]上接"),
)
_CLAUSE = re.compile(r"[^，、：；。！？]*")
_FIRST_SENTENCE = re.compile(r"[^。！？!?]*[。！？!?]?[”’]?")
_OPENING, _CLOSING = "“（《【(「『", "”）》】)」』"
# Characters that are words by themselves, so a sentence may be cut beside them without splitting a word.
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
# Longest paragraph that may be only the rest of a sentence: in characters, and as a share of the page's median.
LONGEST_REST, PART_OF_USUAL = 24, 0.45
SHORTEST = 8  # characters: a first sentence up to this long may also be a mere rest
_UNITS = frozenset("亿万千百元个家人户年月日时吨亩倍件次项名位多％%,，.。、")


@dataclass(slots=True)
class _Word:
    text: str
    kind: str


@dataclass(slots=True)
class _End:
    """A block that breaks off: the words before the cut, unclosed punctuation, the topic of its story."""

    block: int
    tail: str
    last: _Word
    open: set[str]
    story: frozenset[str]


@dataclass(slots=True)
class _Start:
    """A block that may be a continuation: its first words, the punctuation it closes, its topic and its
    predecessor's."""

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
    """`after` maps a block that breaks off to its continuation; `torn` are blocks that begin inside a sentence
    whose beginning was not found."""

    after: dict[int, int] = field(default_factory=dict)
    torn: set[int] = field(default_factory=set)


def find_jumps(words: Sequence[str], prose: Sequence[int], heads: Iterable[int]) -> Jumps:
    """Find the continuation of each paragraph that breaks off. `prose` are the paragraphs, `heads` the blocks where a
    story may open; both are indexes into `words`.

    One-to-one: each end has at most one beginning, and vice versa. Never raises.
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
    """The page's paragraphs, and in how many of them each word occurs."""

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
        """Return the heads between a paragraph and the one before it."""
        above = self.prose[at - 1] if at else -1
        return [i for i in range(above + 1, self.prose[at]) if i in self.heads]

    def weigh(self, end: _End, start: _Start, apart: int) -> float:
        """Score `start`, `apart` paragraphs further on, as the continuation of `end`."""
        weight = start.looks - CHANCE - FARTHER * apart + self._cut_through(end, start)
        topic = SAME_TOPIC * self._topic(end, start)
        if start.block == end.block + 1:
            # The next paragraph of a story shares its topic, whether it continues a sentence or not.
            weight += BEHIND + min(topic, topic / 2)
        else:
            weight += topic + BEHIND_AN_END * start.behind_an_end
        weight += _IN_A_ROW.get((end.last.kind, start.first.kind[:1]), 0)
        weight += QUOTE_CLOSED * bool(end.open & start.closes)
        weight += QUOTE_LEFT_OPEN * bool(end.open - start.closes)
        return weight + QUOTE_FROM_NOWHERE * bool(start.closes - end.open)

    def _cut_through(self, end: _End, start: _Start) -> float:
        """Score the characters on both sides of the cut: halves of a word, a number and its unit, or nothing."""
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
            # What looked like a new beginning (在, 从) is the second half of a word here.
            return ONE_WORD + TORN_HALF * (torn_end + torn_start) - ANEW * begins_anew(after)
        stands_elsewhere = PAIR_ELSEWHERE * (self.pairs[before[-1] + after[0]] >= 2)
        return stands_elsewhere + TORN_END * torn_end + TORN_START * torn_start

    def _topic(self, end: _End, start: _Start) -> float:
        """Score the rare words the beginning shares with the end's story, minus those shared with the block before
        it."""
        common = max(len(self.prose) / 3, 4)

        def rare(shared: frozenset[str]) -> float:
            return sum((1 if len(word) < 3 else 1.5) for word in shared if self.spread[word] <= common)

        lean = rare(start.about & (end.story - start.stands_in)) - rare(
            start.about & (start.stands_in - end.story)
        )
        return max(-ON_TOPIC, min(ON_TOPIC, lean / 2))


def _looks(text: str, sentence: str, first: _Word, closes: set[str], rest: float) -> float:
    """Score by form whether a block begins inside a sentence. `rest`: how long a mere rest of a sentence may be."""
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
    """Return True if a block certainly begins inside a sentence."""
    one_character = len(_CLAUSE.match(text)[0]) == 1 and bool(CHINESE.match(text))
    return (
        goes_on(text)
        or (bool(closes) and not begins_anew(text))
        or one_character
        or first.text in _NEVER_FIRST
    )


def _crossing(before: str, after: str) -> bool:
    """Return True if the dictionary finds one word across the cut, without splitting words on either side."""
    at = 0
    for word in _parted(before + after):
        if at < len(before) < at + len(word):
            return at in _edges(before) and at + len(word) - len(before) in _edges(after)
        at += len(word)
    return False


def _edges(text: str) -> set[int]:
    return {0, *accumulate(map(len, _parted(text)))}


def _unbalanced(sentence: str) -> tuple[set[str], set[str]]:
    """Return a fragment's unclosed opening quotes and brackets, and its unopened closing ones (as openings)."""
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
    """Return the words that show a text's topic: nouns and names."""
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
    """Replace lone surrogates, which the dictionary cannot read."""
    return text.encode("utf-8", "replace").decode()


@cache
def _tagger() -> Callable[[str], list[tuple[str, str]]]:
    from rjieba import tag  # loads in 0.1 s and takes 40 MB; only pages with jumps need it

    return tag


@cache
def _cutter() -> Callable[[str, bool], list[str]]:
    from rjieba import cut

    return cut


# ------------------------------------------------------------------ assignment of all ends of a page
def _surest(weighed: dict[int, dict[int, float]]) -> dict[int, int]:
    """Return the one-to-one assignment with the greatest total weight, minus joins the page could nearly do without."""
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
    """Assign a beginning to one of these ends, moving others along an augmenting path, for the greatest total gain.
    Return the gain."""
    gain, came = dict.fromkeys(newcomers, 0.0), {}
    best: tuple[float, int, int | None] = (0.0, -1, None)
    waiting = deque(gain)  # FIFO: with LIFO an end may be visited any number of times
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
