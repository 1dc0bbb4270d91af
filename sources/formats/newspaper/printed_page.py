"""A newspaper page as OCR text: numbered blocks, proposed articles, marked repeats (formats.md §2).

The reader proposes and an editor decides, so when in doubt a block stays with the one before it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from sources.formats.newspaper.pieces import Piece, Sheet, deal_out, read_sheet
from sources.formats.raw_article import Page, Proposal, RawArticle, Unreadable
from sources.problem import NO_DATE, NO_OUTLET, NO_TITLE, Code, Problem, no_outlet
from sources.text.clean.boilerplate import tidy
from sources.text.decode import decode
from sources.text.plain import read_plain
from sources.text.printed.blocks import Kind, bare, cut, kind_of, mark_up, variants
from sources.text.printed.mastheads import read_edition
from sources.text.printed.printed_bylines import Byline, opens_with_dateline, read_byline, read_lead
from sources.text.sanitize import sanitize_html
from sources.text.sentences import begins_anew, is_closed

TO_CHECK = Problem(Code.TO_CHECK, "OCR 版面拆出的稿件，请核对")
NO_BODY = Problem(Code.NO_BODY, "没有正文，请对照版面补上")


def looks_like(text: str) -> bool:
    """Return True if a text is a printed page: many blocks, with bylines, datelines or box items among them."""
    if text.lstrip("\ufeff \t\r\n")[:3] == "---" or text.lstrip("\ufeff \t\r\n")[:1] in "<{[":
        return False
    words = [block.strip() for block in cut(text)]
    kinds = Counter(kind_of(one) for one in words)
    signs = kinds[Kind.BYLINE] + kinds[Kind.ITEM] // 2 + sum(map(opens_with_dateline, words))
    return len(words) >= 8 and kinds[Kind.PROSE] >= 4 and signs >= 1


def read(data: bytes, name: str) -> Iterator[RawArticle | Page]:
    """Yield each proposed article (part "1", "2", …; all with problems), then the Page they come from.

    Raises Unreadable for files without text. `name` is ignored: such files have arbitrary names.
    """
    decoded = decode(data)
    if not decoded.text.strip("\ufeff \t\r\n\u3000\0") or "\0" in decoded.text[:1000]:
        raise Unreadable(Problem(Code.EMPTY, "文件是空的，或不是文本文件，没有可导入的内容"))
    page, sheet, pieces = _propose(decoded.text)
    day, number, paper = read_edition(_of(sheet, Kind.MARGIN))
    signed = {read_byline(words).outlet for words in _of(sheet, Kind.BYLINE)} - {""}
    repeated = _repeats_of(page)
    for part, piece in enumerate(pieces, 1):
        raw = _article(page, sheet, piece, str(part), repeated)
        raw.edition_date, raw.page, raw.outlet = day, number, raw.outlet or paper
        if not raw.outlet:
            seen = f"同版有稿件署“{'、'.join(sorted(signed))}”"
            raw.problems.append(no_outlet(seen) if signed else NO_OUTLET)
        raw.problems += [decoded.problem] if decoded.problem else []
        yield raw
    yield page


def _of(sheet: Sheet, kind: Kind) -> list[str]:
    return [words for words, one in zip(sheet.words, sheet.kinds, strict=True) if one is kind]


def lay_out(text: str) -> Page:
    """Split a page's text into blocks and propose articles, in reading order. Never raises."""
    return _propose(text)[0]


def body_html(blocks: Sequence[str], numbers: Iterable[int], proposed: Iterable[Sequence[int]] = ()) -> str:
    """Return the blocks with these numbers (from 1, without head and byline) as sanitised HTML.

    Two blocks become one paragraph if the reader found them to be one sentence, or if an editor placed them one after
    the other. `proposed` are the reader's articles: pairs that are consecutive there are not an editor's choice.
    """
    words = [block.strip() for block in blocks]
    after = read_sheet(words).after
    neighbours = {pair for one in proposed for pair in pairwise(one)}

    def joined(i: int, j: int) -> bool:
        ordered = (i + 1, j + 1) not in neighbours and not is_closed(words[i]) and not begins_anew(words[j])
        return ordered or after.get(i) == j

    return tidy(sanitize_html(mark_up(words, [number - 1 for number in numbers], joined)))


