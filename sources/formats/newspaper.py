"""A newspaper page as OCR text: numbered blocks, articles proposed from them, repeats marked (formats.md §2).

The reader proposes, an editor decides; so wherever it is not sure, a block stays with the one before it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from sources.formats.raw import NO_OUTLET, Page, Proposal, RawArticle, Unreadable
from sources.text.blocks import (
    Byline,
    Homes,
    Kind,
    bare,
    cut,
    features,
    find_boxes,
    find_headlines,
    kind_of,
    kinds_of,
    leans_forward,
    mark_up,
    opens_with_dateline,
    read_byline,
    read_edition,
    repeats,
    variants,
)
from sources.text.boilerplate import tidy
from sources.text.credit import find_reporters
from sources.text.dates import NO_DATE
from sources.text.decode import decode
from sources.text.plain import read_plain
from sources.text.sanitize import sanitize_html
from sources.text.sentences import continuations, count_pairs, is_closed

TO_CHECK = "OCR 版面拆出的稿件，请核对"
# How many telling words (blocks.features) it takes: to place a stretch, one before any headline, to take out a
# section, a lead; and how many times closer to the other article than to its own these two must be.
AT_HOME, BEFORE_ITS_HEAD, SECTION, LEAD, FOREIGN = 3, 6, 8, 12, 4
# A section of so many words is no part of what stands before, of as many, if it shares less than this with it;
# less than twice this, if not even its head shares a word.
STRANGE_FROM, STRANGE = 100, 0.015


@dataclass(slots=True)
class _Sheet:
    """What is known of the blocks before they are dealt out, all by index.

    `flow`: those that are in no box, repeat or margin, nor the end of a broken sentence; `after`: from a block that
    breaks off to the one that goes on; `before`: the other way round.
    """

    words: list[str]
    kinds: list[Kind]
    copies: dict[int, int]
    boxes: list[list[int]]
    pairs: Counter
    flow: list[int] = field(default_factory=list)
    after: dict[int, int] = field(default_factory=dict)
    before: dict[int, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Piece:
    """An article while it is put together."""

    heads: list[int] = field(default_factory=list)
    bylines: list[int] = field(default_factory=list)
    body: list[int] = field(default_factory=list)
    boxed: list[int] = field(default_factory=list)

    def blocks(self) -> list[int]:
        return [*self.heads, *self.bylines, *self.body, *self.boxed]


@dataclass(slots=True)
class _Stretch:
    """Blocks without a break between them: under the headline of piece `opens`, behind the end of a sentence that
    broke off in block `resumes`, or (both -1) somewhere on the page."""

    opens: int = -1
    resumes: int = -1
    blocks: list[int] = field(default_factory=list)


def looks_like(text: str) -> bool:
    """Whether a text is a printed page: many blocks, and bylines, datelines or box items among them."""
    if text.lstrip("\ufeff \t\r\n")[:3] == "---" or text.lstrip("\ufeff \t\r\n")[:1] in "<{[":
        return False
    words = [block.strip() for block in cut(text)]
    kinds = Counter(kind_of(one) for one in words)
    signs = kinds[Kind.BYLINE] + kinds[Kind.ITEM] // 2 + sum(map(opens_with_dateline, words))
    return len(words) >= 8 and kinds[Kind.PROSE] >= 4 and signs >= 1


def read(data: bytes, name: str) -> Iterator[RawArticle | Page]:
    """Yield each proposed article (part "1", "2", …; every one with problems), then the Page they were taken from.

    Raises Unreadable for what holds no text. `name` is not looked at: such files carry names of chance.
    """
    decoded = decode(data)
    if not decoded.text.strip("\ufeff \t\r\n\u3000\0") or "\0" in decoded.text[:1000]:
        raise Unreadable("文件是空的，或不是文本文件，没有可导入的内容")
    page, sheet, pieces = _propose(decoded.text)
    day, number, paper = read_edition(_of(sheet, Kind.MARGIN))
    signed = {read_byline(words).outlet for words in _of(sheet, Kind.BYLINE)} - {""}
    for part, piece in enumerate(pieces, 1):
        raw = _article(page, sheet, piece, str(part))
        raw.edition_date, raw.page, raw.outlet = day, number, raw.outlet or paper
        if not raw.outlet:
            seen = f"（同版有稿件署“{'、'.join(sorted(signed))}”）" if signed else ""
            raw.problems.append(f"{NO_OUTLET}{seen}")
        raw.problems += [decoded.problem] if decoded.problem else []
        yield raw
    yield page


def _of(sheet: _Sheet, kind: Kind) -> list[str]:
    return [words for words, one in zip(sheet.words, sheet.kinds, strict=True) if one is kind]


def lay_out(text: str) -> Page:
    """Cut a page's text into blocks and propose which of them make an article, in which order. Never raises."""
    return _propose(text)[0]


