"""变更: one small row for each change of an article, whatever made it; what is derived from articles follows this log.

The rows are written by the database itself (triggers), so that no import, no bulk update and nobody's SQL is missed.
A follower keeps a Position and asks for what came after it. On PostgreSQL ids do not commit in their order; there a row
also says its transaction's number, and is shown once no older transaction is under way, so that none is passed over.
"""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection, models
from django.db.models import Q

# What of an article is followed: its version grows with all that is said of it, `public_at` with when it is shown.
_CHANGED = '{new}."version" <> {old}."version" OR {new}."public_at" IS DISTINCT FROM {old}."public_at"'


class Position(NamedTuple):
    """A place in the log: everything up to it has been seen."""

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
        """What came after a position and can have nothing before it any more, in the order of the log."""
        later = Q(transaction__gt=position.transaction) | Q(
            transaction=position.transaction, pk__gt=position.id
        )
        # The first condition says no more than `later`, but an index can be walked from it.
        found = self.filter(later, transaction__gte=position.transaction).order_by("transaction", "pk")
        return (
            found if (under_way := _oldest_under_way()) is None else found.filter(transaction__lt=under_way)
        )

    def head(self) -> Position:
        """The newest position: what is read of articles from now on holds everything up to it."""
        under_way = _oldest_under_way()
        if under_way is not None:
            return Position(under_way - 1, 2**63 - 1)
        newest = self.order_by("-pk").values_list("pk", flat=True).first()
        return Position(0, newest or 0)

    def has_been_at(self, position: Position) -> bool:
        """Whether a position can be of this log: not if the database is another, or was put back to an older day."""
        if position == START:
            return True
        under_way = _oldest_under_way()
        if under_way is not None:
            return position.transaction < under_way
        return position.id <= self.head().id


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


def _oldest_under_way() -> int | None:
    """PostgreSQL's oldest transaction that may still write; None on SQLite."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return cursor.fetchone()[0]


# ------------------------------------------------------------------ the triggers
_POSTGRES = """
CREATE OR REPLACE FUNCTION articles_log_{what}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO articles_change (article_id, transaction, made_at)
    SELECT {row}.id, pg_current_xact_id()::text::bigint, statement_timestamp() FROM {rows};
    RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER articles_log_{what} AFTER {what} ON articles_article REFERENCING {seen}
FOR EACH STATEMENT EXECUTE FUNCTION articles_log_{what}();
"""
_SQLITE = """
CREATE TRIGGER IF NOT EXISTS articles_log_{what} AFTER {what} ON articles_article {when}
BEGIN
    INSERT INTO articles_change (article_id, "transaction", made_at)
    VALUES ({row}.id, 0, strftime('%Y-%m-%d %H:%M:%f', 'now'));
END
"""
EVENTS = ("INSERT", "UPDATE", "DELETE")


def write_down_changes(**signal) -> None:
    """Set the triggers up, wherever there is a log: after every migrate, since SQLite makes a table that is altered
    anew and forgets them."""
    if Change._meta.db_table not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        for statement in _statements():
            cursor.execute(statement)


def stop_writing_down() -> None:
    """Take the triggers away, for a migration back that takes the log itself away."""
    on = " ON articles_article" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        for what in EVENTS:
            cursor.execute(f"DROP TRIGGER IF EXISTS articles_log_{what}{on}")


def _statements() -> Iterator[str]:
    if connection.vendor == "postgresql":
        changed = f"fresh JOIN stale USING (id) WHERE {_CHANGED.format(new='fresh', old='stale')}"
        yield _POSTGRES.format(what="INSERT", row="fresh", rows="fresh", seen="NEW TABLE AS fresh")
        seen = "OLD TABLE AS stale NEW TABLE AS fresh"
        yield _POSTGRES.format(what="UPDATE", row="fresh", rows=changed, seen=seen)
        yield _POSTGRES.format(what="DELETE", row="stale", rows="stale", seen="OLD TABLE AS stale")
        return
    changed = f"WHEN {_CHANGED.format(new='NEW', old='OLD').replace('IS DISTINCT FROM', 'IS NOT')}"
    yield _SQLITE.format(what="INSERT", row="NEW", when="")
    yield _SQLITE.format(what="UPDATE", row="NEW", when=changed)
    yield _SQLITE.format(what="DELETE", row="OLD", when="")
