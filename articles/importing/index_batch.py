"""Index new articles during the import, so that they are searchable when the command ends.

A fault of the index never fails the import: the index can be rebuilt from the database. The user is told at the end.
"""

import logging
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from threading import Thread

from articles.importing.match import Decision
from articles.importing.write import NEW
from articles.models import Article, Change, Security
from articles.search.index import follow, index
from articles.search.index.damage import is_damage
from articles.search.index.documents import Entry
from articles.search.index.tokens import load

PATIENCE = 60.0  # seconds to wait at the end for another process that is writing the index
_log = logging.getLogger(__name__)


def index_entry(decision: Decision, securities: Mapping[tuple[str, str], Security]) -> Entry:
    """The index entry of an article that was just written, without a query."""
    article, raw = decision.article, decision.raw
    return Entry(
        article.pk,
        article.title,
        article.subtitle,
        article.original_title,
        text=article.text,
        source_id=article.source_id,
        category_id=article.category_id,
        hidden=article.public_at is None,
        published_at=article.published_at,
        securities=[securities[one.code, one.market].pk for one in raw.securities],
        cut=raw.prepared,
    )


class BatchIndexer:
    """Holds the index open while an import runs."""

    def __init__(self):
        self.trouble = ""
        self.stack = ExitStack()
        self.committing: Thread | None = None
        load()
        self.writer = self._guarded(self._open)

    def _open(self) -> index.IndexWriter | None:
        try:
            index.current_generation()
        except index.Unavailable:
            if Article.objects.exists():
                return None  # rebuilt at the end, when all articles are there
            follow.rebuild()
        keeper = self.stack.enter_context(index.open_writer())
        # One that cannot go on from where it is is made anew at the end.
        return keeper if keeper and Change.objects.has_been_at(keeper.position) else None

    def take(self, decisions: Iterable[Decision], securities: Mapping[tuple[str, str], Security]) -> None:
        """Follow the change log, which these decisions have just been written to."""
        if self.writer is not None:
            at_hand = {d.article.pk: index_entry(d, securities) for d in decisions if _is_at_hand(d)}
            self._guarded(lambda: follow.follow(self.writer, at_hand))

    def start_commit(self) -> None:
        """Commit in a thread while the run does other things; nothing more is taken in."""
        if self.writer is not None:
            self.committing = Thread(target=self._guarded, args=[partial(follow.commit, self.writer)])
            self.committing.start()

    def close(self) -> str:
        """Make everything searchable, and catch up on what failed on the way; return a warning, or ""."""
        if self.committing is not None:
            self.committing.join()
        if self.writer is not None:
            self._guarded(lambda: follow.commit(self.writer))
        self._guarded(self.stack.close)
        self._guarded(self._catch_up)
        return self.trouble

    def _catch_up(self) -> None:
        if (self.trouble or follow.must_follow()) and not follow.catch_up(wait=PATIENCE):
            self.trouble = "另一个进程正在写搜索索引，还没写完；写完后就能搜到"
        else:
            self.trouble = ""

    def _guarded(self, step):
        """The result of a step; None if it failed: the import goes on without the index."""
        try:
            return step()
        except BaseException as error:  # a Rust panic is no Exception
            if not isinstance(error, Exception) and not is_damage(error):
                raise
            _log.warning("The search index did not keep up with the import: %s", error)
            self.trouble = (
                f"搜索索引没有跟上（{str(error)[:200]}）；稿件都在，运行 manage.py rebuild_search 即可"
            )
            self.writer = None
            return None


def _is_at_hand(decision: Decision) -> bool:
    """Whether the entry needs no query: ids of tags are known to the database only."""
    raw = decision.raw
    return decision.outcome in NEW and raw.prepared is not None and not raw.tags
