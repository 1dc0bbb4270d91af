"""Call pure functions on untrusted input in other processes, for a server or a command that cannot fork.

The processes have limits, so that an input can at worst end the process that reads it. They come from a fork server
that has the readers loaded, start with the first call, and end with this process. Callers that can wait (uploads,
feeds) have a pool of their own, so that they never delay a save.
"""

import atexit
import os
import pickle
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, TimeoutError
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Lock, Thread
from typing import ClassVar, NamedTuple

from django.conf import settings

from sources.reading.limiting import limited, settle_in, watched
from sources.reading.limits import Busy, Died, Limits, TooSlow

# Number of processes for each server process, by whether the callers can wait. Where somebody waits for a page, one
# hung input leaves the second; a batch needs only one, since writing takes longer than reading.
READERS = {True: 1, False: 2}
AHEAD = 4  # calls that are handed in before the first has been answered
MOST_CALLS = 1000  # of one process, which then is replaced, in case a library leaks
# Wall-clock time that an input may take, relative to its processor seconds; then the process is killed. Mostly it
# interrupts itself before that, with a better reason.
PATIENCE, GRACE = 1.5, 1.0
NICE = 5


class Call(NamedTuple):
    """A function that the other process can import, its arguments, and the input's name and size, which determine its
    limits."""

    function: Callable
    args: tuple
    name: str = ""
    size: int = 0


class Answer(NamedTuple):
    """The value of a call, or its error."""

    value: object = None
    error: Exception | None = None

    def result(self):
        """The value. Raises the error."""
        if self.error is not None:
            raise self.error
        return self.value


def usual_limits() -> Limits:
    """The limits in the settings."""
    return Limits(settings.READ_SECONDS, settings.READ_MEMORY)


def apart[T](function: Callable[..., T], *args, name: str = "", size: int = 0, waits: bool = False) -> T:
    """Call a pure function in another process. Raises what it raises, and OverLimit.

    Raises Busy if no process is free within the time the call may take, unless it `waits`.
    """
    call = Call(function, args, name, size)
    return _answer(call, _hand_in(call, waits), waits).result()


def all_apart(asked: Iterable[Call | Answer]) -> Iterator[tuple[Call | Answer, Answer]]:
    """Each call with its answer, in order, several at a time; each waits for a free process. An Answer is passed on."""
    asked = iter(asked)
    waiting = deque(_handed_in(asked, AHEAD))
    while waiting:
        call, future = waiting.popleft()
        answer = call if future is None else _answer(call, future)
        waiting.extend(_handed_in(asked, 1))
        yield call, answer


def _handed_in(asked: Iterator[Call | Answer], most: int) -> Iterator[tuple[Call | Answer, Future | None]]:
    for call in islice(asked, most):
        yield call, None if isinstance(call, Answer) else _hand_in(call)


# ------------------------------------------------------------------ this side
class _Kept:
    """The pools, by whether their callers can wait, each with the settings it was started with."""

    lock = Lock()
    pools: ClassVar[dict[bool, tuple]] = {}


def close() -> None:
    """End the processes; the next call starts new ones."""
    with _Kept.lock:
        pools = [pool for pool, _ in _Kept.pools.values()]
        _Kept.pools.clear()
    for pool in pools:
        _end(pool)


atexit.register(close)


def _end(pool) -> None:
    pool.stop()
    pool.join()


def _hand_in(call: Call, is_patient: bool = True) -> Future:
    """The future answer; one that has failed if no process can be started."""
    try:
        return _scheduled(call, is_patient)
    except (OSError, RuntimeError, BrokenProcessPool) as error:
        failed: Future = Future()
        failed.set_exception(BrokenProcessPool(str(error)))
        return failed


def _scheduled(call: Call, is_patient: bool) -> Future:
    limits, packed = usual_limits(), pickle.dumps(call)
    timeout = _on_the_clock(limits.of(call.name, call.size))
    asked = (limits, tuple(settings.READING_MODULES))
    with _Kept.lock:
        pool, begun_with = _Kept.pools.get(is_patient, (None, None))
        if pool is not None and (asked != begun_with or not pool.active):
            del _Kept.pools[is_patient]
            _end(pool)
            pool = None
        if pool is None:
            pool = _start(READERS[is_patient], *asked)
            _Kept.pools[is_patient] = pool, asked
        return pool.schedule(_carry_out, (packed, limits), timeout=timeout)


def _on_the_clock(limits: Limits) -> float:
    return limits.seconds * PATIENCE + GRACE


def _start(readers: int, limits: Limits, modules: tuple[str, ...]):  # a pebble.ProcessPool
    # This process has threads; a fork would inherit their locks in any state.
    from pebble import ProcessPool  # imported here: it takes 50 ms, and few commands need it

    context = get_context("forkserver")
    context.set_forkserver_preload([__name__, *modules])
    return ProcessPool(readers, MOST_CALLS, _begin, (limits, modules), context)


def _answer(call: Call, future: Future, is_patient: bool = True, is_again: bool = False) -> Answer:
    limits = usual_limits().of(call.name, call.size)
    try:
        return pickle.loads(future.result(None if is_patient else 2 * _on_the_clock(limits)))
    except TimeoutError:
        if future.done():
            return Answer(error=TooSlow.at(limits))
        future.cancel()
        return Answer(error=Busy())
    except OSError:  # pebble's ProcessExpired
        return Answer(error=Died())
    except (BrokenProcessPool, RuntimeError):
        # A process that dies while idle, or just as it gets work, breaks the pool.
        return (
            Answer(error=Died()) if is_again else _answer(call, _hand_in(call, is_patient), is_patient, True)
        )


# ------------------------------------------------------------------ the other side
def _begin(limits: Limits, modules: tuple[str, ...]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # end at once, whatever it is doing
    os.nice(NICE)
    for module in modules:
        import_module(module)
    Thread(target=_end_with_parent, daemon=True).start()
    settle_in(limits)


def _end_with_parent() -> None:
    """End this process when its parent has ended."""
    parent_process().join()
    os._exit(0)


def _carry_out(packed: bytes, limits: Limits) -> bytes:
    """The pickled answer, computed within the limits of the call; an error if the call cannot be unpickled."""
    with watched(limits):
        try:
            call = pickle.loads(packed)
            with limited(limits, call.name, call.size):
                return pickle.dumps(Answer(call.function(*call.args)))
        except Exception as error:  # noqa: BLE001 (raised again in the caller)
            return _pickled(error)


def _pickled(error: Exception) -> bytes:
    """The pickled error; one that cannot be pickled as a RuntimeError with its text."""
    error.__traceback__ = error.__context__ = error.__cause__ = None
    try:
        pickle.loads(made := pickle.dumps(Answer(error=error)))
    except Exception:  # noqa: BLE001 (pickling can fail in any way)
        return pickle.dumps(Answer(error=RuntimeError(f"{type(error).__name__}: {error}"[:500])))
    return made
