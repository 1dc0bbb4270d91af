"""Index what an import brings while it brings it, so that all of it is found when the command ends.

Never in the import's way: the articles are safe in the database, and whatever goes wrong with the index can be made
good from there. It is said at the end, with what to run.
"""

import logging
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from functools import partial
from threading import Thread

from articles.importing.match import Decision
from articles.importing.write import NEW
from articles.models import Article, Security
from articles.search.index import follow, index
from articles.search.index.damage import is_damage
from articles.search.index.documents import Entry
from articles.search.index.tokens import load

PATIENCE = 60.0  # seconds to wait at the end for another process that is writing the index
_log = logging.getLogger(__name__)


def index_entry(decision: Decision, securities: Mapping[tuple[str, str], Security]) -> Entry:
    """A new article as it was just written, from what is at hand."""
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
    """The index, open for as long as an import runs."""

    def __init__(self):
        self.trouble = ""
        self.stack = ExitStack()
        self.writing: Thread | None = None
        load()
        self.keeper = self._guarded(self._open)

    def _open(self) -> index.IndexWriter | None:
        try:
            index.current_generation()
        except index.Unavailable:
            if Article.objects.exists():
                return None  # it is made anew at the end, when all is there
            follow.rebuild()
        return self.stack.enter_context(index.open_writer())

    def take(self, decisions: Iterable[Decision], securities: Mapping[tuple[str, str], Security]) -> None:
        """Take in what the log says by now, and so these decisions, which were just written."""
        if self.keeper is not None:
            at_hand = {d.article.pk: index_entry(d, securities) for d in decisions if _is_at_hand(d)}
            self._guarded(lambda: follow.follow(self.keeper, at_hand))

    def rest(self) -> None:
        """Nothing more is taken in: what was is written while other things are done."""
        if self.keeper is not None:
            self.writing = Thread(target=self._guarded, args=[partial(follow.commit, self.keeper)])
            self.writing.start()

    def close(self) -> str:
        """Let all be found that was taken in, and what could not be on the way; gives the trouble, if any is left."""
        if self.writing is not None:
            self.writing.join()
        if self.keeper is not None:
            self._guarded(lambda: follow.commit(self.keeper))
        self._guarded(self.stack.close)
        self._guarded(self._catch_up)
        return self.trouble

    def _catch_up(self) -> None:
        if (self.trouble or follow.must_follow()) and not follow.catch_up(wait=PATIENCE):
            self.trouble = "另一个进程正在写搜索索引，还没写完；写完后就能搜到"
        else:
            self.trouble = ""

    def _guarded(self, step):
        """What a step gives; None if it failed, for whatever reason: the import goes on and leaves the index alone."""
        try:
            return step()
        except BaseException as error:  # a panic of the index is no Exception
            if not isinstance(error, Exception) and not is_damage(error):
                raise
            _log.warning("The search index did not keep up with the import: %s", error)
            self.trouble = (
                f"搜索索引没有跟上（{str(error)[:200]}）；稿件都在，运行 manage.py rebuild_search 即可"
            )
            self.keeper = None
            return None


def _is_at_hand(decision: Decision) -> bool:
    """Whether all the index wants of an article is here: its tags have their ids in the database only."""
    raw = decision.raw
    return decision.outcome in NEW and raw.prepared is not None and not raw.tags
