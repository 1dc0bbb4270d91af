"""变更: one small row for each change of an article, whatever made it; what is derived from articles follows this log.

Triggers (migration 0018) write a row when an article is inserted or deleted, or its version or `public_at` changes, so
imports and bulk updates are covered too. A follower keeps a Position and asks for what came after it. PostgreSQL does
not commit ids in their order: there a row also has its transaction's number, and is shown once no older transaction is
under way, so that none is passed over.
"""

from datetime import datetime
from typing import NamedTuple

from django.db import connection, models, transaction
from django.db.models import Q

PRUNED_AT_ONCE = 10_000  # rows in a transaction


class Position(NamedTuple):
    """A position in the log: a follower has seen everything up to it."""

    transaction: int
    id: int

    def __str__(self):
        return f"{self.transaction}_{self.id}"

    @classmethod
    def read(cls, text: str) -> "Position":
        """What `str` wrote. Raises ValueError."""
        transaction, _, number = text.partition("_")
        return cls(int(transaction), int(number))


START = Position(-1, -1)


class ChangeQuerySet(models.QuerySet):
    def after(self, position: Position):
        """The rows after a position, in the order of the log. Rows that an open transaction may still precede wait."""
        later = Q(transaction__gt=position.transaction) | Q(
            transaction=position.transaction, pk__gt=position.id
        )
        # The condition on `transaction` is implied by `later`, but lets the index be used.
        found = self.filter(later, transaction__gte=position.transaction).order_by("transaction", "pk")
        return (
            found if (under_way := _oldest_under_way()) is None else found.filter(transaction__lt=under_way)
        )

    def head(self) -> Position:
        """The newest position: articles read from now on include every change up to it."""
        under_way = _oldest_under_way()
        if under_way is not None:
            return Position(under_way - 1, 2**63 - 1)
        newest = self.order_by("-pk").values_list("pk", flat=True).first()
        return Position(0, newest) if newest else max(Position(0, 0), PrunedChanges.objects.position())

    def has_been_at(self, position: Position) -> bool:
        """Whether a follower can go on from here. Not if the position is of another database, or of a later day than
        the backup this one was restored from, or if rows after it were pruned: then everything is read anew."""
        if position < PrunedChanges.objects.position():
            return False
        if position == START:
            return True
        under_way = _oldest_under_way()
        if under_way is not None:
            return position.transaction < under_way
        return position.id <= self.head().id

    def prune(self, passed: Position, older_than: datetime | None = None) -> int:
        """Delete the rows up to a position, and of these only those before the first that is as young as
        `older_than`. The number of rows deleted."""
        done = 0
        while (count := self._prune_some(passed, older_than)) > 0:
            done += count
        return done

    def _prune_some(self, passed: Position, older_than: datetime | None) -> int:
        """Delete one batch and note how far: both or neither."""
        rows = self.order_by("transaction", "pk").values_list("transaction", "pk", "made_at")[:PRUNED_AT_ONCE]
        with transaction.atomic():
            last, count = None, 0
            for *place, made_at in rows:
                if Position(*place) > passed or (older_than and made_at >= older_than):
                    break
                last, count = Position(*place), count + 1
            if last is not None:
                self.filter(_up_to(last)).delete()
                PrunedChanges.objects.note(last)
        return count


class Change(models.Model):
    """One change of one article, or its removal. Written by triggers alone."""

    article_id = models.BigIntegerField()
    # PostgreSQL's number of the transaction; 0 on SQLite, where one writes after the other.
    transaction = models.BigIntegerField()
    made_at = models.DateTimeField()

    objects = ChangeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["transaction", "id"], name="change_in_order")]

    def __str__(self):
        return f"{self.article_id} ({self.transaction}_{self.pk})"


class PrunedChangesQuerySet(models.QuerySet):
    def position(self) -> Position:
        """How far the log was pruned; START if it never was in this database.

        Of a database that was moved here from another server or engine the note means nothing: transactions are
        numbered anew.
        """
        noted = self.values_list("transaction", "change").first()
        if noted is None:
            return START
        under_way, position = _oldest_under_way(), Position(*noted)
        is_ours = position.transaction < under_way if under_way is not None else not position.transaction
        return position if is_ours else START

    def note(self, position: Position) -> None:
        self.update_or_create(pk=1, defaults={"transaction": position.transaction, "change": position.id})


class PrunedChanges(models.Model):
    """The newest row that `prune` deleted: one row, or none."""

    transaction = models.BigIntegerField()
    change = models.BigIntegerField()
    made_at = models.DateTimeField(auto_now=True)

    objects = PrunedChangesQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self):
        return f"{self.transaction}_{self.change}"


def _up_to(position: Position) -> Q:
    """The complement of `after`."""
    earlier = Q(transaction__lt=position.transaction) | Q(
        transaction=position.transaction, pk__lte=position.id
    )
    return earlier & Q(transaction__lte=position.transaction)


def _oldest_under_way() -> int | None:
    """The oldest open transaction on PostgreSQL; None on SQLite."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]
