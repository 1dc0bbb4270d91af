"""What undoing an import must clean up besides articles: item records, outlets, securities, tags."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import batched

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Case, F, Min, Q, Value, When
from django.db.models.functions import Concat
from taggit.models import Tag

from articles.importing.write import old_page
from articles.models import Article, Mention, Security, TaggedArticle
from articles.models.summaries import OutletFront
from sources.models import ImportItem, ImportRun, OldSlug, Outcome, Source, SourceAlias
from sources.models.outlet_history import SourceMerge

AT_ONCE = 500
ARTICLE = "稿件"
# Outcomes of inputs that existed already; after the undo they must be importable again.
LEANING = [Outcome.UNCHANGED, Outcome.DUPLICATE, Outcome.SKIPPED]
# Models that an import itself points at these with; any other row that does is a person's work.
IMPORTED = {
    Source: (Article, OutletFront, SourceAlias, OldSlug, SourceMerge),
    Security: (Mention,),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """An object that the undo leaves, and why; `what` is its kind, as shown."""

    pk: int
    title: str
    why: str
    what: str = ARTICLE


# ------------------------------------------------------------------ records
def mark_undone(items) -> None:
    """Mark items (a queryset) as undone, so that their inputs can be imported again."""
    was = [When(outcome=one, then=Value(f"已撤销（原为{one.label}）")) for one in Outcome]
    items.exclude(outcome=Outcome.UNDONE).update(
        outcome=Outcome.UNDONE, reason=Concat(Case(*was, default=Value("")), F("reason"))
    )


def release_inputs(run: ImportRun, going, freed: set[int], slugs: Collection[str]) -> None:
    """Mark items of later runs as undone that were unchanged or duplicates only because of the run's items (`going`, a
    queryset) or old slugs (`slugs`): the same text under the same id, the same category page, the same bytes. `freed`
    are further such items (ids)."""
    going = going.exclude(outcome=Outcome.UNCHANGED)
    first = ImportItem.objects.filter(run=run).aggregate(Min("pk"))["pk__min"]
    later = ImportItem.objects.filter(pk__gt=first or 0, outcome__in=LEANING).exclude(run=run)
    if not freed and not later.exists():
        return
    leaning = freed | set(_of_one_text(later, going)) | set(_of_one_page(later, slugs))
    for pks in batched(freed, AT_ONCE, strict=False):
        leaning.update(_of_one_text(later, ImportItem.objects.filter(pk__in=pks)))
    # A reclean brought no bytes of its own.
    hashes = [] if run.kind == ImportRun.Kind.RECLEAN else [going.exclude(sha256="").values("sha256")]
    for pks in batched(leaning, AT_ONCE, strict=False):
        some = ImportItem.objects.filter(pk__in=pks)
        hashes.append(list(some.exclude(sha256="").values_list("sha256", flat=True)))
        mark_undone(some)
    for some in hashes:
        mark_undone(later.filter(sha256__in=some))


def _of_one_text(later, items) -> Iterator[int]:
    named = items.exclude(external_id="")
    found = later.filter(external_id__in=named.values("external_id"))
    if rows := list(found.values_list("pk", "external_id", "fingerprint")):
        texts = set(named.values_list("external_id", "fingerprint"))
        yield from (pk for pk, *text in rows if tuple(text) in texts)


def _of_one_page(later, slugs: Collection[str]) -> Iterator[int]:
    for some in batched(slugs, AT_ONCE, strict=False):
        pages = [old_page(slug) for slug in some]
        yield from later.filter(external_id__in=pages).values_list("pk", flat=True)


# ------------------------------------------------------------------ outlets, securities, tags
def edited_by_people(run: ImportRun, going: Collection[int]) -> list[Kept]:
    """Outlets, securities and tags of this run that no remaining article uses, but a person has worked on."""
    sources = _without_others(_touched_sources(run), Article, "source_id", "pk", going)
    securities = Security.objects.filter(introduced_by=run)
    securities = _without_others(
        _logged(securities) | _pointed_to(securities), Mention, "security_id", "article_id", going
    )
    tags = _logged(Tag.objects.filter(pk__in=run.new_tags))
    tags = _without_others(tags, TaggedArticle, "tag_id", "content_object_id", going)
    return [
        Kept(one.pk, str(one), "有人改过或用到了它", what)
        for model, what, pks in (
            (Source, "来源", sources),
            (Security, "证券", securities),
            (Tag, "标签", tags),
        )
        for one in model.objects.filter(pk__in=pks).order_by("pk")
    ]


def _touched_sources(run: ImportRun) -> set[int]:
    mine = Source.objects.filter(introduced_by=run)
    # Fields that no import fills; only the note of an outlet without a name is the import's.
    described = ~Q(kind=Source.Kind.UNKNOWN) | ~Q(homepage="") | Q(standing=Source.Standing.CHECKED)
    described |= ~Q(note="") & ~Q(standing=Source.Standing.UNNAMED)
    touched = set(mine.filter(described).values_list("pk", flat=True)) | _logged(mine)
    touched |= _pointed_to(mine)
    # A person has merged another outlet into it, or redirected an old slug to it.
    merged = SourceMerge.objects.standing().filter(into__in=mine.values("pk"))
    addressed = OldSlug.objects.filter(introduced_by=None, source__introduced_by=run)
    return touched.union(merged.values_list("into", flat=True), addressed.values_list("source", flat=True))


def _logged(rows) -> set[int]:
    """Those of the rows that somebody has changed in the admin."""
    log = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(rows.model))
    log = log.exclude(change_message__in=["", "[]"])  # saved without a change
    found: set[int] = set()
    for pks in batched(rows.values_list("pk", flat=True), AT_ONCE, strict=False):
        said = log.filter(object_id__in=[str(pk) for pk in pks])
        found.update(int(pk) for pk in said.values_list("object_id", flat=True))
    return found


def _pointed_to(rows) -> set[int]:
    """Those that rows other than an import's point to: a person made these."""
    found: set[int] = set()
    for relation in rows.model._meta.get_fields(include_hidden=True):
        points = relation.auto_created and (relation.one_to_many or relation.one_to_one)
        if points and relation.related_model not in IMPORTED[rows.model]:
            name, others = relation.field.name, relation.related_model._base_manager
            pointing = others.filter(**{f"{name}__in": rows.values("pk")})
            found.update(pointing.values_list(relation.field.attname, flat=True))
    return found


