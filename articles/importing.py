"""The one seam between reading and keeping: inputs in, articles with their history out, in bulk."""

import gc
import itertools
import os
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

from django.db import DatabaseError
from django.utils import timezone

from articles.deciding import Decider, Decision, Known
from articles.models import Article
from articles.outlets import Outlets
from articles.writing import Writer
from sources.inputs import Found
from sources.models import ImportRun, Outcome
from sources.reading import Read, read_inputs
from sources.walk import walk

BATCH = 400  # inputs to a worker's task and to a transaction: a second's work, so a stop is never far off
FRONTS_EVERY = 30  # seconds between the front pages' updates during a long run


@dataclass(slots=True)
class Options:
    """What was asked for: paths, the format ("auto" or a name in FORMATS), an outlet for all, limits."""

    paths: list[str]
    format: str = "auto"
    source: str = ""
    dry_run: bool = False
    limit: int | None = None
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)

    def as_json(self) -> dict:
        return {"paths": [os.fspath(p) for p in self.paths], "format": self.format, "source": self.source}


@dataclass(slots=True)
class Result:
    """What an import did: the run (None for a dry run), a count by outcome, and how long it took in seconds."""

    run: ImportRun | None
    counts: Counter
    seconds: float

    @property
    def read(self) -> int:
        """Inputs that were read as articles: everything but what is no article by its nature."""
        return self.counts.total() - self.counts[Outcome.SKIPPED]

    def as_json(self) -> dict:
        words = [o.value for o in Outcome if o != Outcome.UNDONE]
        counts = {word: self.counts[word] for word in words}
        run = self.run.pk if self.run else None
        return {"run": run, "read": self.read, **counts, "seconds": round(self.seconds, 3)}


def import_paths(
    options: Options, tell: Callable[[Decision], None] = lambda decision: None, user=None
) -> Result:
    """Import everything under the paths. `tell` hears of every input, in order, once it is safely written.

    Raises FileNotFoundError for a path that is not there, before anything is written. A KeyboardInterrupt
    stops at the end of a batch: what was told is kept, and the run is marked as stopped.
    """
    for path in options.paths:
        os.lstat(path)
    began, counts = time.monotonic(), Counter()
    run = None if options.dry_run else ImportRun.objects.create(options=options.as_json(), started_by=user)
    outlets = Outlets(always=options.source)
    desk = _Rehearsal(outlets) if run is None else _Desk(run, outlets)
    try:
        for reads in _read_all(options):
            for decision in desk.take(reads):
                counts[decision.outcome] += 1
                tell(decision)
        _close(run, counts, ImportRun.State.FINISHED)
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt)
        _close(run, counts, ImportRun.State.STOPPED if stopped else ImportRun.State.FAILED, repr(error)[:500])
        raise
    finally:
        desk.close()
    return Result(run, counts, time.monotonic() - began)


def _close(run: ImportRun | None, counts: Counter, state: str, message: str = "") -> None:
    if run is None:
        return
    run.state, run.counts, run.message, run.finished_at = state, dict(counts), message, timezone.now()
    run.save()


# ------------------------------------------------------------------ reading, in worker processes
def _read_all(options: Options) -> Iterator[list[Read]]:
    """Read in batches, in order. One batch is read here; more go to worker processes, a few ahead of the writer."""
    inputs = itertools.islice(walk(options.paths), options.limit)
    batches = map(list, itertools.batched(inputs, BATCH, strict=False))
    first = list(itertools.islice(batches, 2))
    ahead = itertools.chain(first, batches)
    if len(first) < 2 or options.workers <= 1:
        yield from (read_inputs(batch, options.format) for batch in ahead)
        return
    # Forked before the parent has touched the database in this call's threads; a worker never does.
    context = get_context("fork") if hasattr(os, "fork") else None
    with ProcessPoolExecutor(options.workers, context, initializer=_collect_rarely) as pool:
        yield from _in_order(pool, ahead, options)


def _collect_rarely() -> None:
    """A batch is thousands of small objects without cycles; looking for some after every 700 is a tenth of the time."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _in_order(pool: Executor, batches: Iterable[list[Found]], options: Options) -> Iterator[list[Read]]:
    waiting: deque = deque()
    try:
        for batch in batches:
            waiting.append(pool.submit(read_inputs, batch, options.format))
            if len(waiting) > options.workers * 2:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()


# ------------------------------------------------------------------ deciding and writing
class _Desk:
    """Decides and writes batch after batch."""

    def __init__(self, run: ImportRun, outlets: Outlets):
        self.outlets = outlets
        self.writer = Writer(run, outlets)
        self.fronts_at = time.monotonic()

    def take(self, reads: list[Read]) -> list[Decision]:
        """Decide and write one batch; when the database refuses it, input by input, so that one alone fails."""
        told: list[Decision] = []
        while reads:
            taken, decisions = self._decide(reads)
            try:
                self.writer.write(decisions)
            except DatabaseError:
                self.outlets.forget()
                decisions = [decision for read in reads[:taken] for decision in self._take_alone(read)]
            told += decisions
            reads = reads[taken:]
        if time.monotonic() - self.fronts_at > FRONTS_EVERY:
            self._refresh()
        return told

    def _decide(self, reads: list[Read]) -> tuple[int, list[Decision]]:
        """Decide as many inputs as can be written together, and say how many: one that changes an article
        which an earlier one of the batch brings or changes must wait until that is written."""
        known = Known()
        known.look_up(reads)
        decider, decided, touched = Decider(known, self.outlets), [], set()
        for taken, read in enumerate(reads):
            decisions = decider.decide(read)
            changed = {d.match for d in decisions if d.outcome in (Outcome.UPDATED, Outcome.CONFLICT)}
            if taken and any(match.pk is None or match in touched for match in changed):
                return taken, decided
            touched |= changed
            decided += decisions
        return len(reads), decided

    def _take_alone(self, read: Read) -> list[Decision]:
        _, decisions = self._decide([read])
        try:
            self.writer.write(decisions)
        except DatabaseError as error:
            self.outlets.forget()
            reason = f"数据库不收：{str(error).splitlines()[0][:200]}"
            decisions = [Decision(read, Outcome.REJECTED, reason)]
            self.writer.write(decisions)
        return decisions

    def _refresh(self) -> None:
        Article.objects.refresh_fronts(self.writer.touched_sources, self.writer.touched_days)
        self.writer.touched_sources, self.writer.touched_days = set(), set()
        self.fronts_at = time.monotonic()

    def close(self) -> None:
        self._refresh()


class _Rehearsal:
    """Decides as an import would and writes nothing; remembers all it decided, since the database will not."""

    def __init__(self, outlets: Outlets):
        self.decider = Decider(Known(), outlets)

    def take(self, reads: list[Read]) -> list[Decision]:
        self.decider.known.look_up(reads)
        return [decision for read in reads for decision in self.decider.decide(read)]

    def close(self) -> None:
        """Nothing was opened."""
