"""没有结果的查询: what readers asked for in vain, so that editors can add an alias. Words and days, nobody's name.

A reader's request writes nothing: it counts in memory, and a thread of the process writes what was counted down, once
a minute. What a process has counted when it ends is lost, which is no loss.
"""

import logging
import re
import threading
from datetime import date
from time import sleep

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from articles.models.search_terms import LONGEST, Counted, Unanswered
from sources.text.folding import clean, fold

MOST_COUNTED = (
    200  # different questions a process counts between two writings: a flood is no help to an editor
)
WRITE_EVERY = 60.0  # seconds

# Numbers of cards, telephones and identity cards (also in groups), and addresses of persons.
_PERSONAL = re.compile(r"\d(?:[ -]?\d){7}|\S@\S")
_log = logging.getLogger(__name__)


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
