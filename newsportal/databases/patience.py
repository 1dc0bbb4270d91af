"""How long a web request waits for the database. Commands and background threads wait without a limit."""

import threading
import time
from dataclasses import dataclass, field

READ = 2.5  # seconds that a read-only request waits for the database, all queries together
LOCK = 1.5  # seconds to wait for a lock: requests that queue for a thread behind it wait twice
HEALTH = 0.5  # seconds for a kept connection to answer a health check
CONNECT = 2  # seconds for a new connection; libpq accepts whole seconds, at least two
WRITE = 60.0  # seconds for a statement of a writing request, once the database has answered it
BUSY = 20.0  # seconds that a writing request waits for SQLite's single write lock
# After a wait timed out, later waits are short for a while: a long one would hold a thread that could serve others.
SHORT, SHORT_FOR = 0.1, 3.0
NO_ANSWER = "the database does not answer"
TRY_EVERY = 1.0  # seconds between two attempts on a server that did not answer


@dataclass(slots=True)
class Request:
    """The time that one web request has left to wait."""

    reads_only: bool
    left: float = READ
    answered: bool = False  # the database has answered at least once
    committed: bool = False  # a transaction was committed
    tries: bool = False  # this request tests a server that did not answer others

    def limit(self) -> float:
        """Seconds that the next statement may take."""
        if self.answered and not self.reads_only:
            return WRITE
        return max(self.left, 0.05)

    def spend(self, seconds: float) -> None:
        self.left -= seconds


class _Here(threading.local):
    request: Request | None = None


_here = _Here()


def begin(reads_only: bool) -> Request:
    """Start limiting the waits of this thread, which serves a web request until `end`."""
    _here.request = made = Request(reads_only)
    return made


def end() -> None:
    _here.request = None


def request() -> Request | None:
    """The web request that this thread serves, if any."""
    return _here.request


# ------------------------------------------------------------------ per process
@dataclass(slots=True)
class _Lock:
    """Remembers that waiting for a lock timed out."""

    short_until: float = 0.0

    def seconds(self) -> float:
        return SHORT if time.monotonic() < self.short_until else LOCK

    def ran_out(self) -> None:
        """Call it after a time-out. It counts full waits only: short ones must not extend the short period."""
        if time.monotonic() >= self.short_until:
            self.short_until = time.monotonic() + SHORT_FOR


@dataclass(slots=True)
class Breaker:
    """A circuit breaker: after the server did not answer, one request tests it now and then; all others fail at
    once."""

    next_try: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def lets_through(self, one: Request) -> bool:
        if self.next_try is None or one.tries:
            return True
        with self.lock:
            if self.next_try is None:
                return True
            if time.monotonic() < self.next_try:
                return False
            # The next test comes after this one's time is over.
            self.next_try = time.monotonic() + READ + TRY_EVERY
            one.tries = True
            return True

    def no_answer(self) -> None:
        with self.lock:
            self.next_try = time.monotonic() + TRY_EVERY

    def answer(self) -> None:
        self.next_try = None


locks = _Lock()
breaker = Breaker()
