"""The views of the public pages."""

from calendar import Calendar
from datetime import date
from itertools import groupby

from django.core.cache import cache
from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Security
from articles.models.summaries import DayFront, OutletFront, day_bounds
from articles.pictures.layout import place_pictures
from articles.portal.caching import MINUTE, public_page
from articles.portal.keyset import Cursor, KeysetList, Page, of_security, of_tag, read_page
from articles.portal.list_filters import filter_list
from articles.portal.related_cached import related
from articles.portal.render import gone, render_page
from articles.portal.structured_data import changed_at, news_article, open_graph, web_address
from articles.taxonomy import public_names

OUTLETS_PER_PAGE = 24
NEWEST = 20
RETOLD = 5  # other articles of its story, listed beside an article
TELLINGS = 500  # articles on a story's page; hardly any story has more


@public_page
def home(request: HttpRequest) -> HttpResponse:
    """The newest articles, then every outlet with its newest, most active first."""
    try:
        outlets = Paginator(OutletsByActivity(), OUTLETS_PER_PAGE).page(request.GET.get("page", 1))
    except InvalidPage as error:
        raise Http404 from error
    everything = KeysetList()
    newest = list(everything.older(everything.top()).as_rows()[:NEWEST]) if outlets.number == 1 else []
    return render_page("articles/home.html", outlets=outlets, newest=newest, today=timezone.localdate())


class OutletsByActivity:
    """All outlets with their newest, most active first, for a Paginator. Who is active is cached for a minute, and
    computed again on a new day or if the number of articles changes."""

    def __init__(self):
        known = OutletFront.objects.totals()
        self.number = known["outlets"]
        key = f"active:{timezone.localdate()}:{self.number}:{known['articles']}"
        self.active = cache.get_or_set(key, OutletFront.objects.active, MINUTE) if known["is_recent"] else []

    def __len__(self) -> int:
        return self.number

    def __getitem__(self, some: slice) -> list[dict]:
        return OutletFront.objects.by_activity(self.active, some.start, some.stop)


@public_page
def article(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Article.objects.select_related("source", "category"), pk=pk)
    if found.status == Article.Status.WITHDRAWN:
        return gone()
    if not found.is_public:
        raise Http404
    retold = list(tellings(found.story_id).exclude(pk=pk)[:RETOLD]) if found.story_id else []
    return render_page(
        "articles/article.html",
        article=found,
        body=place_pictures(found),
        changed_at=changed_at(found),
        original=web_address(found.original_url),
        tags=found.tags.all(),
        securities=found.securities.all(),
        neighbours=neighbours(found),
        retold=retold,
        related=related(found, besides={one["id"] for one in retold}),
        graph=open_graph(found),
        data=news_article(found),
    )


def neighbours(article: Article) -> dict[str, dict]:
    """The outlet's articles right before and after this one, as `earlier` and `later`, where there are such."""
    place, outlet = Cursor(article.public_at, article.pk), KeysetList({"source": article.source_id})
    # Two plain queries: one with both as subqueries takes Django half a millisecond longer to build.
    beside = {"earlier": outlet.older(place), "later": outlet.newer(place)}
    found = {side: list(some.values("id", "title")[:1]) for side, some in beside.items()}
    return {side: rows[0] for side, rows in found.items() if rows}


@public_page
def story(request: HttpRequest, pk: int) -> HttpResponse:
    """The articles of a story, oldest first. With a single public article it redirects there."""
    told = list(tellings(pk)[:TELLINGS])
    if not told:
        raise Http404
    if len(told) == 1:
        return redirect("article", told[0]["id"])
    outlets = len({one["outlet_slug"] for one in told})
    return render_page("articles/story.html", pk=pk, first=told[0], page=Page(told), outlets=outlets)


def tellings(story: int) -> QuerySet[Article, dict]:
    """The published articles of a story, oldest first."""
    return Article.objects.published().filter(story__id=story).order_by("public_at", "id").as_rows()


