"""Three-way merge of an article's body, block by block and sentence by sentence. Pure.

`base` is the source's previous version, `theirs` its new version, `ours` the article as edited here. A change on one
side is taken; different changes on both sides are a conflict that an editor resolves. Each piece is merged on its own,
while diff3 counts changes of adjacent pieces as one conflict.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from sources.text.merge.align import align, is_similar, key
from sources.text.merge.elements import blocks, opened, parts
from sources.text.plain import plain_text

MOST = 1500  # blocks per body, or sentences per block; above this, merge it as a whole


class Kind(StrEnum):
    """Which side changed a piece."""

    SAME = "same"
    THEIRS = "theirs"
    OURS = "ours"
    BOTH = "both"  # both made the same change
    CONFLICT = "conflict"


class Choice(StrEnum):
    """How to resolve a conflict; BOTH puts ours before theirs."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Hunk:
    """A piece in its three versions, as HTML ("" if absent), and which side changed it."""

    kind: Kind
    base: str
    theirs: str
    ours: str

    def taken(self, choice: Choice = Choice.OURS) -> str:
        """Return the merged HTML; `choice` only applies to a conflict."""
        if self.kind is Kind.CONFLICT:
            return {Choice.OURS: self.ours, Choice.THEIRS: self.theirs}.get(choice, self._joined())
        return self.theirs if self.kind is Kind.THEIRS else self.ours

    def _joined(self) -> str:
        gap = "\n" if self.ours.rstrip().endswith(">") and self.theirs.lstrip().startswith("<") else ""
        return f"{self.ours.rstrip()}{gap}{self.theirs}" if gap else self.ours + self.theirs


type Passage = list[Hunk]  # one block, split where necessary, or a run of blocks


@dataclass(frozen=True, slots=True)
class MergedBody:
    """A merged body in passages. One version of all hunks, joined, is that body except for whitespace between
    blocks."""

    base: str
    theirs: str
    ours: str
    passages: list[Passage]

    def conflicts(self) -> list[Hunk]:
        """Return the hunks that an editor must resolve, in text order."""
        return [hunk for passage in self.passages for hunk in passage if hunk.kind is Kind.CONFLICT]

    def html(self, choices: Sequence[Choice] = ()) -> str:
        """Return the merged body. `choices` resolve the conflicts in order; conflicts without a choice use ours."""
        kinds = {hunk.kind for passage in self.passages for hunk in passage}
        if not kinds & {Kind.THEIRS, Kind.CONFLICT}:
            return self.ours
        if not kinds & {Kind.OURS, Kind.CONFLICT}:
            return self.theirs
        left = iter(choices)
        made = (_joined(passage, left) for passage in self.passages)
        return "\n".join(block for block in made if block)


def _joined(passage: Passage, choices: Iterator[Choice]) -> str:
    taken = [
        hunk.taken(next(choices, Choice.OURS)) if hunk.kind is Kind.CONFLICT else hunk.taken()
        for hunk in passage
    ]
    hollow = len(taken) > 2 and not "".join(taken[1:-1]).strip()
    return "" if hollow else "".join(taken).strip()


def merge_bodies(base: str, theirs: str, ours: str) -> MergedBody:
    """Merge three sanitised bodies. Never raises. Text of ours is in the result, or a hunk shows its removal."""
    cut = [blocks(body) for body in (base, theirs, ours)]
    if max(map(len, cut)) > MOST:
        return MergedBody(base, theirs, ours, [[_hunk(base, theirs, ours)]])
    return MergedBody(
        base, theirs, ours, [passage for triple in _line_up(*cut) for passage in _merge(*triple)]
    )


# ------------------------------------------------------------------ alignment of the three versions
type _Pieces = Sequence[str]


def _line_up(base: _Pieces, theirs: _Pieces, ours: _Pieces) -> Iterator[tuple[_Pieces, _Pieces, _Pieces]]:
    """Yield aligned (base, theirs, ours) triples: what was inserted before a piece of `base`, then the piece itself."""
    their_places, our_places = [*align(base, theirs), len(theirs)], [*align(base, ours), len(ours)]
    t = o = 0
    for i in range(len(base) + 1):
        their_place, our_place = their_places[i], our_places[i]
        put_in = ([], _up_to(theirs, t, their_place), _up_to(ours, o, our_place))
        if put_in[1] or put_in[2]:
            yield put_in
        t, o = _behind(t, their_place), _behind(o, our_place)
        if i < len(base):
            yield base[i : i + 1], _at(theirs, their_place), _at(ours, our_place)


def _up_to(pieces: _Pieces, start: int, end: int | None) -> _Pieces:
    return pieces[start:end] if end is not None else []


def _behind(start: int, place: int | None) -> int:
    return start if place is None else place + 1


def _at(pieces: _Pieces, place: int | None) -> _Pieces:
    return [] if place is None else pieces[place : place + 1]


def _merge(base: _Pieces, theirs: _Pieces, ours: _Pieces) -> Iterator[Passage]:
    """Merge one triple: as a whole if possible, else by its parts."""
    if not base:
        yield from ([hunk] for hunk in _put_in(theirs, ours))
        return
    hunk = _hunk("".join(base), "".join(theirs), "".join(ours))
    yield (hunk.kind is Kind.CONFLICT and _within(hunk)) or [hunk]


def _put_in(theirs: _Pieces, ours: _Pieces) -> Iterator[Hunk]:
    """Merge insertions at one place: equal ones are kept once, one-sided ones are kept, different ones conflict."""
    matcher = SequenceMatcher(None, [key(one) for one in theirs], [key(one) for one in ours])
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield from (Hunk(Kind.BOTH, "", x, y) for x, y in zip(theirs[a:b], ours[c:d], strict=True))
        else:
            yield _hunk("", "".join(theirs[a:b]), "".join(ours[c:d]))


def _within(hunk: Hunk) -> Passage | None:
    """Merge a conflict by its inner blocks or sentences; None if the three are not versions of one block."""
    forms = [opened(form) for form in (hunk.base, hunk.theirs, hunk.ours)]
    if None in forms or not (is_similar(hunk.base, hunk.theirs) and is_similar(hunk.base, hunk.ours)):
        return None
    opening = _hunk(*(form.opening for form in forms))
    cut = [parts(form.inner) for form in forms]
    if opening.kind is Kind.CONFLICT or not 2 <= max(map(len, cut)) <= MOST:
        return None
    inner = [one for triple in _line_up(*cut) for passage in _merge(*triple) for one in passage]
    closing = Hunk(opening.kind, *(form.closing for form in forms))
    return [opening, *inner, closing]


def _hunk(base: str, theirs: str, ours: str) -> Hunk:
    was, new, now = key(base), key(theirs), key(ours)
    if new == now:
        return Hunk(Kind.SAME if now == was else Kind.BOTH, base, theirs, ours)
    if new == was:
        return Hunk(Kind.OURS, base, theirs, ours)
    return Hunk(Kind.THEIRS if now == was else Kind.CONFLICT, base, theirs, ours)


def words(html: str) -> str:
    """Return a passage as plain text."""
    return plain_text(html)
