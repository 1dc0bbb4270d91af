"""Stopping a command by a signal, so that it ends in good order and the signal is never lost."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_AGAIN_IN = 0.02  # seconds: far longer than a destructor takes, far shorter than anybody notices


class Terminated(KeyboardInterrupt):
    """SIGTERM: stop as Ctrl-C does, with an exit status of its own."""


def exit_status(stop: KeyboardInterrupt) -> int:
    """128 and the signal's number, as a shell counts: 143 for SIGTERM, 130 for Ctrl-C."""
    return 128 + (signal.SIGTERM if isinstance(stop, Terminated) else signal.SIGINT)


@contextmanager
def terminating_softly() -> Iterator[None]:
    """In here SIGTERM raises Terminated in the main thread, so that what is under way can be ended in good order."""
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(signum, frame):
    raise Terminated


@contextmanager
def losing_no_stop() -> Iterator[None]:
    """In here a KeyboardInterrupt is raised again a moment later if it came where Python can raise nothing.

    A signal's handler runs between any two steps of the main thread, also those of a destructor (Django's models
    have one) or of a weak reference's callback. What is raised there is printed as "Exception ignored in …" and
    forgotten, and the command would go on as if nobody had asked it to stop. Takes SIGALRM and its timer.
    """
    lost: list[type[KeyboardInterrupt]] = []
    complain = sys.unraisablehook

    def notice(unraisable):
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            complain(unraisable)
            return
        lost.append(unraisable.exc_type)
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_IN)

    def ask_again(signum, frame):
        if lost:
            raise lost.pop()

    before, sys.unraisablehook = signal.signal(signal.SIGALRM, ask_again), notice
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.unraisablehook = complain
        signal.signal(signal.SIGALRM, before)
