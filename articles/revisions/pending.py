"""Texts that a source brought for an article which editors had changed: which one waits, and what it is measured by."""

from collections.abc import Iterable

from articles.models import Article, Revision

State = Revision.State
# Made by reading what the source sent, not by a person.
BROUGHT = {"import_item__isnull": False, "kind__in": [Revision.Kind.IMPORT, Revision.Kind.RECLEAN]}
# A person, or the import itself, has said what becomes of it.
DECIDED = [State.APPLIED, State.DROPPED]


def last_brought(article: Article, before: Revision | None = None) -> Revision | None:
    """The newest text of the source that was decided on, whether it was taken or not; older than `before` if given."""
    found = Revision.objects.filter(article=article, state__in=DECIDED, **BROUGHT)
    return (found.filter(pk__lt=before.pk) if before else found).order_by("-pk").first()


def merge_base(article: Article, before: Revision | None = None) -> dict | None:
    """What the source had brought before, as Article.kept() has it: the base of a three-way merge.

    It moves on as soon as somebody decides on a waiting text, also by refusing it: what was refused once is not
    proposed again. None where the source had brought nothing before that is known.
    """
    brought = last_brought(article, before)
    return brought and brought_text(brought, article)


def brought_text(brought: Revision, article: Article) -> dict:
    """The text of a decided revision; where a bulk change left no copy, the nearest later one."""
    if brought.snapshot is not None:
        return brought.snapshot
    later = Revision.objects.filter(
        article=article, version__gt=brought.version, snapshot__isnull=False
    ).order_by("version")
    kept = later.values_list("snapshot", flat=True).first() if brought.version != article.version else None
    return kept or article.kept()


def supersede(articles: Iterable[int]) -> None:
    """A newer text of the source has come for these articles (ids): older ones wait no longer."""
    pks = list(articles)
    if pks:
        Revision.objects.filter(article__in=pks, state=State.PENDING).update(state=State.SUPERSEDED)


def superseded_by(waiting: Revision) -> int:
    """How many texts this one has superseded: those that came after the last that was decided on."""
    decided = last_brought(waiting.article, waiting)
    older = Revision.objects.filter(article=waiting.article, state=State.SUPERSEDED, pk__lt=waiting.pk)
    return older.filter(pk__gt=decided.pk if decided else 0).count()


def revive(articles: Iterable[int]) -> None:
    """The newest text of these articles (ids) was taken away again: the one it had superseded waits anew."""
    superseded = Revision.objects.filter(article__in=list(articles), state=State.SUPERSEDED)
    for article in Article.objects.filter(pk__in=list(superseded.values_list("article", flat=True))):
        waits = Revision.objects.filter(article=article, state=State.PENDING).exists()
        decided = last_brought(article)
        older = superseded.filter(article=article).order_by("-pk").first()
        if not waits and (decided is None or decided.pk < older.pk):
            Revision.objects.filter(pk=older.pk).update(state=State.PENDING)
