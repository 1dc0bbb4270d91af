"""没有结果的查询: what readers asked for in vain, so that editors can add an alias. Words and days, nobody's name.

A reader's request writes nothing: it counts in memory, and a thread of the process writes what was counted down, once
a minute. What a process has counted when it ends is lost, which is no loss.
"""

import logging
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from time import sleep

from django.db import DatabaseError, close_old_connections, models, transaction
from django.db.models import F
from django.utils import timezone

from articles.search.query.parse import clean
from articles.search.index.tokens import fold

LONGEST = 60  # characters; what is longer was pasted, and nobody asks it twice
MOST_ROWS = 10_000
MOST_COUNTED = (
    200  # different questions a process counts between two writings: a flood is no help to an editor
)
WRITE_EVERY = 60.0  # seconds

# Numbers of cards, telephones and identity cards (also in groups), and addresses of persons.
_PERSONAL = re.compile(r"\d(?:[ -]?\d){7}|\S@\S")
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counted:
    """How often something was asked since it was last written down, and on which days."""

    count: int
    first_day: date
    last_day: date


class UnansweredQuerySet(models.QuerySet):
    def add(self, counted: Mapping[str, Counted]) -> None:
        """Write these down, all in a handful of statements; the rarest go when there are too many."""
        with transaction.atomic():
            rows = self.select_for_update().order_by("pk").in_bulk(list(counted), field_name="words")
            for words, row in rows.items():
                row.count, row.last_day = F("count") + counted[words].count, counted[words].last_day
            self.bulk_update(rows.values(), ["count", "last_day"])
            fresh = {words: one for words, one in counted.items() if words not in rows}
            self.bulk_create(
                [
                    Unanswered(words=words, count=one.count, first_day=one.first_day, last_day=one.last_day)
                    for words, one in fresh.items()
                ],
                ignore_conflicts=True,  # another process was quicker
            )
            if fresh:
                self.trim()

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


# ------------------------------------------------------------------ counting, and writing down
_counted: dict[str, Counted] = {}
_counting = threading.Lock()
_started = threading.Lock()


def note(words: str, day: date | None = None) -> None:
    """Count a question that found nothing."""
    asked = " ".join(fold(clean(words)).split())
    if not 2 <= len(asked) <= LONGEST or _PERSONAL.search(asked):
        return
    day = day or timezone.localdate()
    with _counting:
        if one := _counted.get(asked):
            one.count, one.last_day = one.count + 1, day
        elif len(_counted) < MOST_COUNTED:
            _counted[asked] = Counted(1, day, day)


def forget() -> dict[str, Counted]:
    """Begin to count anew; gives what was counted."""
    with _counting:
        counted = dict(_counted)
        _counted.clear()
    return counted


def write_down() -> None:
    """Write down what was counted. What the database does not take is lost."""
    if counted := forget():
        Unanswered.objects.add(counted)


def start() -> None:
    """Write down what this process counts, in a thread, as long as it lives."""
    if _started.acquire(blocking=False):
        threading.Thread(target=_keep_writing, name="unanswered-writer", daemon=True).start()


def _keep_writing() -> None:
    while True:
        sleep(WRITE_EVERY)
        try:
            close_old_connections()
            write_down()
        except DatabaseError as error:
            _log.warning("Questions without an answer could not be written down: %s", error)
        finally:
            close_old_connections()
