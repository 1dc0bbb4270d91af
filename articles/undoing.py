"""Undo an import: take away what it brought, put back what it replaced, leave what a person has touched since."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.db import transaction
from django.db.models import Case, F, Max, Min, Q, Value, When
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from taggit.models import Tag

from articles.fronts import day_of
from articles.grouping import restate
from articles.models import Article, Mention, Picture, Revision, Security, TaggedArticle
from articles.sketching import refresh_sketches
from articles.stories import Parting, Sketch
from articles.waiting import revive
from sources.kinship import SourceMerge
from sources.models import ImportItem, ImportRun, OldSlug, Outcome, Source, SourceAlias
from sources.turns import turn_to_import
from sources.workers import seldom_collecting

# Every table that points to an article, by the name of its key: these rows go with an article that is removed.
# The one place to name a new one.
GO_WITH_IT = (
    (Mention, "article"),
    (Picture, "article"),
    (Sketch, "article"),
    (Parting, "one"),
    (Parting, "other"),
    (TaggedArticle, "content_object"),
    (Revision, "article"),
)
AT_ONCE = 500
# An article of another run that was found to be the same as one that goes must be imported anew when it comes again.
LEANED_ON_OTHERS = [Outcome.UNCHANGED, Outcome.DUPLICATE]


@dataclass(frozen=True, slots=True)
class Kept:
    """An article that the undo leaves as it is, and why."""

    pk: int
    title: str
    why: str


@dataclass(slots=True)
class Undone:
    """What an undo did (or would do): articles removed, restored, and kept by name."""

    removed: int = 0
    restored: int = 0
    kept: list[Kept] = field(default_factory=list)


def undo_import(run: ImportRun, dry_run: bool = False) -> Undone:
    """Undo a run, all of it or nothing. Raises ImportUnderWay while an import runs. Undone inputs can come again."""
    if dry_run:
        return _Undoing(run).rehearse()
    with turn_to_import(), seldom_collecting(), transaction.atomic():
        return _Undoing(run).carry_out()


@dataclass(slots=True)
class _Brought:
    """What a run did to one article: the versions it made, and the article as it now is."""

    pk: int
    first: int
    last: int
    version: int
    edited: bool
    # Versions that a sweep has made since the first: their changes stay, and keep nothing from being undone.
    sweeps: list[int]

    def why_kept(self) -> str:
        if self.edited:
            return "编辑改过"
        swept = sum(version > self.last for version in self.sweeps)
        return "后来又有新的版本" if self.version != self.last + swept else ""


class _Undoing:
    def __init__(self, run: ImportRun):
        self.run = run
        self.done = Undone()
        self.sources: set[int] = set()
        self.days: set = set()
        self.stories: set[int] = set()

    def rehearse(self) -> Undone:
        self._sort()
        return self.done

    def carry_out(self) -> Undone:
        self._drop_waiting()
        remove, restore = self._sort()
        for some in batched(_ranges(one.pk for one in remove), AT_ONCE, strict=False):
            self._remove(some)
        for some in batched(restore, AT_ONCE, strict=False):
            self._restore(some)
        self._mark_items()
        self._forget_introductions()
        restate(self.stories)
        Article.objects.refresh_fronts(self.sources, self.days)
        self.run.close(ImportRun.State.UNDONE, self.run.counts, self._words(), timezone.now())
        return self.done

    # -------------------------------------------------------------- what goes, what comes back, what stays
    def _brought(self) -> list[_Brought]:
        """What the run did to each article, by id; nobody else changes these until the undo is through."""
        made = Revision.objects.filter(import_item__run=self.run, version__isnull=False)
        connection = transaction.get_connection()
        if connection.in_atomic_block and connection.features.has_select_for_update:
            mine = Article.objects.filter(pk__in=made.values("article"))
            list(mine.select_for_update().values_list("pk"))
        swept = Revision.objects.filter(replaced__isnull=False, article__in=made.values("article"))
        sweeps = defaultdict(list)
        for pk, version in swept.order_by("version").values_list("article", "version"):
            sweeps[pk].append(version)
        touched = made.order_by("article").values_list("article").annotate(Min("version"), Max("version"))
        return [
            _Brought(pk, first, *row, edited_at is not None, [one for one in sweeps[pk] if one > first])
            for pk, first, *row, edited_at in touched.values_list(
                "article", "version__min", "version__max", "article__version", "article__edited_at"
            )
        ]

    def _sort(self) -> tuple[list[_Brought], list[_Brought]]:
        whys = [(one, one.why_kept()) for one in self._brought()]
        self._keep({one.pk: why for one, why in whys if why})
        remove = [one for one, why in whys if not why and one.first == 1]
        restore = [one for one, why in whys if not why and one.first > 1]
        self.done.removed, self.done.restored = len(remove), len(restore)
        return remove, restore

    def _keep(self, whys: dict[int, str]) -> None:
        for pks in batched(whys, AT_ONCE, strict=False):
            named = Article.objects.filter(pk__in=pks).only("title").order_by("pk")
            self.done.kept += [Kept(one.pk, str(one), whys[one.pk]) for one in named]

    # -------------------------------------------------------------- articles
    def _remove(self, ranges: Iterable[tuple[int, int]]) -> None:
        ranges = list(ranges)
        gone = Article.objects.filter(_within("pk", ranges))
        self._touch(gone.values_list("source_id", "public_at").iterator(10_000))
        self.stories |= set(gone.exclude(story=None).values_list("story", flat=True))
        twins = ImportItem.objects.filter(_within("revisions__article", ranges)).exclude(run=self.run)
        for pks in batched(set(twins.values_list("pk", flat=True)), AT_ONCE, strict=False):
            _call_undone(ImportItem.objects.filter(pk__in=pks))
        for model, key in GO_WITH_IT:
            model.objects.filter(_within(key, ranges)).delete()
        # Nothing is left that points here: Django need not load every body to look for it.
        gone._raw_delete(gone.db)

    def _restore(self, some: Iterable[_Brought]) -> None:
        """Put each article back into the words, the version and the time it had before the run."""
        brought = {one.pk: one for one in some}
        articles = Article.objects.in_bulk(brought)
        before, swept = self._put_back(brought)
        for pk, article in articles.items():
            self._touch([(article.source_id, article.public_at)])
            stays = {name for sweep in swept[pk] for name in sweep.replaced}
            for name, value in Article.read_kept(before[pk].snapshot).items():
                if name not in stays:
                    setattr(article, name, value)
            article.version = before[pk].version + len(swept[pk])
            article.updated_at = parse_datetime(before[pk].snapshot["updated_at"])
            article.derive()
            self._touch([(article.source_id, article.public_at)])
        fields = [*Article.KEPT, "version", "updated_at", "text", "fingerprint", "public_at"]
        columns = [
            name.removesuffix("_id") if name in ("source_id", "category_id") else name for name in fields
        ]
        Article.objects.bulk_update(articles.values(), columns, batch_size=AT_ONCE)
        refresh_sketches(sorted(articles))
        self.stories |= {article.story_id for article in articles.values() if article.story_id}
        revive(articles)

    def _drop_waiting(self) -> None:
        """Texts of this run that nobody has decided on go; what they had superseded waits again."""
        undecided = [Revision.State.PENDING, Revision.State.TWIN, Revision.State.SUPERSEDED]
        gone = Revision.objects.filter(import_item__run=self.run, state__in=undecided)
        pending = list(gone.filter(state=Revision.State.PENDING).values_list("article", flat=True))
        gone.delete()
        revive(pending)

    def _put_back(
        self, brought: dict[int, _Brought]
    ) -> tuple[dict[int, Revision], dict[int, list[Revision]]]:
        """Take away the versions the run made. By article: the version before them, as it was, which is in force
        again, and the sweeps since, which follow it."""
        versions = Revision.objects.filter(article__in=brought, version__isnull=False)
        listed = versions.order_by().values_list("pk", "article", "version")
        since = [row for row in listed if row[2] >= brought[row[1]].first]
        ahead = [pk for pk, article, version in listed if version == brought[article].first - 1]
        before = Revision.objects.filter(pk__in=ahead)
        found = {one.article_id: one for one in before}
        sweeps = [pk for pk, article, version in since if version in brought[article].sweeps]
        Revision.objects.filter(pk__in={pk for pk, *_ in since}.difference(sweeps)).delete()
        pictured = Picture.objects.filter(article__in=brought).values_list("pk", "article", "version")
        new = [pk for pk, article, version in pictured if version >= brought[article].first]
        Picture.objects.filter(pk__in=new).delete()
        before.update(snapshot=None)
        return found, self._renumber(Revision.objects.filter(pk__in=sweeps).order_by("version"), brought)

    def _renumber(self, sweeps, brought: dict[int, _Brought]) -> dict[int, list[Revision]]:
        by_article = defaultdict(list)
        for sweep in sweeps:
            its = by_article[sweep.article_id]
            version = brought[sweep.article_id].first + len(its)
            Revision.objects.filter(pk=sweep.pk).update(version=version, snapshot=None)
            its.append(sweep)
        return by_article

    def _touch(self, rows) -> None:
        for source, public_at in rows:
            if public_at:
                self.sources.add(source)
                self.days.add(day_of(public_at))

    # -------------------------------------------------------------- records and names
    def _mark_items(self) -> None:
        """Every input of the run but those of kept articles counts as undone, and whatever leaned on them."""
        mine = ImportItem.objects.filter(run=self.run)
        # What was not kept has no version of this run any more.
        kept = Revision.objects.filter(import_item__run=self.run, version__isnull=False).values("article")
        stays = Revision.objects.filter(import_item__run=self.run, article__in=kept)
        # A reclean brought no bytes: nobody leans on it.
        if "reclean" not in self.run.options:
            self._undo_what_leaned(mine)
        _call_undone(mine.exclude(pk__in=stays.values("import_item")).exclude(outcome=Outcome.REJECTED))

    def _undo_what_leaned(self, mine) -> None:
        leaning = Q(sha256__in=mine.exclude(sha256="").values("sha256"), outcome__in=LEANED_ON_OTHERS)
        _call_undone(ImportItem.objects.filter(leaning).exclude(run=self.run))

    def _forget_introductions(self) -> None:
        """Outlets, their names and addresses, securities and tags that only this run brought and nothing uses."""
        mine = {"introduced_by": self.run}
        used = Article.objects.filter(source__introduced_by=self.run).values("source")
        OldSlug.objects.filter(**mine).exclude(source__in=used).delete()
        idle = Source.objects.filter(**mine, subscriptions=None).exclude(pk__in=used)
        idle = idle.exclude(standing=Source.Standing.CHECKED)
        # One that a person has merged another into, or named, is that person's now.
        idle = idle.filter(renamings=None).exclude(pk__in=SourceMerge.objects.standing().values("into"))
        pks = set(idle.values_list("pk", flat=True))
        SourceAlias.objects.filter(Q(source__in=pks) | Q(**mine, source__introduced_by=None)).delete()
        Source.objects.filter(pk__in=pks).delete()
        self.sources -= pks
        Security.objects.filter(**mine, mentions=None).delete()
        self._forget_names()
        Tag.objects.filter(articles_taggedarticle_items=None).delete()

    def _forget_names(self) -> None:
        """Names the run gave to older securities, unless an article that stays has them from it, too."""
        named = {int(pk): name for pk, name in self.run.options.get("named", {}).items()}
        kept = Mention.objects.filter(security__in=named, article__revisions__import_item__run=self.run)
        nameless = [
            security
            for security in Security.objects.filter(pk__in=named).exclude(pk__in=kept.values("security"))
            if security.name == named[security.pk]
        ]
        for security in nameless:
            security.name = ""
        Security.objects.bulk_update(nameless, ["name"], batch_size=AT_ONCE)

    def _words(self) -> str:
        done = self.done
        return f"已撤销：移除 {done.removed} 篇，恢复 {done.restored} 篇，保留 {len(done.kept)} 篇"


def _call_undone(items) -> None:
    was = [When(outcome=one, then=Value(f"已撤销（原为{one.label}）")) for one in Outcome]
    items.exclude(outcome=Outcome.UNDONE).update(
        outcome=Outcome.UNDONE, reason=Concat(Case(*was, default=Value("")), F("reason"))
    )


def _ranges(pks: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rising ids as first and last of each unbroken row of them: those of one run are mostly one."""
    first = last = None
    for pk in pks:
        if last is not None and pk != last + 1:
            yield first, last
            first = None
        first, last = pk if first is None else first, pk
    if first is not None:
        yield first, last


def _within(key: str, ranges: Iterable[tuple[int, int]]) -> Q:
    return Q.create(
        [Q(**{f"{key}__gte": first, f"{key}__lte": last}) for first, last in ranges], connector=Q.OR
    )
