"""A function that runs in a process of its own meanwhile: for the part of the suite that another waits for."""

import multiprocessing
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PATIENCE = 60  # seconds that it has to put its things away when we are stopped


@contextmanager
def beside[Given, Made](
    run: Callable[[Given], Made], given: Given, lost: Made
) -> Iterator[Callable[[], Made]]:
    """Start `run(given)`; what is yielded waits for it, prints all it said, and gives what it made, or `lost`.

    A process, not a thread: it is stopped as we are, and deletes what it started by itself.
    """
    forked = multiprocessing.get_context("fork")
    with tempfile.TemporaryFile() as said:
        here, there = forked.Pipe(duplex=False)
        process = forked.Process(target=_aside, args=(run, given, said.fileno(), there))
        process.start()
        there.close()

        def made() -> Made:
            try:
                result = here.recv()
            except EOFError:
                result = lost
            said.seek(0)
            sys.stdout.flush()
            shutil.copyfileobj(said, sys.stdout.buffer)
            sys.stdout.flush()
            return result

        try:
            yield made
        except KeyboardInterrupt:  # reaches it from the terminal
            raise
        except BaseException:
            process.terminate()
            raise
        finally:
            process.join(PATIENCE)
            if process.is_alive():
                process.terminate()


def _aside(run: Callable, given, said: int, there) -> None:
    """Inside that process: what it and all that it starts say goes to a file."""
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
        os.dup2(said, stream.fileno())
    there.send(run(given))
