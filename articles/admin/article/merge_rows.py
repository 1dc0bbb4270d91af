"""A merge ready to print: who changed which words, and the choices for each conflict."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from articles.revisions.diff import SAME, Paragraph, Piece, compare_texts
from articles.revisions.history import label, word
from articles.revisions.merge import Merge, MergedField
from sources.text.merge.three_way import Choice, Hunk, Kind, words

WHO = {Kind.THEIRS: "来源", Kind.OURS: "编辑", Kind.BOTH: "来源和编辑都"}


@dataclass(slots=True)
class Shown:
    """A field or a passage of the body: who changed it, its words marked; in a conflict, each side's text."""

    kind: Kind
    name: str = ""
    label: str = ""
    marked: list[Paragraph] = field(default_factory=list)
    forms: dict[str, list[Paragraph]] = field(default_factory=dict)
    chosen: str = ""
    choices: tuple[Choice, ...] = ()

    @property
    def who(self) -> str:
        return WHO.get(self.kind, "")


@dataclass(slots=True)
class Row:
    """A block of the body with its passages, or the number of unchanged blocks left out."""

    parts: list[Shown] = field(default_factory=list)
    skipped: int = 0


def changed_fields(merge: Merge, chosen: Mapping[str, str]) -> list[Shown]:
    """The changed fields."""
    changed = (one for one in merge.fields if one.kind is not Kind.SAME)
    return [_field(one, chosen.get(one.name, "")) for one in changed]


def _field(one: MergedField, chosen: str) -> Shown:
    said = {side: word(one.name, getattr(one, side)) for side in ("base", "theirs", "ours")}
    shown = Shown(one.kind, one.name, label(one.name), chosen=chosen, choices=(Choice.OURS, Choice.THEIRS))
    if one.kind is Kind.CONFLICT:
        shown.forms = _forms(said)
    else:
        shown.marked = _marked(said["base"], word(one.name, one.taken()))
    return shown


def _forms(said: dict[str, str]) -> dict[str, list[Paragraph]]:
    """The texts of a conflict: base, and each side with its changes marked; [] if that side deleted it."""
    sides = {side: _marked(said["base"], said[side]) if said[side] else [] for side in ("theirs", "ours")}
    return sides | {"base": [[Piece(SAME, said["base"])]] if said["base"] else []}


def _marked(before: str, after: str) -> list[Paragraph]:
    """The new text with its changes marked."""
    return compare_texts(before, after) if before != after else [[Piece(SAME, after)]]


def rows(merge: Merge, chosen: Mapping[str, str]) -> Iterator[Row]:
    """The body's blocks in order; unchanged ones only next to a change."""
    passages = merge.body.passages
    touched = {n for n, hunks in enumerate(passages) if any(hunk.kind is not Kind.SAME for hunk in hunks)}
    near = {n + step for n in touched for step in (-1, 0, 1)}
    number, skipped = count(), 0
    for n, hunks in enumerate(passages):
        if n not in near:
            skipped += 1
            continue
        if skipped:
            yield Row(skipped=skipped)
        skipped = 0
        yield Row([_passage(hunk, number, chosen) for hunk in hunks if _has_words(hunk)])
    if skipped:
        yield Row(skipped=skipped)


def _has_words(hunk: Hunk) -> bool:
    """False for tags that only open or close a block."""
    return any(words(form) or form.count("<") > 1 for form in (hunk.base, hunk.theirs, hunk.ours))


def _passage(hunk: Hunk, number: Iterator[int], chosen: Mapping[str, str]) -> Shown:
    if hunk.kind is Kind.CONFLICT:
        name = f"body-{next(number)}"
        forms = _forms({side: words(getattr(hunk, side)) for side in ("base", "theirs", "ours")})
        both = (Choice.BOTH,) if hunk.theirs and hunk.ours else ()
        return Shown(
            hunk.kind, name, "正文", [], forms, chosen.get(name, ""), (Choice.OURS, Choice.THEIRS, *both)
        )
    before, after = words(hunk.base), words(hunk.taken())
    only_markup = hunk.kind is not Kind.SAME and before == after and bool(after)
    return Shown(hunk.kind, marked=_marked(before, after), label="（只改了格式）" if only_markup else "")
