"""Summaries that an import which died has not refreshed."""

from django.db.models import Q
from django.utils import timezone

from articles.models import Article
from articles.models.summaries import DayFront, OutletFront, day_of
from sources.models import ImportRun

# A dead run has no `finished_at` until its summaries are refreshed.
_DEAD = Q(state=ImportRun.State.INTERRUPTED, finished_at=None)


def stale_summaries(run: ImportRun) -> tuple[set[int], set]:
    """Outlets (ids) and days to refresh because of dead runs, or of what this run wrote before it was stopped.

    If there are any, all outlets and days: the run may have moved articles away from any of them.
    """
    written = Article.objects.filter(
        revisions__import_item__run__in=ImportRun.objects.filter(_DEAD | Q(pk=run.pk))
    )
    moments = set(written.exclude(public_at=None).values_list("source_id", "public_at"))
    if not moments:
        return set(), set()
    sources = {source for source, _ in moments} | set(OutletFront.objects.values_list("source_id", flat=True))
    days = {day_of(at) for _, at in moments}
    return sources, days | set(DayFront.objects.values_list("day", flat=True))


def mark_refreshed() -> None:
    """Note that the summaries of all dead runs are refreshed."""
    ImportRun.objects.filter(_DEAD).update(finished_at=timezone.now())
