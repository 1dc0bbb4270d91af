"""Pending texts: what a source sent for an article that editors had changed, and the base of its three-way merge."""

from collections.abc import Iterable

from articles.models import Article, Revision

State = Revision.State
# Revisions made from the source's text, not by a person.
BROUGHT = {"import_item__isnull": False, "kind__in": [Revision.Kind.IMPORT, Revision.Kind.RECLEAN]}
# A person or the import has decided on them.
DECIDED = [State.APPLIED, State.DROPPED]


def last_brought(article: Article, before: Revision | None = None) -> Revision | None:
    """The newest text of the source that was decided on, applied or not; older than `before` if given."""
    found = Revision.objects.filter(article=article, state__in=DECIDED, **BROUGHT)
    return (found.filter(pk__lt=before.pk) if before else found).order_by("-pk").first()


def merge_base(article: Article, before: Revision | None = None) -> dict | None:
    """The source's previous text, as Article.kept() has it: the base of a three-way merge.

    A refused text becomes the base too, so that a refused change is not proposed again. None if no previous text is
    known.
    """
    brought = last_brought(article, before)
    return brought and brought_text(brought, article)


def brought_text(brought: Revision, article: Article) -> dict:
    """The text of a decided revision; if a bulk update left no copy, the nearest later one."""
    if brought.snapshot is not None:
        return brought.snapshot
    later = Revision.objects.filter(
        article=article, version__gt=brought.version, snapshot__isnull=False
    ).order_by("version")
    kept = later.values_list("snapshot", flat=True).first() if brought.version != article.version else None
    return kept or article.kept()


def supersede(articles: Iterable[int]) -> None:
    """Mark older pending texts of these articles (ids) as superseded by a newer one."""
    pks = list(articles)
    if pks:
        Revision.objects.filter(article__in=pks, state=State.PENDING).update(state=State.SUPERSEDED)


def superseded_by(waiting: Revision) -> int:
    """How many texts this one superseded since the last decision."""
    decided = last_brought(waiting.article, waiting)
    older = Revision.objects.filter(article=waiting.article, state=State.SUPERSEDED, pk__lt=waiting.pk)
    return older.filter(pk__gt=decided.pk if decided else 0).count()


def revive(articles: Iterable[int]) -> None:
    """After the newest text of these articles (ids) was removed: the one it superseded is pending again."""
    superseded = Revision.objects.filter(article__in=list(articles), state=State.SUPERSEDED)
    for article in Article.objects.filter(pk__in=list(superseded.values_list("article", flat=True))):
        waits = Revision.objects.filter(article=article, state=State.PENDING).exists()
        decided = last_brought(article)
        older = superseded.filter(article=article).order_by("-pk").first()
        if not waits and (decided is None or decided.pk < older.pk):
            Revision.objects.filter(pk=older.pk).update(state=State.PENDING)
