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
    """Turn SIGTERM into Terminated in the main thread, as Ctrl-C is KeyboardInterrupt, so that work can end in order.

    If one of them leaves the block, say the words (what is kept, how to go on) and exit with 128 plus the signal's
    number, as a shell counts: 143 or 130. Changes nothing in other threads: no signal arrives there.
    """
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


@contextmanager
def graceful_stop_anywhere(say: Callable[[str], object], words: str) -> Iterator[None]:
    """`graceful_stop` for a command that writes for minutes: a signal counts at whatever moment it comes."""
    with _redeliver_lost_signals(), graceful_stop(say, words):
        yield


def _terminate(signum, frame):
    raise Terminated


def interrupt_behind(error: BaseException | None) -> KeyboardInterrupt | None:
    """Return the KeyboardInterrupt behind `error`, if any. An interrupted query can surface as a database error."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error


@contextmanager
def signals_blocked() -> Iterator[None]:
    """Ignore stop signals while a run's outcome is written; it takes milliseconds. Does nothing in other threads."""
    if not _is_main_thread():
        yield
        return
    asked = (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)  # SIGALRM: see _redeliver_lost_signals
    before = {number: signal.signal(number, _ignore) for number in asked}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_stops() -> None:
    """Ignore stop signals while the process ends, so that its exit status says how the command ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _ignore(signum, frame):
    pass


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@contextmanager
def _redeliver_lost_signals() -> Iterator[None]:
    """Raise a KeyboardInterrupt again if it came where Python cannot raise it. Uses SIGALRM and its timer.

    A signal's handler runs between any two steps of the main thread, also those of a destructor (Django's models
    have one) or of a weak reference's callback. What is raised there is printed as "Exception ignored in …" and
    forgotten, and the command would go on as if nobody had asked it to stop.
    """
    if not _is_main_thread():
        yield
        return
    lost: list[type[KeyboardInterrupt]] = []
    report = sys.unraisablehook

    def notice(unraisable):
        if not issubclass(unraisable.exc_type, KeyboardInterrupt):
            report(unraisable)
            return
        lost.append(unraisable.exc_type)
        signal.setitimer(signal.ITIMER_REAL, _AGAIN_IN, _AGAIN_IN)

    def raise_again(signum, frame):
        if frame is not None and frame.f_code is notice.__code__:
            return  # on a busy machine `notice` is still running; the next tick finds it gone
        signal.setitimer(signal.ITIMER_REAL, 0)
        if lost:
            raise lost.pop()

    before, sys.unraisablehook = signal.signal(signal.SIGALRM, raise_again), notice
    try:
        yield
    finally:
        if lost:  # else the timer is not ours, or has stopped
            signal.setitimer(signal.ITIMER_REAL, 0)
        sys.unraisablehook = report
        signal.signal(signal.SIGALRM, before)
