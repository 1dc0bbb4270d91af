"""The review queue 待处理: items that were rejected, or whose articles or texts still wait for an editor."""

from django.db.models import F, Q, QuerySet

from articles.models import Article, Revision
from sources.models import MENDABLE, ImportItem, ImportRun, Outcome, Settlement, ShelvedItem


def items_in_review() -> QuerySet[ShelvedItem]:
    """Rejected items, and those whose article is in review, whose text is pending, or whose id an article of another
    outlet has; without the settled ones."""
    # By run and outcome, as the index is ordered: a run has few of these among its many items.
    runs = ImportRun.objects.exclude(state=ImportRun.State.UNDONE).order_by().values("pk")
    items = ImportItem.objects.filter(run__in=runs).order_by()
    rejected = items.filter(outcome=Outcome.REJECTED)
    pending = items.filter(outcome=Outcome.CONFLICT, revisions__state=Revision.State.PENDING)
    clashing = items.filter(outcome=Outcome.CONFLICT, revisions=None)
    # Of several items of one article the last one counts; after an editor's change, the one that created it.
    brought = Revision.objects.filter(import_item__isnull=False).order_by()
    in_force = Q(version=F("article__version"), import_item__outcome__in=MENDABLE)
    touched = Q(article__edited_at__isnull=False, import_item__outcome=Outcome.REVIEW)
    review = brought.filter(in_force | touched, article__status=Article.Status.REVIEW)
    waiting = rejected.values("pk").union(
        review.values("import_item_id"), pending.values("pk"), clashing.values("pk")
    )
    settled = Settlement.objects.in_force().order_by().values("item")
    return ShelvedItem.objects.filter(pk__in=waiting).exclude(pk__in=settled)
