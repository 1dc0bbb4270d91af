"""Match and write inputs batch by batch, or only rehearse that."""

import time
from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import Count
from django.utils import timezone

from articles.db.bulk_rows import analyze
from articles.importing.index_batch import BatchIndexer
from articles.importing.interrupted import mark_refreshed, stale_summaries
from articles.importing.lookup import BatchLookup
from articles.importing.match import Decision, Matcher
from articles.importing.outlets import Outlets
from articles.importing.write import Writer
from articles.models import Article, Mention, Picture, Revision, Security, Sketch
from articles.search.index.cut_texts import prepare
from articles.stories.group import group_run
from sources.models import ImportItem, ImportRun, Outcome
from sources.problem import Code, Problem
from sources.reading.pool import Part
from sources.reading.read import Read, printable

# Inputs in a transaction: well under a second, so that no editor waits long and a stop comes soon.
AT_ONCE = 1000
AT_THE_END = 250  # inputs in a transaction when nothing is left to read meanwhile
SEEN_COUNTS = 1 / 8  # of an input: one that was imported before adds an item and no article
# Bytes that count as one input: a thousand inputs of a megabyte each, with texts and index terms, would take 15 GB.
MOST_OF_ONE = 8 * 1024
SUMMARIES_EVERY = 30  # seconds between refreshes of the summaries during a long run
# The database is gone, locked or full: trying input by input would fail as well.
STORAGE_FAILED = (OperationalError, InterfaceError)
CHANGING = (Outcome.UPDATED, Outcome.CONFLICT)


def in_batches(parts: Iterable[Part]) -> Iterator[list[Read]]:
    """Batches of about as much work as AT_ONCE new inputs; smaller ones at the end."""
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
    """Match and write batch after batch, then close the run."""

    def __init__(
        self, run: ImportRun, outlets: Outlets, recorded_before: Counter[int] | None = None, *, index: bool
    ):
        self.indexer = BatchIndexer() if index else None
        self.prepare = prepare if index else None
        self.notice = ""
        self.run = run
        self.outlets = outlets
        # Inputs that the resumed run has recorded, by the hash of name and digest, and how often.
        self.recorded_before = recorded_before or Counter()
        self.writer = Writer(run, outlets)
        # The outlets and days whose summaries must be refreshed in the end, also because of earlier runs that died.
        self.sources, self.days = stale_summaries(run)
        self.refreshed_at = time.monotonic()
        self.taken, self.analyze_at = 0, AT_ONCE

    def take(self, reads: list[Read]) -> list[Decision]:
        """Match and write one batch; if the database refuses it, input by input, so that only one is rejected."""
        decided: list[Decision] = []
        self.taken += len(reads)
        if self.recorded_before:
            reads = [read for read in reads if not self._is_recorded(read)]
        while reads:
            taken, decisions = self._match(reads)
            try:
                self.writer.write(decisions)
            except STORAGE_FAILED:
                raise
            except DatabaseError:
                self.writer.forget()
                decisions = [decision for read in reads[:taken] for decision in self._take_alone(read)]
            decided += decisions
            reads = reads[taken:]
        if time.monotonic() - self.refreshed_at > SUMMARIES_EVERY:
            self._refresh()
        if self.taken >= self.analyze_at:
            analyze(ImportItem, Article, Revision, Mention, Security, Sketch, Picture)
            self.analyze_at = 4 * self.taken
        if self.indexer:
            self.indexer.take(decided, self.writer.met)
        return decided

    def _is_recorded(self, read: Read) -> bool:
        one = hash((printable(read.name), read.sha256))
        is_done = self.recorded_before[one] > 0
        self.recorded_before[one] -= is_done
        return is_done

    def _match(self, reads: list[Read]) -> tuple[int, list[Decision]]:
        """Match as many inputs as can be written together; return their number and decisions.

        An input that changes an article which the batch has already created or changed must wait for the next.
        """
        known = BatchLookup()
        known.look_up(reads)
        matcher, decided, touched = Matcher(known, self.outlets), [], set()
        for taken, read in enumerate(reads):
            decisions = matcher.decide(read)
            changed = {d.match for d in decisions if d.match and (d.credits or d.outcome in CHANGING)}
            if taken and any(match.pk is None or match in touched for match in changed):
                return taken, decided
            touched |= changed
            decided += decisions
        return len(reads), decided

    def _take_alone(self, read: Read) -> list[Decision]:
        _, decisions = self._match([read])
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
        self.refreshed_at = time.monotonic()

    def group(self) -> None:
        """Group the new articles into stories, once at the end."""
        if self.indexer:
            self.indexer.start_commit()
        group_run(self.run)

    def close(self, state: str, message: str) -> None:
        """Refresh the summaries and record how the run ended, with the counts of its items."""
        try:
            sources, days = self.writer.touched_sources, self.writer.touched_days
            Article.objects.refresh_summaries(self.sources | sources, self.days | days)
            mark_refreshed()
            self._close(state, message)
            if self.indexer:
                self.notice = self.indexer.close()
        except STORAGE_FAILED:
            if state != ImportRun.State.FAILED:
                raise
            # The database is still unusable; the next import will mark the run as interrupted.

    def _close(self, state: str, message: str) -> None:
        recorded = (
            ImportItem.objects.filter(run=self.run).order_by().values_list("outcome").annotate(Count("pk"))
        )
        self.run.close(state, dict(recorded), message, timezone.now())


class Rehearsal:
    """Match as an import does and write nothing. Keeps its lookups, since the database does not change."""

    prepare, notice = None, ""

    def __init__(self, outlets: Outlets):
        self.outlets = outlets
        self.matcher = Matcher(BatchLookup(), outlets)

    def take(self, reads: list[Read]) -> list[Decision]:
        self.matcher.known.look_up(reads)
        return [decision for read in reads for decision in self.matcher.decide(read)]

    def group(self) -> None:
        """Nothing was written."""

    def close(self, state: str, message: str) -> None:
        """Nothing was opened."""
