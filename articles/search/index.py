"""The index of articles on disk: made of the database, thrown away and made anew at any time.

Under settings.SEARCH_HOME lies one folder for each generation of the index, and a file `current` that names the one in
use. A generation says itself up to where in the log of changes (articles.changes) it has come, in the same commit as
the articles: a writer that is killed leaves the last commit, and its position with it.
"""

import fcntl
import os
import shutil
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

from articles.changes import START, Position
from articles.search.documents import Entry, documents
from articles.search.segment import LONGEST_WORD

# Of the schema, and of how texts are cut: with another number an index is made anew.
VERSION = 2
LONGEST = 4 * LONGEST_WORD  # bytes
HEAP = 30_000_000  # bytes that a writer gathers before it writes a segment
CURRENT, LOCK = "current", "lock"
POSITION = 0  # the id of the document that holds the position; no article has it


class Unavailable(Exception):
    """There is no index that could be asked; the message says what to run."""


# What tantivy raises when files it reads are not what they should be.
BROKEN = (ValueError, OSError)


@dataclass(frozen=True, slots=True)
class Opened:
    """An index to ask: a view of it that stays as it is, its schema, and which generation and commit it is of."""

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    generation: str


@cache
def schema() -> tantivy.Schema:
    """What a document has; articles.search.documents says what goes where."""
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
_opened: dict = {"sign": None, "index": None, "view": None}
_opening = Lock()


def open_searcher() -> Opened:
    """The index as it was last committed. Costs two looks at files while it has not changed. Raises Unavailable."""
    generation = current()
    try:
        state = os.stat(_home() / generation / "meta.json")
    except OSError as error:
        raise Unavailable(f"搜索索引不见了。{_HOW}") from error
    sign = (generation, state.st_mtime_ns, state.st_ino, state.st_size)
    with _opening:
        if _opened["sign"] != sign:
            _opened.update(sign=sign, view=_view(generation))
        return _opened["view"]


@contextmanager
def asking() -> Iterator[None]:
    """Around what is asked of an index. Raises Unavailable where its files are not what they should be."""
    try:
        yield
    except BROKEN as error:
        raise Unavailable(f"搜索索引读不出（{str(error)[:200]}）。{_HOW}") from error


def current() -> str:
    """The name of the generation in use. Raises Unavailable."""
    try:
        name = (_home() / CURRENT).read_text().strip()
    except OSError as error:
        raise Unavailable(f"还没有搜索索引。{_HOW}") from error
    if not name.startswith(f"v{VERSION}-"):
        raise Unavailable(f"搜索索引是旧版程序建的。{_HOW}")
    return name


def position() -> Position:
    """Up to where in the log the index has come. Raises Unavailable."""
    return _position(open_searcher().searcher)


_HOW = "网站会自己重建；也可以现在就运行 manage.py rebuild_search。"


def _home() -> Path:
    return Path(settings.SEARCH_HOME)


def _view(generation: str) -> Opened:
    index = _opened["index"]
    try:
        if _opened["view"] is None or _opened["view"].generation != generation:
            index = _opened["index"] = _open(_home() / generation)
            index.config_reader("manual")
        index.reload()
        return Opened(index.searcher(), index.schema, generation)
    except BROKEN as error:
        _opened.update(sign=None, index=None, view=None)
        raise Unavailable(f"搜索索引读不出（{str(error)[:200]}）。{_HOW}") from error


def _open(folder: Path, *, new: bool = False) -> tantivy.Index:
    index = tantivy.Index(schema(), str(folder)) if new else tantivy.Index.open(str(folder))
    pairs, words = (tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()) for _ in range(2))
    index.register_tokenizer("pairs", pairs.build())
    index.register_tokenizer("words", words.filter(tantivy.Filter.remove_long(LONGEST)).build())
    return index


def _position(searcher: tantivy.Searcher) -> Position:
    found = searcher.search(tantivy.Query.term_query(schema(), "id", POSITION), 1, count=False).hits
    return Position.read(searcher.doc(found[0][1]).get_first("position")) if found else START


# ------------------------------------------------------------------ writing
class Keeper:
    """Writes one generation. Nothing is seen, or lasts, before `commit`."""

    def __init__(self, generation: str, *, new: bool = False):
        self.generation = generation
        try:
            self.index = _open(_home() / generation, new=new)
            self.index.config_reader("manual")
            self.position = START if new else _position(self.index.searcher())
            self.writer = self.index.writer(HEAP, 1)
        except BROKEN as error:
            raise Unavailable(f"搜索索引打不开（{str(error)[:200]}）。{_HOW}") from error
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
def writing(wait: float = 0) -> Iterator[Keeper | None]:
    """The generation in use, to be written by us alone on this machine; None if another writes, also after `wait`
    seconds. Raises Unavailable."""
    with turn(LOCK, wait) as ours:
        if not ours:
            yield None
            return
        keeper = Keeper(current())
        try:
            yield keeper
        finally:
            keeper.close()


def begin() -> Keeper:
    """A new, empty generation beside the one in use; `put_in_use` makes it the one."""
    name = f"v{VERSION}-{uuid4().hex[:12]}"
    (_home() / name).mkdir(parents=True)
    return Keeper(name, new=True)


def put_in_use(generation: str) -> None:
    """Swap the generation in use for this one and throw away all others; who reads an old one reads on."""
    home = _home()
    draft = home / f"{CURRENT}.{uuid4().hex[:8]}"
    draft.write_text(generation)
    os.replace(draft, home / CURRENT)
    for other in home.glob("v*-*"):
        if other.name != generation:
            shutil.rmtree(other, ignore_errors=True)


@contextmanager
def turn(name: str, wait: float = 0) -> Iterator[bool]:
    """One process or thread of this machine at a time; ends with the process that has it, however that ends."""
    _home().mkdir(parents=True, exist_ok=True)
    until = time.monotonic() + wait
    with open(_home() / name, "w") as file:
        while not (ours := _locked(file)) and time.monotonic() < until:
            time.sleep(0.05)
        yield ours


def _locked(file) -> bool:
    with suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
