"""The one seam between reading and keeping: inputs in, articles with their history out, in bulk."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.db import DatabaseError, InterfaceError, OperationalError
from django.db.models import Count
from django.utils import timezone

from articles.db.bulk_rows import analyze, by_index
from articles.importing.match import SETTLED, Decider, Decision, Known
from articles.stories.group import group_run
from articles.models import Article, Mention, Picture, Revision, Security, Sketch
from articles.importing.outlets import Outlets
from articles.importing.index_batch import Alongside
from articles.search.index.cut_texts import prepare
from articles.importing.interrupted import left_behind, settle
from articles.importing.write import Writer
from sources.formats.raw_article import RawArticle
from sources.reading.garbage import seldom_collecting
from sources.files.inputs import Found
from sources.reading.saved_columns import saved_columns
from sources.models import ImportItem, ImportRun, Outcome
from sources.text.outlet_names import load_pinyin
from sources.reading.read import Read, Seen, printable
from sources.run_control.interrupts import stop_behind, undisturbed
from sources.run_control.import_lock import drop_broken_session, turn_to_import
from sources.files.walk import walk
from sources.reading.pool import How, Part, read_all

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


@dataclass(slots=True)
class Options:
    """What was asked for: paths, the format ("auto" or a name in FORMATS), an outlet for all, limits.

    Inputs that are at hand lie under no path; `origin` says in words where they came from. `hold` says why all of
    it waits for review, whoever brings what he may not publish.
    """

    paths: list[str] = field(default_factory=list)
    format: str = "auto"
    source: str = ""
    dry_run: bool = False
    limit: int | None = None
    # Processes that read; IN_A_SERVER for those that every server's process keeps.
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    origin: str = ""
    hold: str = ""
    # Under this id an editor has said the one piece to be another than the one that has it.
    apart: str = ""
    # Whether what comes in is found by a search at once, or when whoever follows the log has come to it.
    index: bool = True

    def as_json(self) -> dict:
        """What `of` needs to ask for the same again."""
        paths = [os.path.abspath(path) for path in self.paths]
        asked = {"paths": paths, "format": self.format, "source": self.source, "limit": self.limit}
        return asked | ({"origin": self.origin} if self.origin else {})

    @classmethod
    def of(cls, run: ImportRun) -> "Options":
        """The options that a run was started with."""
        return cls(**{key: run.options[key] for key in ("paths", "format", "source", "limit")})


@dataclass(slots=True)
class Result:
    """What an import did: the run (None for a dry run), a count by outcome, and how long it took in seconds."""

    run: ImportRun | None
    counts: Counter
    seconds: float
    # What an editor or the staff should know though the import went well; mostly nothing.
    notice: str = ""

    @property
    def read(self) -> int:
        """Inputs that were read as articles: everything but what is no article by its nature."""
        return self.counts.total() - self.counts[Outcome.SKIPPED]

    def as_json(self) -> dict:
        words = [o.value for o in Outcome if o != Outcome.UNDONE]
        counts = {word: self.counts[word] for word in words}
        run = self.run.pk if self.run else None
        return {"run": run, "read": self.read, **counts, "seconds": round(self.seconds, 3)}


class NotResumable(Exception):
    """The inputs were at hand when the run was started and are not any more; the message says what to do."""


Tell = Callable[[Decision], None]


def import_paths(options: Options, tell: Tell = lambda decision: None, user=None) -> Result:
    """Import everything under the paths. `tell` hears of every input, in order, once it is safely written.

    Raises FileNotFoundError for a path that is not there and ImportUnderWay when another import runs, before
    anything is written. What is raised later (KeyboardInterrupt, a database that is gone or full) ends the run
    at a batch's end: what was told is kept, the run says so, and `resume` takes it up again.
    """
    for path in options.paths:
        os.lstat(path)
    return import_found(walk(options.paths), options, tell, user)


def import_found(
    found: Iterable[Found], options: Options, tell: Tell = lambda decision: None, user=None
) -> Result:
    """Import inputs that are at hand (uploaded, fetched), as `import_paths` does those under its paths; `found` is
    read as the import goes. Raises ImportUnderWay before anything is written or read. Such a run cannot be resumed:
    brought again, the same inputs give the rest."""
    if options.dry_run:
        return _work(found, options, None, lambda: _Rehearsal(_outlets(options)), tell)
    with turn_to_import(), by_index(), seldom_collecting():
        run = ImportRun.objects.create(options=options.as_json(), started_by=user)
        return _work(
            found,
            options,
            run,
            lambda: _Desk(run, _outlets(options, run), index=options.index),
            tell,
        )


def resume(
    run: ImportRun, tell: Tell = lambda decision: None, workers: int | None = None, *, index: bool = True
) -> Result:
    """Take a stopped or interrupted run up where it ended: inputs it has recorded are not looked at again.

    An input is told by its name and its bytes: under two paths may lie files of one name, and who has changed a
    file meanwhile wants it read. Raises what `import_paths` raises, and NotResumable for a run of `import_found` and
    for one that has been undone.
    """
    if run.state == ImportRun.State.UNDONE:
        raise NotResumable(
            f"第 {run.pk} 批已经撤销，没有可接着的；要再导入，请写上文件或文件夹，作为新的一批"
        )
    options = Options.of(run)
    if not options.paths:
        raise NotResumable(
            f"第 {run.pk} 批的文件不在本机（{run.options.get('origin', '')}）；{ImportRun.AGAIN}"
        )
    options.workers, options.index = workers or options.workers, index
    for path in options.paths:
        os.lstat(path)
    with turn_to_import(), by_index(), seldom_collecting():
        recorded = ImportItem.objects.filter(run=run).values_list("name", "sha256")
        done = Counter(map(hash, recorded.iterator(10_000)))
        ImportRun.objects.filter(pk=run.pk).update(
            state=ImportRun.State.RUNNING, message="", finished_at=None
        )
        run.refresh_from_db()
        return _work(
            walk(options.paths),
            options,
            run,
            lambda: _Desk(run, _outlets(options, run), done, index=options.index),
            tell,
        )


def _outlets(options: Options, run: ImportRun | None = None) -> Outlets:
    return Outlets(options.source, run, options.hold, options.apart)


def _work(found: Iterable[Found], options: Options, run: ImportRun | None, open_desk, tell: Tell) -> Result:
    began, counts, state = time.monotonic(), Counter(), ImportRun.State.FAILED
    message, desk = "", None
    try:
        desk = open_desk()
        inputs, saved = islice(found, options.limit), saved_columns(options.source)
        seen = _seen(desk.outlets)
        # Outlets are spelt when they are met for the first time, as they are in a portal where there is nothing yet.
        meanwhile = load_pinyin if seen is None else lambda: None
        how = How(str(options.format), seen, saved, desk.prepare)
        for some in _batches(read_all(inputs, how, options.workers, meanwhile)):
            _identify(some, options.apart)
            for decision in desk.take(some):
                counts[decision.outcome] += 1
                tell(decision)
        desk.group()
        state = ImportRun.State.FINISHED
    except (KeyboardInterrupt, Exception) as error:
        if stop_behind(error):
            state = ImportRun.State.STOPPED
            drop_broken_session()
        else:
            message = f"{type(error).__name__}: {error}"[:500]
        raise
    finally:
        with undisturbed():
            if desk:
                desk.close(state, message)
            elif run:
                run.close(state, run.counts, message, timezone.now())
    counts = Counter(run.counts) if run else counts
    return Result(run, counts, time.monotonic() - began, desk.notice)


def _batches(parts: Iterable[Part]) -> Iterator[list[Read]]:
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


def _identify(reads: list[Read], external_id: str) -> None:
    """Give a piece that came out of a larger file the id that it had there."""
    for raw in (one for read in reads for one in read.found if external_id and isinstance(one, RawArticle)):
        raw.external_id = external_id


def _seen(outlets: Outlets) -> Seen | None:
    """What has been imported before and settled, so that workers need not read it again; None if nothing has.

    Only what was filed under the same outlet, or as it says itself, like now: else it might mean another article.
    """
    settled = ImportItem.objects.filter(outcome__in=SETTLED).exclude(sha256="")
    if not settled.exists():
        return None
    filed = ImportRun.objects.order_by().values_list("pk", "options__source")
    others = {pk for pk, source in filed if not outlets.same(source or "", outlets.always)}
    if outlets.apart or not others:
        hashes = () if outlets.apart else settled.values_list("sha256", flat=True).iterator(10_000)
        return Seen(hashes)
    rows = settled.values_list("run", "sha256").iterator(10_000)
    return Seen(sha256 for run, sha256 in rows if run not in others)


# ------------------------------------------------------------------ deciding and writing
class _Desk:
    """Decides and writes batch after batch."""

    def __init__(self, run: ImportRun, outlets: Outlets, done: Counter[int] | None = None, *, index: bool):
        self.beside = Alongside() if index else None
        self.prepare = prepare if index else None
        self.notice = ""
        self.run = run
        self.outlets = outlets
        # How often each input, as the hash of its name and digest, was recorded before the run was stopped.
        self.done = done or Counter()
        self.writer = Writer(run, outlets)
        # Everything the fronts must be right about in the end, whoever wrote it.
        self.sources, self.days = left_behind(run)
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
        known = Known()
        known.look_up(reads)
        decider, decided, touched = Decider(known, self.outlets), [], set()
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
            reason = f"数据库不收：{str(error).splitlines()[0][:200]}"
            decisions = [Decision(read, Outcome.REJECTED, reason)]
            self.writer.write(decisions)
        return decisions

    def _refresh(self) -> None:
        Article.objects.refresh_fronts(self.writer.touched_sources, self.writer.touched_days)
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
            Article.objects.refresh_fronts(self.sources | sources, self.days | days)
            settle()
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


class _Rehearsal:
    """Decides as an import would and writes nothing; remembers all it decided, since the database will not."""

    prepare, notice = None, ""

    def __init__(self, outlets: Outlets):
        self.outlets = outlets
        self.decider = Decider(Known(), outlets)

    def take(self, reads: list[Read]) -> list[Decision]:
        self.decider.known.look_up(reads)
        return [decision for read in reads for decision in self.decider.decide(read)]

    def group(self) -> None:
        """Nothing was written."""

    def close(self, state: str, message: str) -> None:
        """Nothing was opened."""
