"""How a run ends is written down, whatever ends it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sources.models import ImportRun
from sources.run_control.import_lock import close_broken_connection
from sources.run_control.interrupts import interrupt_behind, signals_blocked


@contextmanager
def run_ending(close: Callable[[str, str], object]) -> Iterator[None]:
    """Call `close(state, message)` when the block ends: FINISHED; STOPPED by a signal; or FAILED, with the error.

    The error goes on. No signal interrupts `close`, and after a stop it finds a database connection that answers.
    """
    state, message = ImportRun.State.FAILED, ""
    try:
        yield
        state = ImportRun.State.FINISHED
    except (KeyboardInterrupt, Exception) as error:
        if interrupt_behind(error):
            state = ImportRun.State.STOPPED
            close_broken_connection()
        else:
            message = f"{type(error).__name__}: {error}"[:500]
        raise
    finally:
        with signals_blocked():
            close(state, message)
