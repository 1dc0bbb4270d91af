"""What a command asks of the process it runs in: to spend its time on the command."""

import ctypes
import gc
import os
import signal
from contextlib import suppress

# As malloc.h of glibc numbers them; other C libraries have no mallopt, or pay no heed.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
KEPT = 64 * 1024 * 1024  # bytes: what a batch of inputs takes, twice
MAPPED = 32 * 1024 * 1024  # bytes: from here on a piece of memory is the system's; glibc takes no more


def settle_in() -> None:
    """Once, before anything is loaded."""
    # Loading a thousand modules makes no garbage to speak of, and looking for it takes a tenth of the time.
    gc.set_threshold(100_000, 50, 100)
    # numpy's matrices start a thread for each core, and nothing here multiplies any.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What one batch frees the next one takes: given back in between, every page would be cleared anew.
    with suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(_TRIM_THRESHOLD, KEPT)
        mallopt(_MMAP_THRESHOLD, MAPPED)


def give_up() -> None:
    """At the end: what is left goes with the process; looking through all of it took a tenth of an import's time."""
    gc.freeze()
    # Nothing is left to be stopped: whoever asks now is told how the command ended.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
