"""Undo an import: take away what it brought, put back what it replaced, leave what a person has touched since."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.db import transaction
from django.db.models import F, Max, Min, Q, Value
from django.db.models.functions import Concat
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from taggit.models import Tag

from articles.grouping import restate
from articles.models import Article, Mention, Revision, Security, TaggedArticle
from articles.sketching import refresh_sketches
from articles.stories import Parting, Sketch
from sources.models import ImportItem, ImportRun, OldSlug, Outcome, Source, SourceAlias
from sources.turns import turn_to_import

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
    with turn_to_import(), transaction.atomic():
        return _Undoing(run).carry_out()


@dataclass(slots=True)
class _Brought:
    """What a run did to one article: the versions it made, and the article as it now is."""

    pk: int
    first: int
    last: int
    version: int
    edited: bool
    title: str

    def why_kept(self) -> str:
        if self.edited:
            return "编辑改过"
        return "后来又有新的版本" if self.version != self.last else ""


class _Undoing:
    def __init__(self, run: ImportRun):
        self.run = run
        self.done = Undone()
        self.sources: set[int] = set()
        self.days: set = set()
        self.stories: set[int] = set()

    def rehearse(self) -> Undone:
        for some in self._batches():
            self._sort(some)
        return self.done

    def carry_out(self) -> Undone:
        for some in self._batches():
            remove, restore = self._sort(some)
            self._remove([one.pk for one in remove])
            self._restore(restore)
        Revision.objects.filter(
            import_item__run=self.run, state__in=[Revision.State.PENDING, Revision.State.TWIN]
        ).delete()
        self._mark_items()
        self._forget_introductions()
        restate(self.stories)
        Article.objects.refresh_fronts(self.sources, self.days)
        self.run.close(ImportRun.State.UNDONE, self.run.counts, self._words(), timezone.now())
        return self.done

    # -------------------------------------------------------------- what goes, what comes back, what stays
    def _batches(self) -> Iterator[list[_Brought]]:
        made = Revision.objects.filter(import_item__run=self.run, version__isnull=False).order_by("article")
        touched = made.values_list("article").annotate(Min("version"), Max("version"))
        for some in batched(list(touched), AT_ONCE, strict=False):
            now = Article.objects.select_for_update().in_bulk([pk for pk, _, _ in some])
            yield [
                _Brought(pk, first, last, now[pk].version, now[pk].edited_at is not None, str(now[pk]))
                for pk, first, last in some
            ]

    def _sort(self, some: list[_Brought]) -> tuple[list[_Brought], list[_Brought]]:
        going = []
        for one in some:
            if why := one.why_kept():
                self.done.kept.append(Kept(one.pk, one.title, why))
            else:
                going.append(one)
        remove = [one for one in going if one.first == 1]
        restore = [one for one in going if one.first > 1]
        self.done.removed += len(remove)
        self.done.restored += len(restore)
        return remove, restore

    # -------------------------------------------------------------- articles
    def _remove(self, pks: list[int]) -> None:
        gone = Article.objects.filter(pk__in=pks)
        self._touch(gone.values_list("source_id", "public_at"))
        self.stories |= set(gone.exclude(story=None).values_list("story", flat=True))
        Parting.objects.filter(Q(one__in=pks) | Q(other__in=pks)).delete()
        twins = ImportItem.objects.filter(revisions__article__in=pks).exclude(run=self.run)
        _call_undone(ImportItem.objects.filter(pk__in=list(twins.values_list("pk", flat=True))))
        pointing = ((Mention, "article"), (TaggedArticle, "content_object"), (Revision, "article"))
        for model, key in (*pointing, (Sketch, "article")):
            model.objects.filter(**{f"{key}__in": pks}).delete()
        # Nothing is left that points here: Django need not load every body to look for it.
        gone._raw_delete(gone.db)

    def _restore(self, some: list[_Brought]) -> None:
        """Put each article back into the words, the version and the time it had before the run."""
        articles = Article.objects.in_bulk([one.pk for one in some])
        for one in some:
            article = articles[one.pk]
            versions = Revision.objects.filter(article=one.pk, version__gte=one.first - 1)
            before = versions.get(version=one.first - 1)
            for name, value in Article.read_kept(before.snapshot).items():
                setattr(article, name, value)
            article.version, article.updated_at = (
                before.version,
                parse_datetime(before.snapshot["updated_at"]),
            )
            versions.filter(version__gte=one.first).delete()
            versions.filter(pk=before.pk).update(snapshot=None)
            self._touch([(article.source_id, article.public_at)])
            article.derive()
            self._touch([(article.source_id, article.public_at)])
        fields = [*Article.KEPT, "version", "updated_at", "text", "fingerprint", "public_at"]
        columns = [
            name.removesuffix("_id") if name in ("source_id", "category_id") else name for name in fields
        ]
        Article.objects.bulk_update(articles.values(), columns, batch_size=AT_ONCE)
        refresh_sketches(sorted(articles))
        self.stories |= {article.story_id for article in articles.values() if article.story_id}

    def _touch(self, rows) -> None:
        for source, public_at in rows:
            if public_at:
                self.sources.add(source)
                self.days.add(timezone.localtime(public_at).date())

    # -------------------------------------------------------------- records and names
    def _mark_items(self) -> None:
        """Every input of the run but those of kept articles counts as undone, and whatever leaned on them."""
        mine = ImportItem.objects.filter(run=self.run)
        kept = [one.pk for one in self.done.kept]
        stays = Revision.objects.filter(article__in=kept, import_item__run=self.run)
        leaning = Q(sha256__in=mine.exclude(sha256="").values("sha256"), outcome__in=LEANED_ON_OTHERS)
        _call_undone(ImportItem.objects.filter(leaning).exclude(run=self.run))
        _call_undone(mine.exclude(pk__in=stays.values("import_item")).exclude(outcome=Outcome.REJECTED))

    def _forget_introductions(self) -> None:
        """Outlets, their names and addresses, securities and tags that only this run brought and nothing uses."""
        mine = {"introduced_by": self.run}
        used = Article.objects.filter(source__introduced_by=self.run).values("source")
        OldSlug.objects.filter(**mine).exclude(source__in=used).delete()
        idle = Source.objects.filter(**mine).exclude(pk__in=used).exclude(standing=Source.Standing.CHECKED)
        pks = set(idle.values_list("pk", flat=True))
        SourceAlias.objects.filter(Q(source__in=pks) | Q(**mine, source__introduced_by=None)).delete()
        Source.objects.filter(pk__in=pks).delete()
        self.sources -= pks
        Security.objects.filter(**mine, mentions=None).delete()
        Tag.objects.filter(articles_taggedarticle_items=None).delete()

    def _words(self) -> str:
        done = self.done
        return f"已撤销：移除 {done.removed} 篇，恢复 {done.restored} 篇，保留 {len(done.kept)} 篇"


def _call_undone(items) -> None:
    for outcome in Outcome:
        if outcome != Outcome.UNDONE:
            said = Concat(Value(f"已撤销（原为{outcome.label}）"), F("reason"))
            items.filter(outcome=outcome).update(outcome=Outcome.UNDONE, reason=said)
