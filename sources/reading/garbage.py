"""When Python looks for garbage: seldom, where thousands of objects live for a moment and make no cycles."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


def collect_garbage_rarely() -> None:
    """Do not look for garbage after every few hundred objects, which would be a tenth of the time: a batch of inputs
    is thousands of them, and no cycles."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@contextmanager
def rare_garbage_collection() -> Iterator[None]:
    """As `collect_seldom`, for a while."""
    usual = gc.get_threshold()
    collect_garbage_rarely()
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
