"""Three-way merge of an article's body, block by block and sentence by sentence.

`base` is what the source brought before, `theirs` what it brings now, `ours` the article as editors left it.
What only one side changed is taken; what both changed differently is a conflict, for a person to settle. Unlike
diff3, which counts changes of neighbours as one conflict, each piece is settled by itself. Pure.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from sources.text.merge.align import align, is_similar, key
from sources.text.merge.elements import blocks, opened, parts
from sources.text.plain import plain_text

MOST = 1500  # blocks of a body, sentences of a block; one of more is merged as a whole


class Kind(StrEnum):
    """Who changed a passage."""

    SAME = "same"
    THEIRS = "theirs"
    OURS = "ours"
    BOTH = "both"  # both in the same way
    CONFLICT = "conflict"


class Choice(StrEnum):
    """How a conflict is settled; BOTH puts ours before theirs."""

    OURS = "ours"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Hunk:
    """A passage in its three forms, as HTML ("" where it does not stand), and who changed it."""

    kind: Kind
    base: str
    theirs: str
    ours: str

    def taken(self, choice: Choice = Choice.OURS) -> str:
        """What stands in the merged text; `choice` is asked of a conflict only."""
        if self.kind is Kind.CONFLICT:
            return {Choice.OURS: self.ours, Choice.THEIRS: self.theirs}.get(choice, self._joined())
        return self.theirs if self.kind is Kind.THEIRS else self.ours

    def _joined(self) -> str:
        gap = "\n" if self.ours.rstrip().endswith(">") and self.theirs.lstrip().startswith("<") else ""
        return f"{self.ours.rstrip()}{gap}{self.theirs}" if gap else self.ours + self.theirs


type Passage = list[Hunk]  # one block, cut up where it had to be, or a run of blocks


@dataclass(frozen=True, slots=True)
class MergedBody:
    """A merged body in passages. Their three forms joined are the three bodies, but for blanks between blocks."""

    base: str
    theirs: str
    ours: str
    passages: list[Passage]

    def conflicts(self) -> list[Hunk]:
        """The passages that a person must settle, in the order of the text."""
        return [hunk for passage in self.passages for hunk in passage if hunk.kind is Kind.CONFLICT]

    def html(self, choices: Sequence[Choice] = ()) -> str:
        """The merged body. `choices` settle the conflicts in their order; where none is given, ours stands."""
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
    """Merge three sanitised bodies. Never raises; ours is in the result, or in a passage that says it went."""
    cut = [blocks(body) for body in (base, theirs, ours)]
    if max(map(len, cut)) > MOST:
        return MergedBody(base, theirs, ours, [[_hunk(base, theirs, ours)]])
    return MergedBody(
        base, theirs, ours, [passage for triple in _line_up(*cut) for passage in _merge(*triple)]
    )


# ------------------------------------------------------------------ pieces that belong together
type _Pieces = Sequence[str]


def _line_up(base: _Pieces, theirs: _Pieces, ours: _Pieces) -> Iterator[tuple[_Pieces, _Pieces, _Pieces]]:
    """What stands in the same place: what was put in before a piece of `base`, then the piece in its three forms."""
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
    """One place settled: as a whole if it can be, else by what it consists of."""
    if not base:
        yield from ([hunk] for hunk in _put_in(theirs, ours))
        return
    hunk = _hunk("".join(base), "".join(theirs), "".join(ours))
    yield (hunk.kind is Kind.CONFLICT and _within(hunk)) or [hunk]


def _put_in(theirs: _Pieces, ours: _Pieces) -> Iterator[Hunk]:
    """New pieces in one place: what both put in stands once, what one did stands, different ones are a conflict."""
    matcher = SequenceMatcher(None, [key(one) for one in theirs], [key(one) for one in ours])
    for what, a, b, c, d in matcher.get_opcodes():
        if what == "equal":
            yield from (Hunk(Kind.BOTH, "", x, y) for x, y in zip(theirs[a:b], ours[c:d], strict=True))
        else:
            yield _hunk("", "".join(theirs[a:b]), "".join(ours[c:d]))


def _within(hunk: Hunk) -> Passage | None:
    """The passage settled by its own blocks or sentences; None where its forms are not versions of one block."""
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
    """A passage as a reader sees it."""
    return plain_text(html)
