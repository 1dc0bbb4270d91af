"""Undo an import: delete what it created, restore what it replaced, leave what a person has changed since."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import batched

from django.db import transaction
from django.db.models import Max, Min, Q
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from articles.db.bulk_rows import delete_ranges, update_rows
from articles.models import Article, Mention, Namesake, Picture, Revision, TaggedArticle
from articles.models.story import Parting, Sketch, Story
from articles.models.summaries import day_of
from articles.review.clashes import freed_by, waiting_by_id
from articles.revisions.fields import JOINED
from articles.revisions.list_rows import carry_public_at, remove_rows
from articles.revisions.pending import revive
from articles.stories.group import regroup
from articles.stories.signatures import refresh_signatures
from articles.undo.leftovers import (
    ARTICLE,
    Kept,
    delete_leftovers,
    edited_by_people,
    mark_undone,
    release_inputs,
)
from sources.models import ImportItem, ImportRun, Outcome
from sources.run_control.import_lock import import_lock

# Every model with a key to an article, and the key's name: its rows are deleted with the article. Add new ones here.
GO_WITH_IT = (
    (Mention, "article"),
    (Namesake, "article"),
    (Picture, "article"),
    (Sketch, "article"),
    (Parting, "one"),
    (Parting, "other"),
    (TaggedArticle, "content_object"),
    (Revision, "article"),
)
AT_ONCE = 500
STORY = "同题报道"


class NothingToUndo(Exception):
    """The run was undone before, and the rest must stay."""


@dataclass(slots=True)
class Undone:
    """What an undo did, or would do: the numbers of articles removed and restored, what is kept, and in words what a
    person had made that is lost."""

    removed: int = 0
    restored: int = 0
    kept: list[Kept] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)

    def words(self) -> str:
        """A summary in one line."""
        others = Counter(one.what for one in self.kept)
        articles = others.pop(ARTICLE, 0)
        also = "".join(f"，{what} {count} 个" for what, count in others.items())
        return f"移除 {self.removed} 篇，恢复 {self.restored} 篇，保留 {articles} 篇{also}"


def undo_import(run: ImportRun, dry_run: bool = False) -> Undone:
    """Undo a run, all of it or nothing. Undone inputs can come again.

    Raises ImportUnderWay while an import runs, and NothingToUndo; then nothing was written.
    """
    if dry_run:
        return _Undoing(run).rehearse()
    with import_lock(), transaction.atomic():
        return _Undoing(run).carry_out()


@dataclass(slots=True)
class _Brought:
    """What a run did to one article: its first and last version, and the article's present state."""

    pk: int
    first: int
    last: int
    version: int
    edited: bool
    # Versions of bulk updates since the first: these stay, and do not prevent the undo.
    sweeps: list[int]

    def why_kept(self) -> str:
        if self.edited:
            return "编辑改过"
        swept = sum(version > self.last for version in self.sweeps)
        return "后来又有新的版本" if self.version != self.last + swept else ""


