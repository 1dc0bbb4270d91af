"""Filters of a list, as URL parameters: from, to, category, source."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django_filters import CharFilter, DateFilter, FilterSet

from articles.addresses import SHARED
from articles.models import Article
from articles.models.category import FormerCategorySlug
from articles.models.summaries import FIRST_DAY, LAST_DAY, day_bounds
from articles.portal.keyset import KeysetList
from articles.taxonomy import public_names
from articles.taxonomy.public_names import navigation

# Outside of this range, a moment in Shanghai time may be out of the database's range in UTC.
IN_REACH = [
    MinValueValidator(FIRST_DAY, "日期不能早于 1800 年。"),
    MaxValueValidator(LAST_DAY, "日期不能晚于 2199 年。"),
]


def _day(label: str) -> DateFilter:
    wrong = {"invalid": "请写成 2021-12-29 这样的日期。"}
    return DateFilter(label=label, validators=IN_REACH, error_messages=wrong, method="_left_to_the_list")


class ListFilter(FilterSet):
    """The filters of a list; `by` names those it has. An invalid date filters nothing and is reported."""

    category = CharFilter(label="栏目", max_length=60, method="in_section")
    source = CharFilter(label="来源", max_length=200, method="of_outlet")

    class Meta:
        model = Article
        fields = []

    def __init__(self, *args, by: tuple[str, ...], **kwargs):
        super().__init__(*args, **kwargs)
        self.filters = {name: self.filters[name] for name in by}

    @classmethod
    def get_filters(cls):
        # "from" is a Python keyword and cannot be an attribute.
        return super().get_filters() | {"from": _day("开始日期"), "to": _day("结束日期")}

    def _left_to_the_list(self, queryset, name, value):
        return queryset

    def in_section(self, queryset, name, slug):
        known = [section["id"] for section in navigation() if section["slug"] == slug]
        section = known[0] if known else _once_called(slug)
        return queryset.filter(category=section) if section else queryset.none()

    def of_outlet(self, queryset, name, words):
        """Find the outlet by slug, by name or alias, or by an old slug."""
        sources = public_names.outlets()
        source = sources.filter(slug=words).first() or sources.named(words) or sources.at_old_slug(words)
        return queryset.filter(source=source) if source else queryset.none()


@dataclass(frozen=True)
class FilteredList:
    """A filtered list: the keyset list, the filters in force as URL parameters, and error messages."""

    shelf: KeysetList
    by: tuple[str, ...]
    words: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)


def filter_list(shelf: KeysetList, data: QueryDict, by: tuple[str, ...]) -> FilteredList:
    """Apply the filters in the URL to the list. The result is a part of the list, whatever the URL says."""
    words = {name: value for name in by if (value := data.get(name, "").strip())}
    if SHARED.fullmatch(words.get("from", "")):
        del words["from"]
    if not words:  # most requests: skip building a form
        return FilteredList(shelf, by)
    filters = ListFilter(words, Article.objects.none(), by=by)
    errors = [
        f"{filters.filters[name].label}：{error}" for name, some in filters.errors.items() for error in some
    ]
    asked = filters.form.cleaned_data
    since = day_bounds(asked["from"])[0] if asked.get("from") else None
    until = day_bounds(asked["to"])[1] if asked.get("to") else None
    narrowed = replace(
        shelf,
        since=_inner(max, shelf.since, since),
        until=_inner(min, shelf.until, until),
        narrow=filters.filter_queryset,
    )
    return FilteredList(narrowed, by, words, errors)


def _inner(pick: Callable, one: datetime | None, other: datetime | None) -> datetime | None:
    """The bound that leaves less of a list: a filter narrows what the list has already, and never widens it."""
    bounds = [bound for bound in (one, other) if bound is not None]
    return pick(bounds) if bounds else None


def _once_called(slug: str) -> int | None:
    """The category (id) that had this slug before, if readers may see it."""
    former = FormerCategorySlug.objects.filter(slug=slug, category__in=public_names.categories())
    return former.values_list("category", flat=True).first()
