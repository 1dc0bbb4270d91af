"""How long a web request waits for the database. Commands, and threads that answer nobody, wait as long as it takes."""

import threading
import time
from dataclasses import dataclass, field

READ = 2.5  # seconds that a request that only reads waits for the database, all its queries together
LOCK = 1.5  # seconds it waits for a lock: those who queue behind it for a thread wait twice
HEALTH = 0.5  # seconds for a kept connection to say that it is alive
CONNECT = 2  # seconds for a new one; libpq knows whole seconds, from two on
WRITE = 60.0  # seconds for a statement of a request that writes, once the database has answered it
BUSY = 20.0  # seconds such a request waits for other writers of SQLite, which has one at a time
# While a lock lasts, nobody waits in vain again and keeps a thread from those who could be answered.
SHORT, SHORT_FOR = 0.1, 3.0
NO_ANSWER = "the database does not answer"
TRY_EVERY = 1.0  # seconds between two tries of a server that did not answer


@dataclass(slots=True)
class Request:
    """What one web request has left of its patience."""

    reads_only: bool
    left: float = READ
    answered: bool = False  # by the database, at least once
    committed: bool = False  # something was written for good
    tries: bool = False  # a server that did not answer others, on behalf of all

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
    """This thread answers a web request from now on, until `end`."""
    _here.request = made = Request(reads_only)
    return made


def end() -> None:
    _here.request = None


def request() -> Request | None:
    """The web request that this thread answers."""
    return _here.request


# ------------------------------------------------------------------ of the process
@dataclass(slots=True)
class _Lock:
    """Remembers that a lock was waited for in vain."""

    short_until: float = 0.0

    def seconds(self) -> float:
        return SHORT if time.monotonic() < self.short_until else LOCK

    def ran_out(self) -> None:
        """Told after a wait of full length only: short ones must not prolong themselves."""
        if time.monotonic() >= self.short_until:
            self.short_until = time.monotonic() + SHORT_FOR


@dataclass(slots=True)
class Breaker:
    """Remembers that the server did not answer: one request tries it again now and then, all others are told at
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
            # The next one after this has had its time.
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