def body_html(blocks: Sequence[str], numbers: Iterable[int]) -> str:
    """The blocks of these numbers (from 1, without head and byline) as sanitised HTML, broken paragraphs joined."""
    words = [block.strip() for block in blocks]
    return tidy(sanitize_html(mark_up(words, [number - 1 for number in numbers], count_pairs(words))))


# ------------------------------------------------------------------ the page: which block belongs where
def _propose(text: str) -> tuple[Page, _Sheet, list[_Piece]]:
    blocks = cut(text)
    sheet = _sheet([block.strip() for block in blocks])
    pieces, stretches = _walk(sheet)
    _deal_out(sheet, pieces, stretches)
    _deal_out_boxes(sheet, pieces)
    pieces = [piece for piece in pieces if piece.blocks()]
    used = {i for piece in pieces for i in piece.blocks()} | sheet.copies.keys()
    page = Page(
        blocks,
        [_proposal(sheet, piece) for piece in pieces],
        {i + 1: kept + 1 for i, kept in sheet.copies.items()},
        [i + 1 for i in range(len(blocks)) if i not in used],
        {i + 1: j + 1 for i, j in variants(sheet.words, sheet.kinds, sheet.copies).items()},
    )
    return page, sheet, pieces


def _proposal(sheet: _Sheet, piece: _Piece) -> Proposal:
    title, byline = _title(sheet, piece)[0], _byline(sheet, piece).names
    return Proposal(title=title, byline=byline, blocks=[i + 1 for i in piece.blocks()])


def _sheet(words: list[str]) -> _Sheet:
    kinds = kinds_of(words)
    copies = repeats(words, kinds)
    sheet = _Sheet(words, kinds, copies, find_boxes(kinds, copies), count_pairs(words))
    out = {i for box in sheet.boxes for i in box} | copies.keys()
    out |= {i for i, kind in enumerate(kinds) if kind is Kind.MARGIN}
    # Outside of a box what looks like a label (a kicker with ——, a bare year) is a head.
    sheet.kinds = [Kind.HEAD if kind is Kind.LABEL and i not in out else kind for i, kind in enumerate(kinds)]
    prose = [i for i, kind in enumerate(kinds) if kind is Kind.PROSE and i not in out]
    sheet.after = continuations(words, prose, sheet.pairs)
    sheet.before = {end: start for start, end in sheet.after.items()}
    sheet.flow = [i for i in range(len(words)) if i not in out and i not in sheet.before]
    return sheet


def _walk(sheet: _Sheet) -> tuple[list[_Piece], list[_Stretch]]:
    """Go down the page: a headline opens a piece, a break opens a stretch of which nothing is known yet."""
    headlines = find_headlines(sheet.words, sheet.kinds, sheet.flow)
    in_headlines = {i for run in headlines.values() for i in run}
    pieces: list[_Piece] = []
    stretches, last = [_Stretch()], -1
    for at, i in enumerate(sheet.flow):
        opens = headlines.get(i, [])
        if i not in in_headlines and _strange(sheet, at, stretches):
            opens = [i]
        if opens or (sheet.kinds[i] is Kind.BYLINE and not _signs(sheet, pieces, last)):
            stretches.append(_Stretch(opens=len(pieces)))
            pieces.append(_Piece(opens))
        elif stretches[-1].blocks and _broken(sheet, last, i):
            stretches.append(_Stretch(resumes=_resumed(sheet, i)))
        if sheet.kinds[i] is Kind.BYLINE:
            pieces[-1].bylines.append(i)
        elif not opens and i not in in_headlines:
            stretches[-1].blocks += _chain(sheet, i)
        last = i
    return (
        (pieces, stretches) if pieces else ([_Piece()], [_Stretch(0, blocks=one.blocks) for one in stretches])
    )


def _signs(sheet: _Sheet, pieces: list[_Piece], last: int) -> bool:
    """Whether a byline signs the piece at hand: it has none yet, or a second line of names follows the first."""
    return bool(pieces) and (not pieces[-1].bylines or sheet.kinds[last] is Kind.BYLINE)


