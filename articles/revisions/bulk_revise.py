"""The one writer of versions of many articles at once: `bulk_revise` gives all of them the same values, `rewriting`
each its own words. Both raise each article's version, so that no open copy overwrites the change unseen.

One article is revised by `Article.revise`. New articles are inserted by articles.importing.write: they replace nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import batched

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from articles.db.bulk_rows import insert, update_rows
from articles.models import Article, ArticleQuerySet, Revision
from articles.revisions.fields import CHANGED, JOINED, Joined
from articles.revisions.list_rows import carry_public_at

AT_ONCE = 500  # articles in a statement
HISTORY_AT_ONCE = 5000  # revisions in memory


def bulk_revise(
    articles: ArticleQuerySet, values: dict, seen: Mapping[int, int] | None = None, proposals=None, **revision
) -> list[int]:
    """Give these articles the values (by column name), never others of their words; the ids of those that were changed.

    With `seen` (versions by id) an article that has moved on since is left alone. `revision` has kind, editor, reason
    and so on of the lines of history; `proposals` (texts by id) what differs among them. A line copies no text: it
    holds what the fields were, from which the version before can be told. All or nothing.
    """
    with transaction.atomic():
        locked = articles.order_by("pk").select_for_update(of=("self",))
        rows = [
            (pk, version, was)
            for pk, version, *was in locked.values_list("pk", "version", *values)
            if seen is None or seen.get(pk) == version
        ]
        for some in batched(rows, HISTORY_AT_ONCE, strict=False):
            insert(
                [
                    Revision(
                        article_id=pk,
                        version=version + 1,
                        replaced=dict(zip(values, was, strict=True)),
                        proposal=(proposals or {}).get(pk, ""),
                        **revision,
                    )
                    for pk, version, was in some
                ]
            )
        for some in batched(rows, AT_ONCE, strict=False):
            found = Article.objects.filter(pk__in=[pk for pk, _, _ in some])
            found.update_versioned(sweeps=F("sweeps") + 1, **values)
    return [pk for pk, _, _ in rows]


@contextmanager
def rewriting(
    articles: Mapping[int, Article], joined: Joined | None = None, columns: Sequence[str] = CHANGED
) -> Iterator[None]:
    """Around changing these articles (by id, locked, as they are stored): what they say now is kept in the revisions in
    force, and these columns are written as the next version. The caller derives, and inserts the new revisions.

    `joined`: the lists that each is newly put on, for an undo to take back.
    """
    if not articles:
        yield
        return
    _keep(articles, joined or {})
    shown = {pk: article.public_at for pk, article in articles.items()}
    yield
    now = timezone.now()
    for article in articles.values():
        article.version += 1
        article.updated_at = now
    update_rows(list(articles.values()), columns)
    carry_public_at(pk for pk, article in articles.items() if article.public_at != shown[pk])


def _keep(articles: Mapping[int, Article], joined: Joined) -> None:
    """As Revision.objects.keep, for many."""
    versions = Revision.objects.filter(article__in=articles, version=F("article__version"))
    known = dict(versions.filter(snapshot__isnull=True).values_list("article", "pk"))
    unknown = [
        Revision(article_id=pk, version=article.version, kind=Revision.Kind.EDIT)
        for pk, article in articles.items()
        if pk not in known
    ]
    insert(unknown)
    known |= {revision.article_id: revision.pk for revision in unknown}
    kept = [Revision(pk=revision, snapshot=articles[pk].kept()) for pk, revision in known.items()]
    for pk, revision in zip(known, kept, strict=True):
        if pk in joined:
            revision.snapshot[JOINED] = joined[pk]
    update_rows(kept, ["snapshot"])
