"""Merge two outlets, and unmerge them: articles, names, addresses, and every other row that points to an outlet."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import batched

from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from articles.db.bulk_rows import insert_as_it_was
from articles.models import Article, Revision
from articles.models.summaries import OutletFront
from articles.revisions.bulk_revise import AT_ONCE, bulk_revise
from articles.taxonomy.unmerge_check import NotReturned, sort_moved
from sources.models import ImportRun, OldSlug, Source, SourceAlias
from sources.models.outlet_history import Renaming, SourceMerge, Unlike, pack_row, unpack_row
from sources.run_control.import_lock import import_lock
from sources.text.outlet_names import name_key

# Handled one by one below; every other row that points to an outlet is just pointed to the other.
TREATED = (Article, OutletFront, SourceAlias, OldSlug, SourceMerge, Renaming, Unlike)


class CannotMerge(Exception):
    """Nothing was written; the message says why, for the editor to read."""


@dataclass(frozen=True, slots=True)
class Belongings:
    """What would move with an outlet, counted."""

    source: Source
    articles: int
    names: list[str]
    old_slugs: int
    others: list[tuple[str, int]] = field(default_factory=list)


def belongings(source: Source) -> Belongings:
    """What belongs to an outlet."""
    others = [
        (str(model._meta.verbose_name), model._base_manager.filter(**{name: source}).count())
        for model, name in _pointers()
    ]
    return Belongings(
        source,
        Article.objects.filter(source=source).count(),
        list(source.aliases.exclude(key=name_key(source.name)).values_list("name", flat=True)),
        source.old_slugs.count(),
        [(label, count) for label, count in others if count],
    )


def _pointers() -> Iterator[tuple[type[models.Model], str]]:
    """Models of any app that point to an outlet, with the field that does."""
    for relation in Source._meta.get_fields(include_hidden=True):
        points = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if points and relation.related_model not in TREATED:
            yield relation.related_model, relation.field.name


@contextmanager
def _alone(*pks: int) -> Iterator[dict[int, Source]]:
    """The outlets, locked. No import may run: it holds all names in memory. Raises ImportUnderWay."""
    with import_lock(), transaction.atomic():
        rows = Source.objects.select_for_update().filter(pk__in=pks).order_by("pk")
        yield {source.pk: source for source in rows}


# ------------------------------------------------------------------ merge
def merge(merged_pk: int, into_pk: int, editor=None) -> SourceMerge:
    """Merge one outlet into another: articles, names and addresses move, its own row is kept in the record.

    Raises CannotMerge and ImportUnderWay.
    """
    with _alone(merged_pk, into_pk) as found:
        if merged_pk == into_pk:
            raise CannotMerge("一个来源不能并入它自己。")
        if len(found) < 2:
            raise CannotMerge("其中一个来源刚被合并或删除。什么也没有改。")
        merged, into = found[merged_pk], found[into_pk]
        done = _open_record(merged, into, editor)
        moved = bulk_revise(
            Article.objects.filter(source=merged),
            {"source_id": into.pk},
            kind=Revision.Kind.MERGE,
            editor=editor,
            reason=str(done),
            merge=done,
        )
        done.articles = len(moved)
        done.was = [pack_row(merged), *_own_rows(merged)]
        done.moved = _hand_over_names(merged, into) | _hand_over_others(merged, into, done.was)
        done.save()
        # This deletes its summary and the packed rows too.
        merged.delete()
        Article.objects.refresh_summaries({into.pk}, ())
    return done


def _open_record(merged: Source, into: Source, editor) -> SourceMerge:
    return SourceMerge.objects.create(
        into=into,
        into_name=into.name,
        merged_id=merged.pk,
        merged_name=merged.name,
        merged_slug=merged.slug,
        editor=editor,
    )


def _own_rows(merged: Source) -> list[dict]:
    """Rows that mean nothing without the outlet: its renamings, and which outlets it is not."""
    unlike = Unlike.objects.filter(Q(one=merged) | Q(other=merged))
    return [pack_row(row) for row in (*merged.renamings.all(), *unlike)]


def _hand_over_names(merged: Source, into: Source) -> dict:
    """Point names and addresses to `into`. They count as a person's decision from now on, not as an import's."""
    moved = {}
    for kind, rows in (("aliases", merged.aliases), ("old_slugs", merged.old_slugs)):
        moved[kind] = list(rows.values_list("pk", "introduced_by"))
        rows.update(source=into, introduced_by=None)
    slug, is_new = OldSlug.objects.get_or_create(slug=merged.slug, defaults={"source": into})
    return moved | {"new_slug": slug.pk if is_new else None}


def _hand_over_others(merged: Source, into: Source, packed: list[dict]) -> dict:
    """Move other rows. One that `into` already has cannot move; it is packed and comes back with the outlet."""
    moved = {}
    for model, name in _pointers():
        pks = moved.setdefault(f"{model._meta.label_lower}.{name}", [])
        for row in model._base_manager.filter(**{name: merged}):
            try:
                with transaction.atomic():
                    model._base_manager.filter(pk=row.pk).update(**{name: into})
                pks.append(row.pk)
            except IntegrityError:
                packed.append(pack_row(row))
                row.delete()
    return {"others": {label: pks for label, pks in moved.items() if pks}}


# ------------------------------------------------------------------ unmerge
@dataclass(frozen=True, slots=True)
class UnmergeResult:
    """The articles that an unmerge would move back, and those it would leave."""

    back: dict[int, int]  # versions by id
    left: list[NotReturned]
    obstacle: str = ""


def rehearse_unmerge(done: SourceMerge) -> UnmergeResult:
    """What undoing the merge would do now."""
    into = Source.objects.filter(pk=done.into_id).first()
    return UnmergeResult(*sort_moved(done), obstacle=_obstacle(done, into))


def unmerge(pk: int, editor=None) -> SourceMerge:
    """Undo a merge (by id): restore the outlet with its names, its addresses, and every article that is still where the
    merge put it and whose outlet nobody has set since. Raises CannotMerge and ImportUnderWay.
    """
    done = SourceMerge.objects.get(pk=pk)
    with _alone(done.into_id) as found:
        done = SourceMerge.objects.select_for_update().get(pk=pk)
        into = found.get(done.into_id)
        if obstacle := _obstacle(done, into):
            raise CannotMerge(obstacle)
        source = _bring_back(done)
        _hand_back_names(done, source, into)
        _hand_back_others(done, source, into)
        back, left = sort_moved(done)
        left += _put_back(done, back, source, editor)
        done.left = [one.as_json() for one in left]
        done.undone_at, done.undone_by = timezone.now(), editor
        done.save()
        Article.objects.refresh_summaries({source.pk, into.pk}, ())
    return done


def _obstacle(done: SourceMerge, into: Source | None) -> str:
    if not done.is_standing:
        return "这次合并已经撤销了。"
    if into is None:
        later = SourceMerge.objects.standing().filter(merged_id=done.into_id).first()
        return (
            f"“{done.into_name}”后来也合并了（{later}）；请先撤销那一次。"
            if later
            else "并入的来源已不存在。"
        )
    if Source.objects.filter(name=done.merged_name).exists():
        return f"现在有来源就叫“{done.merged_name}”；请先给它改名，再撤销。"
    holder = SourceAlias.objects.filter(key=name_key(done.merged_name)).exclude(source=into).first()
    return f"“{done.merged_name}”现在是来源“{holder.source}”的别名；请先在那里去掉。" if holder else ""


def _bring_back(done: SourceMerge) -> Source:
    """Restore the outlet's row under its id, with a new slug if another outlet has taken the old one."""
    source = unpack_row(done.was[0])
    if Source.objects.filter(slug=source.slug).exists():
        source.slug = Source.objects.free_slug(source.name, source.pk)
    insert_as_it_was(source)
    for packed in done.was[1:]:
        row = unpack_row(packed)
        if row is None:
            continue
        with suppress(IntegrityError):  # an equal row was made since
            insert_as_it_was(row)
    return source


