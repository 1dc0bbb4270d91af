"""Assign the blocks of a printed page to articles, by their form and their words."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, islice, pairwise, takewhile

from sources.text.printed.blocks import (
    Homes,
    Kind,
    features,
    find_boxes,
    find_headlines,
    kinds_of,
    leans_forward,
    repeats,
)
from sources.text.printed.page_jumps import find_jumps, topics
from sources.text.printed.printed_bylines import is_signature
from sources.text.sentences import is_closed

# Minimum number of distinguishing words (blocks.features): to place a stretch, one before any headline, to move a
# section, a lead. FOREIGN: how many times closer the last two must be to the other article than to their own.
AT_HOME, BEFORE_ITS_HEAD, SECTION, LEAD, FOREIGN = 3, 6, 8, 12, 4
# A section of at least STRANGE_FROM words, after at least as many, is separate from the text before it if it shares
# less than STRANGE of its words with it, or less than twice STRANGE if its head shares none either.
STRANGE_FROM, STRANGE = 100, 0.015
REACH = 40  # blocks: no lead is longer, and each lead found would otherwise scan everything before it
TELLING = 2  # nouns only one other piece has, to move a paragraph after a jump that has none of its own


@dataclass(slots=True)
class Sheet:
    """What is known of the blocks before assignment, all by index.

    `flow`: blocks that are not in a box, a repeat, a margin or the end of a cut-off sentence. `after`: from a cut-off
    block to its continuation; `before`: the reverse. `torn`: blocks that begin inside a sentence whose beginning was
    not found.
    """

    words: list[str]
    kinds: list[Kind]
    copies: dict[int, int]
    boxes: list[list[int]]
    flow: list[int] = field(default_factory=list)
    after: dict[int, int] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)
    torn: set[int] = field(default_factory=set)


@dataclass(slots=True)
class Piece:
    """An article under construction."""

    heads: list[int] = field(default_factory=list)
    bylines: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    boxed: list[int] = field(default_factory=list)

    def blocks(self) -> list[int]:
        return [*self.heads, *self.bylines, *self.body, *self.boxed]


@dataclass(slots=True)
class _Stretch:
    """Blocks without a break between them: under the headline of piece `opens`, after the end of a sentence cut off
    in block `resumes`, or (both -1) anywhere on the page."""

    opens: int = -1
    resumes: int = -1
    blocks: list[int] = field(default_factory=list)
    _known: set[str] = field(default_factory=set)
    _looked_at: int = 0  # blocks already read for `_known`; the list only grows during the walk

    def known(self, sheet: Sheet) -> set[str]:
        """Return the distinguishing words of its blocks so far; each block is read only once."""
        self._known.update(_words_of(sheet, self.blocks[self._looked_at :]))
        self._looked_at = len(self.blocks)
        return self._known


def deal_out(sheet: Sheet) -> list[Piece]:
    """Return the articles of a page, in the order of their headlines; blocks that match no article are in none."""
    pieces, stretches = _walk(sheet)
    _deal_out(sheet, pieces, stretches)
    _deal_out_boxes(sheet, pieces)
    return [piece for piece in pieces if piece.blocks()]


def read_sheet(words: list[str]) -> Sheet:
    """Classify the blocks by themselves and by their neighbours."""
    kinds = kinds_of(words)
    copies = repeats(words, kinds)
    sheet = Sheet(words, kinds, copies, find_boxes(kinds, copies))
    out = {i for box in sheet.boxes for i in box} | copies.keys()
    out |= {i for i, kind in enumerate(kinds) if kind is Kind.MARGIN}
    # Outside a box, what looks like a label (a kicker with ——, a bare year) is a head.
    sheet.kinds = [Kind.HEAD if kind is Kind.LABEL and i not in out else kind for i, kind in enumerate(kinds)]
    prose = [i for i, kind in enumerate(kinds) if kind is Kind.PROSE and i not in out]
    heads = (i for i, kind in enumerate(sheet.kinds) if kind is Kind.HEAD and i not in out)
    jumps = find_jumps(words, prose, heads)
    sheet.after, sheet.torn = jumps.after, jumps.torn
    sheet.before = {end: start for start, end in sheet.after.items()}
    sheet.flow = [i for i in range(len(words)) if i not in out and i not in sheet.before]
    return sheet


def _walk(sheet: Sheet) -> tuple[list[Piece], list[_Stretch]]:
    """Walk down the page: a headline opens a piece, a break opens a stretch not yet assigned."""
    headlines = find_headlines(sheet.words, sheet.kinds, sheet.flow)
    in_headlines = {i for run in headlines.values() for i in run}
    pieces: list[Piece] = []
    stretches, last = [_Stretch()], -1
    for at, i in enumerate(sheet.flow):
        opens = headlines.get(i, [])
        if i not in in_headlines and _strange(sheet, at, stretches):
            opens = [i]
        ends = sheet.kinds[i] is Kind.BYLINE and _signs_the_end(sheet, i, last)
        if opens or (sheet.kinds[i] is Kind.BYLINE and not ends and not _signs(sheet, pieces, last)):
            stretches.append(_Stretch(opens=len(pieces)))
            pieces.append(Piece(opens))
        elif stretches[-1].blocks and _broken(sheet, last, i):
            stretches.append(_Stretch(resumes=_resumed(sheet, i)))
        if ends and not (pieces and stretches[-1].opens >= 0 and not pieces[-1].bylines):
            stretches[-1].blocks.append(i)
        elif sheet.kinds[i] is Kind.BYLINE:
            pieces[-1].bylines.append(i)
        elif not opens and i not in in_headlines:
            stretches[-1].blocks += _chain(sheet, i)
        last = i
    return (
        (pieces, stretches) if pieces else ([Piece()], [_Stretch(0, blocks=one.blocks) for one in stretches])
    )


def _signs(sheet: Sheet, pieces: list[Piece], last: int) -> bool:
    """Return True if a byline belongs to the current piece: it has none yet, or this is its second line of names."""
    return bool(pieces) and (not pieces[-1].bylines or sheet.kinds[last] is Kind.BYLINE)


def _signs_the_end(sheet: Sheet, i: int, last: int) -> bool:
    """Return True for names in brackets after text: they sign the text above and do not open an article."""
    return last >= 0 and sheet.kinds[last] is Kind.PROSE and is_signature(sheet.words[i])


def _chain(sheet: Sheet, i: int) -> list[int]:
    chain = [i]
    while chain[-1] in sheet.after:
        chain.append(sheet.after[chain[-1]])
    return chain


def _broken(sheet: Sheet, last: int, i: int) -> bool:
    """Return True if the page jumps between two blocks of the flow: other text is between, or a sentence breaks off."""
    if last < 0 or i in sheet.torn or _resumed(sheet, i) >= 0:
        return True
    end = _chain(sheet, last)[-1]
    return end != i - 1 or (sheet.kinds[end] is Kind.PROSE and not is_closed(sheet.words[end]))


def _resumed(sheet: Sheet, i: int) -> int:
    """Return the block where the sentence was cut off that ends, after a jump, directly before this block; else -1."""
    start = sheet.before.get(i - 1, -1)
    return start if start != i - 2 else -1


def _strange(sheet: Sheet, at: int, stretches: list[_Stretch]) -> bool:
    """Return True if the section under a plain head shares no vocabulary with the text before it."""
    head = sheet.flow[at]
    if sheet.kinds[head] is not Kind.HEAD or sheet.words[head].startswith("**"):
        return False
    under = (sheet.flow[place] for place in range(at + 1, len(sheet.flow)))
    section = takewhile(lambda i: sheet.kinds[i] in (Kind.PROSE, Kind.ITEM), under)
    own = _words_of(sheet, section)
    if len(own) < STRANGE_FROM:
        return False
    known = [stretch.known(sheet) for stretch in stretches[-8:]]
    if len(set().union(*(islice(words, STRANGE_FROM) for words in known))) < STRANGE_FROM:
        return False
    shared = sum(any(word in words for words in known) for word in own)
    strange_head = not any(word in words for word in features(sheet.words[head]) for words in known)
    return shared < STRANGE * (1 + strange_head) * len(own)


def _words_of(sheet: Sheet, blocks: Iterable[int]) -> Counter:
    return features(*(sheet.words[i] for i in blocks))


# ------------------------------------------------------------------ assignment by vocabulary
def _deal_out(sheet: Sheet, pieces: list[Piece], stretches: list[_Stretch]) -> None:
    """Assign each stretch to the piece of its headline or of its cut-off sentence, else by its words.

    Within a stretch a section may belong to another article, and so may the end of a section: that article's lead.
    """
    openings = _openings(sheet, pieces, stretches)
    homes = Homes([_words_of(sheet, blocks) for blocks in openings])
    jumps = any(one.opens < 0 and one.blocks for one in stretches)
    whose: dict[str, int | None] = {}
    for at, blocks in enumerate(openings if jumps else []):
        _claim(whose, (word for i in blocks for word in topics(sheet.words[i])), at)
    owners: dict[int, int | None] = {}
    current: int | None = None
    for stretch in stretches:
        current = _start(sheet, stretch, homes, current, owners.get(stretch.resumes))
        for at, section in enumerate(_sections(sheet, stretch.blocks)):
            for part, (blocks, owner) in enumerate(list(_parts(sheet, section, homes, current))):
                if at and not part:
                    owner = homes.foreign(_words_of(sheet, blocks), owner, SECTION, FOREIGN)
                for above, i in pairwise([-1, *blocks]):
                    # After a jump, another story's column may follow directly, with no separator.
                    under_head = above >= 0 and sheet.kinds[above] is Kind.HEAD
                    if (
                        stretch.opens < 0
                        and sheet.kinds[i] is Kind.PROSE
                        and not under_head
                        and i not in sheet.before
                    ):
                        owner = _speaks_of(topics(sheet.words[i]), whose, owner)
                    owners[i] = owner
                    if jumps and owner is not None:
                        _claim(whose, topics(sheet.words[i]), owner)
                current = owner
    for i, owner in owners.items():
        if owner is not None:
            pieces[owner].body.append(i)


def _claim(whose: dict[str, int | None], words: Iterable[str], piece: int) -> None:
    """Record that a piece has these words; None for words of several pieces, which distinguish nothing."""
    for word in words:
        whose[word] = piece if whose.get(word, piece) == piece else None


def _speaks_of(paragraph: frozenset[str], whose: dict[str, int | None], own: int | None) -> int | None:
    """Return the piece of a paragraph: its own, unless it has enough words of another and none of its own."""
    shares = Counter(piece for word in paragraph if (piece := whose.get(word)) is not None)
    if own is None or shares[own] or not shares:
        return own
    best, words = shares.most_common(1)[0]
    return best if words >= TELLING else own


def _openings(sheet: Sheet, pieces: list[Piece], stretches: list[_Stretch]) -> list[list[int]]:
    """Return each piece's headline and the blocks under it up to the first subhead."""
    under = {one.opens: next(_sections(sheet, one.blocks)) for one in reversed(stretches) if one.opens >= 0}
    return [[*piece.heads, *under.get(at, [])] for at, piece in enumerate(pieces)]