class _Undoing:
    def __init__(self, run: ImportRun):
        run.refresh_from_db()
        self.run = run
        self.done = Undone()
        self.sources: set[int] = set()
        self.days: set = set()
        self.stories: set[int] = set()
        # Items (ids) of other runs that are marked as undone with articles of this one.
        self.freed: set[int] = set()
        # Items (ids) that wait because an article has their external id, by that id.
        self.clashing: dict[str, list[int]] = {}

    def rehearse(self) -> Undone:
        self._sort()
        return self.done

    def carry_out(self) -> Undone:
        self.clashing = waiting_by_id(self.run)
        self._drop_waiting()
        remove, restore = self._sort()
        for some in batched(_ranges(one.pk for one in remove), AT_ONCE, strict=False):
            self._remove(some)
        for some in batched(restore, AT_ONCE, strict=False):
            self._restore(some)
        sources, slugs = delete_leftovers(self.run, self.done.kept)
        self._mark_items(slugs)
        kept = {one.pk for one in self.done.kept if one.what == STORY}
        regroup(self.stories - kept, self._stood_there())
        Article.objects.refresh_summaries(self.sources - sources, self.days)
        before = f"{self.run.message}；后来又" if self._was_undone else "已撤销："
        self.run.close(ImportRun.State.UNDONE, self.run.counts, before + self.done.words(), timezone.now())
        return self.done

    @property
    def _was_undone(self) -> bool:
        return self.run.state == ImportRun.State.UNDONE

    # -------------------------------------------------------------- what goes, what comes back, what stays
    def _brought(self) -> list[_Brought]:
        """What the run did to each article, by id. Locks the articles until the undo is committed."""
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
        remove = [one for one, why in whys if not why and one.first == 1]
        restore = [one for one, why in whys if not why and one.first > 1]
        self.done.removed, self.done.restored = len(remove), len(restore)
        if self._was_undone and not whys:
            raise NothingToUndo(f"第 {self.run.pk} 批已经撤销过了。")
        if self._was_undone and not remove and not restore:
            raise NothingToUndo(f"第 {self.run.pk} 批已经撤销过了；当时保留的，仍然要保留。")
        taken = self._taken().values_list("article", flat=True)
        self._keep(
            dict.fromkeys(taken, "编辑采用了这一批带来的文本") | {one.pk: why for one, why in whys if why}
        )
        gone = {one.pk for one in remove}
        self._look_at_stories(gone)
        self.done.kept += edited_by_people(self.run, gone.union(one.pk for one in restore))
        return remove, restore

    def _taken(self):
        """Pending texts of this run that an editor has taken since; they are in versions of the editor."""
        waited = Revision.objects.filter(import_item__run=self.run, version=None)
        return waited.filter(state=Revision.State.APPLIED)

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
        self.freed.update(twins.values_list("pk", flat=True))
        for ids in batched(self.clashing, AT_ONCE, strict=False):
            self.freed |= freed_by(gone, self.clashing, ids)
        for model, key in GO_WITH_IT:
            model.objects.filter(_within(key, ranges)).delete()
        delete_ranges(Article, ranges)

    def _restore(self, some: Iterable[_Brought]) -> None:
        """Restore each article's text, version and time from before the run."""
        brought = {one.pk: one for one in some}
        articles = Article.objects.in_bulk(brought)
        before, swept = self._put_back(brought)
        shown = {pk: article.public_at for pk, article in articles.items()}
        texts = {pk: article.fingerprint for pk, article in articles.items()}
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
        update_rows(list(articles.values()), fields)
        carry_public_at(pk for pk, article in articles.items() if article.public_at != shown[pk])
        self._free_twins({pk: text for pk, text in texts.items() if articles[pk].fingerprint != text})
        refresh_signatures(sorted(articles))
        self.stories |= {article.story_id for article in articles.values() if article.story_id}
        revive(articles)

    def _free_twins(self, texts: dict[int, str]) -> None:
        """Free duplicates in other runs of texts (fingerprints) that these articles no longer have."""
        twins = Revision.objects.filter(article__in=texts, state=Revision.State.TWIN)
        rows = list(twins.values_list("pk", "article", "import_item", "import_item__fingerprint"))
        same = {pk: item for pk, article, item, text in rows if item and text == texts[article]}
        self.freed.update(same.values())
        for pks in batched(same, AT_ONCE, strict=False):
            Revision.objects.filter(pk__in=pks).delete()

    def _drop_waiting(self) -> None:
        """Delete undecided texts of this run; those that they had superseded become pending again."""
        undecided = [Revision.State.PENDING, Revision.State.TWIN, Revision.State.SUPERSEDED]
        gone = Revision.objects.filter(import_item__run=self.run, state__in=undecided)
        pending = list(gone.filter(state=Revision.State.PENDING).values_list("article", flat=True))
        gone.delete()
        revive(pending)

    def _put_back(
        self, brought: dict[int, _Brought]
    ) -> tuple[dict[int, Revision], dict[int, list[Revision]]]:
        """Delete the versions that the run made. Returns by article the version before them, which is current again,
        and the bulk updates since, which follow it."""
        versions = Revision.objects.filter(article__in=brought, version__isnull=False)
        joined = versions.filter(snapshot__has_key=JOINED)
        rows = joined.values_list("article", "version", f"snapshot__{JOINED}")
        remove_rows((pk, lists) for pk, version, lists in rows if version >= brought[pk].first - 1)
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

    # -------------------------------------------------------------- stories
    def _look_at_stories(self, gone: set[int]) -> None:
        """Report the stories that editors have confirmed and that keep one article, or none."""
        members = defaultdict(set)
        confirmed = Article.objects.filter(story__in=Story.objects.confirmed())
        for story, pk in confirmed.order_by("pk").values_list("story", "pk"):
            members[story].add(pk)
        for story, pks in sorted(members.items()):
            if pks.isdisjoint(gone) or len(left := pks - gone) > 1:
                continue
            if left:
                why = f"编辑核定过；只剩稿件 {left.pop()}，同题的再来时仍归到这里"
                self.done.kept.append(Kept(story, f"第 {story} 组", why, STORY))
            else:
                self.done.lost.append(f"同题报道第 {story} 组是编辑核定的；它的稿件都移除了，一并解散。")

    def _stood_there(self) -> set[int]:
        """Articles that were in the affected stories before the run, and must stay: all but those that this run or a
        later one created or moved. Empty if the run has not noted which it moved."""
        if self.run.moved_articles is None and self.run.kind != ImportRun.Kind.RECLEAN:
            return set()
        stood: set[int] = set()
        for some in batched(self.stories, AT_ONCE, strict=False):
            older = Article.objects.filter(story__in=some, story__created_at__lt=self.run.started_at)
            stood.update(older.values_list("pk", flat=True))
        since = ImportRun.objects.filter(pk__gte=self.run.pk, moved_articles__isnull=False)
        moved = {pk for some in since.values_list("moved_articles", flat=True) for pk in some}
        for some in batched(stood, AT_ONCE, strict=False):
            first = Revision.objects.filter(article__in=some, version=1, import_item__run__gte=self.run)
            moved.update(first.values_list("article", flat=True))
        return stood - moved

    # -------------------------------------------------------------- records
    def _mark_items(self, slugs: list[str]) -> None:
        """Mark the run's items as undone, except those of kept articles, and the items that depended on them."""
        mine = ImportItem.objects.filter(run=self.run)
        # Only kept articles still have versions of this run.
        kept = Revision.objects.filter(import_item__run=self.run, version__isnull=False).values("article")
        stays = Revision.objects.filter(import_item__run=self.run, article__in=kept)
        taken = self._taken().values("import_item")
        going = mine.exclude(pk__in=stays.values("import_item")).exclude(pk__in=taken)
        going = going.exclude(outcome__in=[Outcome.REJECTED, Outcome.UNDONE])
        release_inputs(self.run, going, self.freed, slugs)
        mark_undone(going)


def _ranges(pks: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Rising ids as (first, last) of each consecutive range: one run mostly has one range."""
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
