"""Clean the stored raw texts again: first a plan, then new versions; never over an editor's change."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from articles.models import Article, Revision
from articles.models.summaries import day_of
from articles.reclean.find import Finding, batches, values_of
from articles.revisions.bulk_revise import rewriting
from articles.revisions.pending import supersede
from sources.models import ImportItem, ImportRun, Outcome, Source
from sources.reading.read import as_stored
from sources.run_control.import_lock import import_lock
from sources.run_control.run_ending import run_ending


@dataclass(slots=True)
class Recleaned:
    """What a reclean did, or would do: the run (None for a plan) and a count by outcome."""

    run: ImportRun | None
    counts: Counter
    seconds: float


Tell = Callable[[Finding], None]


def plan(source: Source | None = None, tell: Tell = lambda finding: None) -> Recleaned:
    """What a reclean would do; writes nothing. `tell` is called with each finding."""
    began, counts = time.monotonic(), Counter()
    for findings in batches(source):
        for finding in findings:
            counts[finding.outcome] += 1
            tell(finding)
    return Recleaned(None, counts, time.monotonic() - began)


def reclean(source: Source | None = None, tell: Tell = lambda finding: None, user=None) -> Recleaned:
    """Clean imported articles again, all or of one outlet. Raises ImportUnderWay at once if an import is running.

    If it is stopped, whole batches are written and another reclean does the rest. The run can be undone.
    """
    with import_lock():
        run = ImportRun.objects.create(kind=ImportRun.Kind.RECLEAN, options=_options(source), started_by=user)
        return _carry_out(run, source, tell)


def _options(source: Source | None) -> dict:
    return {"outlet": source.name if source else ""}


def _carry_out(run: ImportRun, source: Source | None, tell: Tell) -> Recleaned:
    began, counts, writer = time.monotonic(), Counter(), _Writer(run)

    def close(state: str, message: str) -> None:
        said = f"重新清洗：读了 {counts.total()} 篇的原始文本，{counts[Outcome.UNCHANGED]} 篇没有变化"
        recorded = {word: n for word, n in counts.items() if word != Outcome.UNCHANGED}
        writer.refresh_summaries()
        run.close(state, recorded, f"{said}。{message}", timezone.now())

    with run_ending(close):
        for findings in batches(source):
            writer.write(findings)
            for finding in findings:
                counts[finding.outcome] += 1
                tell(finding)
    return Recleaned(run, counts, time.monotonic() - began)


# ------------------------------------------------------------------ writing
class _Writer:
    """Writes findings as items of the run: new versions, pending texts, and what could not be read."""

    def __init__(self, run: ImportRun):
        self.run = run
        self.sources: set[int] = set()
        self.days: set = set()

    def write(self, findings: list[Finding]) -> None:
        """Write all or nothing. An article that somebody has changed meanwhile is left for the next reclean."""
        found = [one for one in findings if one.outcome != Outcome.UNCHANGED]
        if not found:
            return
        with transaction.atomic():
            now = Article.objects.select_for_update().in_bulk([one.article.pk for one in found])
            for one in found:
                if now[one.article.pk].version != one.article.version:
                    one.outcome, one.reason = Outcome.SKIPPED, "刚被别人改过，下次再清洗"
            items = {one: self._item(one) for one in found if one.outcome != Outcome.SKIPPED}
            ImportItem.objects.bulk_create(items.values())
            self._put_in_force([one for one in found if one.outcome == Outcome.UPDATED], items)
            self._let_wait([one for one in found if one.outcome == Outcome.CONFLICT], items)

    def _item(self, finding: Finding) -> ImportItem:
        clean = finding.clean
        return ImportItem(
            run=self.run,
            name=finding.item.name,
            sha256=finding.item.sha256,  # finds the raw bytes
            external_id=finding.article.external_id or "",
            fingerprint=clean.plain.fingerprint if clean else "",
            outlet=finding.item.outlet,
            outcome=finding.outcome,
            reason=finding.reason,
            problems=as_stored(finding.problems),
        )

    def _put_in_force(self, findings: list[Finding], items: dict[Finding, ImportItem]) -> None:
        with rewriting({one.article.pk: one.article for one in findings}):
            for finding in findings:
                article = finding.article
                self._touch(article)
                for name, value in values_of(finding.after).items():
                    setattr(article, name, value)
                article.derive()
                self._touch(article)
        Revision.objects.bulk_create(
            [self._revision(one, items, version=one.article.version) for one in findings]
        )

    def _let_wait(self, findings: list[Finding], items: dict[Finding, ImportItem]) -> None:
        supersede(one.article.pk for one in findings)
        state = Revision.State.PENDING
        Revision.objects.bulk_create(
            [self._revision(one, items, state=state, snapshot=one.after) for one in findings]
        )

    def _revision(self, finding: Finding, items: dict[Finding, ImportItem], **fields) -> Revision:
        made = {"kind": Revision.Kind.RECLEAN, "import_item": items[finding], "reason": finding.reason}
        return Revision(article=finding.article, **made | fields)

    def _touch(self, article: Article) -> None:
        if article.public_at:
            self.sources.add(article.source_id)
            self.days.add(day_of(article.public_at))

    def refresh_summaries(self) -> None:
        """Once, at the end."""
        Article.objects.refresh_summaries(self.sources, self.days)
