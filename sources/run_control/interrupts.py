"""Stopping a command by a signal, so that it ends in good order and the signal is never lost."""

import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_AGAIN_IN = 0.02  # seconds: far longer than a destructor takes, far shorter than anybody notices


class Terminated(KeyboardInterrupt):
    """SIGTERM: stop as Ctrl-C does, with an exit status of its own."""


@contextmanager
def graceful_stop(say: Callable[[str], object], words: str) -> Iterator[None]:
    """In here SIGTERM raises Terminated in the main thread, as Ctrl-C raises KeyboardInterrupt, so that what is under
    way can be ended in good order. If one of them comes out, say the words (what is kept, how to go on) and leave with
    128 and the signal's number, as a shell counts: 143 or 130. Changes nothing in another thread, where none comes."""
    if not _is_main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    except (KeyboardInterrupt, Exception) as error:
        if (stop := interrupt_behind(error)) is None:
            raise
        say(words)
        sys.exit(128 + (signal.SIGTERM if isinstance(stop, Terminated) else signal.SIGINT))
    finally:
        signal.signal(signal.SIGTERM, before)


def _terminate(signum, frame):
    raise Terminated


def interrupt_behind(error: BaseException | None) -> KeyboardInterrupt | None:
    """The stop that an error is, or that it comes of: whoever is interrupted in the middle of a query may find in its
    own tidying up that the database answers no more, and raise that instead."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error


@contextmanager
def signals_blocked() -> Iterator[None]:
    """In here no stop is heard: writing down how something ended is short, and is done to its own end. Changes nothing
    in another thread, where none comes."""
    if not _is_main_thread():
        yield
        return
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)
    before = {number: signal.signal(number, _disregard) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _disregard(signum, frame):
    pass


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def redeliver_lost_signals() -> Iterator[None]:
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
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_IN, _AGAIN_IN)

    def ask_again(signum, frame):
        if frame is not None and frame.f_code is notice.__code__:
            return  # on a busy machine we are still taking notice: the next tick finds us gone
        signal.setitimer(signal.ITIMER_REAL, 0)
        if lost:
            raise lost.pop()

    before, sys.unraisablehook = signal.signal(signal.SIGALRM, ask_again), notice
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        sys.unraisablehook = complain
        signal.signal(signal.SIGALRM, before)
