"""Readers forked from a command: its one thread hands them batches, and takes what they read in the same order.

Each has two pipes of its own. The readers of a ProcessPoolExecutor share theirs: one that is killed while it gives
back a result leaves the others' lock taken and the parent waiting for the rest, and the command never ends.
"""

import ctypes
import fcntl
import os
import pickle
import signal
import warnings
from collections import deque
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from threading import Condition, Thread

from sources.files.inputs import Found
from sources.reading.garbage import collect_garbage_rarely
from sources.reading.limiting import Interrupted, settle_in, watched
from sources.reading.read import Read, read_inputs

NICE = 10
PIPE = 1024 * 1024  # bytes: most of a batch's results; Linux lets anybody have as much
USUAL_PIPE = 64 * 1024
_PR_SET_PDEATHSIG = 1  # of Linux's prctl


class BatchLost(Exception):
    """A batch was not read to its end; it is known which, but not which of its inputs was to blame."""

    def __init__(self, batch: list[Found]):
        super().__init__(f"a batch of {len(batch)} inputs was lost")
        self.batch = batch


class _Batch:
    """Some inputs, and what became of them: the reads as they came, pickled; None while, or if, they are not read."""

    def __init__(self, inputs: list[Found]):
        self.inputs = inputs
        self.reads: bytes | None = None
        self.is_back = False


class _Reader:
    """A process, and the batches that it has and has not given back: the one it reads, and one to go on with."""

    def __init__(self, asked: dict, others: list[Connection]):
        context = get_context("fork")
        requests, self.requests = context.Pipe(duplex=False)
        self.results, results = context.Pipe(duplex=False)
        self.room = _widen(self.requests)
        _widen(results)
        self.batches: deque[_Batch] = deque()
        not_its_own = [*others, self.requests, self.results]
        # A fork takes open connections along, but no reader ever uses one, and none is closed at a reader's end.
        args = (requests, results, not_its_own, os.getpid(), asked)
        self.process = context.Process(target=_serve, args=args, daemon=True)
        with warnings.catch_warnings():
            # Threads it means: of a progress bar, of libraries in Rust. No reader comes near any of their locks.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        # Only the reader has its ends now, so that its death, even half-way through a result, is an end of file.
        requests.close()
        results.close()

    def hand(self, batch: _Batch) -> bool:
        """Hand it a batch, if it has room; never waits for a reader that is itself waiting for us."""
        if len(self.batches) > 1:
            return False
        message = ForkingPickler.dumps(batch.inputs)
        if self.batches and len(message) > self.room:
            return False
        self.batches.append(batch)
        with suppress(OSError):  # it has died, as the end of its results will say
            self.requests.send_bytes(message)
        return True

    def give_back(self, reads: bytes | None) -> None:
        """Its first batch is read, or cannot be."""
        batch = self.batches.popleft()
        batch.reads, batch.is_back = reads, True

    def end(self, now: bool) -> None:
        """Let it end, or end it now, and leave nothing behind."""
        if now:
            self.process.kill()
        self.requests.close()
        self.results.close()
        self.process.join()
        self.process.close()


