"""Read inputs in other processes, in order, a few batches ahead of the writer.

A command forks its readers: they have everything loaded, and read whole batches. A server cannot fork (its threads
hold locks, which a fork would inherit); it reads input by input through sources.reading.reading_process.
"""

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from typing import NamedTuple

from sources.files.inputs import Found
from sources.reading.forked_readers import BatchLost, Crew
from sources.reading.limits import OverLimit
from sources.reading.read import Prepare, Read, Saved, SeenHashes, bytes_of, over_limit, read_inputs
from sources.reading.reading_process import Answer, Call, all_apart, close, usual_limits

IN_A_SERVER = 0  # workers: none of our own
# Inputs to a batch: with more, the first have left the processor's cache before they are sent on; with fewer, sending
# costs more.
BATCH = 200
AHEAD = 3  # batches for each worker, so that they read on while a batch is written


class Part(NamedTuple):
    """What a worker has read, in the order of the inputs, and whether no input is left to hand out: then the writer
    takes smaller batches, so that no core is idle."""

    reads: list[Read]
    is_ending: bool = False


class How(NamedTuple):
    """How inputs are read: see `sources.reading.read.read_inputs`."""

    format_name: str = "auto"
    seen: SeenHashes | None = None
    saved: Saved | None = None
    prepare: Prepare | None = None


def read_all(
    inputs: Iterable[Found],
    how: How,
    workers: int,
    meanwhile: Callable[[], object] = lambda: None,
) -> Iterator[Part]:
    """Read inputs part by part, in order, in `workers` processes; call `meanwhile` while the first are being read.

    An input that cannot be read within its limits is a rejected Read; the others are read."""
    if workers == IN_A_SERVER or threading.current_thread() is not threading.main_thread():
        yield from map(Part, read_each(inputs, how))
        return
    batches = map(list, itertools.batched(inputs, BATCH, strict=False))
    first = list(itertools.islice(batches, 2))
    if first:
        workers = workers if len(first) > 1 else 1
        yield from _in_order(itertools.chain(first, batches), how, workers, meanwhile)


def _in_order(
    batches: Iterator[list[Found]], how: How, workers: int, meanwhile: Callable[[], object]
) -> Iterator[Part]:
    with Crew(workers, how._asdict() | {"limits": usual_limits()}) as crew:
        for batch in itertools.islice(batches, workers * AHEAD):
            crew.hand_in(batch)
        meanwhile()
        for batch in batches:
            crew.hand_in(batch)
            yield Part(_next(crew, how))
        while crew.waiting:
            # With one reader the writer has a core of its own: smaller batches gain nothing.
            yield Part(_next(crew, how), is_ending=workers > 1)


def _next(crew: Crew, how: How) -> list[Read]:
    """The next batch. If it killed its reader, or failed, it is read again input by input."""
    try:
        return crew.take()
    except BatchLost as lost:
        reads = [read for some in read_each(lost.batch, how) for read in some]
    close()  # else the next readers would be forked from a process with threads
    crew.go_on()
    return reads


# ------------------------------------------------------------------ one by one
def read_each(inputs: Iterable[Found], how: How) -> Iterator[list[Read]]:
    """Read inputs one by one in another process, so that a crash concerns only its own input."""
    for call, answer in all_apart(_call(found, how) for found in inputs):
        try:
            yield answer.result()
        except OverLimit as reason:
            yield [_over_limit(call.args[0][0], reason)]


def _call(found: Found, how: How) -> Call | Answer:
    """The call that reads an input; its answer, if it need not be read."""
    data = bytes_of(found)
    if isinstance(data, Read):
        return Answer([data])
    if how.seen is not None and (digest := sha256(data).hexdigest()) in how.seen:
        return Answer([Read(found.name, digest, seen=True)])
    asked = ([found], how.format_name, None, how.saved, how.prepare)
    return Call(read_inputs, asked, found.name, len(data))


def _over_limit(found: Found, reason: OverLimit) -> Read:
    data = bytes_of(found)
    return data if isinstance(data, Read) else over_limit(found.name, data, reason)
