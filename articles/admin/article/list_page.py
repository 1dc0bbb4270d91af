"""The article list: no search, filter or sort ever reads the whole table."""

from datetime import date

from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet

from articles.admin.model_admin import InputFilter
from articles.admin.outlets.find_outlets import find_outlets
from articles.admin.parameters import read_number
from articles.models import Article, Namesake, Revision
from articles.models.summaries import FIRST_DAY, LAST_DAY, day_bounds
from articles.search.index.index import Unavailable
from articles.search.query import run

SHOWN = (
    *("title", "status", "published_at", "public_at", "byline", "version", "category"),
    *("source__name", "category__name"),
)
FOUND = 1_000  # search results; nobody pages further
RECENT = 20_000  # newest articles searched while there is no index
OUTLETS = 50
FULL_WIDTH = str.maketrans("０１２３４５６７８９", "0123456789")  # as a Chinese keyboard types them


class ArticleList(ChangeList):
    """Always newest first, as other orders would sort the whole table; bodies are not loaded."""

    def get_ordering(self, request, queryset):
        return ["-id"]

    def apply_select_related(self, qs):
        return super().apply_select_related(qs).only(*SHOWN)


def search(articles, term: str) -> tuple[QuerySet, str]:
    """Articles with this number or old address, else those the index finds; and a note if some are left out."""
    numbered = list(Article.objects.filter(_numbered(term)).values_list("pk", flat=True)[:OUTLETS])
    if numbered:
        return articles.filter(pk__in=numbered), ""
    try:
        found = run.ids(term, hidden=True, limit=FOUND)
    except Unavailable:
        return _recent(articles, term), f"搜索索引还没有就绪：暂时只在最近的 {RECENT} 篇里找标题和作者。"
    capped = len(found) == FOUND
    return articles.filter(
        pk__in=found
    ), f"找到的太多，只列出最相关的 {FOUND} 篇，请多写一个词。" if capped else ""


def _numbered(term: str) -> Q:
    if term.startswith("/"):
        return Q(legacy_path=term)
    shared = list(Namesake.objects.filter(external_id=term).values_list("article", flat=True))
    numbered = Q(external_id=term) | Q(pk__in=shared)
    number = read_number(term.translate(FULL_WIDTH))
    return numbered if number is None else numbered | Q(pk=number)


def _recent(articles, term: str):
    """Recent articles with all these words in title or byline, for when there is no index."""
    newest = Article.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    articles = articles.filter(pk__gt=newest - RECENT)
    for word in term.split():
        articles = articles.filter(Q(title__icontains=word) | Q(byline__icontains=word))
    return articles


class OutletFilterForm(forms.Form):
    outlet = forms.CharField(label="名称、别名或地址名", required=False, max_length=200)


class OutletFilter(InputFilter):
    """By outlet; typed, as there are thousands."""

    title = "来源"
    form_class = OutletFilterForm

    def queryset(self, request, queryset):
        term = self.asked.get("outlet")
        if not term:
            return queryset
        outlets = list(find_outlets(term)[: OUTLETS + 1])
        self.answer = self._answer(outlets)
        return queryset.filter(source__in=outlets[:OUTLETS])

    def _answer(self, outlets: list) -> str:
        if not outlets:
            return "没有这个来源。"
        names = "、".join(outlet.name for outlet in outlets[:5])
        if len(outlets) > OUTLETS:
            return f"超过 {OUTLETS} 个来源，只列出其中一部分：{names}……请写得更全些。"
        return f"正在看：{names}{f'等 {len(outlets)} 个来源' if len(outlets) > 5 else ''}"


class DayFilterForm(forms.Form):
    day = {"widget": forms.DateInput(attrs={"type": "date"}), "required": False}
    since = forms.DateField(label="从", **day)
    until = forms.DateField(label="到", **day)


class DayFilter(InputFilter):
    """By publication day, both ends included."""

    title = "发布日期"
    form_class = DayFilterForm

    def queryset(self, request, queryset):
        span = {}
        if since := self.asked.get("since"):
            span["gte"] = _bounds(since)[0]
        if until := self.asked.get("until"):
            span["lt"] = _bounds(until)[1]
        if not span:
            return queryset
        # Only public_at is indexed; the few unpublished articles are found by status.
        public = Q(**{f"public_at__{edge}": at for edge, at in span.items()})
        dated = Q(**{f"published_at__{edge}": at for edge, at in span.items()})
        return queryset.filter(public | dated & Q(status__in=NOT_PUBLIC))


NOT_PUBLIC = [Article.Status.DRAFT, Article.Status.REVIEW, Article.Status.WITHDRAWN]


def _bounds(day: date):
    """The day's start and end; far years are clamped to what the database can hold."""
    return day_bounds(min(max(day, FIRST_DAY), LAST_DAY))


class PendingFilter(admin.SimpleListFilter):
    """Articles with a pending text."""

    title = "待处理的导入文本"
    parameter_name = "pending"

    def lookups(self, request, model_admin):
        return [("1", "有")]

    def queryset(self, request, queryset):
        if self.value() != "1":
            return queryset
        return queryset.filter(pk__in=Revision.objects.filter(state=Revision.State.PENDING).values("article"))
