"""What a process that reads does to itself, so that one input can neither hold it up nor fill the memory.

Three belts: a timer of the processor's seconds, which interrupts Python and its regular expressions; a limit of memory,
beyond which Python gets a MemoryError; and, for what hears of neither (a library stuck in C), a clock that ends the
process. Whoever gave it work finds that it died, and tries its inputs one by one.
"""

import faulthandler
import gc
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from math import ceil

from sources.reading.limits import Limits, OutOfMemory, TooSlow

# On the clock, an input may take so many times its seconds of the processor: other programs want it, too.
PATIENCE = 3
# Seconds of processor time between two ticks of the one timer of a batch; an input may last so many ticks.
# Setting a timer, or reading the processor clock (2 µs), for every input would cost up to 3 % of its reading.
TICK = 0.5
SMALL = 64 * 1024  # bytes of an input that is read with the memory that its batch was given
SLACK = 1.0  # seconds: setting the clock for every input would cost as much as reading it
PAGE = resource.getpagesize()


class Interrupted(BaseException):
    """The seconds are over. No Exception: a reader that catches those would go on for as long again."""


class _Process:
    """What is known of this process."""

    interruptible = False
    tick = TICK
    ticks_left = 0  # of the input that is being read
    untidy = False  # whether a half-read input may still lie about
    ends_at: float | None = None  # by the clock that ends the process; None when it does not run


def settle_in(limits: Limits) -> None:
    """Once a process, in its main thread, before it reads anything."""
    signal.signal(signal.SIGPROF, _interrupt)
    give_memory(limits)
    # What crashes is told by its input; an image of all its memory helps nobody, and fills the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _interrupt(signum, frame) -> None:
    _Process.ticks_left -= 1
    if _Process.interruptible and _Process.ticks_left < 0:
        raise Interrupted  # and again at the next tick, if a reader has swallowed this one


def give_memory(limits: Limits) -> None:
    """So much beyond what the process holds by now. Does nothing where the system does not say how much that is."""
    with suppress(OSError, ValueError):
        with open("/proc/self/statm", "rb") as file:
            held = int(file.read().split()[5]) * PAGE
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        resource.setrlimit(resource.RLIMIT_DATA, (held + limits.memory, hard))


@contextmanager
def watched(limits: Limits) -> Iterator[None]:
    """In here the process ends when an input is stuck where no timer is heard."""
    give_memory(limits)
    with open(os.devnull, "w") as nowhere:
        _Process.nowhere = nowhere
        _set_clock(limits)
        _Process.tick = min(TICK, limits.seconds)
        signal.setitimer(signal.ITIMER_PROF, _Process.tick, _Process.tick)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            faulthandler.cancel_dump_traceback_later()
            _Process.ends_at = None


def _set_clock(limits: Limits) -> None:
    """Let the process end when this input cannot be meant any more, give or take SLACK."""
    wanted = time.monotonic() + limits.seconds * PATIENCE
    if _Process.ends_at is None or not wanted <= _Process.ends_at <= wanted + SLACK:
        _Process.ends_at = wanted + SLACK
        left = limits.seconds * PATIENCE + SLACK
        faulthandler.dump_traceback_later(left, exit=True, file=_Process.nowhere)


def limited(limits: Limits | None, name: str = "", size: int = 0):
    """A context in which an input of this name and size (bytes) is read, in a process that has settled in and is
    watched. Raises TooSlow and OutOfMemory. Without limits it changes nothing."""
    if limits is None:
        return nullcontext()
    return _Limited(limits.of(name, size) if size > SMALL else limits, size)


class _Limited:
    """Every input enters one: as a generator (contextlib.contextmanager) it would cost 5 µs instead of 1."""

    __slots__ = ("limits", "size")

    def __init__(self, limits: Limits, size: int):
        self.limits, self.size = limits, size

    def __enter__(self) -> None:
        _make_ready(self.limits, self.size)
        # One more than these: the first tick may come at once.
        _Process.ticks_left = ceil(self.limits.seconds / _Process.tick)
        _Process.interruptible = True

    def __exit__(self, kind, error, traceback) -> None:
        _Process.interruptible = False
        if isinstance(error, (Interrupted, MemoryError)):
            _Process.untidy = True
            reason = OutOfMemory if isinstance(error, MemoryError) else TooSlow
            raise reason.at(self.limits) from None


def _make_ready(limits: Limits, size: int) -> None:
    """What a half-read input held is garbage, and must not be counted against the next one."""
    _set_clock(limits)
    if _Process.untidy:
        gc.collect()
    if _Process.untidy or size > SMALL:
        give_memory(limits)
        _Process.untidy = False
