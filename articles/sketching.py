"""Sketches kept beside the articles, so that grouping a thousand new ones need not read a million old ones."""

from collections.abc import Collection, Iterable, Iterator
from itertools import batched

import numpy as np
from django.db import transaction

from articles.bulk import insert
from articles.likeness.candidates import WINDOW
from articles.likeness.grouping import Shelf
from articles.likeness.sketches import read, sketch
from articles.models import Article
from articles.stories import Sketch

AT_ONCE = 500
SLICE = 20_000  # sketches compared at once: memory stays flat, and time grows with the number of articles


def batches(ids: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Ids in numbers that a query can name one by one."""
    return batched(ids, AT_ONCE, strict=False)


def refresh_sketches(articles: Iterable[int], tell=lambda count: None) -> None:
    """Sketch those of the articles (ids) that have changed since they were sketched, or never were.

    An article without a publishing time stands nowhere in time and is not sketched.
    """
    for some in batches(articles):
        kept = {pk: seen for pk, *seen in _kept(some)}
        rows = Article.objects.filter(pk__in=some).order_by("pk")
        due, undated = [], set(kept)
        for pk, fingerprint, at in rows.values_list("pk", "fingerprint", "published_at"):
            if at is not None:
                undated.discard(pk)
                if kept.get(pk) != [fingerprint, int(at.timestamp())]:
                    due.append((pk, fingerprint, int(at.timestamp())))
        if due or undated:
            _write(due, undated)
        tell(len(some))


def _kept(some: Collection[int]):
    return Sketch.objects.filter(pk__in=some).values_list("article", "fingerprint", "moment")


def _write(due: list[tuple[int, str, int]], gone: set[int]) -> None:
    pks = [pk for pk, _, _ in due]
    words = {pk: said for pk, *said in Article.objects.filter(pk__in=pks).values_list("pk", "title", "text")}
    made = sketch([words[pk] for pk in pks])
    rows = [
        Sketch(article_id=pk, fingerprint=fingerprint, moment=moment, sketch=one.tobytes())
        for (pk, fingerprint, moment), one in zip(due, made, strict=True)
    ]
    with transaction.atomic():
        Sketch.objects.filter(pk__in=[*pks, *gone]).delete()
        insert(rows)


# ------------------------------------------------------------------ reading them back, in the order of time
def shelves(new: Collection[int], alone: bool = False) -> Iterator[Shelf]:
    """All sketches that stand near one of the `new` articles (ids) in time, slice by slice; slices overlap.

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
            yield _shelf(here, known)
            tail = [row for row in here if row[1] >= here[-1][1] - WINDOW]


def _spans(new: Collection[int]) -> list[tuple[int, int]]:
    """The times within which something may be like one of the articles, apart from one another."""
    moments = []
    for some in batches(new):
        moments += Sketch.objects.filter(pk__in=some).values_list("moment", flat=True)
    spans: list[tuple[int, int]] = []
    for moment in sorted(moments):
        since, until = moment - WINDOW, moment + WINDOW
        if spans and since <= spans[-1][1]:
            spans[-1] = (spans[-1][0], until)
        else:
            spans.append((since, until))
    return spans


def _shelf(rows: list[tuple], new: np.ndarray) -> Shelf:
    ids, moments, sketches = zip(*rows, strict=True)
    ids = np.array(ids, dtype=np.int64)
    return Shelf(ids, np.array(moments, dtype=np.int64), read(sketches), np.isin(ids, new))
