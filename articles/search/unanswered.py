"""没有结果的查询: what readers asked for in vain, so that editors can add an alias. Words and days, nobody's name."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import DatabaseError, connection, models, transaction
from django.db.models import F
from django.utils import timezone

from articles.search.query import clean
from articles.search.segment import fold

LONGEST = 60  # characters; what is longer was pasted, and nobody asks it twice
MOST_ROWS = 10_000
TRIM_EVERY = 100  # rows: how often it is looked whether there are too many
HURRY = 100  # milliseconds that a reader waits for a database that an import is writing to

# Numbers of cards, telephones and identity cards (also in groups), and addresses of persons.
_PERSONAL = re.compile(r"\d(?:[ -]?\d){7}|\S@\S")


class UnansweredQuerySet(models.QuerySet):
    def note(self, words: str, day: date | None = None) -> None:
        """Count a question that found nothing. Never raises: a count lost is no loss."""
        asked = " ".join(fold(clean(words)).split())
        if not 2 <= len(asked) <= LONGEST or _PERSONAL.search(asked):
            return
        day = day or timezone.localdate()
        try:
            with _in_a_hurry(), transaction.atomic():
                again = self.filter(words=asked).update(count=F("count") + 1, last_day=day)
                made = None if again else self.create(words=asked, first_day=day, last_day=day)
                if made and made.pk % TRIM_EVERY == 0:
                    self.trim()
        except DatabaseError:
            return

    def trim(self, most: int = MOST_ROWS) -> None:
        """Drop the rarest, and of these the oldest, down to `most` rows."""
        spare = self.count() - most
        if spare > 0:
            gone = self.order_by("count", "last_day", "pk").values_list("pk", flat=True)[:spare]
            self.filter(pk__in=list(gone)).delete()


class Unanswered(models.Model):
    """没有结果的查询: folded words, how often, and the first and the last day."""

    words = models.CharField("查询", max_length=LONGEST, unique=True)
    count = models.PositiveIntegerField("次数", default=1)
    first_day = models.DateField("第一次")
    last_day = models.DateField("最近一次")

    objects = UnansweredQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "没有结果的查询"
        default_permissions = ("view", "delete")
        ordering = ["-count", "-last_day", "pk"]
        indexes = [models.Index(fields=["-count", "-last_day", "id"], name="unanswered_most")]

    def __str__(self):
        return self.words


@contextmanager
def _in_a_hurry() -> Iterator[None]:
    """SQLite has one writer at a time: a reader's page does not wait for an import to end."""
    if connection.vendor != "sqlite":
        yield
        return
    connection.ensure_connection()
    was = connection.connection.execute("PRAGMA busy_timeout").fetchone()[0]
    connection.connection.execute(f"PRAGMA busy_timeout = {HURRY}")
    try:
        yield
    finally:
        connection.connection.execute(f"PRAGMA busy_timeout = {was}")