def _chain(sheet: _Sheet, i: int) -> list[int]:
    chain = [i]
    while chain[-1] in sheet.after:
        chain.append(sheet.after[chain[-1]])
    return chain


def _broken(sheet: _Sheet, last: int, i: int) -> bool:
    """Whether the page jumps between two blocks of the flow: something foreign stands there, or words break off."""
    if last < 0 or _resumed(sheet, i) >= 0 or any(j not in sheet.before for j in range(last + 1, i)):
        return True
    end = _chain(sheet, last)[-1]
    return sheet.kinds[end] is Kind.PROSE and not is_closed(sheet.words[end])


def _resumed(sheet: _Sheet, i: int) -> int:
    """The block in which the sentence broke off that ends, after a jump, right before this block; -1 for none."""
    start = sheet.before.get(i - 1, -1)
    return start if start != i - 2 else -1


def _strange(sheet: _Sheet, at: int, stretches: list[_Stretch]) -> bool:
    """Whether the section under a plain head has no words in common with what it stands under: then it is no part."""
    head = sheet.flow[at]
    if sheet.kinds[head] is not Kind.HEAD or sheet.words[head].startswith("**"):
        return False
    section: list[int] = []
    for i in sheet.flow[at + 1 :]:
        if sheet.kinds[i] not in (Kind.PROSE, Kind.ITEM):
            break
        section.append(i)
    own = _words_of(sheet, section)
    if len(own) < STRANGE_FROM:
        return False
    known = _words_of(sheet, (i for stretch in stretches[-8:] for i in stretch.blocks)).keys()
    if len(known) < STRANGE_FROM:
        return False
    strange_head = not (features(sheet.words[head]).keys() & known)
    return len(own.keys() & known) < STRANGE * (1 + strange_head) * len(own)


def _words_of(sheet: _Sheet, blocks: Iterable[int]) -> Counter:
    return features(*(sheet.words[i] for i in blocks))


# ------------------------------------------------------------------ dealing out: where words are at home
def _deal_out(sheet: _Sheet, pieces: list[_Piece], stretches: list[_Stretch]) -> None:
    """Give each stretch to the piece its head opens or its broken sentence began in, else to where its words lead.

    Within a stretch a section may turn out to be another article's, and so may the end of a section: its lead.
    """
    homes = Homes(_openings(sheet, pieces, stretches))
    owners: dict[int, int | None] = {}
    current: int | None = None
    for stretch in stretches:
        current = _start(sheet, stretch, homes, current, owners.get(stretch.resumes))
        for at, section in enumerate(_sections(sheet, stretch.blocks)):
            for part, (blocks, owner) in enumerate(list(_parts(sheet, section, homes, current))):
                if at and not part:
                    owner = homes.foreign(_words_of(sheet, blocks), owner, SECTION, FOREIGN)
                owners |= dict.fromkeys(blocks, owner)
                current = owner
    for i, owner in owners.items():
        if owner is not None:
            pieces[owner].body.append(i)


def _openings(sheet: _Sheet, pieces: list[_Piece], stretches: list[_Stretch]) -> list[Counter]:
    """The telling words of each piece's headline and of what stands under it up to the first subhead."""
    under = {one.opens: next(_sections(sheet, one.blocks)) for one in reversed(stretches) if one.opens >= 0}
    return [_words_of(sheet, [*piece.heads, *under.get(at, [])]) for at, piece in enumerate(pieces)]


def _start(
    sheet: _Sheet, stretch: _Stretch, homes: Homes, current: int | None, resumed: int | None
) -> int | None:
    """The piece a stretch begins in; None, before the first headline, for one whose words lead nowhere."""
    if stretch.opens >= 0 or resumed is not None:
        return stretch.opens if stretch.opens >= 0 else resumed
    enough = BEFORE_ITS_HEAD if current is None else AT_HOME
    best, _ = homes.closest(_words_of(sheet, stretch.blocks), enough)
    return current if best is None else best


def _sections(sheet: _Sheet, blocks: list[int]) -> Iterator[list[int]]:
    starts = [at for at, i in enumerate(blocks) if sheet.kinds[i] is Kind.HEAD and at]
    for start, end in pairwise([0, *starts, len(blocks)]):
        yield blocks[start:end]


