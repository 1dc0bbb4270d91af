"""Reading processes forked by a command, which sends them batches and takes the results in the same order.

Each has two pipes of its own. The workers of a ProcessPoolExecutor share theirs: one that is killed while it sends a
result keeps the lock, and the parent waits forever.
"""

import ctypes
import fcntl
import gc
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
from sources.reading.limiting import Interrupted, settle_in, watched
from sources.reading.read import Read, read_inputs

NICE = 10
PIPE = 1024 * 1024  # bytes: most of a batch's results; Linux lets anybody have as much
USUAL_PIPE = 64 * 1024
_PR_SET_PDEATHSIG = 1  # of Linux's prctl


class BatchLost(Exception):
    """A batch could not be read; which of its inputs was to blame is unknown."""

    def __init__(self, batch: list[Found]):
        super().__init__(f"a batch of {len(batch)} inputs was lost")
        self.batch = batch


class _Batch:
    """Some inputs, and their pickled reads; None until they are read, or if they could not be."""

    def __init__(self, inputs: list[Found]):
        self.inputs = inputs
        self.reads: bytes | None = None
        self.is_back = False


class _Reader:
    """A process, and the batches it has: the one it reads, and the next."""

    def __init__(self, asked: dict, others: list[Connection]):
        context = get_context("fork")
        requests, self.requests = context.Pipe(duplex=False)
        self.results, results = context.Pipe(duplex=False)
        self.room = _widen(self.requests)
        _widen(results)
        self.batches: deque[_Batch] = deque()
        not_its_own = [*others, self.requests, self.results]
        # A fork inherits database connections, but a reader never uses or closes one.
        args = (requests, results, not_its_own, os.getpid(), asked)
        self.process = context.Process(target=_serve, args=args, daemon=True)
        with warnings.catch_warnings():
            # It warns of threads: of a progress bar, of libraries in Rust. A reader never takes their locks.
            warnings.simplefilter("ignore", DeprecationWarning)
            self.process.start()
        # Only the reader holds its ends now, so that its death, even halfway through a result, is an end of file.
        requests.close()
        results.close()

    def hand(self, batch: _Batch) -> bool:
        """Send it a batch if it has room; never blocks on a reader that itself waits for us."""
        if len(self.batches) > 1:
            return False
        message = ForkingPickler.dumps(batch.inputs)
        if self.batches and len(message) > self.room:
            return False
        self.batches.append(batch)
        with suppress(OSError):  # it has died; the end of its results will show that
            self.requests.send_bytes(message)
        return True

    def give_back(self, reads: bytes | None) -> None:
        """Store the result of its first batch; None if it could not be read."""
        batch = self.batches.popleft()
        batch.reads, batch.is_back = reads, True

    def end(self, now: bool) -> None:
        """Let it end, or kill it now, and close everything."""
        if now:
            self.process.kill()
        self.requests.close()
        self.results.close()
        self.process.join()
        self.process.close()


class Crew:
    """Some readers; `asked` are the arguments of `read_inputs` besides the inputs."""

    def __init__(self, readers: int, asked: dict):
        self.number, self.asked = readers, asked
        self.waiting: deque[_Batch] = deque()  # in order: handed in and not yet taken
        self.unread: deque[_Batch] = deque()  # those that no reader has yet
        self.readers: list[_Reader] = []
        self.changed = Condition()
        self.collector: Thread | None = None
        self.failure: Exception | None = None  # of the collector thread, raised in `take`
        self.go_on()

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, kind, error, traceback):
        self._stop_collecting()
        # After a stop, do not wait for a batch, or for an input that a reader is stuck in.
        for reader in self.readers:
            reader.end(now=kind is not None)

    def hand_in(self, inputs: list[Found]) -> None:
        """Queue inputs as one batch."""
        batch = _Batch(inputs)
        with self.changed:
            self.waiting.append(batch)
            self.unread.append(batch)
            self._hand_out()

    def take(self) -> list[Read]:
        """The reads of the oldest batch. Raises BatchLost; the caller then calls `go_on`."""
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
        """Replace readers that have died, and start to collect."""
        self._stop_collecting()  # a fork would inherit the thread's locks
        while len(self.readers) < self.number:
            others = [pipe for reader in self.readers for pipe in (reader.requests, reader.results)]
            self.readers.append(_Reader(self.asked, others))
        self._hand_out()
        stopped, self.stop = get_context("fork").Pipe(duplex=False)
        self.collector = Thread(target=self._collect, args=(stopped,), daemon=True)
        self.collector.start()

    # Collect results in a thread while the writer is busy; else the readers would block on full pipes.
    def _collect(self, stopped: Connection) -> None:
        try:
            self._collect_until(stopped)
        except Exception as error:  # noqa: BLE001 (raised again in `take`)
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
    """Widen a pipe if the system can, and return its bytes: with 64 KB a reader blocks thirty times a batch."""
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
    """Set up a reader: leave Ctrl-C to the parent, end with it, and yield the processor to the writer, which is the
    bottleneck."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(parent)
    os.nice(NICE)
    # Collections skip the inherited objects, and so do not copy their memory: a tenth fewer page faults, 1.7 % less
    # processor time of an import of 5,000 posts (medians of seven runs that took turns).
    gc.freeze()
    settle_in(asked["limits"])


def _end_with(parent: int) -> None:
    """Have the system kill this process when its parent dies, even by SIGKILL. Linux only; elsewhere does nothing."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def _read(batch: list[Found], asked: dict) -> list[Read] | None:
    """None if the batch failed and must be read input by input, to find the one to blame."""
    with watched(asked["limits"]):
        try:
            return read_inputs(batch, **asked)
        # Interrupted can come just after an input was read.
        except (Interrupted, Exception):  # noqa: BLE001 (reading one by one shows which input raises what)
            return None
