"""Make the snippet of a text around the best matches, and mark the matches. Pure.

Needles are the reader's words and phrases as typed; spaces in them and in the text are ignored.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

import numpy as np

from sources.text.folding import fold_evenly, squeezed

Piece = tuple[str, bool]  # text, whether it is a match
Find = tuple[int, int]  # start and end of a match

LENGTH = 120  # characters of a snippet
BEFORE = 40  # characters before the first match, at most
MOST_FINDS = 200  # matches per needle; the rest of the text is not scanned
_KEPT = np.array([not chr(code).isspace() for code in range(0x3002)])  # the last stands for all above
_SPACE = re.compile(r"\s+")
_SENTENCE = re.compile(r"[。！？!?；;\n]+[”’」』）)】》\s]*")
_PAUSE = re.compile(r"[，,、：:\s]+")


def make_snippet(text: str, needles: Iterable[str], length: int = LENGTH) -> list[Piece]:
    """About `length` characters of a text on one line, from where the most needles match close together, starting at
    a sentence if one begins nearby. The beginning of the text if nothing matches; [] for an empty text."""
    found = find_matches(text, needles)
    start, end = _window(text, found, length)
    shown = _pieces(text[start:end], [(a - start, b - start) for a, b in found if a >= start and b <= end])
    before, after = text[:start].strip(), text[end:].strip()
    return [*([("……", False)] if before and shown else []), *shown, *([("……", False)] if after else [])]


def highlight(title: str, needles: Iterable[str]) -> list[Piece]:
    """The whole title, with its matches marked."""
    return _pieces(title, find_matches(title, needles))


def find_matches(text: str, needles: Iterable[str]) -> list[Find]:
    """Where needles match in a text, in order; overlapping and adjacent matches are merged."""
    close, places = _squeezed(fold_evenly(text))
    spans = []
    for needle in dict.fromkeys(squeezed(fold_evenly(needle)) for needle in needles):
        at = -1
        for _ in range(MOST_FINDS if needle else 0):
            if (at := close.find(needle, at + 1)) < 0:
                break
            spans.append((int(places[at]), int(places[at + len(needle) - 1]) + 1))
    return _merged(sorted(spans))


def _squeezed(folded: str) -> tuple[str, np.ndarray]:
    """The text without whitespace, so that phrases match across line breaks, and each character's original index."""
    codes = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    kept = _KEPT.take(codes, mode="clip")
    return codes[kept].tobytes().decode("utf-32-le", "surrogatepass"), np.flatnonzero(kept)


def _merged(spans: Sequence[Find]) -> list[Find]:
    found: list[Find] = []
    for start, end in spans:
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


def _window(text: str, found: Sequence[Find], length: int) -> Find:
    """Start and end of the snippet."""
    start = _beginning(text, _densest(text, found, length)) if found else 0
    end = min(start + length, len(text))
    inside = [stop for begin, stop in found if begin < end < stop]
    end = inside[0] if inside and inside[0] <= start + 2 * length else end
    stops = [
        stop.end() for stop in _SENTENCE.finditer(text, start + length * 2 // 3, min(end + 20, len(text)))
    ]
    return start, stops[-1] if stops and stops[-1] >= _last_find(found, end) else end


def _last_find(found: Sequence[Find], end: int) -> int:
    return max((stop for _, stop in found if stop <= end), default=0)


def _densest(text: str, found: Sequence[Find], length: int) -> int:
    """The match from which a snippet shows most: different words first, then many, then long ones."""
    words = [fold_evenly(text[start:end]) for start, end in found]
    counts: dict[str, int] = {}
    best, best_at, last, total = -1, found[0][0], 0, 0
    for first, (start, _) in enumerate(found):
        while last < len(found) and (found[last][1] <= start + length - BEFORE or last == first):
            # A repeated word adds little; one long match counts more than its parts separately.
            total += len(words[last]) ** 2 if not counts.get(words[last]) else 1
            counts[words[last]] = counts.get(words[last], 0) + 1
            last += 1
        if total > best:
            best, best_at = total, start
        counts[words[first]] -= 1
        total -= 1 if counts[words[first]] else len(words[first]) ** 2
    return best_at


def _beginning(text: str, at: int) -> int:
    """The start of the match's sentence, or else clause, if it is at most BEFORE characters before the match."""
    near = max(0, at - BEFORE)
    if near == 0:
        return 0
    for sign in (_SENTENCE, _PAUSE):
        begun = [stop.end() for stop in sign.finditer(text, near, at) if stop.end() <= at]
        if begun:
            return begun[0] if sign is _PAUSE else begun[-1]
    return max(near, at - BEFORE // 2)


def _pieces(text: str, found: Sequence[Find]) -> list[Piece]:
    """The text on one line, split at the matches; adjacent pieces of a kind are joined."""
    cut, at = [], 0
    for start, end in found:
        cut += [(text[at:start], False), (text[start:end], True)]
        at = end
    cut.append((text[at:], False))
    lined = [(_SPACE.sub(" ", piece), mark) for piece, mark in cut if piece]
    if lined:
        lined[0] = lined[0][0].lstrip(), lined[0][1]
        lined[-1] = lined[-1][0].rstrip(), lined[-1][1]
    joined = groupby((piece for piece in lined if piece[0]), key=lambda piece: piece[1])
    return [("".join(text for text, _ in some), mark) for mark, some in joined]
