"""The blocks of a printed page read as text: lossless splitting, classification by form, comparison by words."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from html import escape
from itertools import pairwise
from math import log1p, sqrt

from sources.text.printed.mastheads import is_margin, margins
from sources.text.printed.printed_bylines import MARKS, is_byline, opens_with_dateline
from sources.text.sentences import CHINESE, begins_anew, goes_on, is_closed

LONGEST_HEAD, LONGEST_LABEL = 48, 20
LONGEST_HEADLINE = 90
HEADS, BOX_HEADS = 3, 2  # 肩题, 主题, 副题; a box's own head and the head of its first section
NARROWEST_COLUMN, WIDEST_COLUMN = 8, 45  # characters per printed line
SHORTEST_REPEAT = 20  # a shorter line may legitimately occur twice
# Share of common character pairs from which two paragraphs of similar length are one paragraph read twice.
ALIKE = 0.9
MOST_COMPARED = 20  # candidates compared with each block, to limit the time per page

_LINES = re.compile(r"[^\n]*+\n|[^\n]++\Z")
_ITEM = re.compile(rf"[{MARKS}□]\s*+\S")
_LABEL = re.compile(r"(?:截至|\d{4}年|\d{1,2}月)[^。，]{0,16}(?:——|[：:])?\Z|[^。，]{2,18}——\Z")
_SIGNS = re.compile(r"[。；;！!？?]|[：:].*[：:]|[：:]“")
_HEADING = re.compile(r"#{1,6}\s++(?=\S)")
_TOP = re.compile(r"##?\s")
_KICKER = re.compile(r"——\s")
_BOLD = re.compile(r"\*\*[^*]++\*\*", re.S)
# Matches at the first digit of each run of digits, points and commas only, for linear time.
_AMOUNT = re.compile(r"(?<![\d.,])[.,]*+(\d(?:[\d.,]++(?<=\d)[亿万%％项家个户元亩吨]|[亿万%％]))")
_ITEMS = re.compile(r"<li>.*</li>(?:\n<li>.*</li>)*")
_LINE_BREAK = re.compile(r"(?<!\s)[^\S\n]*+\n\s*+")
_STRONG = re.compile(r"\*\*([^*\n]++)\*\*")


class Kind(StrEnum):
    """The kind of a block by its form alone; its neighbours may change it."""

    HEAD = "head"
    BYLINE = "byline"
    LABEL = "label"
    ITEM = "item"
    PROSE = "prose"
    MARGIN = "margin"


def cut(text: str) -> list[str]:
    """Split into blocks, each with the blank lines after it (the first also with those before it): joined they are
    `text`.

    A line is a block. Several lines are one block inside an open **bold head**, or where lines of equal width show
    that a printed paragraph was wrapped. Blank text has no blocks.
    """
    groups: list[list[str]] = [[]]
    blanks: dict[int, list[str]] = {}  # group number -> the blank lines after it
    for line in _LINES.findall(text):
        if not line.strip():
            blanks.setdefault(len(groups) - 1, []).append(line)
            continue
        if len(groups) - 1 in blanks:
            groups.append([])
        groups[-1].append(line)
    width = _column_width(groups)
    blocks: list[str] = []
    before = ""
    for at, group in enumerate(groups):
        blocks += _grouped(group, width)
        if blocks:
            blocks[-1] += "".join(blanks.get(at, ()))
        else:
            before = "".join(blanks.get(at, ()))
    return [before + blocks[0], *blocks[1:]] if blocks else []


def _column_width(groups: Sequence[Sequence[str]]) -> int:
    """Return the page's line width in characters, from groups of at least four lines; 0 if unknown."""
    widths = Counter(_common_width(group) for group in groups if _printed(group, _common_width(group)))
    return widths.most_common(1)[0][0] if widths else 0


def _common_width(lines: Sequence[str]) -> int:
    return Counter(len(line.strip()) for line in lines).most_common(1)[0][0] if lines else 0


