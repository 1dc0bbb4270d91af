"""Summaries of outlets and days, stored so that no page has to count articles.

Derived and disposable: `refresh` computes each row from the published articles instead of adding and subtracting, so
concurrent writers cannot make it drift, and the next change of the outlet or day corrects a stale row.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import batched, chain

from django.db import models
from django.db.models import Count, Max, OuterRef, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from sources.models import Source

# The days that pages have: far enough inside of what a database holds in any time zone.
FIRST_DAY, LAST_DAY = date(1800, 1, 1), date(2199, 12, 31)
NEWEST = 5
RECENT = timedelta(days=30)
AT_ONCE = 500


def day_of(at: datetime) -> date:
    """The day of a moment (aware) in the portal's zone."""
    return at.astimezone(timezone.get_default_timezone()).date()


def is_day_only(at: datetime) -> bool:
    """Whether a moment (aware) stands for its whole day: what gives a day without a time is stored as midnight."""
    return at.astimezone(timezone.get_default_timezone()).time() == time.min


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """The first moment of a day in the portal's zone and that of the next."""
    start = timezone.make_aware(datetime.combine(day, time.min))
    return start, start + timedelta(days=1)


def _beginning_of_recent(today: date | None = None) -> datetime:
    return day_bounds((today or timezone.localdate()) - RECENT)[1]


class OutletFrontQuerySet(models.QuerySet):
    def with_articles(self):
        """Outlets that have something to read."""
        return self.filter(count__gt=0)

    def totals(self) -> dict:
        """How many outlets and articles there are, as `outlets` and `articles`, and whether any article `is_recent`."""
        found = self.with_articles().aggregate(
            outlets=Count("source"), articles=Sum("count"), latest=Max("latest_at")
        )
        latest = found.pop("latest")
        return found | {"is_recent": latest is not None and latest >= _beginning_of_recent()}

    def active(self, today: date | None = None) -> list[int]:
        """Outlets (ids) with articles in the 30 days up to `today` (now if none is given), those with most first."""
        since = (today or timezone.localdate()) - RECENT
        recent = self.filter(latest_at__gte=_beginning_of_recent(today))
        ranked = [
            (-sum(n for day, n in days.items() if day > since.isoformat()), -count, source)
            for source, count, days in recent.values_list("source", "count", "days")
        ]
        return [source for *_, source in sorted(ranked)]

    def by_activity(self, active: Sequence[int], start: int, stop: int) -> list[dict]:
        """This slice of all outlets: the `active` ones in their order, then the others, those with most articles of all
        times first. Two queries at most, none of which reads all outlets.

        Each is a dict with `source` (id), `name`, `slug`, `count` and `headlines`: the newest, as dicts with `id`,
        `title` and `at` (datetime).
        """
        outlets = self.with_articles()
        first, found = active[start:stop], []
        if first:
            rows = {row["source"]: row for row in _as_rows(outlets.filter(source__in=first))}
            found = [rows[source] for source in first if source in rows]
        if stop > len(active):
            others = outlets.exclude(source__in=active) if active else outlets
            others = others.order_by("-count", "source")
            found += _as_rows(others[max(start - len(active), 0) : stop - len(active)])
        return found

    def refresh(self, published, sources: Iterable[int]) -> None:
        """Compute the rows of these outlets (ids) again; an outlet without articles has none.

        `published` is Article.objects.published().
        """
        for ids in batched(sorted(set(sources)), AT_ONCE, strict=False):
            rows = [OutletFront(**row) for row in self._rows(published, ids)]
            self.filter(source__in=[row.source_id for row in rows if not row.count]).delete()
            self.bulk_create(
                [row for row in rows if row.count],
                update_conflicts=True,
                unique_fields=["source"],
                update_fields=["count", "days", "latest_at", "newest"],
            )

    def _rows(self, published, ids):
        of_outlets = published.filter(source__in=ids).order_by()
        counts = dict(of_outlets.values_list("source").annotate(Count("pk")))
        newest, days = self._newest(published, ids), self._days(of_outlets)
        for source in ids:
            heads = newest[source]
            yield {
                "source_id": source,
                "count": counts.get(source, 0),
                "days": days.get(source, {}),
                "latest_at": heads[0]["at"] if heads else None,
                "newest": heads,
            }

    def _days(self, of_outlets) -> dict[int, dict[str, int]]:
        """How many articles each outlet has on each of the last 30 days; none for a day without."""
        recent = of_outlets.filter(public_at__gte=day_bounds(timezone.localdate() - RECENT)[0])
        by_day = recent.values_list("source", TruncDate("public_at")).annotate(Count("pk"))
        found: dict[int, dict[str, int]] = {}
        for source, day, count in by_day:
            found.setdefault(source, {})[day.isoformat()] = count
        return found

    def _newest(self, published, ids) -> dict[int, list[dict]]:
        """Each outlet's newest headlines: ids by an index lookup per outlet, the rest in one query."""
        of_outlet = published.filter(source=OuterRef("pk")).order_by("-public_at", "-id").values("pk")
        nth = {f"newest_{n}": Subquery(of_outlet[n : n + 1]) for n in range(NEWEST)}
        found = {
            source: [pk for pk in pks if pk]
            for source, *pks in Source.objects.filter(pk__in=ids).values_list("pk").annotate(**nth)
        }
        fetched = published.filter(pk__in=list(chain(*found.values()))).values_list(
            "pk", "title", "public_at"
        )
        heads = {pk: {"id": pk, "title": title, "at": at.isoformat()} for pk, title, at in fetched}
        return {source: [heads[pk] for pk in found.get(source, ())] for source in ids}