def _start(
    sheet: Sheet, stretch: _Stretch, homes: Homes, current: int | None, resumed: int | None
) -> int | None:
    """Return the piece a stretch begins in; None if it is before the first headline and its words match no piece."""
    if stretch.opens >= 0 or resumed is not None:
        return stretch.opens if stretch.opens >= 0 else resumed
    if stretch.blocks and _from_another_page(sheet, stretch.blocks[0]):
        return None
    enough = BEFORE_ITS_HEAD if current is None else AT_HOME
    best, _ = homes.closest(_words_of(sheet, stretch.blocks), enough)
    return current if best is None else best


def _from_another_page(sheet: Sheet, i: int) -> bool:
    """Return True if a block follows （上接1版）: its story began on another page."""
    return i > 0 and sheet.kinds[i - 1] is Kind.MARGIN and "上接" in sheet.words[i - 1]


def _sections(sheet: Sheet, blocks: list[int]) -> Iterator[list[int]]:
    starts = [at for at, i in enumerate(blocks) if sheet.kinds[i] is Kind.HEAD and at]
    for start, end in pairwise([0, *starts, len(blocks)]):
        yield blocks[start:end]


def _parts(
    sheet: Sheet, blocks: list[int], homes: Homes, owner: int | None
) -> Iterator[tuple[list[int], int | None]]:
    """Split a section where it contains another article's lead, read before its headline; most stay whole.

    A lead repeats what its headline and the text below say, so one of its paragraphs identifies the piece. From there
    the lead extends back while blocks have more in common with what follows than with what precedes.
    """
    start, first = 0, int(bool(blocks) and sheet.kinds[blocks[0]] is not Kind.HEAD)
    for at in range(1, len(blocks)):
        other = homes.foreign(features(sheet.words[blocks[at]]), owner, LEAD, FOREIGN)
        if other == owner:
            continue
        first = max(first, at - REACH)
        while at > first and _leans_forward(sheet, blocks, at - 1):
            at -= 1
        if at > start:
            yield blocks[start:at], owner
        start, first, owner = at, at + 1, other
    yield blocks[start:], owner


def _leans_forward(sheet: Sheet, blocks: list[int], at: int) -> bool:
    head = sheet.kinds[blocks[at]] is Kind.HEAD
    return head or leans_forward([sheet.words[i] for i in blocks[max(at - 2, 0) : at + 3]], min(at, 2))


def _deal_out_boxes(sheet: Sheet, pieces: list[Piece]) -> None:
    """Append each box to the piece that shares its words and amounts, else to the piece it stands under."""
    homes = Homes([_words_of(sheet, piece.blocks()) for piece in pieces])
    openings = [(piece.blocks() or [len(sheet.words)])[0] for piece in pieces]
    # The first block of all pieces from an index on. Ascending, so bisect finds the last piece above a box.
    lowest = list(accumulate(reversed(openings), min))[::-1]
    for box in sheet.boxes:
        best, _ = homes.closest(_words_of(sheet, box), AT_HOME)
        above = bisect_left(lowest, box[0]) - 1
        if best is not None or above >= 0:
            pieces[above if best is None else best].boxed += box
