"""MinHash signatures stored beside the articles: grouping a thousand new ones need not read a million old texts."""

from collections.abc import Iterable, Iterator
from itertools import batched

import numpy as np
from django.db import transaction

from articles.db.bulk_rows import insert_whole_rows
from articles.models import Article
from articles.models.story import Sketch
from articles.stories.similarity.candidates import WINDOW
from articles.stories.similarity.match import SignatureWindow
from sources.text.minhash import read_signatures, signatures

AT_ONCE = 500
IN_ONE_TRANSACTION = 5_000  # articles: few commits, and no other writer waits for long
SLICE = 20_000  # signatures compared at once: memory stays constant, time grows with the number of articles


def batches(ids: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Ids in batches that fit into one query."""
    return batched(ids, AT_ONCE, strict=False)


def between(ids: tuple[int, ...]) -> dict:
    """The condition that finds these ids (ascending) and few others: ids of one import are mostly consecutive."""
    if ids[-1] - ids[0] < 2 * len(ids):
        return {"pk__gte": ids[0], "pk__lte": ids[-1]}
    return {"pk__in": ids}


def save_signatures(made: Iterable[tuple[Article, bytes]]) -> None:
    """Store the signatures of new articles, made by the reading process. Must run in the articles' transaction."""
    rows = [
        (article.pk, int(article.published_at.timestamp()), article.fingerprint, one) for article, one in made
    ]
    insert_whole_rows(Sketch, rows)


def refresh_signatures(articles: Iterable[int], tell=lambda count: None) -> None:
    """Make the signatures of those articles (ids, ascending) that have none, or an outdated one.

    An article without a publishing time has no place in the order of time, and gets none.
    """
    for many in batched(articles, IN_ONE_TRANSACTION, strict=False):
        with transaction.atomic():
            for some in batches(many):
                _refresh(some)
                tell(len(some))


def _refresh(some: tuple[int, ...]) -> None:
    wanted, near = set(some), between(some)
    known = Sketch.objects.filter(**near).values_list("article", "fingerprint", "moment")
    kept = {pk: seen for pk, *seen in known if pk in wanted}
    rows = Article.objects.filter(**near).order_by("pk").values_list("pk", "fingerprint", "published_at")
    if not kept:  # most often: all new
        rows = rows.values_list("pk", "fingerprint", "published_at", "title", "text")
    due, gone = [], set(kept)
    for pk, fingerprint, at, *said in rows:
        if pk in wanted and at is not None:
            gone.discard(pk)
            moment = int(at.timestamp())
            if kept.get(pk) != [fingerprint, moment]:
                due.append((pk, moment, fingerprint, said))
    if gone or kept:
        Sketch.objects.filter(pk__in=[*gone, *(pk for pk, *_ in due if pk in kept)]).delete()
    if due:
        _write(due, said_already=not kept)


def _write(due: list[tuple], said_already: bool) -> None:
    words = {pk: said for pk, _, _, said in due}
    if not said_already:
        articles = Article.objects.filter(pk__in=list(words))
        words = {pk: said for pk, *said in articles.values_list("pk", "title", "text")}
    made = signatures([words[pk] for pk, *_ in due])
    insert_whole_rows(Sketch, [(*row, one.tobytes()) for (*row, _), one in zip(due, made, strict=True)])


# ------------------------------------------------------------------ reading them, in the order of time
def signature_windows(new: set[int], alone: bool = False) -> Iterator[SignatureWindow]:
    """All signatures near one of the `new` articles (ids) in time, slice by slice; slices overlap.

    `alone`: only those of the articles themselves.
    """
    known = np.array(sorted(new), dtype=np.int64)
    for since, until in _spans(new):
        near = Sketch.objects.filter(moment__gte=since, moment__lte=until).order_by("moment", "article")
        rows = near.values_list("article", "moment", "sketch").iterator(5_000)
        if alone:
            rows = (row for row in rows if row[0] in new)
        tail: list[tuple] = []
        for some in batched(rows, SLICE, strict=False):
            here = tail + list(some)
            yield _window(here, known)
            tail = [row for row in here if row[1] >= here[-1][1] - WINDOW]


def _spans(new: set[int]) -> list[tuple[int, int]]:
    """The intervals of time around the articles, merged where they overlap."""
    moments = []
    for some in batches(sorted(new)):
        near = Sketch.objects.filter(**between(some)).values_list("pk", "moment")
        moments += [moment for pk, moment in near if pk in new]
    spans: list[tuple[int, int]] = []
    for moment in sorted(moments):
        since, until = moment - WINDOW, moment + WINDOW
        if spans and since <= spans[-1][1]:
            spans[-1] = (spans[-1][0], until)
        else:
            spans.append((since, until))
    return spans


def _window(rows: list[tuple], new: np.ndarray) -> SignatureWindow:
    ids, moments, sketches = zip(*rows, strict=True)
    ids = np.array(ids, dtype=np.int64)
    return SignatureWindow(
        ids, np.array(moments, dtype=np.int64), read_signatures(sketches), np.isin(ids, new)
    )