def _parts(
    sheet: _Sheet, blocks: list[int], homes: Homes, owner: int | None
) -> Iterator[tuple[list[int], int | None]]:
    """Cut a section where another article's lead stands in it, read before its headline; most come whole.

    A lead tells again what its headline and the text under that say, so one paragraph of it is enough to know the
    piece. From there it reaches back as long as blocks have more in common with what follows than with what precedes.
    """
    start, first = 0, int(bool(blocks) and sheet.kinds[blocks[0]] is not Kind.HEAD)
    for at in range(1, len(blocks)):
        other = homes.foreign(features(sheet.words[blocks[at]]), owner, LEAD, FOREIGN)
        if other == owner:
            continue
        while at > first and _leans_forward(sheet, blocks, at - 1):
            at -= 1
        if at > start:
            yield blocks[start:at], owner
        start, first, owner = at, at + 1, other
    yield blocks[start:], owner


def _leans_forward(sheet: _Sheet, blocks: list[int], at: int) -> bool:
    head = sheet.kinds[blocks[at]] is Kind.HEAD
    return head or leans_forward([sheet.words[i] for i in blocks[max(at - 2, 0) : at + 3]], min(at, 2))


def _deal_out_boxes(sheet: _Sheet, pieces: list[_Piece]) -> None:
    """Put each box behind the piece its words and amounts are at home in, else the piece it stands under."""
    homes = Homes([_words_of(sheet, piece.blocks()) for piece in pieces])
    openings = [(piece.blocks() or [-1])[0] for piece in pieces]
    for box in sheet.boxes:
        best, _ = homes.closest(_words_of(sheet, box), AT_HOME)
        under = [at for at, first in enumerate(openings) if 0 <= first < box[0]]
        if best is not None or under:
            pieces[under[-1] if best is None else best].boxed += box


# ------------------------------------------------------------------ an article: what the importer gets
def _article(page: Page, sheet: _Sheet, piece: _Piece, part: str) -> RawArticle:
    """What the importer gets of one piece; `raw` is its blocks as text, by which it is known again."""
    title, subtitle = _title(sheet, piece)
    html = tidy(sanitize_html(mark_up(sheet.words, [*piece.body, *piece.boxed], sheet.pairs)))
    by = _byline(sheet, piece)
    raw = RawArticle(title, by.outlet, html, read_plain(title, html), part)
    text = "\n\n".join(sheet.words[i] for i in piece.blocks()) + "\n"
    raw.raw = text.encode("utf-8", "surrogatepass")
    raw.subtitle, raw.byline = subtitle, by.names
    raw.problems = [TO_CHECK, NO_DATE, *_doubts(page, sheet, piece, raw)]
    raw.notes = [
        f"第 {i} 段与第 {j} 段逐字相同，已略去" for i, j in page.repeats.items() if j - 1 in piece.body
    ]
    return raw


def _title(sheet: _Sheet, piece: _Piece) -> tuple[str, str]:
    """Headline (肩题 and 主题 on one line) and 副题: a head that begins with —— under another one."""
    heads = [bare(sheet.words[i]) for i in piece.heads]
    under = [head for head in heads[1:] if head.startswith("——")]
    return " ".join(head for head in heads if head not in under), " ".join(under)


def _byline(sheet: _Sheet, piece: _Piece) -> Byline:
    """From the line of names; without one from a lead such as 本报讯（记者 …）."""
    if piece.bylines:
        return read_byline(" ".join(sheet.words[i] for i in piece.bylines))
    lead = sheet.words[piece.body[0]] if piece.body else ""
    return Byline(find_reporters(lead), read_byline(lead[:60]).outlet if opens_with_dateline(lead) else "")


def _doubts(page: Page, sheet: _Sheet, piece: _Piece, raw: RawArticle) -> Iterator[str]:
    """What the editor must supply or look at, in words."""
    if not raw.title:
        yield "没有标题，请补上再发布"
    if not raw.plain.text:
        yield "没有正文，请对照版面补上"
    for i in piece.body:
        if sheet.kinds[i] is Kind.PROSE and i not in sheet.after and not is_closed(sheet.words[i]):
            yield f"第 {i + 1} 段没有写完（……{sheet.words[i][-10:]}），没有找到续文"
    for i in piece.blocks():
        if i + 1 in page.variants:
            yield f"第 {i + 1} 段与第 {page.variants[i + 1]} 段相同或几乎相同，可能是同一段"
