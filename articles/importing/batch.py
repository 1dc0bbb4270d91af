"""Match and write inputs batch by batch, or only rehearse it."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import Count
from django.utils import timezone

from articles.db.bulk_rows import analyze
from articles.importing.index_batch import BatchIndexer
from articles.importing.interrupted import mark_refreshed, stale_summaries
from articles.importing.lookup import (
    BatchLookup,
)
from articles.importing.match import (
    Decision,
    Matcher,
)
from articles.importing.outlets import Outlets
from articles.importing.write import Writer
from articles.models import Article, Mention, Picture, Revision, Security, Sketch
from articles.search.index.cut_texts import prepare
from articles.stories.group import group_run
from sources.models import ImportItem, ImportRun, Outcome
from sources.problem import Code, Problem
from sources.reading.pool import Part
from sources.reading.read import Read, printable

# Inputs to a transaction: well under a second, so that no editor waits long and a stop is never far off.
AT_ONCE = 1000


AT_THE_END = 250  # when nothing is left to be read while they are written


SEEN_COUNTS = 1 / 8  # of an input: what has come before is a row of the log, and no article


# Characters that are one input's work: of a thousand with a megabyte each all that is made of them (text, words for the
# index) would take fifteen gigabytes at once.
MOST_OF_ONE = 8 * 1024


FRONTS_EVERY = 30  # seconds between the front pages' updates during a long run


# The database itself is gone, locked or full: trying input by input would only fail as often.
STORAGE_FAILED = (OperationalError, InterfaceError)


CHANGING = (Outcome.UPDATED, Outcome.CONFLICT)


def in_batches(parts: Iterable[Part]) -> Iterator[list[Read]]:
    """As many at once as are about as much work as AT_ONCE new ones; towards the end as they come."""
    batch, work = [], 0.0
    for part in parts:
        enough = AT_THE_END if part.is_ending else AT_ONCE
        for read in part.reads:
            batch.append(read)
            work += SEEN_COUNTS if read.seen else max(1, read.weight / MOST_OF_ONE)
            if work >= enough:
                yield batch
                batch, work = [], 0.0
    if batch:
        yield batch


class ImportBatches:
    """Decides and writes batch after batch."""

    def __init__(self, run: ImportRun, outlets: Outlets, done: Counter[int] | None = None, *, index: bool):
        self.beside = BatchIndexer() if index else None
        self.prepare = prepare if index else None
        self.notice = ""
        self.run = run
        self.outlets = outlets
        # How often each input, as the hash of its name and digest, was recorded before the run was stopped.
        self.done = done or Counter()
        self.writer = Writer(run, outlets)
        # Everything the fronts must be right about in the end, whoever wrote it.
        self.sources, self.days = stale_summaries(run)
        self.fronts_at = time.monotonic()
        self.taken, self.analyze_at = 0, AT_ONCE

    def take(self, reads: list[Read]) -> list[Decision]:
        """Decide and write one batch; when the database refuses it, input by input, so that one alone fails."""
        told: list[Decision] = []
        self.taken += len(reads)
        if self.done:
            reads = [read for read in reads if not self._is_done(read)]
        while reads:
            taken, decisions = self._decide(reads)
            try:
                self.writer.write(decisions)
            except STORAGE_FAILED:
                raise
            except DatabaseError:
                self.writer.forget()
                decisions = [decision for read in reads[:taken] for decision in self._take_alone(read)]
            told += decisions
            reads = reads[taken:]
        if time.monotonic() - self.fronts_at > FRONTS_EVERY:
            self._refresh()
        if self.taken >= self.analyze_at:
            analyze(ImportItem, Article, Revision, Mention, Security, Sketch, Picture)
            self.analyze_at = 4 * self.taken
        if self.beside:
            self.beside.take(told, self.writer.met)
        return told

    def _is_done(self, read: Read) -> bool:
        one = hash((printable(read.name), read.sha256))
        is_done = self.done[one] > 0
        self.done[one] -= is_done
        return is_done

    def _decide(self, reads: list[Read]) -> tuple[int, list[Decision]]:
        """Decide as many inputs as can be written together, and say how many: one that changes an article
        which an earlier one of the batch brings or changes must wait until that is written."""
        known = BatchLookup()
        known.look_up(reads)
        decider, decided, touched = Matcher(known, self.outlets), [], set()
        for taken, read in enumerate(reads):
            decisions = decider.decide(read)
            changed = {d.match for d in decisions if d.match and (d.credits or d.outcome in CHANGING)}
            if taken and any(match.pk is None or match in touched for match in changed):
                return taken, decided
            touched |= changed
            decided += decisions
        return len(reads), decided

    def _take_alone(self, read: Read) -> list[Decision]:
        _, decisions = self._decide([read])
        try:
            self.writer.write(decisions)
        except STORAGE_FAILED:
            raise
        except DatabaseError as error:
            self.writer.forget()
            said = f"数据库不收：{str(error).splitlines()[0][:200]}"
            decisions = [Decision.rejected(read, Problem(Code.REFUSED_BY_DATABASE, said))]
            self.writer.write(decisions)
        return decisions

    def _refresh(self) -> None:
        Article.objects.refresh_summaries(self.writer.touched_sources, self.writer.touched_days)
        self.sources |= self.writer.touched_sources
        self.days |= self.writer.touched_days
        self.writer.touched_sources, self.writer.touched_days = set(), set()
        self.fronts_at = time.monotonic()

    def group(self) -> None:
        """Put what came in under stories: once, at the end, so that an interrupted run ends like any other."""
        if self.beside:
            self.beside.rest()
        group_run(self.run)

    def close(self, state: str, message: str) -> None:
        """Bring the fronts up to date and write down how the run ended, from what it has recorded."""
        try:
            sources, days = self.writer.touched_sources, self.writer.touched_days
            Article.objects.refresh_summaries(self.sources | sources, self.days | days)
            mark_refreshed()
            self._close(state, message)
            if self.beside:
                self.notice = self.beside.close()
        except STORAGE_FAILED:
            if state != ImportRun.State.FAILED:
                raise
            # What made the run fail keeps us from saying so; the next import will call it interrupted.

    def _close(self, state: str, message: str) -> None:
        recorded = (
            ImportItem.objects.filter(run=self.run).order_by().values_list("outcome").annotate(Count("pk"))
        )
        self.run.close(state, dict(recorded), message, timezone.now())


class Rehearsal:
    """Decides as an import would and writes nothing; remembers all it decided, since the database will not."""

    prepare, notice = None, ""

    def __init__(self, outlets: Outlets):
        self.outlets = outlets
        self.decider = Matcher(BatchLookup(), outlets)

    def take(self, reads: list[Read]) -> list[Decision]:
        self.decider.known.look_up(reads)
        return [decision for read in reads for decision in self.decider.decide(read)]

    def group(self) -> None:
        """Nothing was written."""

    def close(self, state: str, message: str) -> None:
        """Nothing was opened."""
