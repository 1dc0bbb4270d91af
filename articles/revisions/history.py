"""Versions of an article: what each said, how two differ, and how an old or a pending one is applied."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import pairwise

from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Article, Category, Revision
from articles.models.summaries import is_day_only
from articles.revisions.diff import Paragraph, compare_bodies, compare_texts, only_markup_differs
from articles.revisions.fields import REPLACED
from sources.models import Source
from sources.models.outlet_history import SourceMerge

# Publishing needs a permission, so restoring a text never changes the status.
RESTORED = [name for name in Article.KEPT if name != "status"]


@dataclass(slots=True)
class Change:
    """One field that two versions hold differently, ready to print."""

    label: str
    paragraphs: list[Paragraph]
    only_markup: bool = False


@dataclass(slots=True)
class Version:
    """A line of an article's history: the revision, and what it changed if that is known."""

    revision: Revision
    kept: dict | None
    before: dict | None = None
    in_force: bool = False

    @property
    def is_known(self) -> bool:
        return self.kept is not None

    @property
    def changed(self) -> list[str]:
        """The labels of the fields that this version changed."""
        if self.kept is None or self.before is None:
            return []
        return [label(name) for name in differing(self.before, self.kept)]


def snapshot_of(revision: Revision, article: Article) -> dict | None:
    """The article's fields as of this revision; None if a bulk update left no copy.

    If a bulk update replaced it (articles.revisions.bulk_revise), it is derived from the version after it.
    """
    if revision.snapshot is not None or revision.version in (None, article.version):
        return _own_copy(revision, article)
    sweep = article.revisions.filter(version=revision.version + 1, replaced__isnull=False).first()
    return _before(sweep, snapshot_of(sweep, article)) if sweep else None


def _own_copy(revision: Revision, article: Article) -> dict | None:
    in_force = revision.snapshot is None and revision.version == article.version
    return article.kept() if in_force else revision.snapshot


def _before(sweep: Revision, kept: dict | None) -> dict | None:
    """The fields before a bulk update, from those after it."""
    return kept | sweep.replaced if kept is not None else None


def history(article: Article, revisions: Iterable[Revision]) -> list[Version]:
    """Versions, newest first, each with the one it replaced; `revisions` are the article's, newest first."""
    versions = [
        Version(revision, _own_copy(revision, article), in_force=revision.version == article.version)
        for revision in revisions
    ]
    numbered = [version for version in versions if version.revision.version is not None]
    for newer, older in pairwise(numbered):
        if older.kept is None and newer.revision.replaced is not None:
            older.kept = _before(newer.revision, newer.kept)
    before = None
    for version in reversed(versions):
        version.before = before
        if version.revision.version is not None and version.is_known:
            before = version.kept
        elif version.revision.state == Revision.State.PENDING:
            version.before = article.kept()
    return versions


def differing(old: dict, new: dict) -> list[str]:
    """The fields that differ; the same moment in two zones does not, nor a fraction of a second."""
    old, new = Article.read_kept(old), Article.read_kept(new)
    for values in (old, new):
        values["published_at"] = values["published_at"] and values["published_at"].replace(microsecond=0)
    return [name for name in Article.KEPT if (old[name] or None) != (new[name] or None)]


def changes(old: dict, new: dict) -> list[Change]:
    """Every difference of two versions in words, in the order of the form."""
    names = differing(old, new)
    old, new, known = Article.read_kept(old), Article.read_kept(new), _Names()
    return [
        _change(name, known.word(name, old[name]), known.word(name, new[name]))
        for name in sorted(names, key=ORDER.index)
    ]


ORDER = [
    *("title", "subtitle", "original_title", "body_html", "digest", "status", "published_at", "source_id"),
    *("byline", "editor", "original_url", "page", "edition_date", "category_id"),
]


def _change(name: str, old: str, new: str) -> Change:
    if name == "body_html":
        return Change(label(name), compare_bodies(old, new), only_markup_differs(old, new))
    return Change(label(name), compare_texts(old, new))


def label(name: str) -> str:
    """A field's label in the admin."""
    return Article._meta.get_field(name).verbose_name


def word(name: str, value) -> str:
    """One value of a field as an editor reads it."""
    return _Names().word(name, value)


@dataclass(slots=True)
class _Names:
    """Formats values for editors; looks each outlet and section up once."""

    seen: dict = field(default_factory=dict)

    def word(self, name: str, value) -> str:
        if value in (None, ""):
            return ""
        if name in ("source_id", "category_id"):
            return self._name_of(Source if name == "source_id" else Category, value)
        if name == "status":
            return dict(Article.Status.choices).get(value, value)
        if isinstance(value, datetime):
            shape = "Y-m-d" if is_day_only(value) else "Y-m-d H:i:s"
            return date_format(timezone.localtime(value), shape)
        return date_format(value, "Y-m-d") if isinstance(value, date) else str(value)

    def _name_of(self, model: type, pk: int) -> str:
        if (model, pk) not in self.seen:
            name = model.objects.filter(pk=pk).values_list("name", flat=True).first()
            merged = SourceMerge.objects.filter(merged_id=pk).first() if model is Source else None
            self.seen[model, pk] = name or (merged.merged_name if merged else f"（已删除 {pk}）")
        return self.seen[model, pk]


def restore(article: Article, kept: dict, dated: bool) -> None:
    """Apply an old version to the article, unsaved. Its status stays, and its date unless `dated`.

    The source's original title is kept; a merged outlet becomes the one it was merged into; if the old outlet or
    section was deleted, the article keeps its own.
    """
    values = Article.read_kept(kept)
    values["source_id"] = values["source_id"] and SourceMerge.objects.heir(values["source_id"])
    values["original_title"] = values["original_title"] or article.original_title
    _apply_snapshot(article, {name: values[name] for name in RESTORED}, dated)


def accept_pending(article: Article, kept: dict, dated: bool) -> None:
    """Apply a pending text from an import to the article, unsaved: only the fields that an import may replace."""
    values = Article.read_kept(kept)
    _apply_snapshot(article, {name: values[name] or getattr(article, name) for name in REPLACED}, dated)


def _apply_snapshot(article: Article, values: dict, dated: bool) -> None:
    if not dated:
        values.pop("published_at", None)
    for name, model in (("source_id", Source), ("category_id", Category)):
        if values.get(name) and not model.objects.filter(pk=values[name]).exists():
            values.pop(name)
    if values.get("source_id", article.source_id) is None:
        values.pop("source_id")
    for name, value in values.items():
        setattr(article, name, value)
    article.derive()
