"""Readers of posts and feeds that have faults, for tests of what hangs, eats memory or crashes.

What says `unruly: spin` on a line of its own meets that fault; all else is read as ever. The other process is given
this module by the setting READING_MODULES, and forks have it from the process they come from: a test's own (the fixture
`unruly`), or a command's (bench.drills.unruly_settings).
"""

import ctypes
import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress

from sources.formats import FORMATS

MODULE = "tests.support.unruly"
_FAULT = re.compile(rb"^unruly: (\w+)", re.M)


def spin():
    """In Python: a timer is heard."""
    while True:
        pass


def backtrack():
    """In a regular expression, which hears of a timer, too."""
    re.match(r"(a+)+$", "a" * 60 + "b")


def swallow():
    """Whatever is raised is taken for a fault of the input, and the next thing is tried."""
    while True:
        with suppress(Exception):
            spin()


def sleep():
    """In C, without end, with every signal blocked: nothing is heard of any timer."""
    libc = ctypes.PyDLL(None)  # which keeps Python's own lock, as a library does that forgets to give it back
    while True:
        libc.sleep(1000)


def eat():
    """Memory in pieces, as Python's own objects."""
    held = []
    while True:
        held.append("字" * 100_000)


def gulp():
    """Memory in one piece."""
    return bytes(1 << 40)


def abort():
    """As a library in Rust does that gets no memory."""
    os.abort()


def leave():
    """As if somebody had called exit in the depth of a library."""
    os._exit(3)


class OddError(Exception):
    """One that does not survive being pickled."""

    def __init__(self, one, two):
        super().__init__(f"odd {one}")


def raise_oddly():
    raise OddError(1, 2)


def give_oddly():
    return lambda: None


FAULTS = {fault.__name__: fault for fault in (spin, backtrack, swallow, sleep, eat, gulp, abort, leave)}


def _with_faults(reader: Callable) -> Callable:
    def read(data: bytes, name: str, **more) -> Iterator:
        if fault := _FAULT.search(data):
            FAULTS[fault[1].decode()]()
        yield from reader(data, name, **more)

    return read


READERS = {name: _with_faults(FORMATS[name]) for name in ("jekyll", "feed")}
FORMATS |= READERS
