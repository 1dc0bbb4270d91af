"""Edit conflicts: what the second of two editors sees before saving over the first."""

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
    """What others changed since the editor opened the article, and what saving would change now."""

    now: Article
    others: list[Revision]
    theirs: list[Change] | None  # None if the opened version has no known text
    mine: list[Change]
    merged: dict | None  # both edits combined, if they do not conflict


def is_overtaken(sent: QueryDict, version: int) -> bool:
    """True if the form was opened at an earlier version. Versions only grow, so the answer stays true."""
    seen = read_number(sent.get("version", ""))
    return seen is not None and seen < version


def describe(form: ArticleForm) -> Conflict | None:
    """The conflict that the form was refused for, or None."""
    if not getattr(form, "is_conflict", False):
        return None
    now = Article.objects.get(pk=form.instance.pk)
    others = revisions_of(now).exclude(version=None)
    seen = read_number(form.seen)
    seen = now.version - 1 if seen is None else seen
    opened = others.filter(version=seen).first()
    before = snapshot_of(opened, now) if opened else None
    mine = form.instance.kept()
    mine["original_title"] = mine["original_title"] or now.original_title  # as Article.revise sets it
    return Conflict(
        now=now,
        others=list(others.filter(version__gt=seen).defer("snapshot")[:20]),
        theirs=changes(before, now.kept()) if before else None,
        mine=changes(now.kept(), mine),
        merged=_combined(before, now.kept(), mine) if before else None,
    )


def _combined(before: dict, theirs: dict, mine: dict) -> dict | None:
    """Headline and body with both edits; None if they conflict or only one side changed anything."""
    merged = merge(before, theirs, mine)
    sides = {kind for kind in (Kind.THEIRS, Kind.OURS) if merged.changed_by(kind)}
    return None if merged.conflicts() or len(sides) < 2 else merged.values({})
