"""Read one input: from bytes to articles. Knows no models, so that other processes can run it."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from operator import attrgetter

from sources.files.inputs import Found, TooLarge, file_name, read_bytes
from sources.files.raw_bytes import pack
from sources.formats import FORMATS, choose
from sources.formats.filenames import DOCUMENTS, NO_READER, NO_TEXT, TABLES, TEXTS
from sources.formats.kept_private import hold_private
from sources.formats.raw_article import (
    Broken,
    LeftOut,
    NotAnArticle,
    OldAddress,
    Page,
    RawArticle,
    Unreadable,
)
from sources.formats.signatures import document_in
from sources.formats.table.columns import SavedColumns
from sources.problem import Code, Problem
from sources.reading.limiting import limited
from sources.reading.limits import MIB, Limits, OverLimit, counted_size
from sources.text.minhash import signatures

# Bytes that the parts of one input may have together. Each row of a table is stored with its header, so that a long
# header and short rows would turn 100 KB into gigabytes. Real tables stay below twice their size.
ROOM_FOR_PARTS, TIMES_FOR_PARTS = 4 * MIB, 8
HEADERS = "请检查列名是不是太长，或拆成几个文件"
HEAD = 4096
_PAGE = re.compile(rb"<(?:!doctype|html|head|body|title)\b", re.I)
SAVE_AS_TEXT = "若有稿件，请另存为 .txt、.docx 或 .html 再导入"
SAVE_AGAIN = "请在浏览器里打开原网页，等正文显示出来，再另存为 .html 导入"

Saved = Mapping[str, SavedColumns]
Prepare = Callable[[Sequence[RawArticle]], Sequence]


class SeenHashes:
    """Hashes of inputs imported before, in eight bytes each, so that forked workers share a million of them cheaply.

    Mistakes one unseen hash in 10¹³ for a seen one; the matcher checks with the database.
    """

    def __init__(self, hashes: Iterable[str]):
        self.beginnings = array("Q", sorted(int(one[:16], 16) for one in hashes))

    def __contains__(self, one: str) -> bool:
        beginning = int(one[:16], 16)
        at = bisect_left(self.beginnings, beginning)
        return at < len(self.beginnings) and self.beginnings[at] == beginning


@dataclass(slots=True)
class Read:
    """The result of one input: articles or an old address, or the reason for neither; and its bytes."""

    name: str
    sha256: str = ""
    raw: bytes | None = None  # packed by sources.files.raw_bytes
    found: list[RawArticle | OldAddress] = field(default_factory=list)
    rejected: Problem | None = None
    skipped: str = ""
    # Of a printed page: its blocks and articles as JSON, so that an editor can split it again.
    layout: dict | None = None
    # A file type without articles (a picture, a program, a piece of code): counted and recorded, but not reported.
    unlisted: bool = False
    # Not read: an input with this hash seems to have been imported before.
    seen: bool = False

    @property
    def weight(self) -> int:
        """Bytes and characters that whoever writes it holds at once."""
        bodies = sum(len(one.body_html) for one in self.found if isinstance(one, RawArticle))
        return bodies + len(self.raw or b"")

    def __reduce__(self):
        return Read, _values(self)


_values = attrgetter(*Read.__slots__)


def read_inputs(
    inputs: Sequence[Found],
    format_name: str = "auto",
    seen: SeenHashes | None = None,
    saved: Saved | None = None,
    prepare: Prepare | None = None,
    limits: Limits | None = None,
) -> list[Read]:
    """Read a batch of inputs; one that fails becomes a Read with its reason.

    `prepare` gets all articles and returns one value for each, stored as `prepared`. With `limits`, the process must
    have been set up for them (sources.reading.limiting.settle_in).
    """
    reads = [read for found in inputs for read in read_input(found, format_name, seen, saved, limits)]
    raws = [raw for read in reads for raw in read.found if isinstance(raw, RawArticle) and raw.published_at]
    for raw, made in zip(raws, signatures([(raw.title, raw.plain.text) for raw in raws]), strict=True):
        raw.sketch = made.tobytes()
    for raw, made in zip(raws, prepare(raws), strict=True) if prepare else ():
        raw.prepared = made
    return reads


def read_input(
    found: Found,
    format_name: str = "auto",
    seen: SeenHashes | None = None,
    saved: Saved | None = None,
    limits: Limits | None = None,
) -> list[Read]:
    """Read one input in the given format, or in the one its name and content point to. Never raises.

    One Read for a file of one article; for a table, a feed or a page one for each part, named `file:part`.
    An input whose hash is among those `seen` is not read. `saved` are editors' readings of columns.
    """
    data = bytes_of(found)
    if isinstance(data, Read):
        return [data]
    digest = sha256(data).hexdigest()
    if seen is not None and digest in seen:
        return [Read(found.name, digest, seen=True)]
    whole = Read(found.name, digest)
    try:
        with limited(limits, found.name, len(data)):
            reads = _read(whole, data, format_name, saved)
    except OverLimit as reason:
        return [over_limit(found.name, data, reason)]
    if found.named and reads[0].unlisted and file_name(found.name).suffix not in NO_TEXT:
        reads[0].skipped, reads[0].unlisted = "", False
        reads[0].rejected = Problem(Code.WRONG_FORMAT, f"不认得这种文件，没有读；{SAVE_AS_TEXT}")
    return reads


def bytes_of(found: Found) -> bytes | Read:
    """The bytes of an input; a rejected Read if it must not, or cannot, be read."""
    if found.refused:
        return Read(found.name, rejected=Problem(Code.NOT_OPENED, found.refused))
    try:
        return read_bytes(found)
    except OSError as error:
        return Read(found.name, rejected=Problem(Code.NOT_OPENED, f"读不出：{error.strerror}"))
    except TooLarge as reason:
        return Read(found.name, rejected=Problem(Code.TOO_LARGE, str(reason)))


def over_limit(name: str, data: bytes, reason: OverLimit) -> Read:
    """The Read of an input that could not be read within its limits. Its bytes are kept."""
    problem = Problem(Code.OVER_LIMIT, str(reason))
    return Read(name, sha256(data).hexdigest(), pack(data), rejected=problem)


def _read(whole: Read, data: bytes, format_name: str, saved: Saved | None) -> list[Read]:
    if format_name == "auto" and (wrong := _under_wrong_name(whole.name, data)):
        return [Read(whole.name, whole.sha256, pack(data), rejected=wrong)]
    chosen = choose(format_name, whole.name, data)
    if chosen is None:
        return [_no_article(whole.name)]
    whole.raw = pack(data)
    reads: list[Read] = []
    try:
        more = {"saved": saved} if saved and chosen == "table" else {}
        held = 0
        for one in FORMATS[chosen](data, whole.name, **more):
            held += len(getattr(one, "raw", None) or b"")
            if held > ROOM_FOR_PARTS and held > _room_for_parts(whole.name, len(data)):
                raise Unreadable(_too_many_parts(len(reads) + 1))
            reads.append(_whole_page(one, whole) if isinstance(one, Page) else _part(one, whole))
    except NotAnArticle as reason:
        if chosen == "page" and _is_page(data):
            whole.rejected = Problem(Code.NO_ARTICLES, f"{reason}；{SAVE_AGAIN}")
        else:
            whole.skipped, whole.unlisted = str(reason), chosen == "page"
    except Unreadable as reason:
        whole.rejected = reason.problem
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 (a bug in a reader must cost one input, not the run)
        said = f"程序没能读懂它（{type(error).__name__}: {str(error)[:200]}），原文已留存"
        whole.rejected = Problem(Code.READER_FAILED, said)
    if whole.layout is None and (whole.rejected or whole.skipped or not reads):
        if not whole.rejected and not whole.skipped:
            whole.rejected = Problem(Code.NO_ARTICLES, "文件里没有稿件")
        reads.append(whole)
    return reads


def _is_page(data: bytes) -> bool:
    """Whether bytes that hold no article are a whole page that somebody saved, not a piece of code."""
    return _PAGE.search(data[:HEAD].replace(b"\0", b"")) is not None


def _too_many_parts(number: int) -> Problem:
    said = f"读到第 {number} 项为止，各项合计已远大于文件本身，其余未读；{HEADERS}"
    return Problem(Code.TOO_LARGE, said)


def _room_for_parts(name: str, size: int) -> int:
    """Bytes that the parts of an input may hold together."""
    return ROOM_FOR_PARTS + TIMES_FOR_PARTS * counted_size(name, size)


def _under_wrong_name(name: str, data: bytes) -> Problem | None:
    """Return what to do with a document whose name does not say that it is one; None for all else.

    Readers of packed files and tables know their own by content.
    """
    path = file_name(name)
    if (
        path.stem.startswith(".")
        or path.suffix in NO_READER
        or path.suffix in TABLES
        or path.suffix in DOCUMENTS
    ):
        return None
    said = document_in(data, path.suffix)
    return Problem(Code.WRONG_FORMAT, said) if said else None


def _no_article(name: str) -> Read:
    """The Read of an input that `detect` takes for no article."""
    path = file_name(name)
    if path.stem.startswith("."):
        return Read(name, skipped="名字以点开头的隐藏文件")
    if what_to_do := NO_READER.get(path.suffix):
        return Read(name, rejected=Problem(Code.WRONG_FORMAT, f"{path.suffix} 文件读不了，{what_to_do}"))
    if path.suffix in TEXTS:
        return Read(name, skipped="文本里没有稿件（说明、清单或配置）")
    return Read(name, skipped="不是稿件的文件类型", unlisted=True)


def _whole_page(page: Page, whole: Read) -> Read:
    """The Read of a whole printed page; its articles have come before it, as parts."""
    whole.layout = asdict(page)
    whole.skipped = (
        f"整版原文，共 {len(page.blocks)} 段：拆成 {len(page.articles)} 篇待审稿件，"
        f"重复 {len(page.repeats)} 段，剩余 {len(page.left_over)} 段"
    )
    return whole


def _part(one: RawArticle | OldAddress | Broken | LeftOut, whole: Read) -> Read:
    """The Read of one part of a file; a part with bytes of its own is stored and recognised by these."""
    if isinstance(one, LeftOut):
        return Read(whole.name, sha256(one.raw).hexdigest(), pack(one.raw), skipped=one.said)
    part = getattr(one, "part", "")
    read = Read(f"{whole.name}:{part}", whole.sha256, whole.raw) if part else whole
    if part and one.raw is not None:
        read.sha256, read.raw = sha256(one.raw).hexdigest(), pack(one.raw)
    if isinstance(one, Broken):
        read.rejected = one.problem
    else:
        if isinstance(one, RawArticle):
            one.fit()
            hold_private(one, whole.name)
        read.found = [one]
    return read


def as_stored(problems: Sequence[Problem]) -> list[list] | None:
    """Problems as an ImportItem keeps them; None for none."""
    return [[one.code, one.line, printable(one.text)] for one in problems] or None


def printable(name: str) -> str:
    """A file name that can be stored and shown: bytes that are no UTF-8 as \\udcXX escapes, without NUL."""
    if name.isprintable():  # neither is in it, as in nearly every name
        return name
    return name.encode("utf-8", "backslashreplace").decode().replace("\0", "")
