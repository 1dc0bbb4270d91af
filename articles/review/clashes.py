"""Inputs whose id an article of another outlet has: an editor says whether they are the same article."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from articles.importing.new_reading import leave_pending
from articles.importing.outlets import Outlets
from articles.importing.run import Options
from articles.models import Article, Namesake, Revision
from articles.review.retry import Attempt, StillRejected, reads_of, release_item
from sources.formats.raw_article import UNKNOWN_OUTLET, RawArticle
from sources.models import ImportItem, ImportRun, Outcome, Settlement
from sources.problem import in_words
from sources.run_control.import_lock import import_lock

ORIGIN = "待处理：同一篇（条目 {}）"
SAME = "编辑认定与这篇稿件是同一篇；来自“{}”的文本留作待处理版本"


def rivals(item: ImportItem) -> QuerySet[Article]:
    """The articles that have the item's id, oldest first."""
    number = item.external_id.removeprefix("NW")
    ids = [item.external_id, number, f"NW{number}"]
    named = list(Namesake.objects.filter(external_id__in=ids).values_list("article", flat=True))
    pks = [*Article.objects.filter(external_id__in=ids).values_list("pk", flat=True), *named]
    return Article.objects.filter(pk__in=pks).select_related("source").order_by("pk")


def reading(attempt: Attempt) -> RawArticle:
    """Read the input as one article. Raises StillRejected and OverLimit."""
    reads = reads_of(attempt)
    raws = [one for read in reads for one in read.found if isinstance(one, RawArticle)]
    if len(raws) != 1:
        said = in_words(read.rejected for read in reads if read.rejected)
        raise StillRejected(said or "现在读不出唯一的一篇稿件，请用“修改后重试”")
    if attempt.source:
        raws[0].credit_to(attempt.source)
    return raws[0]


def take_for_same(attempt: Attempt, rival: int, user) -> Revision:
    """Keep the input's text as a pending revision of the article (id), which itself does not change.

    Makes a run of its own, which settles the item. Raises Settled, StillRejected, Article.DoesNotExist, ImportUnderWay.
    """
    with transaction.atomic(), import_lock():
        item = ImportItem.objects.select_for_update().defer("raw").get(pk=attempt.item.pk)
        release_item(item, user)
        raw = reading(attempt)
        raw.outlet = UNKNOWN_OUTLET  # keeps the article's outlet
        article = rivals(item).select_for_update(of=["self"]).get(pk=rival)
        options = Options(format=attempt.format, source=attempt.source, kind=ImportRun.Kind.SAME_ARTICLE)
        options.origin = ORIGIN.format(item.pk)
        run = options.new_run(user)
        reason = SAME.format(item.outlet)
        mended = _record(item, raw, run, reason)
        waiting = leave_pending(article, raw, Outlets(run=run), mended, editor=user, reason=reason)
        run.close(ImportRun.State.FINISHED, {Outcome.CONFLICT: 1}, "", timezone.now())
        Settlement.objects.create(item=item, kind=Settlement.Kind.MENDED, run=run, by=user)
    return waiting


def _record(item: ImportItem, raw: RawArticle, run: ImportRun, reason: str) -> ImportItem:
    return ImportItem.objects.create(
        run=run,
        name=item.name,
        mends=item,
        sha256=item.sha256,
        external_id=item.external_id,
        fingerprint=raw.plain.fingerprint,
        outlet=item.outlet,
        outcome=Outcome.CONFLICT,
        reason=reason,
    )


def waiting_by_id(but: ImportRun) -> dict[str, list[int]]:
    """Items (ids) of other runs that clash with an article and that nobody has settled, by the id they share."""
    # By run and outcome, as the index is ordered.
    runs = ImportRun.objects.exclude(pk=but.pk).exclude(state=ImportRun.State.UNDONE).order_by().values("pk")
    items = ImportItem.objects.filter(run__in=runs, outcome=Outcome.CONFLICT, revisions=None).order_by()
    settled = Settlement.objects.in_force().order_by().values("item")
    found = defaultdict(list)
    for pk, external_id in items.exclude(pk__in=settled).values_list("pk", "external_id"):
        found[external_id].append(pk)
    return found


def freed_by(going: QuerySet[Article], waiting: dict[str, list[int]], ids: Iterable[str]) -> set[int]:
    """Those of the waiting items (ids) that clash with articles about to be deleted, and then with none."""
    gone = going.filter(external_id__in=list(ids)).values_list("external_id", flat=True)
    return {pk for one in gone for pk in waiting[one]}
