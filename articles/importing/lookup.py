"""Look up what is stored already of a batch's ids, texts and bytes, with a constant number of queries."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.db.models import Q
from django.db.models.fields.json import KeyTextTransform
from django.utils import timezone

from articles.models import Article, Namesake, Revision
from articles.models.summaries import day_of
from sources.formats.jekyll.posts import MIRROR_ID, ROLLS
from sources.formats.raw_article import RawArticle
from sources.models import ImportItem, Outcome
from sources.reading.read import Read

if TYPE_CHECKING:
    from articles.importing.match import Decision

# Outcomes after which the same bytes, or the same text under the same id, are nothing new.
SETTLED = [
    *(Outcome.CREATED, Outcome.UPDATED, Outcome.UNCHANGED),
    *(Outcome.DUPLICATE, Outcome.REVIEW, Outcome.CONFLICT, Outcome.SKIPPED),
]

FEED_COVERS = timedelta(days=31)
MOST_TEXTS = 200  # read at once


@dataclass(slots=True, eq=False)
class Match:
    """An article that is stored already, or that this batch is about to store (`decision` brought it)."""

    pk: int | None
    fingerprint: str
    source_id: int | None
    outlet: str
    published_at: datetime | None
    edited: bool = False
    status: str = Article.Status.PUBLISHED
    decision: "Decision | None" = None
    external_id: str | None = None
    # Outlets that its versions came from: names, or ids where only those are known. None: not looked up yet.
    came_from: set[str | int] | None = None
    # Outlets whose posts were duplicates of it under the mirror's other number (None: recorded before outlets were).
    twins: set[str | None] = field(default_factory=set)
    # Its title and text, if they have been needed.
    words: tuple[str, str] | None = None

    @property
    def is_uncredited(self) -> bool:
        """Whether it is in a roll of many outlets and its own outlet is unknown."""
        return self.outlet in ROLLS

    @property
    def day(self) -> date | None:
        return day_of(self.published_at) if self.published_at else None


# (outlet, None: recorded before outlets were; outlet that the whole run was filed under): (name, outcome).
Seen = dict[tuple[str | None, str], tuple[str, str]]


@dataclass(slots=True)
class BatchLookup:
    """Articles by id and by text, and earlier import items; decisions add to it as they are made."""

    # The first article of an id has it in its own row; the others were declared separate articles (Namesake).
    by_id: dict[str, list[Match]] = field(default_factory=lambda: defaultdict(list))
    # By fingerprint and day: a text that is published every day is compared with the same day's only.
    by_text: dict[tuple[str, date | None], list[Match]] = field(default_factory=lambda: defaultdict(list))
    # By id and fingerprint: the outlets the text came from (None: from before outlets were recorded).
    settled: dict[tuple[str, str], set[str | None]] = field(default_factory=lambda: defaultdict(set))
    # By an address that names one article of its outlet, for inputs that have one: filled when it is first needed.
    by_link: dict[str, list[Match]] = field(default_factory=lambda: defaultdict(list))
    linked: list[RawArticle] = field(default_factory=list)
    # By SHA-256: the name of the file that had the same bytes before, and its outcome.
    bytes_seen: dict[str, Seen] = field(default_factory=lambda: defaultdict(dict))
    # Fingerprints of the batch: an article with one of them has not changed.
    texts: set[str] = field(default_factory=set)

    def look_up(self, reads: Iterable[Read]) -> None:
        """Fill it with six queries for the whole batch; a seventh if an id came before as a duplicate."""
        reads = list(reads)
        raws = [raw for read in reads for raw in read.found if isinstance(raw, RawArticle)]
        self.linked = [raw for raw in raws if raw.own_link]
        counts = Counter(raw.external_id for raw in raws if raw.external_id)
        for match in _matches(Article.objects.filter(external_id__among=counts.keys())):
            self._hold(match.external_id, match)
        self._look_up_namesakes(counts)
        self._look_up_twins([one for one in counts if one not in self.by_id])
        met = {match.pk: match for matches in self.by_id.values() for match in matches}
        self.texts = {raw.plain.fingerprint for raw in raws}
        for match in _matches(Article.objects.filter(fingerprint__among=self.texts)):
            self.file(met.get(match.pk, match))
        items = ImportItem.objects.filter(outcome__in=SETTLED)
        # Earlier items of an id matter only if the id has an article, or this batch brings it more than once.
        if again := [one for one, count in counts.items() if one in self.by_id or count > 1]:
            before = items.filter(external_id__among=again)
            for one, text, outlet in before.values_list("external_id", "fingerprint", "outlet"):
                self.settled[one, text].add(outlet)
        self._look_up_bytes(items, reads)

    def _look_up_bytes(self, items, reads: list[Read]) -> None:
        seen = items.filter(sha256__among={read.sha256 for read in reads if read.sha256}).order_by("pk")
        # As an expression: a path through JSON in a name leaves a reference cycle, which keeps the batch in memory.
        fields = ("sha256", "name", "outcome", "outlet", KeyTextTransform("source", "run__options"))
        for sha, name, was, outlet, filed_under in seen.values_list(*fields):
            self.bytes_seen[sha][outlet, filed_under or ""] = (name, was)

    def _look_up_namesakes(self, ids: Iterable[str]) -> None:
        named = dict(Namesake.objects.filter(external_id__among=ids).values_list("article", "external_id"))
        for match in _matches(Article.objects.filter(pk__in=named).order_by("pk")) if named else ():
            match.external_id = named[match.pk]
            self._hold(match.external_id, match)

    def _look_up_twins(self, ids: Iterable[str]) -> None:
        """Ids without an article, whose text was a duplicate of the article with the same mirror number."""
        twins = ImportItem.objects.filter(external_id__among=ids, outcome=Outcome.DUPLICATE)
        rows = list(twins.values_list("external_id", "revisions__article", "outlet"))
        articles = {one: pk for one, pk, _ in rows}
        by_pk = {match.pk: match for matches in self.by_id.values() for match in matches}
        if others := set(articles.values()) - by_pk.keys():
            by_pk |= {match.pk: match for match in _matches(Article.objects.filter(pk__in=others))}
        for one, pk in articles.items():
            if pk in by_pk and one_number(one, by_pk[pk].external_id):
                self._hold(one, by_pk[pk])
                by_pk[pk].twins.update(outlet for number, _, outlet in rows if number == one)

    def _hold(self, external_id: str, match: Match) -> None:
        holders = self.by_id[external_id]
        if all(one.pk != match.pk for one in holders):
            holders.append(match)

    def add(self, raw: RawArticle, match: Match) -> None:
        if raw.external_id:
            self.by_id[raw.external_id].append(match)
        if raw.own_link:
            self.by_link[raw.own_link].append(match)
        self.file(match)

    def file(self, match: Match) -> None:
        """Index a match by its current text."""
        self.by_text[match.fingerprint, match.day].append(match)

    def origins(self, match: Match) -> set[str | int]:
        """The outlets its versions came from. The first call runs one query for all matches known by id."""
        if match.came_from is None:
            held = (*self.by_id.values(), *self.by_link.values(), [match])
            met = {one.pk: one for some in held for one in some if one.came_from is None and one.pk}
            _look_up_origins(met)
        return match.came_from

    def words_of(self, match: Match) -> tuple[str, str]:
        """The title and text of a match. A query brings those of others with it that the batch may change."""
        if match.words is None:
            held = (one for some in self.by_id.values() for one in some)
            others = (
                one for one in held if one.words is None and one.pk and one.fingerprint not in self.texts
            )
            asked = {one.pk: one for one in (*islice(others, MOST_TEXTS), match)}
            match.words = ("", "")
            for pk, title, text in Article.objects.filter(pk__in=asked).values_list("pk", "title", "text"):
                asked[pk].words = (title, text)
        return match.words

    def look_up_links(self, sources: set[int]) -> None:
        """The articles of these outlets (ids) that have one of the batch's own links, by one query.

        Only those around the dates of the batch, or not public: an index covers these, and a feed covers days.
        """
        raws, self.linked = self.linked, []
        if not sources:
            return
        dates = [raw.published_at or timezone.now() for raw in raws]
        around = Q(public_at__range=(min(dates) - FEED_COVERS, max(dates) + FEED_COVERS)) | Q(public_at=None)
        articles = Article.objects.filter(around, source_id__in=sources)
        links = dict(
            articles.filter(original_url__in={raw.own_link for raw in raws}).values_list("pk", "original_url")
        )
        met = {match.pk: match for matches in self.by_id.values() for match in matches}
        for match in _matches(Article.objects.filter(pk__in=links).order_by("pk")) if links else ():
            self.by_link[links[match.pk]].append(met.get(match.pk, match))


def _matches(articles) -> Iterator[Match]:
    fields = ("pk", "fingerprint", "source_id", "source__name", "published_at", "edited_at", "status")
    for external_id, *row, edited_at, status in articles.values_list("external_id", *fields):
        yield Match(*row, edited=edited_at is not None, status=status, external_id=external_id)


def _look_up_origins(matches: dict[int, Match]) -> None:
    for match in matches.values():
        match.came_from = set()
    imported = Revision.objects.filter(article__in=matches, kind=Revision.Kind.IMPORT, version__isnull=False)
    fields = ("article", "import_item__outlet", "snapshot__source_id")
    for pk, outlet, source_id in imported.filter(import_item__isnull=False).values_list(*fields):
        # Older records have no outlet: take the source of the snapshot if it was replaced since, else the current one.
        matches[pk].came_from.add(outlet if outlet is not None else source_id or matches[pk].source_id)


def is_numbered(external_id: str | None) -> bool:
    """Whether the id is a number of the mirror, which means the same article whichever outlet brings it."""
    return MIRROR_ID.match(external_id or "") is not None


def one_number(one: str, other: str | None) -> bool:
    """Whether both are the number that the mirror gave one article, in the roll and under its outlet."""
    return one.removeprefix("NW") == (other or "").removeprefix("NW") and is_numbered(one)
