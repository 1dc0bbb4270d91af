"""The rows that put articles on the lists of tags and securities, kept right for many articles at once."""

from collections.abc import Iterable
from itertools import batched

from django.db.models import OuterRef, Subquery

from articles.models import Article
from articles.revisions.fields import LISTS

AT_ONCE = 500


def carry_public_at(articles: Iterable[int]) -> None:
    """Tell the lists from when on these articles (ids) are shown, or that they are not."""
    for pks in batched(articles, AT_ONCE, strict=False):
        for through in LISTS.values():
            now = Article.objects.filter(pk=OuterRef(f"{through.LISTS}_id")).values("public_at")
            through.objects.filter(**{f"{through.LISTS}__in": pks}).update(public_at=Subquery(now))


def missing_rows(column: str, wanted: dict[int, list[int]]) -> dict[int, list[int]]:
    """Of the lists (ids) that articles (ids) should stand on, those on which they do not; none of them twice."""
    through = LISTS[column]
    rows = through.objects.filter(**{f"{through.LISTS}__in": wanted})
    stands = set(rows.values_list(f"{through.LISTS}_id", column))
    found = {pk: [one for one in dict.fromkeys(ids) if (pk, one) not in stands] for pk, ids in wanted.items()}
    return {pk: ids for pk, ids in found.items() if ids}


def remove_rows(joined: Iterable[tuple[int, dict[str, list[int]]]]) -> None:
    """Take articles (ids) off the lists that they had been put on."""
    put = {(column, pk, one) for pk, lists in joined for column, ids in lists.items() for one in ids}
    articles = {pk for _, pk, _ in put}
    for column, through in LISTS.items():
        for pks in batched(articles, AT_ONCE, strict=False):
            rows = through.objects.filter(**{f"{through.LISTS}__in": pks})
            listed = rows.values_list("pk", f"{through.LISTS}_id", column)
            gone = [pk for pk, *row in listed if (column, *row) in put]
            for some in batched(gone, AT_ONCE, strict=False):
                through.objects.filter(pk__in=some).delete()