@public_page
def directory(request: HttpRequest) -> HttpResponse:
    """All outlets with published articles, by the first letter of their pinyin."""
    fronts = OutletFront.objects.with_articles().order_by("source__initial", "source__slug")
    listed = fronts.values_list("source__initial", "source__slug", "source__name", "count")
    letters = [(letter, list(outlets)) for letter, outlets in groupby(listed, key=lambda outlet: outlet[0])]
    letters.sort(key=lambda group: (group[0] == "#", group[0]))  # digits and the rest go last
    return render_page(
        "articles/directory.html", letters=letters, count=sum(len(some) for _, some in letters)
    )


@public_page
def outlet(request: HttpRequest, slug: str) -> HttpResponse:
    source = get_object_or_404(public_names.outlet_pages().select_related("front"), slug=slug)
    words = {"source": source, "homepage": web_address(source.homepage)}
    return _list(request, "outlet", KeysetList({"source": source}), ("from", "to", "category"), **words)


@public_page
def category(request: HttpRequest, slug: str) -> HttpResponse:
    section = get_object_or_404(public_names.categories(), slug=slug)
    words = {"category": section, "here": section.slug}
    return _list(request, "category", KeysetList({"category": section}), ("from", "to", "source"), **words)


@public_page
def tag(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(public_names.tags(), slug=slug)
    return _list(request, "tag", of_tag(found), ("from", "to", "source"), tag=found)


@public_page
def security(request: HttpRequest, symbol: str) -> HttpResponse:
    found = get_security_or_404(symbol)
    return _list(request, "security", of_security(found), ("from", "to", "source"), security=found)


def get_security_or_404(symbol: str) -> Security:
    code, _, market = symbol.rpartition(".")
    return get_object_or_404(public_names.securities(), code=code, market=market)


@public_page
def day(request: HttpRequest, day: date) -> HttpResponse:
    since, until = day_bounds(day)
    words = {
        "day": day,
        "earlier": DayFront.objects.filter(day__lt=day).order_by("-day").first(),
        "later": DayFront.objects.filter(day__gt=day).order_by("day").first(),
    }
    return _list(request, "day", KeysetList(since=since, until=until), ("category", "source"), **words)


def _list(request, name, shelf, by, **words) -> HttpResponse:
    """Render one page of a filtered list in its own template."""
    narrowed = filter_list(shelf, request.GET, by)
    page = read_page(narrowed.shelf, request.GET, narrowed.words)
    return render_page(f"articles/{name}.html", narrowed=narrowed, page=page, **({"source": None} | words))


@public_page
def archive(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """All years with their counts, and one year (the newest if none is given) as a calendar."""
    totals = DayFront.objects.values_list("day__year").annotate(Sum("count")).order_by("-day__year")
    years = dict(totals)
    if year is not None and year not in years:
        raise Http404
    shown = year or next(iter(years), None)
    return render_page(
        "articles/archive.html", years=years, year=shown, months=_months(shown), named=bool(year)
    )


def _months(year: int | None) -> list[dict]:
    """The months of a year that have articles, as weeks of cells."""
    counts = dict(DayFront.objects.filter(day__year=year).values_list("day", "count")) if year else {}
    most = max(counts.values(), default=0)
    months = []
    for month in sorted({day.month for day in counts}):
        weeks = [
            [_cell(day, month, counts.get(day, 0), most) for day in week] for week in _weeks(year, month)
        ]
        total = sum(count for day, count in counts.items() if day.month == month)
        months.append({"month": month, "count": total, "weeks": weeks})
    return months


def _weeks(year: int, month: int) -> list[list[date]]:
    return Calendar().monthdatescalendar(year, month)


def _cell(day: date, month: int, count: int, most: int) -> tuple:
    """A calendar cell: day number ("" for days of other months), date, count, and a shade from 1 to 4."""
    if day.month != month:
        return "", day, 0, 0
    return day.day, day, count, 1 + 3 * count // most


@public_page
def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", f"Disallow: {reverse('admin:index')}", f"Disallow: {reverse('search')}"]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