def _full(line: str, width: int) -> bool:
    return NARROWEST_COLUMN <= width <= WIDEST_COLUMN and abs(len(line.strip()) - width) <= 2


def _printed(lines: Sequence[str], width: int) -> bool:
    return len(lines) >= 4 and sum(_full(line, width) for line in lines) * 2 >= len(lines)


def _grouped(lines: list[str], page_width: int) -> list[str]:
    """Return the blocks in lines that have no empty line between them."""
    width = _common_width(lines)
    printed = _printed(lines, width)
    if not printed and page_width and _few_of_a_paragraph(lines, page_width):
        printed, width = True, page_width
    blocks: list[list[str]] = []
    marks = 0  # number of ** in the last block, if it opens with one
    for i, line in enumerate(lines):
        broken = printed and i and _full(lines[i - 1], width) and not is_closed(lines[i - 1])
        if marks % 2 or (broken and _is_text(lines[i - 1], line)):
            blocks[-1].append(line)
            marks += line.count("**") if marks else 0
        else:
            blocks.append([line])
            marks = line.count("**") if line.lstrip().startswith("**") else 0
    return ["".join(block) for block in blocks]


def _few_of_a_paragraph(lines: Sequence[str], width: int) -> bool:
    """Return True if two or three lines are one wrapped paragraph: all full but the last, which ends a sentence."""
    if not 2 <= len(lines) <= 3 or not is_closed(lines[-1]) or any(map(opens_with_dateline, lines[1:])):
        return False
    return all(_full(line, width) for line in lines[:-1]) and len(lines[-1].strip()) <= width + 2


def _is_text(*lines: str) -> bool:
    return all(kind_of(line) in (Kind.HEAD, Kind.PROSE, Kind.LABEL) for line in lines)


def kind_of(words: str) -> Kind:
    """Classify one block by its form (formats.md §2). PROSE is the default."""
    words = words.strip()
    if is_margin(words):
        return Kind.MARGIN
    if is_byline(words):
        return Kind.BYLINE
    if _ITEM.match(words):
        return Kind.ITEM
    if _BOLD.fullmatch(words) or _HEADING.match(words):
        return Kind.HEAD if len(words) <= 2 * LONGEST_HEAD else Kind.PROSE
    if len(words) <= LONGEST_LABEL and _LABEL.fullmatch(words):
        return Kind.LABEL
    return Kind.HEAD if _like_a_head(words) else Kind.PROSE


def kinds_of(words: Sequence[str]) -> list[Kind]:
    """Classify all blocks. Above a byline or dateline, a line without 。 is a head, whatever its length and commas."""
    kinds = [kind_of(one) for one in words]
    for i in margins(words):
        kinds[i] = Kind.MARGIN
    for i in range(1, len(words)):
        long_head = len(words[i - 1]) <= LONGEST_HEADLINE and "。" not in words[i - 1]
        if long_head and kinds[i - 1] in (Kind.PROSE, Kind.LABEL) and _opens(words, kinds, i):
            kinds[i - 1] = Kind.HEAD
    return kinds