class OutletFront(models.Model):
    """One outlet's entry on the home page and in the directory."""

    source = models.OneToOneField("sources.Source", models.CASCADE, related_name="front")
    count = models.PositiveIntegerField(default=0)
    # Articles by day (ISO) of the 30 days before it was refreshed. Dated, so that whoever reads it much later counts
    # only what is recent then.
    days = models.JSONField(default=dict)
    latest_at = models.DateTimeField(null=True)
    newest = models.JSONField(default=list)

    objects = OutletFrontQuerySet.as_manager()

    class Meta:
        indexes = [
            # Counted, and listed in this order, for each home page; `latest_at` so that the counting reads no row.
            models.Index(fields=["-count", "source", "latest_at"], name="outlet_front_listed"),
            models.Index(fields=["latest_at"], name="outlet_front_latest"),
        ]

    def __str__(self):
        return f"{self.source} ({self.count})"


def _as_rows(fronts: OutletFrontQuerySet) -> list[dict]:
    rows = fronts.values_list("source", "source__name", "source__slug", "count", "newest")
    return [
        {"source": pk, "name": name, "slug": slug, "count": count, "headlines": list(map(_headline, newest))}
        for pk, name, slug, count, newest in rows
    ]


def _headline(stored: dict) -> dict:
    return stored | {"at": datetime.fromisoformat(stored["at"])}


class DayFrontQuerySet(models.QuerySet):
    def refresh(self, published, days: Iterable[date]) -> None:
        """Count these days again; a day without articles has no row."""
        for some in batched(sorted(set(days)), AT_ONCE, strict=False):
            counts = dict.fromkeys(some, 0)
            for first, last in _spans(some):
                counts |= self._counted(published, first, last)
            self.filter(day__in=[day for day, count in counts.items() if not count]).delete()
            self.bulk_create(
                [DayFront(day=day, count=count) for day, count in counts.items() if count],
                update_conflicts=True,
                unique_fields=["day"],
                update_fields=["count"],
            )

    def _counted(self, published, first: date, last: date) -> dict[date, int]:
        """Articles by day, from the first to the last, both included; days without articles are left out."""
        span = published.filter(public_at__gte=day_bounds(first)[0], public_at__lt=day_bounds(last)[1])
        if first == last:
            return {first: span.count()}
        by_day = span.order_by().values_list(TruncDate("public_at"))
        return dict(by_day.annotate(Count("pk")))


def _spans(days: Sequence[date]) -> Iterator[tuple[date, date]]:
    """The first and last of each run of consecutive days; `days` are sorted."""
    first = last = days[0]
    for day in days[1:]:
        if day - last > timedelta(days=1):
            yield first, last
            first = day
        last = day
    yield first, last


class DayFront(models.Model):
    """How many articles one day has, for the archive."""

    day = models.DateField(primary_key=True)
    count = models.PositiveIntegerField()

    objects = DayFrontQuerySet.as_manager()

    class Meta:
        ordering = ["-day"]

    def __str__(self):
        return f"{self.day} ({self.count})"
