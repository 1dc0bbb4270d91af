"""Limits that a reading process sets on itself, so that one input can neither block it nor fill the memory.

There are three: a timer of processor time, which interrupts Python and its regular expressions; a memory limit, beyond
which Python gets a MemoryError; and a wall-clock timer that ends the process when neither works (a library stuck in C).
The parent process notices that it ended, and tries its inputs one by one.
"""

import faulthandler
import gc
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from math import ceil, inf
from typing import TextIO

from sources.reading.limits import Limits, OutOfMemory, TooSlow

# Wall-clock time allowed per second of processor time: other programs run too.
PATIENCE = 3
# The batch has one timer, which ticks every TICK seconds of processor time; a small input may last a number of ticks.
# Setting a timer or reading the processor clock (2 µs) for every input would cost up to 3 % of the reading time; a
# large input has its end on that clock.
TICK = 0.5
SMALL = 64 * 1024  # bytes: up to this size an input shares the memory limit and the timer of its batch
SLACK = 1.0  # seconds: resetting the wall-clock timer for every input would cost as much as reading it
PAGE = resource.getpagesize()


class Interrupted(BaseException):
    """Out of processor time. Not an Exception: a reader that catches those would go on for as long again."""


class _Process:
    """State of this process."""

    __slots__ = ("ends_at", "input_ends_at", "interruptible", "nowhere", "tick", "ticks_left", "untidy")

    def __init__(self):
        self.interruptible = False
        self.tick = TICK
        self.ticks_left = 0  # for the current input, if it is small
        self.input_ends_at = inf  # of a large one, on the processor clock
        self.untidy = False  # whether objects of a half-read input may still be in memory
        self.ends_at: float | None = None  # when the wall-clock timer ends the process; None if it is not set
        self.nowhere: TextIO | None = None


_process = _Process()


def settle_in(limits: Limits) -> None:
    """Prepare this process. Call it once, in the main thread, before reading anything."""
    signal.signal(signal.SIGPROF, _interrupt)
    give_memory(limits)
    # A crash is reported with its input; a core dump would help nobody and fill the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _interrupt(signum, frame) -> None:
    _process.ticks_left -= 1
    is_over = _process.ticks_left < 0 or time.process_time() > _process.input_ends_at
    if _process.interruptible and is_over:
        # Again after TICK, in case a reader swallows this one; not while it is on its way to `_Limited`.
        _process.ticks_left = ceil(TICK / _process.tick)
        _process.input_ends_at = time.process_time() + TICK
        raise Interrupted


def give_memory(limits: Limits) -> None:
    """Limit memory to this much beyond what the process holds now. Does nothing if the system does not report that."""
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", "rb") as file:
            held = int(file.read().split()[5]) * PAGE
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (held + limits.memory, hard))


@contextmanager
def watched(limits: Limits) -> Iterator[None]:
    """In this context, the process ends if an input is stuck where the timer has no effect."""
    give_memory(limits)
    with open(os.devnull, "w") as nowhere:
        _process.nowhere = nowhere
        _set_clock(limits)
        _process.tick = min(TICK, limits.seconds)
        signal.setitimer(signal.ITIMER_PROF, _process.tick, _process.tick)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.cancel_dump_traceback_later()
            _process.ends_at = None


def _set_clock(limits: Limits) -> None:
    """Let the wall-clock timer end the process when this input's time is over, give or take SLACK."""
    wanted = time.monotonic() + limits.seconds * PATIENCE
    if _process.ends_at is None or not wanted <= _process.ends_at <= wanted + SLACK:
        _process.ends_at = wanted + SLACK
        left = limits.seconds * PATIENCE + SLACK
        faulthandler.dump_traceback_later(left, exit=True, file=_process.nowhere)


def limited(limits: Limits | None, name: str = "", size: int = 0):
    """A context for reading an input with this name and size (bytes), in a process after `settle_in` and inside
    `watched`. Raises TooSlow and OutOfMemory. Without limits it does nothing."""
    if limits is None:
        return nullcontext()
    return _Limited(limits.of(name, size) if size > SMALL else limits, size)


class _Limited:
    """Entered for every input: as a generator (contextlib.contextmanager) it would cost 5 µs instead of 1."""

    __slots__ = ("limits", "size")

    def __init__(self, limits: Limits, size: int):
        self.limits, self.size = limits, size

    def __enter__(self) -> None:
        _make_ready(self.limits, self.size)
        seconds = self.limits.seconds
        # The first tick may come at once, so the input gets one more than the seconds need.
        _process.ticks_left = ceil(seconds / _process.tick)
        _process.input_ends_at = time.process_time() + seconds if self.size > SMALL else inf
        _process.interruptible = True

    def __exit__(self, kind, error, traceback) -> None:
        _process.interruptible = False
        if isinstance(error, (Interrupted, MemoryError)):
            _process.untidy = True
            reason = OutOfMemory if isinstance(error, MemoryError) else TooSlow
            raise reason.at(self.limits) from None


def _make_ready(limits: Limits, size: int) -> None:
    """Free what a half-read input held, so that it does not count against this one, and set the limits."""
    _set_clock(limits)
    if _process.untidy:
        gc.collect()
    if _process.untidy or size > SMALL:
        give_memory(limits)
        _process.untidy = False
