"""The search index on disk. It is derived from the database, so it can be deleted and rebuilt at any time.

settings.SEARCH_HOME holds one folder for each generation of the index, and a file `current` with the name of the one in
use. Each generation stores its position in the change log (articles.models.change_log), committed together with the
articles: after a writer is killed, the last commit and its position still match.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from uuid import uuid4

import tantivy
from django.conf import settings

from articles.models.change_log import START, Position
from articles.search.index import damage
from articles.search.index.damage import BROKEN, clear, is_damage
from articles.search.index.documents import Entry, documents
from articles.search.index.tokens import LONGEST_WORD

# Version of the schema and of the tokenization; an index with another number is rebuilt.
VERSION = 4
LONGEST = 4 * LONGEST_WORD  # bytes
HEAP = 30_000_000  # bytes that a writer buffers before it writes a segment
ANOTHER_SCHEMA = "its schema is not this version's"
CURRENT, LOCK = "current", "lock"
POSITION = 0  # id of the document that stores the position; no article has it


class Unavailable(Exception):
    """No index can be searched now; the message says which command to run."""


class Damaged(Unavailable):
    """The index exists, but its files are damaged."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An open index: a searcher on one commit, the schema, and the name of the generation.

    `noted`: what was looked up in this commit, for articles.search.query.language.lexicon.
    """

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    generation: str
    noted: dict = field(default_factory=dict, compare=False)


@cache
def schema() -> tantivy.Schema:
    """The fields of a document; articles.search.index.documents fills them."""
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("id", indexed=True, fast=True)
    made.add_unsigned_field("hidden", indexed=True)
    for name in ("title", "digest"):
        made.add_text_field(name, tokenizer_name="words", index_option="freq")
    for name in ("title_pairs", "body_pairs"):
        made.add_text_field(name, tokenizer_name="pairs", index_option="position")
    for name in ("title_chars", "byline", "figures"):
        made.add_text_field(name, tokenizer_name="words", index_option="basic")
    for name in ("source", "category", "year", "date", "security", "tag"):
        made.add_unsigned_field(name, indexed=True, fast=True)
    for name in ("weight", "fresh"):
        made.add_float_field(name, fast=True)
    made.add_text_field("position", stored=True, tokenizer_name="raw", index_option="basic")
    return made.build()


# ------------------------------------------------------------------ reading
# `files`: size and mtime of the committed segments' files when they were opened; `links`: see _open_to_read.
_CLOSED = {"sign": None, "index": None, "view": None, "files": {}, "looked": 0.0, "links": None}
_opened: dict = dict(_CLOSED)
_opening = Lock()
LOOK_EVERY = 1.0  # seconds: reading a memory-mapped file that was truncated would kill the process


def open_searcher() -> Opened:
    """The index as last committed. Costs two file look-ups while it has not changed. Raises Unavailable."""
    generation = current_generation()
    try:
        sign = (generation, *_sign(_home() / generation))
    except FileNotFoundError as error:
        raise Unavailable(f"搜索索引不见了。{_HOW}") from error
    except OSError as error:
        raise _unreadable(error) from error
    with _opening:
        if _opened["sign"] != sign:
            _opened.update(sign=sign, view=_view(generation), looked=time.monotonic())
        elif time.monotonic() - _opened["looked"] > LOOK_EVERY:
            _opened["looked"] = time.monotonic()
            _look_at_files(_home() / generation)
        return _opened["view"]


@contextmanager
def search_timeout() -> Iterator[None]:
    """Wrap every query of the index. Raises Damaged if the files turn out to be damaged."""
    try:
        yield
    except BaseException as error:  # a panic of tantivy is not an Exception
        if not is_damage(error):
            raise
        suspect(error)
        raise _unreadable(error) from error


def fault() -> str:
    """What is wrong with the files of the current generation, by their checksums and schema; "" if nothing is."""
    folder = _home() / current_generation()
    if found := damage.fault(folder):
        return found
    with search_timeout():
        return "" if _open(folder).schema == schema() else ANOTHER_SCHEMA


def is_suspected() -> bool:
    """Whether an error was noted and not examined yet."""
    return damage.is_noted(_home())


def is_sound() -> None:
    """Clear the note: the index was examined and is not damaged."""
    damage.forget(_home())


def current_generation() -> str:
    """The name of the generation in use. Raises Unavailable."""
    try:
        name = (_home() / CURRENT).read_text().strip()
    except FileNotFoundError as error:
        raise Unavailable(f"还没有搜索索引。{_HOW}") from error
    except BROKEN as error:
        raise _unreadable(error) from error
    if not name.startswith(f"v{VERSION}-"):
        raise Unavailable(f"搜索索引是旧版程序建的。{_HOW}")
    return name


def position() -> Position:
    """The position in the change log that the index has reached. Raises Unavailable."""
    opened = open_searcher()
    with search_timeout():
        return _position(opened.searcher)


_HOW = "网站会自己重建；也可以现在就运行 manage.py rebuild_search。"


def _home() -> Path:
    return Path(settings.SEARCH_HOME)


def suspect(why: object) -> None:
    """Note that the index must be examined, and reopen it on the next search."""
    close()
    damage.note(_home(), why)


def close() -> None:
    """Close what this process has open."""
    with _opening:
        _opened.update(_CLOSED)


def _unreadable(error: BaseException) -> Damaged:
    return Damaged(f"搜索索引读不出（{str(error)[:200]}）。{_HOW}")


def _look_at_files(folder: Path) -> None:
    if damage.have_changed(folder, _opened["files"]) and _sign(folder) == _opened["sign"][1:]:
        _opened.update(_CLOSED)
        damage.note(_home(), "files of the index have changed")
        raise Damaged(f"搜索索引的文件被改动过。{_HOW}")


def _sign(folder: Path) -> tuple[int, int, int]:
    state = os.stat(folder / "meta.json")
    return state.st_mtime_ns, state.st_ino, state.st_size


def _view(generation: str) -> Opened:
    index, folder = _opened["index"], _home() / generation
    try:
        may_write = os.access(folder, os.W_OK)
        if _opened["view"] is None or _opened["view"].generation != generation or not may_write:
            index = _opened["index"] = _open(folder) if may_write else _open_to_read(folder)
            index.config_reader("manual")
        index.reload()
        _opened["files"] = damage.files_of(folder)
        return Opened(index.searcher(), index.schema, generation)
    except BaseException as error:
        _opened.update(_CLOSED)
        if not is_damage(error):
            raise
        raise _unreadable(error) from error


def _open_to_read(folder: Path) -> tantivy.Index:
    """Open an index in a folder where we may not write.

    tantivy creates a lock file even to read. So it gets a temporary folder with symlinks to the files, made anew for
    each commit.
    """
    links = tempfile.TemporaryDirectory(prefix="newsportal-index-")
    for file in folder.iterdir():
        if not file.name.endswith(".lock"):
            os.symlink(file, Path(links.name) / file.name)
    index = _open(Path(links.name))
    _opened["links"] = links
    return index


def _open(folder: Path, *, new: bool = False) -> tantivy.Index:
    index = tantivy.Index(schema(), str(folder)) if new else tantivy.Index.open(str(folder))
    pairs, words = (tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()) for _ in range(2))
    index.register_tokenizer("pairs", pairs.build())
    index.register_tokenizer("words", words.filter(tantivy.Filter.remove_long(LONGEST)).build())
    return index


def _position(searcher: tantivy.Searcher) -> Position:
    found = searcher.search(tantivy.Query.term_query(schema(), "id", POSITION), 1, count=False).hits
    noted = searcher.doc(found[0][1]).get_first("position") if found else None
    return Position.read(noted) if noted else START


# ------------------------------------------------------------------ writing
class IndexWriter:
    """Writes one generation. Changes become visible and durable with `commit`."""

    def __init__(self, generation: str, *, new: bool = False):
        self.generation = generation
        try:
            self.index = _open(_home() / generation, new=new)
            if self.index.schema != schema():
                raise ValueError(ANOTHER_SCHEMA)
            self.index.config_reader("manual")
            self.position = START if new else _position(self.index.searcher())
            self.writer = self.index.writer(HEAP, 1)
        except BaseException as error:
            if not is_damage(error):
                raise
            raise Damaged(f"搜索索引打不开（{str(error)[:200]}）。{_HOW}") from error
        self.waiting = 0
        # The position followed to since the last commit.
        self.reached: Position | None = None

    def add(self, entries: Iterable[Entry]) -> None:
        """Add articles that are not in the index."""
        for document in documents(entries):
            self.writer.add_document(document)
            self.waiting += 1

    def remove(self, ids: Iterable[int]) -> None:
        """Remove articles; ids that are not in the index are ignored."""
        some = list(ids)
        # Delete by a query: in a term, tantivy takes a Python int as signed, but this field is unsigned.
        self.writer.delete_documents_by_query(tantivy.Query.term_set_query(schema(), "id", some))
        self.waiting += len(some)

    def commit(self, reached: Position) -> None:
        """Make all additions and removals visible, together with the new position."""
        self.remove([POSITION])
        note = tantivy.Document()
        note.add_unsigned("id", POSITION)
        note.add_unsigned("hidden", 1)
        note.add_text("position", str(reached))
        self.writer.add_document(note)
        self.writer.commit()
        self.position, self.waiting = reached, 0

    def close(self) -> None:
        """Wait for running merges, then release the index."""
        self.writer.wait_merging_threads()


@contextmanager
def open_writer(wait: float = 0) -> Iterator[IndexWriter | None]:
    """A writer on the current generation, under this machine's lock; None if another process still holds the lock
    after `wait` seconds. Raises Unavailable."""
    with index_lock(LOCK, wait) as ours:
        if not ours:
            yield None
            return
        keeper = IndexWriter(current_generation())
        try:
            yield keeper
        finally:
            keeper.close()


def new_generation() -> IndexWriter:
    """A writer on a new, empty generation beside the one in use; `activate` puts it into use."""
    name = f"v{VERSION}-{uuid4().hex[:12]}"
    (_home() / name).mkdir(parents=True)
    try:
        return IndexWriter(name, new=True)
    except BaseException:
        drop(name)
        raise


def drop(generation: str) -> None:
    """Delete an unfinished generation, which frees its space on a full disk."""
    shutil.rmtree(_home() / generation, ignore_errors=True)


def activate(generation: str) -> None:
    """Make this generation the current one and delete all others. Processes that have an old one open can finish."""
    home = _home()
    draft = home / f"{CURRENT}.{uuid4().hex[:8]}"
    draft.write_text(generation)
    if (home / CURRENT).is_dir():
        clear(home / CURRENT)
    os.replace(draft, home / CURRENT)
    damage.forget(home)
    for other in (*home.glob("v*-*"), *home.glob(f"{CURRENT}.*")):
        if other.name != generation:
            with suppress(OSError):
                clear(other)


@contextmanager
def index_lock(name: str, wait: float = 0) -> Iterator[bool]:
    """A lock for one process or thread on this machine; the kernel releases it however the process ends."""
    _make_room(name)
    until = time.monotonic() + wait
    with open(_home() / name, "w") as file:
        while not (ours := _locked(file)) and time.monotonic() < until:
            time.sleep(0.05)
        yield ours


def _make_room(name: str) -> None:
    """Create the folder, and remove a folder that stands where the lock file must be."""
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    if (home / name).is_dir():
        clear(home / name)


def _locked(file) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