def _like_a_head(words: str) -> bool:
    """Return True for short text of one or two clauses without punctuation that ends or separates sentences; short
    text may end in ！ or ？.

    再如，… is not a head but the start of a cut-off paragraph; nor is the continuation of a sentence.
    """
    asks = words.endswith(("！", "？", "!", "?"))
    if len(words) > (LONGEST_HEAD // 2 if asks else LONGEST_HEAD) or words.endswith(("，", "、", "：", ":")):
        return False
    if (
        goes_on(words)
        or words.count("，") > 1
        or ("，" in words and begins_anew(words) and words[0] not in "“《")
    ):
        return False
    return not _SIGNS.search(words[:-1] if asks else words)


def bare(words: str) -> str:
    """Return the words of a head without #, ** and line breaks."""
    return " ".join(_HEADING.sub("", words.strip()).replace("**", "").split())


def mark_up(words: Sequence[str], order: Iterable[int], joined: Callable[[int, int], bool]) -> str:
    """Return the blocks in this order as unsanitised HTML: subheads, lists, paragraphs. `joined` says whether two
    consecutive blocks are one paragraph."""
    order = list(order)
    heads = _subheads(words, order)
    made: list[tuple[str, list[str]]] = []
    for at, i in enumerate(order):
        tag = "h3" if at in heads else "li" if kind_of(words[i]) is Kind.ITEM else "p"
        if at and made[-1][0] == "p" == tag and joined(order[at - 1], i):
            made[-1][1].append(words[i])
        else:
            made.append((tag, [words[i]]))
    lines = "\n".join(_element(tag, "".join(texts)) for tag, texts in made)
    return _ITEMS.sub(r"<ul>\n\g<0>\n</ul>", lines)


def _subheads(words: Sequence[str], order: Sequence[int]) -> set[int]:
    """Return the positions that hold a subhead. A block that looks like one must precede text. In a run of mere
    lines (a weather table) only the first is a subhead; a block marked with # or ** always is."""
    heads: set[int] = set()
    run: list[int] = []
    for at, kind in enumerate([*(kind_of(words[i]) for i in order), Kind.MARGIN]):
        if kind is Kind.HEAD:
            run.append(at)
            continue
        over_text = kind is not Kind.MARGIN
        heads |= set(run if over_text and len(run) <= HEADS else run[: len(run) > 1])
        heads |= {one for one in run if _HEADING.match(words[order[one]]) or _BOLD.match(words[order[one]])}
        run = []
    return heads


def _element(tag: str, text: str) -> str:
    """Return one block as an element: lines joined, **…** as strong, list marks removed."""
    text = bare(text) if tag == "h3" else _LINE_BREAK.sub("", text[1:].lstrip() if tag == "li" else text)
    return f"<{tag}>{_STRONG.sub(r'<strong>\1</strong>', escape(text, quote=False))}</{tag}>"


def repeats(words: list[str], kinds: list[Kind]) -> dict[int, int]:
    """Find paragraphs that repeat an earlier one word for word: index -> index of the first copy.

    Only prose of 20 or more characters counts; labels, heads and box items may occur twice. A block between two
    repeats that equals the block between their first copies is also a repeat, however short.
    """
    first: dict[str, int] = {}
    found: dict[int, int] = {}
    for i, (text, kind) in enumerate(zip(words, kinds, strict=True)):
        if kind is Kind.PROSE and len(text) >= SHORTEST_REPEAT:
            kept = first.setdefault(" ".join(text.split()), i)
            found |= {i: kept} if kept != i else {}
    for i in range(1, len(words) - 1):
        kept = found.get(i - 1, -2) + 1
        if i not in found and found.get(i + 1) == kept + 1 and words[i] == words[kept]:
            found[i] = kept
    return found


def variants(words: list[str], kinds: list[Kind], skipped: Iterable[int]) -> dict[int, int]:
    """Find blocks that nearly repeat an earlier one (OCR errors), and repeated box items: index -> index of the
    earlier one.

    Candidates share their first or last six characters; a copy with errors at both ends is not found.
    """
    by_edge: dict[str, list[int]] = defaultdict(list)
    skipped, found = set(skipped), {}
    for i, text in enumerate(words):
        if i in skipped or kinds[i] not in (Kind.PROSE, Kind.ITEM) or len(text) < SHORTEST_REPEAT:
            continue
        edges = ("^" + text[:6], "$" + text[-6:])
        near = [j for edge in edges for j in by_edge[edge][-MOST_COMPARED:]]
        for j in near:
            if kinds[i] is kinds[j] and _alike(words[j], text):
                found[i] = j
                break
        for edge in edges:
            by_edge[edge].append(i)
    return found


def _alike(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 0.1 * len(one):
        return False
    pairs, others = (Counter(map("".join, pairwise(text))) for text in (one, other))
    return 2 * (pairs & others).total() >= ALIKE * (pairs.total() + others.total())


def features(*texts: str) -> Counter:
    """Count what distinguishes texts: trigrams of Chinese characters, and amounts."""
    found: Counter = Counter()
    for text in texts:
        for run in CHINESE.findall(text):
            found.update(run[i : i + 3] for i in range(len(run) - 2))
        found.update(_AMOUNT.findall(text))
    return found


def leans_forward(words: Sequence[str], at: int) -> bool:
    """Return True if a block has more in common with the blocks after it than with those before it."""
    own = features(words[at]).keys()
    shares = []
    for near in (words[:at], words[at + 1 :]):
        theirs = features(*near)
        shares.append(len(own & theirs.keys()) / sqrt(theirs.total() or 1))
    return shares[1] > shares[0]


def find_boxes(kinds: Sequence[Kind], copies: dict[int, int]) -> list[list[int]]:
    """Return runs of heads, labels and ■ items that start with a head or label and end with an item."""
    boxes: list[list[int]] = []
    run: list[int] = []
    for i, kind in [*enumerate(kinds), (len(kinds), Kind.PROSE)]:
        if kind in (Kind.HEAD, Kind.LABEL, Kind.ITEM) and i not in copies:
            run.append(i)
            continue
        items = [at for at, j in enumerate(run) if kinds[j] is Kind.ITEM]
        if items and items[0]:
            heads = [at for at in range(items[0]) if kinds[run[at]] is Kind.HEAD][-BOX_HEADS:]
            boxes.append(run[(heads or [0])[0] : items[-1] + 1])
        run = []
    return boxes


def find_headlines(words: Sequence[str], kinds: Sequence[Kind], flow: Sequence[int]) -> dict[int, list[int]]:
    """Find runs of heads that are headlines, keyed by their first block; of a longer run only the last three heads.

    A headline is followed by a byline or dateline, contains a kicker (肩题) with ——, has # or ##, or opens the page.
    """
    found: dict[int, list[int]] = {}
    run: list[int] = []
    for i, following in pairwise([*flow, len(words)]):
        if kinds[i] is not Kind.HEAD:
            run = []
            continue
        if run and run[-1] != i - 1:
            run = []
        run.append(i)
        if following == i + 1 < len(words) and kinds[following] is Kind.HEAD:
            continue
        plain = [bare(words[j]) for j in run]
        marked = _KICKER.search(" ".join(plain)) or any(_TOP.match(words[j]) for j in run)
        if marked or run[0] == flow[0] or _opens(words, kinds, following):
            found[run[-HEADS:][0]] = run[-HEADS:]
    return found


def _opens(words: Sequence[str], kinds: Sequence[Kind], i: int) -> bool:
    """Return True if an article opens with this block: a byline, or prose with a dateline."""
    if i >= len(words):
        return False
    return kinds[i] is Kind.BYLINE or (kinds[i] is Kind.PROSE and opens_with_dateline(words[i]))


class Homes:
    """Assign text to pieces by the words that only one of them contains."""

    def __init__(self, pieces: Sequence[Counter]):
        self.totals = [piece.total() for piece in pieces]
        self.owner: dict[str, int | None] = {}
        for at, piece in enumerate(pieces):
            for word in piece:
                self.owner[word] = None if word in self.owner else at

    def closest(self, words: Counter, enough: int) -> tuple[int | None, dict[int, float]]:
        """Return the closest piece, None if fewer than `enough` words distinguish it, and the score of each piece."""
        close: dict[int, float] = defaultdict(float)
        hits: Counter = Counter()
        for word, times in words.items():
            if (at := self.owner.get(word)) is not None:
                close[at] += log1p(times) / sqrt(self.totals[at])
                hits[at] += 1
        best = max(close, key=lambda at: close[at], default=None)
        return (best if hits[best] >= enough else None), close

    def foreign(self, words: Counter, own: int | None, enough: int, times: float) -> int | None:
        """Return another piece if these features are `times` as close to it as to `own`; else `own`."""
        best, close = self.closest(words, enough)
        return best if None not in (best, own) and close[best] >= times * close[own] else own
