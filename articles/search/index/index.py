"""The index of articles on disk: made of the database, thrown away and made anew at any time.

Under settings.SEARCH_HOME lies one folder for each generation of the index, and a file `current` that names the one in
use. A generation says itself up to where in the log of changes (articles.models.change_log) it has come, in the same
commit as the articles: a writer that is killed leaves the last commit, and its position with it.
"""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
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

# Of the schema, and of how texts are cut: with another number an index is made anew.
VERSION = 2
LONGEST = 4 * LONGEST_WORD  # bytes
HEAP = 30_000_000  # bytes that a writer gathers before it writes a segment
ANOTHER_SCHEMA = "its schema is not this version's"
CURRENT, LOCK = "current", "lock"
POSITION = 0  # the id of the document that holds the position; no article has it


class Unavailable(Exception):
    """There is no index that could be asked; the message says what to run."""


class Damaged(Unavailable):
    """There is one, but its files are not what they should be."""


@dataclass(frozen=True, slots=True)
class Opened:
    """An index to ask: a view of it that stays as it is, its schema, and which generation and commit it is of."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    generation: str


@cache
def schema() -> tantivy.Schema:
    """What a document has; articles.search.index.documents says what goes where."""
    made = tantivy.SchemaBuilder()
    made.add_unsigned_field("id", indexed=True, fast=True)
    made.add_unsigned_field("hidden", indexed=True)
    for name in ("title", "digest"):
        made.add_text_field(name, tokenizer_name="words", index_option="freq")
    for name in ("title_pairs", "body_pairs"):
        made.add_text_field(name, tokenizer_name="pairs", index_option="position")
    for name in ("title_chars", "byline"):
        made.add_text_field(name, tokenizer_name="words", index_option="basic")
    for name in ("source", "category", "year", "date", "security", "tag"):
        made.add_unsigned_field(name, indexed=True, fast=True)
    made.add_float_field("weight", fast=True)
    made.add_text_field("position", stored=True, tokenizer_name="raw", index_option="basic")
    return made.build()


# ------------------------------------------------------------------ reading
# `files`: those of the committed segments as they were when they were opened; `links`: see _open_to_read.
_CLOSED = {"sign": None, "index": None, "view": None, "files": {}, "looked": 0.0, "links": None}
_opened: dict = dict(_CLOSED)
_opening = Lock()
LOOK_EVERY = 1.0  # seconds: files that were cut short under us would end the process when they are read


def open_searcher() -> Opened:
    """The index as it was last committed. Costs two looks at files while it has not changed. Raises Unavailable."""
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
    """Around what is asked of an index. Raises Damaged where its files are not what they should be."""
    try:
        yield
    except BaseException as error:  # a panic of tantivy is no Exception
        if not is_damage(error):
            raise
        suspect(error)
        raise _unreadable(error) from error


def fault() -> str:
    """What is wrong with the files of the generation in use, as far as their checksums tell."""
    folder = _home() / current_generation()
    if found := damage.fault(folder):
        return found
    with search_timeout():
        return "" if _open(folder).schema == schema() else ANOTHER_SCHEMA


def is_suspected() -> bool:
    """Whether somebody had trouble with it that nobody has looked into yet."""
    return damage.is_noted(_home())


def is_sound() -> None:
    """The index was looked into, and it was not at fault."""
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
    """Up to where in the log the index has come. Raises Unavailable."""
    opened = open_searcher()
    with search_timeout():
        return _position(opened.searcher)


_HOW = "网站会自己重建；也可以现在就运行 manage.py rebuild_search。"


def _home() -> Path:
    return Path(settings.SEARCH_HOME)


def suspect(why: object) -> None:
    """Have it looked into, and open it anew the next time."""
    close()
    damage.note(_home(), why)


def close() -> None:
    """Let go of what this process has open."""
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
    """In a folder where we may not write, tantivy could not even read: it makes a file as a lock. So it is given a
    folder of ours with links to the files, new at each commit."""
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
    """Writes one generation. Nothing is seen, or lasts, before `commit`."""

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
        # Up to where it was followed since the last commit.
        self.reached: Position | None = None

    def add(self, entries: Iterable[Entry]) -> None:
        """Take in articles that are not in the index."""
        for document in documents(entries):
            self.writer.add_document(document)
            self.waiting += 1

    def remove(self, ids: Iterable[int]) -> None:
        """Take articles out; of one that is not there, nothing."""
        some = list(ids)
        # By a query: by a term, tantivy takes a Python number for a signed one, which this field has none of.
        self.writer.delete_documents_by_query(tantivy.Query.term_set_query(schema(), "id", some))
        self.waiting += len(some)

    def commit(self, reached: Position) -> None:
        """Let all that was taken in and out be seen, and the position with it."""
        self.remove([POSITION])
        note = tantivy.Document()
        note.add_unsigned("id", POSITION)
        note.add_unsigned("hidden", 1)
        note.add_text("position", str(reached))
        self.writer.add_document(note)
        self.writer.commit()
        self.position, self.waiting = reached, 0

    def close(self) -> None:
        """Let merges that are under way come to their end, and the index go."""
        self.writer.wait_merging_threads()


@contextmanager
def open_writer(wait: float = 0) -> Iterator[IndexWriter | None]:
    """The generation in use, to be written by us alone on this machine; None if another writes, also after `wait`
    seconds. Raises Unavailable."""
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
    """A new, empty generation beside the one in use; `put_in_use` makes it the one."""
    name = f"v{VERSION}-{uuid4().hex[:12]}"
    (_home() / name).mkdir(parents=True)
    try:
        return IndexWriter(name, new=True)
    except BaseException:
        drop(name)
        raise


def drop(generation: str) -> None:
    """Throw away one that did not come to its end: a disk that is full has no room for it."""
    shutil.rmtree(_home() / generation, ignore_errors=True)


def activate(generation: str) -> None:
    """Swap the generation in use for this one and throw away all others; who reads an old one reads on."""
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
    """One process or thread of this machine at a time; ends with the process that has it, however that ends."""
    _make_room(name)
    until = time.monotonic() + wait
    with open(_home() / name, "w") as file:
        while not (ours := _locked(file)) and time.monotonic() < until:
            time.sleep(0.05)
        yield ours


def _make_room(name: str) -> None:
    """The folder, and none where the lock's file is to be."""
    home = _home()
    home.mkdir(parents=True, exist_ok=True)
    if (home / name).is_dir():
        clear(home / name)


def _locked(file) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
