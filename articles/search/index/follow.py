"""Keep the search index in step with the database: follow the change log, and rebuild where that is impossible."""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import batched, chain

from django.db import Error, close_old_connections, transaction

from articles.models import Article
from articles.models.change_log import Change, Position
from articles.search.index import index
from articles.search.index.damage import is_damage
from articles.search.index.documents import Entry, entries
from articles.search.index.index import IndexWriter, Unavailable
from articles.search.index.tokens import load

AT_ONCE = 500  # articles held in memory
# Documents per commit: the most work that a killed writer loses. tantivy merges eight such segments into one.
COMMIT_EVERY = 20_000
LOOK_EVERY = 2.0  # seconds between polls of the log, unless this process signals a change
REBUILDING = "rebuilding"
TRIED_AGAIN = 60.0  # seconds to wait after a failed attempt

_log = logging.getLogger(__name__)


# ------------------------------------------------------------------ following
def catch_up(wait: float = 0) -> bool:
    """Bring the index up to the head of the log; rebuild it if it is missing, damaged or too far behind.

    Returns False if another process is doing this and does not finish within `wait` seconds. Raises database errors,
    and OSError for a full disk.
    """
    if index.is_suspected():
        if fault := _fault():
            _log.warning("The search index is damaged and is made anew: %s", fault)
            return rebuild(wait=wait) is not None
        index.is_sound()
    try:
        with index.open_writer(wait) as keeper:
            if keeper is None:
                return False
            if Change.objects.has_been_at(keeper.position):
                follow(keeper)
                commit(keeper)
                return True
    except Unavailable as reason:
        _log.warning("%s", reason)
    return rebuild(wait=wait) is not None


def examine() -> None:
    """Verify the whole index once, when a server starts: damage done while it was down does not show in mtimes."""
    try:
        fault = index.fault()
    except Unavailable:
        return  # it is rebuilt in any case
    if fault:
        index.suspect(fault)


def _fault() -> str:
    try:
        return index.fault()
    except Unavailable as reason:
        return str(reason)


def follow(keeper: IndexWriter, at_hand: dict[int, Entry] | None = None) -> None:
    """Apply the changes in the log that the index does not have yet, with a commit every COMMIT_EVERY documents.

    `at_hand`: articles by id, as first written after the last call. Each one used is removed from the dict; all other
    articles are read from the database.
    """
    seen = "article_id", "transaction", "pk"
    while changes := list(Change.objects.after(_reached(keeper)).values_list(*seen)[:AT_ONCE]):
        often = Counter(article for article, *_ in changes)
        ready = {pk: at_hand.pop(pk) for pk in often.keys() & at_hand.keys()} if at_hand else {}
        # More than one change: the article at hand may be out of date, so read it from the database.
        ready = {pk: entry for pk, entry in ready.items() if often[pk] == 1}
        others = often.keys() - ready.keys()
        if others:
            keeper.remove(others)
        keeper.add(chain(ready.values(), entries(others)))
        keeper.reached = Position(*changes[-1][1:])
        if keeper.waiting >= COMMIT_EVERY:
            commit(keeper)


def commit(keeper: IndexWriter) -> None:
    """Commit what was followed, so that searches see it."""
    if _reached(keeper) != keeper.position:
        keeper.commit(keeper.reached)


def is_behind() -> bool:
    """Whether the log has changes that the index lacks. Raises Unavailable."""
    reached = index.position()
    return not Change.objects.has_been_at(reached) or Change.objects.after(reached).exists()


def must_follow() -> bool:
    """Whether the index is behind, damaged or missing."""
    try:
        return index.is_suspected() or is_behind()
    except Unavailable:
        return True


def _reached(keeper: IndexWriter) -> Position:
    return keeper.reached or keeper.position


# ------------------------------------------------------------------ rebuilding
def rebuild(tell: Callable[[int], None] = lambda done: None, wait: float = 0) -> int | None:
    """Build a new index beside the one in use and swap them. Returns the number of articles in it.

    The old index answers searches meanwhile. `tell` is called with the number of articles done so far. Returns None
    if another process is rebuilding and does not finish within `wait` seconds.
    """
    with index.index_lock(REBUILDING, wait) as ours:
        if not ours:
            return None
        keeper, done = index.new_generation(), 0
        try:
            keeper.reached = Change.objects.head()
            for ids in batched(_all_ids(), AT_ONCE, strict=False):
                keeper.add(entries(ids))
                done += len(ids)
                tell(done)
            keeper.commit(keeper.reached)
            with index.index_lock(index.LOCK, wait=60):  # a process that follows the old index finishes first
                follow(keeper)
                commit(keeper)
                index.activate(keeper.generation)
        except BaseException:
            index.drop(keeper.generation)
            raise
        finally:
            keeper.close()
        return done


def _all_ids() -> Iterator[int]:
    """Every article's id, ascending, read in chunks so that no query stays open during the rebuild."""
    last = 0
    while ids := list(
        Article.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[: 20 * AT_ONCE]
    ):
        yield from ids
        last = ids[-1]


# ------------------------------------------------------------------ in a server
_news = threading.Event()
_started = threading.Lock()


def start() -> None:
    """Follow the log in a daemon thread of this process. The lock lets one process per machine do the work."""
    if _started.acquire(blocking=False):
        threading.Thread(target=_keep_following, name="search-follower", daemon=True).start()


def wake(**signal) -> None:
    """Signal receiver: check the log as soon as the current transaction commits."""
    if _started.locked():
        transaction.on_commit(_news.set)


def _keep_following() -> None:
    load()  # or the first search would wait a second for it
    examine()
    while True:
        pause = LOOK_EVERY
        try:
            close_old_connections()
            if must_follow():
                catch_up()
        except BaseException as error:
            # A panic of tantivy is not an Exception. If this thread ended, the index would stop following the log.
            if not isinstance(error, (Error, Unavailable)) and not is_damage(error):
                raise
            _log.warning("The search index could not follow: %s", error)
            pause = TRIED_AGAIN
        finally:
            close_old_connections()
        _news.wait(pause)
        _news.clear()
