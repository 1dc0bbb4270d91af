"""What an import that died has left undone: fronts that do not show what it had written."""

from django.db.models import Q
from django.utils import timezone

from articles.models import Article
from articles.models.summaries import DayFront, OutletFront, day_of
from sources.models import ImportRun

# A dead run has no end; it gets one when its fronts are in order.
_DEAD = Q(state=ImportRun.State.INTERRUPTED, finished_at=None)


def stale_summaries(run: ImportRun) -> tuple[set[int], set]:
    """Outlets (ids) and days to state anew because of dead runs, or of what this one wrote before it was stopped.

    All there are, if there was such a run: it may have moved articles away from any of them.
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
    """Say that the fronts of all dead runs are in order."""
    ImportRun.objects.filter(_DEAD).update(finished_at=timezone.now())
