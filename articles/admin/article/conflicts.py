"""Two editors, one article: what the second one has to know before he saves over the first."""

from dataclasses import dataclass

from django.http import QueryDict

from articles.admin.article.form import ArticleForm
from articles.admin.article.version_rows import revisions_of
from articles.admin.parameters import read_number
from articles.models import Article, Revision
from articles.revisions.history import Change, changes, snapshot_of
from articles.revisions.merge import merge
from sources.text.merge.three_way import Kind


@dataclass(slots=True)
class Conflict:
    """What others did since the editor opened the article, and what his save would do now."""

    now: Article
    others: list[Revision]
    theirs: list[Change] | None  # None where the version he opened is not known
    mine: list[Change]
    merged: dict | None  # both changes together, where they do not clash


def is_overtaken(sent: QueryDict, version: int) -> bool:
    """Whether the form was opened at an earlier version than this. Versions only grow, so it stays so."""
    seen = read_number(sent.get("version", ""))
    return seen is not None and seen < version


def describe(form: ArticleForm) -> Conflict | None:
    """The conflict that a form was refused for, or None. The form keeps the editor's own text."""
    if not getattr(form, "is_conflict", False):
        return None
    now = Article.objects.get(pk=form.instance.pk)
    others = revisions_of(now).exclude(version=None)
    seen = read_number(form.seen)
    seen = now.version - 1 if seen is None else seen
    opened = others.filter(version=seen).first()
    before = snapshot_of(opened, now) if opened else None
    mine = form.instance.kept()
    mine["original_title"] = mine["original_title"] or now.original_title  # as Article.revise will have it
    return Conflict(
        now=now,
        others=list(others.filter(version__gt=seen).defer("snapshot")[:20]),
        theirs=changes(before, now.kept()) if before else None,
        mine=changes(now.kept(), mine),
        merged=_together(before, now.kept(), mine) if before else None,
    )


def _together(before: dict, theirs: dict, mine: dict) -> dict | None:
    """Headline and body with both editors' changes; None where they clash, or one is all there is."""
    merged = merge(before, theirs, mine)
    sides = {kind for kind in (Kind.THEIRS, Kind.OURS) if merged.changed_by(kind)}
    return None if merged.conflicts() or len(sides) < 2 else merged.values({})
