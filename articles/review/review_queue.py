"""The shelf 待处理: inputs that need a person, because they were rejected or what they brought still waits."""

from django.db.models import F, Q, QuerySet

from articles.models import Article, Revision
from sources.models import MENDABLE, ImportItem, ImportRun, Outcome, Settlement, ShelvedItem


def items_in_review() -> QuerySet[ShelvedItem]:
    """Rejected inputs, those whose article is still in review, those whose text is pending, those whose id another
    outlet's article has; but none settled."""
    # By run and outcome, as the index holds them: a run has few of these among its many.
    runs = ImportRun.objects.exclude(state=ImportRun.State.UNDONE).order_by().values("pk")
    items = ImportItem.objects.filter(run__in=runs).order_by()
    rejected = items.filter(outcome=Outcome.REJECTED)
    pending = items.filter(outcome=Outcome.CONFLICT, revisions__state=Revision.State.PENDING)
    clashing = items.filter(outcome=Outcome.CONFLICT, revisions=None)
    # Of several inputs of one article the last one counts; after an editor's change, the one that made it.
    brought = Revision.objects.filter(import_item__isnull=False).order_by()
    in_force = Q(version=F("article__version"), import_item__outcome__in=MENDABLE)
    touched = Q(article__edited_at__isnull=False, import_item__outcome=Outcome.REVIEW)
    review = brought.filter(in_force | touched, article__status=Article.Status.REVIEW)
    waiting = rejected.values("pk").union(
        review.values("import_item_id"), pending.values("pk"), clashing.values("pk")
    )
    settled = Settlement.objects.in_force().order_by().values("item")
    return ShelvedItem.objects.filter(pk__in=waiting).exclude(pk__in=settled)
