"""Fold the tellings of one story into one hit, so that a page of twenty hits shows twenty stories."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from django.db import connection

from articles.addresses import address
from articles.models import Article
from articles.models.story import Parting
from articles.search.query.results import Pointer, Retold

# A telling whose score is this share of the best one's matches about as well: a headline twice as long with the same
# words has some two thirds, one without them half or less.
ABOUT_EQUAL = 0.6
# Articles with the same words and no story are tellings if no further apart than stories are grouped.
NEAR = timedelta(days=3)
NAMED = 4  # outlets beside the link to the story's page; without such a page all are named


class Telling(NamedTuple):
    """A hit as it is listed: the article, and what is folded under it."""

    id: int
    retold: Retold | None = None


class _Row(NamedTuple):
    id: int
    story: int | None
    fingerprint: str
    outlet: str
    slug: str
    at: datetime


def fold(hits: Sequence[tuple[int, float]]) -> list[Telling]:
    """These hits (id and score, best first) with the tellings of a story as one, where the best of them stands.

    Of those that match about equally well the first publication is listed. What readers may not see is left as it is.
    """
    scores = dict(hits)
    groups = {row.id: rows for rows in _groups(list(scores)) for row in rows}
    folded, seen = [], set()
    for pk in scores:
        if pk in seen:
            continue
        rows = groups.get(pk, [])
        seen.update(row.id for row in rows)
        # Rows are in order of time, and the first of them that is met has the best score.
        lead = next((row for row in rows if scores[row.id] >= ABOUT_EQUAL * scores[pk]), None)
        folded.append(Telling(lead.id, _retold(lead, rows)) if lead else Telling(pk))
    return folded


def _retold(lead: _Row, rows: Sequence[_Row]) -> Retold:
    others = [row for row in rows if row is not lead]
    slugs = {row.slug for row in others} - {lead.slug}
    story = next((row.story for row in rows if row.story), None)
    first = {row.slug: row for row in reversed(others) if row.slug in slugs}
    some = sorted(first.values(), key=_when)[:NAMED]
    # The story's page has those that are in the story.
    named = [row for row in others if row in some or not (story and row.story)]
    return Retold(
        len(slugs),
        len(others),
        address("story", story) if story else "",
        [_pointer(row) for row in named],
        has_more=not slugs <= {row.slug for row in named},
    )


def _pointer(row: _Row) -> Pointer:
    return Pointer(row.outlet, address("article", row.id))


# ------------------------------------------------------------------ what belongs together
def _groups(ids: Sequence[int]) -> Iterator[list[_Row]]:
    """The tellings among these articles, each group in order of time. No article is in two groups."""
    rows = _rows(_alike(ids))
    stories: dict[int, list[_Row]] = {}
    for row in rows:
        if row.story:
            stories.setdefault(row.story, []).append(row)
    twins = list(_twins(rows))
    parted = _parted(row.id for some in twins for row in some)
    for some in twins:
        story = next((row.story for row in some if row.story), None)
        held = [row for row in some if row.story]
        for row in some:
            if not row.story and all((one.id, row.id) not in parted for one in held):
                held.append(row)
        if story:
            stories[story] += [row for row in held if not row.story]
        elif len(held) > 1:
            yield held
    for some in stories.values():
        if len(some) > 1:
            yield sorted(some, key=_when)


def _twins(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Runs of the same words by several outlets, some of which are in no story, and all others in one."""
    prints: dict[str, list[_Row]] = {}
    for row in rows:
        prints.setdefault(row.fingerprint, []).append(row)
    for some in prints.values():
        cuts = [at for at, (one, other) in enumerate(pairwise(some), 1) if other.at - one.at > NEAR]
        for start, end in pairwise([0, *cuts, len(some)]):
            run = some[start:end]
            stories = {row.story for row in run}
            if None in stories and len(stories) <= 2 and len({row.slug for row in run}) > 1:
                yield run


def _parted(ids: Iterable[int]) -> set[tuple[int, int]]:
    """Which of these articles an editor keeps apart, each pair both ways round."""
    some = list(ids)
    if not some:
        return set()
    pairs = Parting.objects.filter(one__in=some, other__in=some).values_list("one", "other")
    return {both for one, other in pairs for both in ((one, other), (other, one))}


# ------------------------------------------------------------------ the database
def _alike(ids: Sequence[int]) -> list[int]:
    """Those that share a story or all their words with another, by a plain cursor: mostly there are none."""
    if len(ids) < 2:
        return []
    table, some = connection.ops.quote_name(Article._meta.db_table), ", ".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id, story_id, fingerprint FROM {table} WHERE id IN ({some})", list(ids))
        found = cursor.fetchall()
    shared = Counter(key for _, *keys in found for key in keys if key)
    return [pk for pk, *keys in found if any(shared[key] > 1 for key in keys)]


def _rows(ids: Sequence[int]) -> list[_Row]:
    """Those that are published, in order of time."""
    if not ids:
        return []
    names = ("pk", "story_id", "fingerprint", "source__name", "source__slug", "public_at")
    some = Article.objects.published().filter(pk__in=ids).values_list(*names)
    return sorted((_Row(*values) for values in some), key=_when)


def _when(row: _Row) -> tuple[datetime, int]:
    return row.at, row.id
