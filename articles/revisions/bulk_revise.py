"""Change a field or two of very many articles at once: a section, an outlet; never their words.

Each article's version grows, so nobody's open copy overwrites the change unseen, and each gets its line of history.
That line copies no text: it holds what the fields were, from which `Revision` tells the version before.
"""

from collections.abc import Mapping
from itertools import batched

from django.db import transaction
from django.db.models import F

from articles.db.bulk_rows import insert
from articles.models import Article, ArticleQuerySet, Revision

AT_ONCE = 500  # articles in a statement
HISTORY_AT_ONCE = 5000  # revisions in memory


def bulk_revise(
    articles: ArticleQuerySet, values: dict, seen: Mapping[int, int] | None = None, proposals=None, **revision
) -> list[int]:
    """Give these articles the values (by column name); the ids of those that were changed.

    With `seen` (versions by id) one that has moved on since is left alone. `revision` says kind, editor, reason and
    so on of the lines of history; `proposals` (texts by id) what differs among them. All or nothing.
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
