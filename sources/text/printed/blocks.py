"""The blocks of a page that was read as text: cut without loss, named for what they look like, told apart by words."""

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
HEADS, BOX_HEADS = 3, 2  # 肩题, 主题, 副题; a box's own head and its first section's
NARROWEST_COLUMN, WIDEST_COLUMN = 8, 45  # characters of a printed line
SHORTEST_REPEAT = 20  # a line of fewer characters may rightly stand twice
# Two paragraphs of one length that share this part of their pairs of characters are one, read twice.
ALIKE = 0.9
MOST_COMPARED = 20  # candidates for likeness a block is held against, so that no page takes long

_LINES = re.compile(r"[^\n]*+\n|[^\n]++\Z")
_ITEM = re.compile(rf"[{MARKS}□]\s*+\S")
_LABEL = re.compile(r"(?:截至|\d{4}年|\d{1,2}月)[^。，]{0,16}(?:——|[：:])?\Z|[^。，]{2,18}——\Z")
_SIGNS = re.compile(r"[。；;！!？?]|[：:].*[：:]|[：:]“")
_HEADING = re.compile(r"#{1,6}\s++(?=\S)")
_TOP = re.compile(r"##?\s")
_KICKER = re.compile(r"——\s")
_BOLD = re.compile(r"\*\*[^*]++\*\*", re.S)
# Asked once of each run of digits, points and commas, from its first digit on.
_AMOUNT = re.compile(r"(?<![\d.,])[.,]*+(\d(?:[\d.,]++(?<=\d)[亿万%％项家个户元亩吨]|[亿万%％]))")
_ITEMS = re.compile(r"<li>.*</li>(?:\n<li>.*</li>)*")
_LINE_BREAK = re.compile(r"(?<!\s)[^\S\n]*+\n\s*+")
_STRONG = re.compile(r"\*\*([^*\n]++)\*\*")


class Kind(StrEnum):
    """What a block looks like by itself; what it is, its neighbours decide."""

    HEAD = "head"
    BYLINE = "byline"
    LABEL = "label"
    ITEM = "item"
    PROSE = "prose"
    MARGIN = "margin"


def cut(text: str) -> list[str]:
    """Cut into blocks, each with the blank that follows it (the first with what precedes it): joined they are `text`.

    A line is a block; inside an open **bold head**, or where lines of one width show that a printer broke a
    paragraph, several are one. Text that is blank all through gives no block.
    """
    groups: list[list[str]] = [[]]
    blanks: dict[int, list[str]] = {}  # group -> the blank behind it, by the number of groups so far
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
    """How many characters the page's printed lines have, by its groups of four lines and more; 0 where none shows."""
    widths = Counter(_common_width(group) for group in groups if _printed(group, _common_width(group)))
    return widths.most_common(1)[0][0] if widths else 0


def _common_width(lines: Sequence[str]) -> int:
    return Counter(len(line.strip()) for line in lines).most_common(1)[0][0] if lines else 0


def _full(line: str, width: int) -> bool:
    return NARROWEST_COLUMN <= width <= WIDEST_COLUMN and abs(len(line.strip()) - width) <= 2


def _printed(lines: Sequence[str], width: int) -> bool:
    return len(lines) >= 4 and sum(_full(line, width) for line in lines) * 2 >= len(lines)


def _grouped(lines: list[str], page_width: int) -> list[str]:
    """The blocks of lines that stand without an empty one between them."""
    width = _common_width(lines)
    printed = _printed(lines, width)
    if not printed and page_width and _few_of_a_paragraph(lines, page_width):
        printed, width = True, page_width
    blocks: list[list[str]] = []
    marks = 0  # ** in the last block, if it opens with one
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
    """Whether two or three lines are a paragraph of the page's column: full but for the last, which ends a sentence."""
    if not 2 <= len(lines) <= 3 or not is_closed(lines[-1]) or any(map(opens_with_dateline, lines[1:])):
        return False
    return all(_full(line, width) for line in lines[:-1]) and len(lines[-1].strip()) <= width + 2


def _is_text(*lines: str) -> bool:
    return all(kind_of(line) in (Kind.HEAD, Kind.PROSE, Kind.LABEL) for line in lines)


