"""The figures on the admin's first page. Each is one short query, whatever the size of the archive."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Revision
from articles.models.summaries import DayFront
from articles.review.review_queue import items_in_review
from sources.models import ImportRun, Source

MANY = 1000
RUNS = 5


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that links to its list."""

    label: str
    number: str
    address: str
    is_urgent: bool


def figures(user: AbstractBaseUser) -> Iterator[Figure]:
    """The figures that this user may see."""
    if user.has_perm("articles.view_article"):
        today = timezone.localdate()
        review = Article.objects.filter(status=Article.Status.REVIEW)
        yield _figure("待审稿件", review, _articles(status__exact="review"))
        pending = Revision.objects.filter(state=Revision.State.PENDING)
        yield _figure("待处理的导入文本", pending, _articles(pending=1))
        summary = DayFront.objects.filter(day=today).first()
        address = _articles(since=today, until=today)
        yield Figure("今天发布", str(summary.count if summary else 0), address, is_urgent=False)
    if user.has_perm("sources.view_importitem"):
        yield _figure("待处理的条目", items_in_review(), reverse("admin:sources_shelveditem_changelist"))
    if user.has_perm("sources.view_source"):
        for standing in (Source.Standing.NEW, Source.Standing.UNNAMED):
            found = Source.objects.filter(standing=standing)
            address = reverse("admin:sources_source_changelist", query={"standing__exact": standing})
            yield _figure(f"{standing.label}来源", found, address)


def _articles(**query) -> str:
    return reverse("admin:articles_article_changelist", query=query)


def last_runs(user: AbstractBaseUser) -> QuerySet[ImportRun]:
    """The last imports, newest first."""
    if not user.has_perm("sources.view_importrun"):
        return ImportRun.objects.none()
    return ImportRun.objects.select_related("started_by")[:RUNS]


def _figure(label: str, rows: QuerySet, address: str) -> Figure:
    found = rows.order_by()[: MANY + 1].count()
    return Figure(label, f"{MANY}+" if found > MANY else str(found), address, is_urgent=found > 0)
