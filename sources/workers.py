"""Reading in worker processes: batches go out, come back in order, a few ahead of whoever writes them."""

import fcntl
import gc
import itertools
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import NamedTuple

from sources.inputs import Found
from sources.reading import Prepare, Read, Saved, Seen, read_inputs

# Inputs to a worker's task: of many more the first have left the processor's own memory by the time they are passed on,
# of fewer the passing costs more.
BATCH = 200
AHEAD = 3  # tasks for each worker: they go on reading while a batch is written

NICE = 10
PIPE = 1024 * 1024  # bytes: most of a batch's results; Linux lets anybody have as much

_OF_THIS_WORKER: dict = {}


class Part(NamedTuple):
    """What a worker has read, in the order of the inputs, and whether all of them have been given out by then: who
    writes need not wait for more, while the cores fall idle."""

    reads: list[Read]
    is_ending: bool = False


def read_all(
    inputs: Iterable[Found],
    format_name: str,
    workers: int,
    seen: Seen | None = None,
    saved: Saved | None = None,
    prepare: Prepare | None = None,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[Part]:
    """Read inputs part by part, in order. What fits one batch is read here, more in `workers` processes; `meanwhile`
    is then called while the first of them are being read. For `prepare` see `read_inputs`."""
    batches = map(list, itertools.batched(inputs, BATCH, strict=False))
    first = list(itertools.islice(batches, 2))
    ahead = itertools.chain(first, batches)
    if len(first) < 2 or workers <= 1:
        yield from (Part(read_inputs(batch, format_name, seen, saved, prepare)) for batch in ahead)
        return
    # A fork takes open connections along, but no worker ever uses one, and none is closed at a worker's end.
    context = get_context("fork") if hasattr(os, "fork") else None
    with ProcessPoolExecutor(
        workers, context, initializer=_settle_in, initargs=(seen, saved, prepare)
    ) as pool:
        _widen(pool)
        yield from _in_order(pool, ahead, format_name, workers * AHEAD, meanwhile)


def _widen(pool: ProcessPoolExecutor) -> None:
    """Widen the pipe that results come through: with 64 KB a worker that is done waits for us thirty times a batch.

    The pool keeps its pipe to itself, so where there is none by that name, or none to widen, it stays as it is.
    """
    with suppress(AttributeError, OSError):
        fcntl.fcntl(pool._result_queue._writer.fileno(), fcntl.F_SETPIPE_SZ, PIPE)


def _settle_in(seen: Seen | None, saved: Saved | None, prepare: Prepare | None) -> None:
    """Once a worker, not once a batch: keep what was seen before; leave Ctrl-C to the parent; stand back where the
    writer wants a core, since everybody waits for it in the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(NICE)
    collect_seldom()
    _OF_THIS_WORKER.update(seen=seen, saved=saved, prepare=prepare)


def collect_seldom() -> None:
    """Do not look for garbage after every few hundred objects, which would be a tenth of the time: a batch of inputs
    is thousands of them, and no cycles."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """As `collect_seldom`, for a while."""
    usual = gc.get_threshold()
    collect_seldom()
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _read(inputs: list[Found], format_name: str) -> list[Read]:
    return read_inputs(inputs, format_name, **_OF_THIS_WORKER)


def _in_order(
    pool: Executor, batches: Iterator, format_name: str, window: int, meanwhile: Callable[[], object]
) -> Iterator[Part]:
    waiting: deque = deque()
    try:
        for batch in itertools.islice(batches, window):
            waiting.append(pool.submit(_read, batch, format_name))
        meanwhile()
        for batch in batches:
            waiting.append(pool.submit(_read, batch, format_name))
            yield Part(waiting.popleft().result())
        while waiting:
            yield Part(waiting.popleft().result(), is_ending=True)
    finally:
        for future in waiting:
            future.cancel()
