"""What two sequences have in common, as difflib finds it, but never for longer than their length allows. Pure.

difflib looks for the longest common piece, then on both sides of it, and so on. Where the same few elements stand again
and again that takes the square of the length, and its cube where the pieces are short. So its steps are counted. What
is left when they are spent is compared in one pass: by what stands once on either side, and by equal ends.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate, pairwise

STEPS = 30  # of comparing, for each element of both: real paragraphs, reworded, took 25 at most and mostly 2

type Block = tuple[int, int, int]  # where it begins in the one and in the other, and how long it is
type Opcode = tuple[str, int, int, int, int]  # as difflib has them, but only "equal" and "replace"


def opcodes(matcher: SequenceMatcher) -> Iterator[Opcode]:
    """What stays, and what is replaced by what (by nothing, or nothing by something, too), in order."""
    old, new = len(matcher.a), len(matcher.b)
    i = j = 0
    for a, b, size in [*_matching_blocks(matcher), (old, new, 0)]:
        if i < a or j < b:
            yield "replace", i, a, j, b
        if size:
            yield "equal", a, a + size, b, b + size
        i, j = a + size, b + size


def _matching_blocks(matcher: SequenceMatcher) -> list[Block]:
    """As the matcher's own method, in order; pieces that touch are one."""
    one, other = matcher.a, matcher.b
    # How many steps the search through a part of `one` takes: each element is held against all like it in `other`.
    steps = list(accumulate((1 + len(matcher.b2j.get(x, ())) for x in one), initial=0))
    left = STEPS * (len(one) + len(other))
    found, waiting = [], [(0, len(one), 0, len(other))]
    while waiting:
        a, end_a, b, end_b = waiting.pop()
        left -= steps[end_a] - steps[a]
        if left < 0:
            found += _at_once(one, other, (a, end_a, b, end_b))
            continue
        i, j, size = matcher.find_longest_match(a, end_a, b, end_b)
        if not size:
            continue
        found.append((i, j, size))
        if a < i and b < j:
            waiting.append((a, i, b, j))
        if i + size < end_a and j + size < end_b:
            waiting.append((i + size, end_a, j + size, end_b))
    return _joined(sorted(found))


def _joined(blocks: Sequence[Block]) -> list[Block]:
    found: list[Block] = []
    for i, j, size in blocks:
        if found and found[-1][0] + found[-1][2] == i and found[-1][1] + found[-1][2] == j:
            i, j, before = found.pop()
            size += before
        found.append((i, j, size))
    return found


# ------------------------------------------------------------------ in one pass
def _at_once(one: Sequence, other: Sequence, within: tuple[int, int, int, int]) -> Iterator[Block]:
    """Equal ends, and what stands once on either side, with its equal neighbours."""
    a, end_a, b, end_b = within
    anchors = [(a - 1, b - 1), *_anchors(one, other, within), (end_a, end_b)]
    yield from ((i, j, 1) for i, j in anchors[1:-1])
    for (i, j), (end_i, end_j) in pairwise(anchors):
        i, j = i + 1, j + 1
        most = min(end_i - i, end_j - j)
        start = next((n for n in range(most) if one[i + n] != other[j + n]), most)
        most -= start
        end = next((n for n in range(most) if one[end_i - 1 - n] != other[end_j - 1 - n]), most)
        yield from (block for block in ((i, j, start), (end_i - end, end_j - end, end)) if block[2])


def _anchors(one: Sequence, other: Sequence, within: tuple[int, int, int, int]) -> list[tuple[int, int]]:
    """The longest rising row of places of what stands once on either side (patience diff)."""
    a, end_a, b, end_b = within
    times, others = Counter(one[a:end_a]), Counter(other[b:end_b])
    there = {other[j]: j for j in range(b, end_b) if others[other[j]] == 1}
    pairs = [(i, there[one[i]]) for i in range(a, end_a) if times[one[i]] == 1 and one[i] in there]
    ends: list[int] = []  # the lowest last place of a row of each length, and which pair it is of
    of: list[int] = []
    before: list[int] = []
    for at, (_, j) in enumerate(pairs):
        length = bisect_left(ends, j)
        before.append(of[length - 1] if length else -1)
        ends[length : length + 1], of[length : length + 1] = [j], [at]
    row, at = [], of[-1] if of else -1
    while at >= 0:
        row.append(pairs[at])
        at = before[at]
    return row[::-1]
