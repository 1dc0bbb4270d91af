"""The through rows of tags and securities, updated for many articles at once."""

from collections.abc import Iterable
from itertools import batched

from django.db.models import OuterRef, Subquery

from articles.models import Article
from articles.revisions.fields import LISTS

AT_ONCE = 500


def carry_public_at(articles: Iterable[int]) -> None:
    """Copy `public_at` of these articles (ids) to their through rows."""
    for pks in batched(articles, AT_ONCE, strict=False):
        for through in LISTS.values():
            now = Article.objects.filter(pk=OuterRef(f"{through.LISTS}_id")).values("public_at")
            through.objects.filter(**{f"{through.LISTS}__in": pks}).update(public_at=Subquery(now))


def missing_rows(column: str, wanted: dict[int, list[int]]) -> dict[int, list[int]]:
    """The tags or securities (ids) in `wanted` that articles (ids) do not have yet, without duplicates."""
    through = LISTS[column]
    rows = through.objects.filter(**{f"{through.LISTS}__in": wanted})
    stands = set(rows.values_list(f"{through.LISTS}_id", column))
    found = {pk: [one for one in dict.fromkeys(ids) if (pk, one) not in stands] for pk, ids in wanted.items()}
    return {pk: ids for pk, ids in found.items() if ids}


def remove_rows(joined: Iterable[tuple[int, dict[str, list[int]]]]) -> None:
    """Delete these through rows: (article id, {column: [ids]})."""
    put = {(column, pk, one) for pk, lists in joined for column, ids in lists.items() for one in ids}
    articles = {pk for _, pk, _ in put}
    for column, through in LISTS.items():
        for pks in batched(articles, AT_ONCE, strict=False):
            rows = through.objects.filter(**{f"{through.LISTS}__in": pks})
            listed = rows.values_list("pk", f"{through.LISTS}_id", column)
            gone = [pk for pk, *row in listed if (column, *row) in put]
            for some in batched(gone, AT_ONCE, strict=False):
                through.objects.filter(pk__in=some).delete()
