"""没有结果的查询: count queries that found nothing, so that editors can add aliases. Words and days only, no users.

A request writes nothing: it counts in memory, and a thread of the process writes the counts once a minute. Counts that
a process has not written when it ends are lost, which is acceptable.
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

MOST_COUNTED = 200  # different queries counted between two writes: a flood would not help an editor
WRITE_EVERY = 60.0  # seconds

# Numbers of bank cards, telephones and identity cards (also grouped), and e-mail addresses.
_PERSONAL = re.compile(r"\d(?:[ -]?\d){7}|\S@\S")
_log = logging.getLogger(__name__)


# ------------------------------------------------------------------ counting, and writing down
_counted: dict[str, Counted] = {}
_counting = threading.Lock()
_started = threading.Lock()


def note(words: str, day: date | None = None) -> None:
    """Count a query that found nothing, unless it is too short or too long or looks personal."""
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
    """Return the counts and start again from zero."""
    with _counting:
        counted = dict(_counted)
        _counted.clear()
    return counted


def write_down() -> None:
    """Write the counts to the database. If that fails, they are lost."""
    if counted := forget():
        Unanswered.objects.add(counted)


def start() -> None:
    """Write this process's counts in a daemon thread, every WRITE_EVERY seconds."""
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
