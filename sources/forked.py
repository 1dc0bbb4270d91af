"""Readers forked from a command: its one thread hands them batches, and takes what they read in the same order."""

import ctypes
import fcntl
import multiprocessing
import os
import signal
import warnings
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress

from sources.garbage import collect_seldom
from sources.inputs import Found
from sources.limiting import Interrupted, settle_in, watched
from sources.limits import TooSlow
from sources.reading import Read, read_inputs

NICE = 10
PIPE = 1024 * 1024  # bytes: most of a batch's results; Linux lets anybody have as much
_PR_SET_PDEATHSIG = 1  # of Linux's prctl

_OF_THIS_READER: dict = {}


class BatchLost(Exception):
    """A batch was not read to its end; it is known which, but not which of its inputs was to blame."""

    def __init__(self, batch: list[Found]):
        super().__init__(f"a batch of {len(batch)} inputs was lost")
        self.batch = batch


class Crew:
    """Some readers; `asked` is what `read_inputs` is called with, besides the inputs."""

    def __init__(self, readers: int, asked: dict):
        self.number, self.asked = readers, asked
        self.waiting: deque[tuple[list[Found], Future]] = deque()
        self.readers: set[multiprocessing.process.BaseProcess] = set()
        self.is_broken = False
        self._start()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind, error, traceback):
        if kind is not None:
            # Whoever stops a command waits for no batch, and for no input that a reader is stuck in.
            for reader in self.readers:
                reader.kill()
        self.pool.shutdown(cancel_futures=True)

    def hand_in(self, batch: list[Found]) -> None:
        """Have it read when its turn comes."""
        self.waiting.append((batch, self._submit(batch)))

    def take(self) -> list[Read]:
        """What the batch that was handed in first gave. Raises BatchLost; the next call is then `go_on`."""
        batch, future = self.waiting.popleft()
        try:
            return future.result()
        except Exception as error:
            self.is_broken = isinstance(error, BrokenProcessPool)
            raise BatchLost(batch) from error

    def go_on(self) -> None:
        """With new readers where one has died, and so all were ended; what they did not give back is read anew."""
        if not self.is_broken:
            return
        self.pool.shutdown(cancel_futures=True)
        self._start()
        unread = list(self.waiting)
        self.waiting.clear()
        for batch, future in unread:
            was_read = not future.cancelled() and future.exception() is None
            self.waiting.append((batch, future if was_read else self._submit(batch)))

    def _start(self) -> None:
        # A fork takes open connections along, but no reader ever uses one, and none is closed at a reader's end.
        context = multiprocessing.get_context("fork")
        self.pool = ProcessPoolExecutor(self.number, context, _settle_in, (os.getpid(), self.asked))
        self.readers, self.is_broken = set(), False
        _widen(self.pool)

    def _submit(self, batch: list[Found]) -> Future:
        if self.readers:
            return self._submitted(batch)
        others = set(multiprocessing.active_children())
        with warnings.catch_warnings():
            # Threads it means: of a progress bar, of libraries in Rust. No reader comes near any of their locks.
            warnings.simplefilter("ignore", DeprecationWarning)
            future = self._submitted(batch)
        self.readers = set(multiprocessing.active_children()) - others
        return future

    def _submitted(self, batch: list[Found]) -> Future:
        try:
            return self.pool.submit(_read, batch)
        except BrokenProcessPool as error:
            future: Future = Future()
            future.set_exception(error)
            return future


def _widen(pool: ProcessPoolExecutor) -> None:
    """Widen the pipe that results come through: with 64 KB a reader that is done waits for us thirty times a batch.

    The pool keeps its pipe to itself, so where there is none by that name, or none to widen, it stays as it is.
    """
    with suppress(AttributeError, OSError):
        fcntl.fcntl(pool._result_queue._writer.fileno(), fcntl.F_SETPIPE_SZ, PIPE)


# ------------------------------------------------------------------ in a reader
def _settle_in(parent: int, asked: dict) -> None:
    """Once a reader, not once a batch: keep what was seen before; leave Ctrl-C to the parent, and end with it; stand
    back where the writer wants a core, since everybody waits for it in the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(parent)
    os.nice(NICE)
    collect_seldom()
    settle_in(asked["limits"])
    _OF_THIS_READER.update(asked)


def _end_with(parent: int) -> None:
    """A parent that is killed tells nobody. Does nothing where the system has no such signal."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _read(batch: list[Found]) -> list[Read]:
    with watched(_OF_THIS_READER["limits"]):
        try:
            return read_inputs(batch, **_OF_THIS_READER)
        except Interrupted:
            # In the moment between an input's end and the end of its time: the batch is read again, input by input.
            raise TooSlow.at(_OF_THIS_READER["limits"]) from None
