"""Index what an import brings while it brings it, so that all of it is found when the command ends.

Never in the import's way: the articles are safe in the database, and whatever goes wrong with the index can be made
good from there. It is said at the end, with what to run.
"""

import logging
from collections.abc import Iterable
from contextlib import ExitStack

from articles.models import Article
from articles.search import following, index
from articles.search.documents import Words, cut
from articles.search.segment import fold
from sources.formats.raw import RawArticle

PATIENCE = 60.0  # seconds to wait at the end for another process that is writing the index
_log = logging.getLogger(__name__)


def prepare(raw: RawArticle) -> tuple[str, str]:
    """What a worker process does for the index beforehand: the words of title and text."""
    made = cut(raw.title, raw.plain.text)
    return made.title, made.text


class Alongside:
    """The index, open for as long as an import runs."""

    def __init__(self):
        self.trouble = ""
        self.stack = ExitStack()
        fold("")  # its table is made before workers are forked, who then have it, too
        self.keeper = self._guarded(self._open)

    def _open(self) -> index.Keeper | None:
        try:
            index.current()
        except index.Unavailable:
            if Article.objects.exists():
                return None  # it is made anew at the end, when all is there
            following.rebuild()
        return self.stack.enter_context(index.writing())

    def take(self, raws: Iterable[RawArticle]) -> None:
        """Take in what the log says by now; `raws` are what was just written, as workers prepared it."""
        if self.keeper is not None:
            prepared = {raw.plain.fingerprint: Words(*raw.prepared) for raw in raws if raw.prepared}
            self._guarded(lambda: following.follow(self.keeper, prepared))

    def close(self) -> str:
        """Let all be found that was taken in, and what could not be on the way; gives the trouble, if any is left."""
        if self.keeper is not None:
            self._guarded(lambda: following.commit(self.keeper))
        self._guarded(self.stack.close)
        self._guarded(self._catch_up)
        return self.trouble

    def _catch_up(self) -> None:
        if (self.trouble or following.must_follow()) and not following.catch_up(wait=PATIENCE):
            self.trouble = "另一个进程正在写搜索索引，还没写完；写完后就能搜到"
        else:
            self.trouble = ""

    def _guarded(self, step):
        """What a step gives; None if it failed, for whatever reason: the import goes on and leaves the index alone."""
        try:
            return step()
        except Exception as error:  # noqa: BLE001 (see above)
            _log.warning("The search index did not keep up with the import: %s", error)
            self.trouble = (
                f"搜索索引没有跟上（{str(error)[:200]}）；稿件都在，运行 manage.py rebuild_search 即可"
            )
            self.keeper = None
            return None
