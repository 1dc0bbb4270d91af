"""Keep the index what the database says: it follows the log of changes, and is made anew where there is none."""

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

AT_ONCE = 500  # articles in memory
# Documents: what a writer that is killed has done for nothing. Eight such pieces are merged into one while it goes on.
COMMIT_EVERY = 20_000
LOOK_EVERY = (
    2.0  # seconds between two looks at the log, if nobody of this process says that there is something new
)
REBUILDING = "rebuilding"
TRIED_AGAIN = 60.0  # seconds after an attempt that failed

_log = logging.getLogger(__name__)


# ------------------------------------------------------------------ following
def catch_up(wait: float = 0) -> bool:
    """Bring the index up to the log's head; make it anew where there is none that can be brought there.

    False if another process does so already, and did not come to an end within `wait` seconds. Raises what the
    database raises, and OSError for a disk that is full.
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
    """Look through the whole index once, as a server does when it starts: what was spoilt meanwhile shows no date."""
    try:
        fault = index.fault()
    except Unavailable:
        return  # then it is made anew in any case
    if fault:
        index.suspect(fault)


def _fault() -> str:
    try:
        return index.fault()
    except Unavailable as reason:
        return str(reason)


def follow(keeper: IndexWriter, at_hand: dict[int, Entry] | None = None) -> None:
    """Take in what the log has that the index has not. Long ways are committed piece by piece.

    `at_hand`: articles (by id) as they were when they were first written, which was after the last call; each is
    taken out of it. The others are read.
    """
    seen = "article_id", "transaction", "pk"
    while changes := list(Change.objects.after(_reached(keeper)).values_list(*seen)[:AT_ONCE]):
        often = Counter(article for article, *_ in changes)
        ready = {pk: at_hand.pop(pk) for pk in often.keys() & at_hand.keys()} if at_hand else {}
        # Changed since: read anew, now or when that change's turn comes.
        ready = {pk: entry for pk, entry in ready.items() if often[pk] == 1}
        others = often.keys() - ready.keys()
        if others:
            keeper.remove(others)
        keeper.add(chain(ready.values(), entries(others)))
        keeper.reached = Position(*changes[-1][1:])
        if keeper.waiting >= COMMIT_EVERY:
            commit(keeper)


def commit(keeper: IndexWriter) -> None:
    """Let what was followed be found."""
    if _reached(keeper) != keeper.position:
        keeper.commit(keeper.reached)


def is_behind() -> bool:
    """Whether the log has something that the index has not. Raises Unavailable."""
    reached = index.position()
    return not Change.objects.has_been_at(reached) or Change.objects.after(reached).exists()


def must_follow() -> bool:
    """Whether the index must be brought up to the log, or made in the first place."""
    try:
        return index.is_suspected() or is_behind()
    except Unavailable:
        return True


def _reached(keeper: IndexWriter) -> Position:
    return keeper.reached or keeper.position


# ------------------------------------------------------------------ making it anew
def rebuild(tell: Callable[[int], None] = lambda done: None, wait: float = 0) -> int | None:
    """Make the index anew beside the one in use, and swap them; gives how many articles it holds.

    Search goes on with the old one meanwhile. `tell` hears how many are done. None if another process is at it and
    did not come to an end within `wait` seconds.
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
            with index.index_lock(index.LOCK, wait=60):  # who follows the old one comes to an end first
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
    """Every article's id, ascending, without holding a query open while they are read."""
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
    """Follow the log in a thread of this process, as long as it lives. Of a machine's processes one does the work."""
    if _started.acquire(blocking=False):
        threading.Thread(target=_keep_following, name="search-follower", daemon=True).start()


def wake(**signal) -> None:
    """Look at the log as soon as what is being written is there."""
    if _started.locked():
        transaction.on_commit(_news.set)


def _keep_following() -> None:
    load()  # or the first reader who searches would wait a second for it
    examine()
    while True:
        pause = LOOK_EVERY
        try:
            close_old_connections()
            if must_follow():
                catch_up()
        except BaseException as error:
            # A panic of the index is no Exception; nobody follows the log any more if this thread ends.
            if not isinstance(error, (Error, Unavailable)) and not is_damage(error):
                raise
            _log.warning("The search index could not follow: %s", error)
            pause = TRIED_AGAIN
        finally:
            close_old_connections()
        _news.wait(pause)
        _news.clear()
