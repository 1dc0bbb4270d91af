"""No input can take the time of the site: every door on every adversarial string, up to a million characters."""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from math import inf

import django

from bench.drills.doors import TEXT, Door
from bench.drills.ground import Check, Ground
from bench.harness import reporting
from tests.support.growth import MOST, family, seconds

STEP = 8  # three doublings
LONGEST = 1_000_000  # characters
GIVEN_UP = 60  # seconds of processor time for one string
ENOUGH = 0.25  # seconds from which a ratio tells; below, a string is no danger at this length
SLOWEST = 20  # shown
ROOMS = ("tests.sources.test_growth", "tests.support.format_doors", "tests.articles.test_growth")
HEAD = ("door and string", "characters", "seconds", "times for twice")


def drill(ground: Ground) -> Iterator[Check]:
    """Each door stays linear. A database has nothing to do with it, so it is held once."""
    if ground.database != "sqlite":
        yield Check("no input takes more time than its length", "held once, beside SQLite", None)
        return
    rows = []
    for name, door in _doors(ground).items():
        seen = [(f"{name}: {string}", *measured(door.run, make)) for string, make in family(door.also)]
        slow = [row for row in seen if row[-1] > MOST]
        worst = max(slow or seen, key=lambda row: row[2])
        said = f"{worst[0].split(': ')[1]}: {worst[1]:,} in {worst[2]:.2f} s, {worst[3]:.2f} times for twice"
        yield Check(f"{name} linear to {LONGEST:,} characters", said, not slow)
        rows += seen
    rows.sort(key=lambda row: -row[2])
    reporting.print_table(HEAD, [(a, f"{b:,}", f"{c:.2f}", f"{d:.2f}") for a, b, c, d in rows[:SLOWEST]])


def _doors(ground: Ground) -> dict[str, Door]:
    """Those of the tests, which ask for a Django that is set up, though for no database; or those asked for.

    RuntimeError names a door that there is not.
    """
    os.environ |= {"DJANGO_SETTINGS_MODULE": "newsportal.settings", "NEWSPORTAL_HOME": str(ground.folder)}
    django.setup()
    rooms = [import_module(room) for room in ROOMS]
    doors = TEXT | {door.__name__: Door(door, room.ALSO) for room in rooms for door in room.DOORS}
    if unknown := set(ground.doors) - set(doors):
        raise RuntimeError(f"no door {', '.join(sorted(unknown))}; there are {', '.join(doors)}")
    return {name: door for name, door in doors.items() if name in (ground.doors or doors)}


def measured(run: Callable[[str], object], make: Callable[[int], str]) -> tuple[int, float, float]:
    """The longest string tried, its seconds, and how many times longer twice the string takes (1 where too quick to
    tell). Ends early where it is plain already that it is not linear."""
    n, before = LONGEST // STEP**3, inf
    while True:
        taken = seconds(run, make(n), GIVEN_UP)
        rate = (taken / max(before, 1e-4)) ** (1 / 3) if taken > ENOUGH and before < inf else 1.0
        if rate > MOST:  # a busy machine can make one figure too large
            taken = min(taken, seconds(run, make(n), GIVEN_UP))
            rate = (taken / max(before, 1e-4)) ** (1 / 3)
        if taken == inf or rate > MOST or n * STEP > LONGEST:
            return n, taken, inf if taken == inf else rate
        n, before = n * STEP, taken