def _hand_back_names(done: SourceMerge, source: Source, into: Source) -> None:
    """Move names and addresses back, except what a person has moved or deleted since."""
    runs = set(ImportRun.objects.values_list("pk", flat=True))
    for model, kind in ((SourceAlias, "aliases"), (OldSlug, "old_slugs")):
        brought_by: dict[int | None, list[int]] = {}
        for pk, run in done.moved[kind]:
            brought_by.setdefault(run if run in runs else None, []).append(pk)
        for run, pks in brought_by.items():
            model.objects.filter(pk__in=pks, source=into).update(source=source, introduced_by=run)
    OldSlug.objects.filter(pk=done.moved["new_slug"], source=into).delete()
    SourceAlias.objects.filter(key=name_key(source.name)).update(source=source)
    source.add_alias(source.name)


def _hand_back_others(done: SourceMerge, source: Source, into: Source) -> None:
    for model, name in _pointers():
        pks = done.moved["others"].get(f"{model._meta.label_lower}.{name}", [])
        model._base_manager.filter(**{"pk__in": pks, name: into}).update(**{name: source})


def _put_back(done: SourceMerge, back: dict[int, int], source: Source, editor) -> list[NotReturned]:
    """Move articles back in batches, except those changed since they were looked at."""
    put = set()
    for some in batched(back, AT_ONCE, strict=False):
        put.update(
            bulk_revise(
                Article.objects.filter(pk__in=some),
                {"source_id": source.pk},
                seen=back,
                kind=Revision.Kind.UNMERGE,
                editor=editor,
                reason=f"撤销：{done}",
                merge=done,
            )
        )
    titles = Article.objects.filter(pk__in=back.keys() - put).values_list("pk", "title")
    return [NotReturned(pk, title, "刚被别人改过") for pk, title in titles]
