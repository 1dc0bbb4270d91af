"""Versions of an article for the history pages; a full text is loaded only for the version that is shown."""

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
    """The body in a snapshot. Django's KT gives "null" for a null on SQLite, which a text may be, too."""

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
    """Newest first, with the names of who made them; of import items neither the bytes nor the layout."""
    with_names = article.revisions.select_related("editor", "import_item").order_by("-id")
    return with_names.only(*LISTED, "snapshot", "merge", "proposal", *NAMES)


def outline(article: Article) -> list[Version]:
    """The newest versions as `history` gives them, with a checksum in place of every body.

    Enough to say which fields a version changed: a body costs 32 bytes, however long it is.
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
    """One of the newest versions with its full text and the one it replaced; None if it is not among them."""
    revisions = list(
        revisions_of(article).defer("snapshot").annotate(has_text=Q(snapshot__isnull=False))[:AT_MOST]
    )
    for revision in revisions:
        revision.snapshot = {} if revision.has_text else None
    versions = history(article, revisions)
    at = next((n for n, version in enumerate(versions) if version.revision.pk == pk), None)
    if at is None:
        return None
    needed = {*_told_from(versions, at), *_told_from(versions, _before(versions, at))}
    found = history(article, revisions_of(article).filter(pk__in=needed))
    return next(version for version in found if version.revision.pk == pk)


def _before(versions: list[Version], at: int) -> int | None:
    """The place of the version that the one at `at` is compared with, if that is an older one."""
    older = range(at + 1, len(versions))
    known = (n for n in older if versions[n].revision.version is not None and versions[n].is_known)
    return next(known, None)


def _told_from(versions: list[Version], at: int | None) -> Iterator[int]:
    """The ids of the version at `at` and of the newer ones it is worked out from where it has no copy of its own."""
    if at is None:
        return
    yield versions[at].revision.pk
    newer = [version for version in versions[:at] if version.revision.version is not None]
    version = versions[at]
    while not version.in_force and version.revision.snapshot is None and version.is_known:
        version = newer.pop()
        yield version.revision.pk