def _without_others(pks: set[int], users, key: str, article: str, going: Collection[int]) -> set[int]:
    """Those that no article uses except those about to be deleted (`going`)."""
    used = set()
    for some in batched(pks, AT_ONCE, strict=False):
        rows = users.objects.filter(**{f"{key}__in": some}).values_list(key, article)
        used.update(one for one, pk in rows.iterator(10_000) if pk not in going)
    return pks - used


def delete_leftovers(run: ImportRun, kept: list[Kept]) -> tuple[set[int], list[str]]:
    """Delete the run's outlets, with their aliases and old slugs, securities and tags that are unused and not `kept`.

    Returns the ids of the outlets and the old slugs that were deleted."""
    stays = {what: {one.pk for one in kept if one.what == what} for what in ("来源", "证券", "标签")}
    mine = {"introduced_by": run}
    used = set(Article.objects.filter(source__introduced_by=run).values_list("source", flat=True).distinct())
    used |= stays["来源"]
    slugs = _forget_addresses(run, used)
    pks = set(Source.objects.filter(**mine).exclude(pk__in=used).values_list("pk", flat=True))
    SourceAlias.objects.filter(Q(source__in=pks) | Q(**mine, source__introduced_by=None)).delete()
    Source.objects.filter(pk__in=pks).delete()
    Security.objects.filter(**mine, mentions=None).exclude(pk__in=stays["证券"]).delete()
    _forget_names(run)
    for some in batched(run.new_tags, AT_ONCE, strict=False):
        idle = Tag.objects.filter(pk__in=some, articles_taggedarticle_items=None)
        idle.exclude(pk__in=stays["标签"]).delete()
    return pks, slugs


def _forget_addresses(run: ImportRun, used: set[int]) -> list[str]:
    """Delete the run's old slugs, except those of outlets in use and those that later posts have in their paths."""
    old = OldSlug.objects.filter(introduced_by=run).exclude(source__in=used)
    later = Article.objects.filter(revisions__version=1, revisions__import_item__run__gt=run)
    is_last = not ImportRun.objects.filter(pk__gt=run.pk).exists()
    gone = []
    for pk, slug, introduced_by in old.values_list("pk", "slug", "source__introduced_by"):
        # An outlet that the run itself created has no article left.
        folder = "/".join(("", *slug.lower().split(), ""))
        its_own = is_last or introduced_by == run.pk
        if its_own or not later.filter(legacy_path__startswith=folder).exists():
            gone.append((pk, slug))
    for some in batched(gone, AT_ONCE, strict=False):
        OldSlug.objects.filter(pk__in=[pk for pk, _ in some]).delete()
    return [slug for _, slug in gone]


def _forget_names(run: ImportRun) -> None:
    """Take back the names that the run gave to older securities, unless a remaining article of the run uses them."""
    named = {int(pk): name for pk, name in run.named_securities.items()}
    kept = Mention.objects.filter(security__in=named, article__revisions__import_item__run=run)
    nameless = [
        security
        for security in Security.objects.filter(pk__in=named).exclude(pk__in=kept.values("security"))
        if security.name == named[security.pk]
    ]
    for security in nameless:
        security.name = ""
    Security.objects.bulk_update(nameless, ["name"], batch_size=AT_ONCE)
