"""Import inputs: read them in other processes, match and write them in batches, record the run."""

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
    `hold`, if set, sends everything to review and says why: the user has no right to publish.
    """

    paths: list[str] = field(default_factory=list)
    format: str = "auto"
    source: str = ""
    dry_run: bool = False
    limit: int | None = None
    # Number of reading processes; IN_A_SERVER uses those that each server process keeps.
    workers: int = field(default_factory=lambda: os.cpu_count() or 1)
    kind: str = ImportRun.Kind.FILES
    origin: str = ""
    hold: str = ""
    # An external id: an editor said that the input is another article than the one that has this id.
    apart: str = ""
    # Index with the import, so that it is searchable when the import ends; else the index follows the change log later.
    index: bool = True

    def as_json(self) -> dict:
        """As ImportRun.options holds it; `of` reads it."""
        paths = [os.path.abspath(path) for path in self.paths]
        return {"paths": paths, "format": self.format, "source": self.source, "limit": self.limit}

    def new_run(self, user) -> ImportRun:
        """Create the run."""
        asked = {"kind": self.kind, "origin": self.origin, "options": self.as_json()}
        return ImportRun.objects.create(**asked, started_by=user)

    @classmethod
    def of(cls, run: ImportRun) -> "Options":
        """The options that a run was started with. Raises KeyError for a reclean."""
        return cls(**{key: run.options[key] for key in ("paths", "format", "source", "limit")})


@dataclass(slots=True)
class Result:
    """What an import did: the run (None for a dry run), a count by outcome, and how long it took in seconds."""

    run: ImportRun | None
    counts: Counter
    seconds: float
    # A warning for the user of an import that went well, or "".
    notice: str = ""

    @property
    def read(self) -> int:
        """Inputs that were read as articles, which excludes READMEs, images and the like."""
        return self.counts.total() - self.counts[Outcome.SKIPPED]

    def as_json(self) -> dict:
        words = [o.value for o in Outcome if o != Outcome.UNDONE]
        counts = {word: self.counts[word] for word in words}
        run = self.run.pk if self.run else None
        return {"run": run, "read": self.read, **counts, "seconds": round(self.seconds, 3)}


class NotResumable(Exception):
    """The run's inputs are not under a path, or it was undone; the message says what to do."""


Tell = Callable[[Decision], None]


def import_paths(options: Options, tell: Tell = lambda decision: None, user=None) -> Result:
    """Import everything under the paths. `tell` is called with each decision, in order, once it is committed.

    Raises FileNotFoundError for a missing path and ImportUnderWay while another import runs, before anything is
    written. A later error (KeyboardInterrupt, a database that is gone or full) ends the run after the last whole
    batch: everything that `tell` was called with is kept, the run records the error, and `resume` continues it.
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
    """Import inputs that are at hand (uploaded, fetched), as `import_paths` does those under its paths.

    `found` is consumed as the import goes. `on_start` is called with the run, in the transaction that creates it.
    Raises ImportUnderWay before anything is read or written. Such a run cannot be resumed: import the same inputs
    again, and the rest comes in.
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
    """Continue a stopped or interrupted run: inputs that it has recorded are skipped.

    An input is identified by name and bytes: two paths may hold files of the same name, and a file that has changed
    since must be read. Raises what `import_paths` raises, and NotResumable.
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
        # New outlets need pinyin, and an empty portal has many of them: load it while the first batch is read.
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
    """Give an article that was part of a larger file the id that it had there."""
    for raw in (one for read in reads for one in read.found if external_id and isinstance(one, RawArticle)):
        raw.external_id = external_id


def _seen(outlets: Outlets) -> SeenHashes | None:
    """Hashes of inputs that were imported before, which need not be read again; None if there are none.

    Only those of runs filed under the same outlet as this one: under another outlet they may be other articles.
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