class Crew:
    """Some readers; `asked` is what `read_inputs` is called with, besides the inputs."""

    def __init__(self, readers: int, asked: dict):
        self.number, self.asked = readers, asked
        self.waiting: deque[_Batch] = deque()  # in order: handed in, and not taken
        self.unread: deque[_Batch] = deque()  # of these, what no reader has yet
        self.readers: list[_Reader] = []
        self.changed = Condition()
        self.collector: Thread | None = None
        self.failure: Exception | None = None  # of the collector: nobody else would tell whoever waits for it
        self.go_on()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind, error, traceback):
        self._stop_collecting()
        # Whoever stops a command waits for no batch, and for no input that a reader is stuck in.
        for reader in self.readers:
            reader.end(now=kind is not None)

    def hand_in(self, inputs: list[Found]) -> None:
        """Have them read when their turn comes."""
        batch = _Batch(inputs)
        with self.changed:
            self.waiting.append(batch)
            self.unread.append(batch)
            self._hand_out()

    def take(self) -> list[Read]:
        """What the batch that was handed in first gave. Raises BatchLost; the next call is then `go_on`."""
        first = self.waiting[0]
        with self.changed:
            self.changed.wait_for(lambda: first.is_back or self.failure or not self.readers)
        if self.failure:
            raise self.failure
        if not first.is_back:
            self.go_on()
            return self.take()
        self.waiting.popleft()
        if first.reads is None or (reads := pickle.loads(first.reads)) is None:
            raise BatchLost(first.inputs)
        return reads

    def go_on(self) -> None:
        """With a new reader for each that has died."""
        self._stop_collecting()  # a fork would inherit its locks
        while len(self.readers) < self.number:
            others = [pipe for reader in self.readers for pipe in (reader.requests, reader.results)]
            self.readers.append(_Reader(self.asked, others))
        self._hand_out()
        stopped, self.stop = get_context("fork").Pipe(duplex=False)
        self.collector = Thread(target=self._collect, args=(stopped,), daemon=True)
        self.collector.start()

    # What readers give back is collected while the writer is busy: they would wait for it with a full pipe.
    def _collect(self, stopped: Connection) -> None:
        try:
            self._collect_until(stopped)
        except Exception as error:  # noqa: BLE001 (raised again where it is waited for)
            with self.changed:
                self.failure = error
                self.changed.notify()

    def _collect_until(self, stopped: Connection) -> None:
        with stopped:
            while True:
                by_pipe = {reader.results: reader for reader in self.readers}
                ready = wait([stopped, *by_pipe])
                if stopped in ready:
                    return
                for pipe in ready:
                    self._receive(by_pipe[pipe])

    def _receive(self, reader: _Reader) -> None:
        try:
            reads = reader.results.recv_bytes()
        except (EOFError, OSError, MemoryError):
            reads = None
        with self.changed:
            if reads is None:
                self._bury(reader)
            else:
                reader.give_back(reads)
            self._hand_out()
            self.changed.notify()

    def _stop_collecting(self) -> None:
        if self.collector is not None:
            self.stop.close()
            self.collector.join()
            self.collector = None

    def _bury(self, reader: _Reader) -> None:
        self.readers.remove(reader)
        reader.end(now=True)
        if reader.batches:
            reader.give_back(None)
            self.unread.extendleft(reader.batches)

    def _hand_out(self) -> None:
        for reader in sorted(self.readers, key=lambda reader: len(reader.batches)):
            while self.unread and reader.hand(self.unread[0]):
                self.unread.popleft()


def _widen(pipe: Connection) -> int:
    """Widen a pipe, where that can be done: with 64 KB a reader that is done waits for us thirty times a batch.

    Returns the bytes that it holds.
    """
    with suppress(AttributeError, OSError):
        return fcntl.fcntl(pipe.fileno(), fcntl.F_SETPIPE_SZ, PIPE)
    return USUAL_PIPE


# ------------------------------------------------------------------ in a reader
def _serve(
    requests: Connection, results: Connection, not_its_own: list[Connection], parent: int, asked: dict
) -> None:
    """Read batch after batch, until the parent closes its end."""
    for pipe in not_its_own:
        pipe.close()
    _settle_in(parent, asked)
    with suppress(EOFError, BrokenPipeError):
        while True:
            results.send(_read(requests.recv(), asked))


def _settle_in(parent: int, asked: dict) -> None:
    """Once a reader, not once a batch: leave Ctrl-C to the parent, and end with it; stand back where the writer wants
    a core, since everybody waits for it in the end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(parent)
    os.nice(NICE)
    collect_garbage_rarely()
    settle_in(asked["limits"])


def _end_with(parent: int) -> None:
    """A parent that is killed tells nobody. Does nothing where the system has no such signal."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _read(batch: list[Found], asked: dict) -> list[Read] | None:
    """None where they must be read one by one, to find which of them cannot be read at all."""
    with watched(asked["limits"]):
        try:
            return read_inputs(batch, **asked)
        # Interrupted: in the moment between an input's end and the end of its time.
        except (Interrupted, Exception):  # noqa: BLE001 (read one by one, it is told which of them raises what)
            return None