def kind_of(words: str) -> Kind:
    """The kind of one block by its own look (formats.md §2). Prose is what nothing else fits."""
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
    """The kind of each block; above a byline or dateline a line without 。 is a head, however long, commas or not."""
    kinds = [kind_of(one) for one in words]
    for i in margins(words):
        kinds[i] = Kind.MARGIN
    for i in range(1, len(words)):
        long_head = len(words[i - 1]) <= LONGEST_HEADLINE and "。" not in words[i - 1]
        if long_head and kinds[i - 1] in (Kind.PROSE, Kind.LABEL) and _opens(words, kinds, i):
            kinds[i - 1] = Kind.HEAD
    return kinds


def _like_a_head(words: str) -> bool:
    """Short, of one or two clauses, without signs that end or part sentences (a last ！ or ？ of a short one aside).

    再如，… is no head but a paragraph that was cut off; nor is what a sentence goes on with.
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
    """The words of a head without #, ** and line breaks."""
    return " ".join(_HEADING.sub("", words.strip()).replace("**", "").split())


def mark_up(words: Sequence[str], order: Iterable[int], joined: Callable[[int, int], bool]) -> str:
    """Blocks in this order as HTML, not yet sanitised: subheads, lists, paragraphs; `joined` says whether two that
    stand one behind the other are one paragraph."""
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
    """Which places of this order hold a subhead: what looks like one stands over text, or over mere lines (a table of
    the weather), which then are no heads themselves; a marked one is one anywhere."""
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
    """One block: its lines run on, **…** as strong, no mark before what a list marks."""
    text = bare(text) if tag == "h3" else _LINE_BREAK.sub("", text[1:].lstrip() if tag == "li" else text)
    return f"<{tag}>{_STRONG.sub(r'<strong>\1</strong>', escape(text, quote=False))}</{tag}>"


def repeats(words: list[str], kinds: list[Kind]) -> dict[int, int]:
    """Which paragraph stands word for word before: index -> index of the first copy.

    Prose of 20 characters on; labels, heads and box items may stand twice by right. What lies between two repeats
    exactly as between their first copies went with the passage and is a repeat, however short.
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
    """Which block nearly stands before (an OCR slip apart), or is a box item that does: index -> that one's index.

    Found by an equal beginning or end of six characters; a copy with slips in both is not.
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
    """What tells one piece from another: runs of three Chinese characters, and amounts."""
    found: Counter = Counter()
    for text in texts:
        for run in CHINESE.findall(text):
            found.update(run[i : i + 3] for i in range(len(run) - 2))
        found.update(_AMOUNT.findall(text))
    return found


def leans_forward(words: Sequence[str], at: int) -> bool:
    """Whether a block has more in common with those behind it than with those before it."""
    own = features(words[at]).keys()
    shares = []
    for near in (words[:at], words[at + 1 :]):
        theirs = features(*near)
        shares.append(len(own & theirs.keys()) / sqrt(theirs.total() or 1))
    return shares[1] > shares[0]


def find_boxes(kinds: Sequence[Kind], copies: dict[int, int]) -> list[list[int]]:
    """Runs of heads, labels and ■ items that open with a head or label and end with an item."""
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
    """Runs of heads in the flow that are headlines, by their first block; of a longer run the last three.

    A byline or dateline follows; or a kicker (肩题) with —— precedes; or it has one # or two; or it opens the page.
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
    """Whether an article opens with this block: a byline, or prose with a dateline."""
    if i >= len(words):
        return False
    return kinds[i] is Kind.BYLINE or (kinds[i] is Kind.PROSE and opens_with_dateline(words[i]))


class Homes:
    """Several pieces of text by what tells them apart: the words that one of them has and no other one."""

    def __init__(self, pieces: Sequence[Counter]):
        self.totals = [piece.total() for piece in pieces]
        self.owner: dict[str, int | None] = {}
        for at, piece in enumerate(pieces):
            for word in piece:
                self.owner[word] = None if word in self.owner else at

    def closest(self, words: Counter, enough: int) -> tuple[int | None, dict[int, float]]:
        """The piece closest to these features, None where fewer than `enough` tell; and how close each piece is."""
        close: dict[int, float] = defaultdict(float)
        hits: Counter = Counter()
        for word, times in words.items():
            if (at := self.owner.get(word)) is not None:
                close[at] += log1p(times) / sqrt(self.totals[at])
                hits[at] += 1
        best = max(close, key=lambda at: close[at], default=None)
        return (best if hits[best] >= enough else None), close

    def foreign(self, words: Counter, own: int | None, enough: int, times: float) -> int | None:
        """Another piece that these features are so many times closer to than to their own; else their own."""
        best, close = self.closest(words, enough)
        return best if None not in (best, own) and close[best] >= times * close[own] else own
