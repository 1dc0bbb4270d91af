"""A diff of two versions of an article, by paragraph and by word. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from articles.revisions.sequence_match import opcodes
from sources.text.plain import plain_text

# Beyond these limits both sides are shown whole: comparing them would take too long.
MANY = 300  # paragraphs
LONG = 1500  # characters of a paragraph
CONTEXT = 1  # unchanged paragraphs shown around a change

SAME, ADDED, REMOVED, SKIPPED = "same", "added", "removed", "skipped"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words of a paragraph; for a skipped run, the number of paragraphs."""

    kind: str
    words: str


type Paragraph = list[Piece]


def compare_texts(old: str, new: str) -> list[Paragraph]:
    """The paragraphs (lines) of two texts compared; of unchanged runs only the edges are kept."""
    return list(_shorten(list(_compare(old.split("\n"), new.split("\n")))))


def compare_bodies(old: str, new: str) -> list[Paragraph]:
    """Compare two HTML bodies by their words, or by their markup if only that differs."""
    old_words, new_words = plain_text(old), plain_text(new)
    if old_words == new_words:
        return compare_texts(_lines(old), _lines(new))
    return compare_texts(old_words, new_words)


def only_markup_differs(old: str, new: str) -> bool:
    return old != new and plain_text(old) == plain_text(new)


def _lines(html: str) -> str:
    return html.replace("><", ">\n<")


def _compare(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    """As SequenceMatcher, after removing equal paragraphs at both ends."""
    start = _equal_at_start(old, new)
    end = _equal_at_start(old[start:][::-1], new[start:][::-1])
    yield from ([Piece(SAME, line)] for line in old[:start])
    yield from _compare_middles(old[start : len(old) - end], new[start : len(new) - end])
    yield from ([Piece(SAME, line)] for line in old[len(old) - end :])


def _equal_at_start(old: list[str], new: list[str]) -> int:
    pairs = zip(old, new, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(old), len(new)))


def _compare_middles(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    if max(len(old), len(new)) > MANY:
        yield from _replaced(old, new)
        return
    for what, a, b, c, d in opcodes(SequenceMatcher(None, old, new, autojunk=False)):
        if what == "equal":
            yield from ([Piece(SAME, line)] for line in old[a:b])
        else:
            yield from _replaced(old[a:b], new[c:d])


def _replaced(old: list[str], new: list[str]) -> Iterator[Paragraph]:
    """Compare pairs of paragraphs word by word; the surplus of the longer side was removed or added whole."""
    pairs = min(len(old), len(new)) if max(len(old), len(new)) <= MANY else 0
    yield from (_word_by_word(a, b) for a, b in zip(old[:pairs], new[:pairs], strict=True))
    yield from ([Piece(REMOVED, line)] for line in old[pairs:] if line)
    yield from ([Piece(ADDED, line)] for line in new[pairs:] if line)


def _word_by_word(old: str, new: str) -> Paragraph:
    matcher = SequenceMatcher(None, old, new)
    # Sentences that share only a few characters are shown as removed and added.
    if max(len(old), len(new)) > LONG or matcher.quick_ratio() < 0.3:
        return [piece for piece in (Piece(REMOVED, old), Piece(ADDED, new)) if piece.words]
    pieces = []
    for what, a, b, c, d in opcodes(matcher):
        if what == "equal":
            pieces.append(Piece(SAME, old[a:b]))
            continue
        pieces += [piece for piece in (Piece(REMOVED, old[a:b]), Piece(ADDED, new[c:d])) if piece.words]
    return pieces


def _shorten(paragraphs: list[Paragraph]) -> Iterator[Paragraph]:
    """Leave out runs of unchanged paragraphs, saying how many."""
    changed = [n for n, pieces in enumerate(paragraphs) if any(piece.kind != SAME for piece in pieces)]
    near = {n + step for n in changed for step in range(-CONTEXT, CONTEXT + 1)}
    skipped = 0
    for n, pieces in enumerate(paragraphs):
        if n not in near:
            skipped += 1
            continue
        if skipped:
            yield [Piece(SKIPPED, str(skipped))]
        skipped = 0
        yield pieces
    if skipped:
        yield [Piece(SKIPPED, str(skipped))]
