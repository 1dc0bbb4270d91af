"""Versions for the history pages. Full texts are loaded only for the version shown."""

from collections.abc import Iterator
from copy import copy
from hashlib import md5

from django.db.models import Func, JSONField, Q, QuerySet, TextField, Value
from django.db.models.functions import MD5, NullIf

from articles.models import Article, Revision
from articles.revisions.history import Version, history

AT_MOST = 200  # versions, the newest
NAMES = ("editor__username", "editor__first_name", "editor__last_name", "import_item__name")
LISTED = ("article", "version", "kind", "state", "reason", "created_at", "replaced", "editor", "import_item")


class Body(Func):
    """The body in a snapshot. (On SQLite Django's KT turns a JSON null into the text "null".)"""

    arity, output_field = 1, TextField()
    template = "(%(expressions)s ->> 'body_html')"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="JSON_EXTRACT(%(expressions)s, '$.body_html')", **context
        )


class WithoutBody(Func):
    """A snapshot without its body."""

    arity, output_field = 1, JSONField()
    template = "(%(expressions)s - 'body_html')"

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="JSON_REMOVE(%(expressions)s, '$.body_html')", **context
        )


def revisions_of(article: Article) -> QuerySet[Revision]:
    """Revisions, newest first, with editor and import item; without the item's bytes and layout."""
    with_names = article.revisions.select_related("editor", "import_item").order_by("-id")
    return with_names.only(*LISTED, "snapshot", "merge", "proposal", *NAMES)


def outline(article: Article) -> list[Version]:
    """The newest versions as `history` gives them, but with a checksum in place of each body.

    That is enough to tell which fields a version changed.
    """
    checksum = MD5(NullIf(Body("snapshot"), Value("", TextField())))
    listed = revisions_of(article).defer("snapshot").annotate(kept=WithoutBody("snapshot"), checksum=checksum)
    revisions = list(listed[:AT_MOST])
    for revision in revisions:
        revision.snapshot = revision.kept and revision.kept | {"body_html": revision.checksum}
    without_body = copy(article)
    without_body.body_html = md5(article.body_html.encode()).hexdigest() if article.body_html else ""
    return history(without_body, revisions)


def find_version(article: Article, pk: int) -> Version | None:
    """One of the newest versions, with its full text and that of the version before; None if not found."""
    revisions = list(
        revisions_of(article).defer("snapshot").annotate(has_text=Q(snapshot__isnull=False))[:AT_MOST]
    )
    for revision in revisions:
        revision.snapshot = {} if revision.has_text else None
    versions = history(article, revisions)
    at = next((n for n, version in enumerate(versions) if version.revision.pk == pk), None)
    if at is None:
        return None
    needed = {*_derived_from(versions, at), *_derived_from(versions, _before(versions, at))}
    found = history(article, revisions_of(article).filter(pk__in=needed))
    return next(version for version in found if version.revision.pk == pk)


def _before(versions: list[Version], at: int) -> int | None:
    """Index of the older version that the one at `at` is compared with, if any."""
    older = range(at + 1, len(versions))
    known = (n for n in older if versions[n].revision.version is not None and versions[n].is_known)
    return next(known, None)


def _derived_from(versions: list[Version], at: int | None) -> Iterator[int]:
    """Ids of the version at `at` and, if it has no copy, of the newer ones its text is derived from."""
    if at is None:
        return
    yield versions[at].revision.pk
    newer = [version for version in versions[:at] if version.revision.version is not None]
    version = versions[at]
    while not version.in_force and version.revision.snapshot is None and version.is_known:
        version = newer.pop()
        yield version.revision.pk
