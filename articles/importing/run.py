"""The one seam between reading and keeping: inputs in, articles with their history out, in bulk."""

import os
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import islice

from django.db import transaction
from django.utils import timezone

from articles.db.bulk_rows import by_index
from articles.importing.batch import ImportBatches, Rehearsal, in_batches
from articles.importing.lookup import SETTLED
from articles.importing.match import Decision
from articles.importing.outlets import Outlets
from sources.files.inputs import Found
from sources.files.walk import walk
from sources.formats.raw_article import RawArticle
from sources.models import ImportItem, ImportRun, Outcome
from sources.reading.pool import How, read_all
from sources.reading.read import Read, SeenHashes
from sources.reading.saved_columns import saved_columns
from sources.run_control.import_lock import import_lock
from sources.run_control.run_ending import run_ending
from sources.text.outlet_names import load_pinyin


@dataclass(slots=True)
class Options:
    """What was asked for: paths, the format ("auto" or a name in FORMATS), an outlet for all, limits.

    Inputs that are at hand lie under no path; `kind` says what brings them, `origin` in words where they came from.
    `hold` says why all of it waits for review, whoever brings what he may not publish.
    """

    paths: list[str] = field(default_factory=list)
    format: str = "auto"
    source: str = ""
    dry_run: bool = False
    limit: int | None = None
    # Processes that read; IN_A_SERVER for those that every server's process keeps.
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    kind: str = ImportRun.Kind.FILES
    origin: str = ""
    hold: str = ""
    # Under this id an editor has said the one piece to be another than the one that has it.
    apart: str = ""
    # Whether what comes in is found by a search at once, or when whoever follows the log has come to it.
    index: bool = True

    def as_json(self) -> dict:
        """What `of` needs to ask for the same again."""
        paths = [os.path.abspath(path) for path in self.paths]
        return {"paths": paths, "format": self.format, "source": self.source, "limit": self.limit}

    def new_run(self, user) -> ImportRun:
        """The run that is to do what was asked, just begun."""
        asked = {"kind": self.kind, "origin": self.origin, "options": self.as_json()}
        return ImportRun.objects.create(**asked, started_by=user)

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
    found: Iterable[Found],
    options: Options,
    tell: Tell = lambda decision: None,
    user=None,
    on_start: Callable[[ImportRun], object] = lambda run: None,
) -> Result:
    """Import inputs that are at hand (uploaded, fetched), as `import_paths` does those under its paths; `found` is
    read as the import goes. Raises ImportUnderWay before anything is written or read. Such a run cannot be resumed:
    brought again, the same inputs give the rest. `on_start` is called with the run, in the transaction that makes it.
    """
    if options.dry_run:
        return _work(found, options, None, lambda: Rehearsal(_outlets(options)), tell)
    with import_lock(), by_index():
        with transaction.atomic():
            run = options.new_run(user)
            on_start(run)
        return _work(
            found,
            options,
            run,
            lambda: ImportBatches(run, _outlets(options, run), index=options.index),
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
        raise NotResumable(f"第 {run.pk} 批的文件不在本机（{run.origin}）；{ImportRun.AGAIN}")
    options.workers, options.index = workers or options.workers, index
    for path in options.paths:
        os.lstat(path)
    with import_lock(), by_index():
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
            lambda: ImportBatches(run, _outlets(options, run), done, index=options.index),
            tell,
        )


def _outlets(options: Options, run: ImportRun | None = None) -> Outlets:
    return Outlets(options.source, run, options.hold, options.apart)


def _work(
    found: Iterable[Found], options: Options, run: ImportRun | None, open_batches, tell: Tell
) -> Result:
    began, counts, batches = time.monotonic(), Counter(), None

    def close(state: str, message: str) -> None:
        if batches:
            batches.close(state, message)
        elif run:
            run.close(state, run.counts, message, timezone.now())

    with run_ending(close):
        batches = open_batches()
        inputs, saved = islice(found, options.limit), saved_columns(options.source)
        seen = _seen(batches.outlets)
        # Outlets are spelt when they are met for the first time, as they are in a portal where there is nothing yet.
        meanwhile = load_pinyin if seen is None else lambda: None
        how = How(str(options.format), seen, saved, batches.prepare)
        for some in in_batches(read_all(inputs, how, options.workers, meanwhile)):
            _identify(some, options.apart)
            for decision in batches.take(some):
                counts[decision.outcome] += 1
                tell(decision)
        batches.group()
    counts = Counter(run.counts) if run else counts
    return Result(run, counts, time.monotonic() - began, batches.notice)


def _identify(reads: list[Read], external_id: str) -> None:
    """Give a piece that came out of a larger file the id that it had there."""
    for raw in (one for read in reads for one in read.found if external_id and isinstance(one, RawArticle)):
        raw.external_id = external_id


def _seen(outlets: Outlets) -> SeenHashes | None:
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
        return SeenHashes(hashes)
    rows = settled.values_list("run", "sha256").iterator(10_000)
    return SeenHashes(sha256 for run, sha256 in rows if run not in others)