# ------------------------------------------------------------------ the page
def _propose(text: str) -> tuple[Page, Sheet, list[Piece]]:
    blocks = cut(text)
    sheet = read_sheet([block.strip() for block in blocks])
    pieces = deal_out(sheet)
    used = {i for piece in pieces for i in piece.blocks()} | sheet.copies.keys()
    page = Page(
        blocks,
        [_proposal(sheet, piece) for piece in pieces],
        {i + 1: kept + 1 for i, kept in sheet.copies.items()},
        [i + 1 for i in range(len(blocks)) if i not in used],
        {i + 1: j + 1 for i, j in variants(sheet.words, sheet.kinds, sheet.copies).items()},
    )
    return page, sheet, pieces


def _proposal(sheet: Sheet, piece: Piece) -> Proposal:
    title, byline = _title(sheet, piece)[0], _byline(sheet, piece).names
    return Proposal(title=title, byline=byline, blocks=[i + 1 for i in piece.blocks()])


# ------------------------------------------------------------------ articles for the importer
def _repeats_of(page: Page) -> dict[int, list[tuple[int, int, int]]]:
    """For each repeated block (from 1): the index among the page's repeats, the copy and the block itself."""
    found: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for at, (copy, kept) in enumerate(page.repeats.items()):
        found[kept].append((at, copy, kept))
    return found


def _article(
    page: Page, sheet: Sheet, piece: Piece, part: str, repeated: Mapping[int, list[tuple[int, int, int]]]
) -> RawArticle:
    """Return the RawArticle of a piece; `raw` is its blocks as text, which identifies it later."""
    title, subtitle = _title(sheet, piece)
    html = tidy(
        sanitize_html(mark_up(sheet.words, [*piece.body, *piece.boxed], lambda i, j: sheet.after.get(i) == j))
    )
    by = _byline(sheet, piece)
    raw = RawArticle(title, by.outlet, html, read_plain(title, html), part)
    text = "\n\n".join(sheet.words[i] for i in piece.blocks()) + "\n"
    raw.raw = text.encode("utf-8", "surrogatepass")
    raw.subtitle, raw.byline = subtitle, by.names
    raw.problems = [TO_CHECK, NO_DATE, *_doubts(page, sheet, piece, raw)]
    left_out = sorted(one for i in piece.body for one in repeated.get(i + 1, ()))
    raw.notes = [f"第 {copy} 段与第 {kept} 段逐字相同，已略去" for _, copy, kept in left_out]
    return raw


def _title(sheet: Sheet, piece: Piece) -> tuple[str, str]:
    """Return the headline (肩题 and 主题 on one line) and the 副题: a head that begins with —— under another one."""
    heads = [bare(sheet.words[i]) for i in piece.heads]
    under = [head for head in heads[1:] if head.startswith("——")]
    return " ".join(head for head in heads if head not in under), " ".join(under)


def _byline(sheet: Sheet, piece: Piece) -> Byline:
    """Read the byline, or else a lead such as 本报讯（记者 …）."""
    if piece.bylines:
        return read_byline(" ".join(sheet.words[i] for i in piece.bylines))
    lead = sheet.words[piece.body[0]] if piece.body else ""
    return read_lead(lead)


def _doubts(page: Page, sheet: Sheet, piece: Piece, raw: RawArticle) -> Iterator[Problem]:
    """Yield what an editor must supply or check."""
    if not raw.title:
        yield NO_TITLE
    if not raw.plain.text:
        yield NO_BODY
    for i in piece.body:
        if sheet.kinds[i] is Kind.PROSE and i not in sheet.after and not is_closed(sheet.words[i]):
            yield _torn(f"第 {i + 1} 段没有写完（……{sheet.words[i][-10:]}），没有找到续文")
        if i in sheet.torn:
            yield _torn(f"第 {i + 1} 段从句子中间开始（{sheet.words[i][:10]}……），没有找到上文")
    for i in piece.blocks():
        if i + 1 in page.variants:
            yield _torn(f"第 {i + 1} 段与第 {page.variants[i + 1]} 段相同或几乎相同，可能是同一段")


def _torn(said: str) -> Problem:
    return Problem(Code.DOUBTFUL_BODY, said)
