"""Retry an item of the review queue, with its text edited or as it was."""

from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from articles.importing.match import Decision
from articles.importing.new_reading import READ, apply_fields, is_edited, leave_pending
from articles.importing.outlets import Outlets
from articles.importing.run import Options, import_found
from articles.models import Article, Revision
from sources.files.inputs import Found
from sources.files.raw_bytes import pack
from sources.formats.newspaper.edited_piece import read_edited_piece
from sources.formats.raw_article import UNKNOWN_OUTLET, RawArticle
from sources.models import ImportItem, ImportRun, Outcome, Settlement, Source
from sources.problem import OF_THE_FILE, Code, Problem, in_words
from sources.reading.limits import OverLimit
from sources.reading.parts import file_and_part, standalone_part
from sources.reading.pool import IN_A_SERVER
from sources.reading.read import Read, as_stored, printable, read_input
from sources.reading.read_again import articles_in, page_of
from sources.reading.reading_process import apart
from sources.reading.saved_columns import saved_columns
from sources.run_control.import_lock import import_lock
from sources.text.decode import decode

ORIGIN = "待处理：重试"
PRINTED = "newspaper"
GONE = Problem(Code.SPLIT_ARTICLE_GONE, "它的稿件已经不在了，请在整版的“拆分版面”里重做")
NOTHING_NEW = "读出来和现在的稿件一样，没有可改的"


class Settled(Exception):
    """The item was settled already; the message says how."""


class StillRejected(Exception):
    """It still cannot be imported; the message says why. Nothing was written."""


class NothingNew(Exception):
    """The article says the same already. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """An item, with the bytes, format and outlet to retry it with; `hold` and `apart` as in importing.run.Options."""

    item: ImportItem
    data: bytes
    format: str = "auto"
    source: str = ""
    hold: str = ""
    apart: str = ""

    def found(self) -> Found:
        name, data = standalone_input(self.item, self.data, self.format)
        return Found(name, "", data=data)

    def page(self) -> ImportItem | None:
        """The item of the printed page that this one was cut out of, unless another format is asked for."""
        return page_of_item(self.item) if self.format in ("auto", PRINTED) else None


def article_of(item: ImportItem) -> Article | None:
    """The one article that the item brought; None if there is none, or several."""
    pks = set(item.revisions.exclude(state=Revision.State.TWIN).values_list("article", flat=True))
    return Article.objects.select_related("source").filter(pk__in=pks).first() if len(pks) == 1 else None


def standalone_input(item: ImportItem, data: bytes, format_name: str) -> tuple[str, bytes]:
    """Name and bytes under which a part of a file can be read alone; the feed's own data come from its article."""
    article = article_of(item) if file_and_part(item.name)[1] else None
    if article is None:
        return apart(standalone_part, item.name, data, format_name, size=len(data))
    named = article.source.name if article.source.name != UNKNOWN_OUTLET else ""
    address = urlsplit(article.original_url)
    link = f"{address.scheme}://{address.netloc}/" if address.netloc else ""
    return apart(standalone_part, item.name, data, format_name, named, link, size=len(data))


def page_of_item(item: ImportItem) -> ImportItem | None:
    """The item of the page that an item, or the one it retries, was cut out of; None if there is none."""
    while item.mends is not None:
        item = item.mends
    name = page_of(item.name)
    pages = ImportItem.objects.filter(run=item.run_id, name=name, layout__isnull=False)
    return pages.defer("raw").first() if name else None


def rehearse(attempt: Attempt) -> list[Decision]:
    """The decisions that a retry would make. Writes nothing."""
    try:
        if own := _own_reading(attempt):
            return [_about(attempt, *own)]
        if attempt.page():
            return [_rejected(attempt, GONE)]
        decisions: list[Decision] = []
        import_found([attempt.found()], _asked(attempt, dry_run=True), decisions.append)
    except OverLimit as why:
        return [_rejected(attempt, Problem(Code.OVER_LIMIT, str(why)))]
    return decisions


def _rejected(attempt: Attempt, problem: Problem) -> Decision:
    return Decision.rejected(Read(attempt.item.name, rejected=problem), problem)


def retry(attempt: Attempt, user) -> ImportRun:
    """Import it in a run of its own, which settles the old item and leaves its bytes as they are.

    Raises Settled, StillRejected, NothingNew, ImportUnderWay and OverLimit; then nothing was written.
    """
    with transaction.atomic():
        item = ImportItem.objects.select_for_update().defer("raw").get(pk=attempt.item.pk)
        release_item(item, user)
        decisions = rehearse(attempt)
        if all(decision.outcome in (Outcome.REJECTED, Outcome.SKIPPED) for decision in decisions):
            raise StillRejected("；".join(dict.fromkeys(decision.reason for decision in decisions))[:500])
        if all(decision.outcome == Outcome.UNCHANGED and decision.article for decision in decisions):
            raise NothingNew(NOTHING_NEW)
        run = _rewrite(attempt, user) if _own_reading(attempt) else _bring(attempt, user)
        run.items.update(mends=item)
        if run.items.count() == 1:
            run.items.update(name=item.name)
        Settlement.objects.create(item=item, kind=Settlement.Kind.MENDED, run=run, by=user)
    return run


def release_item(item: ImportItem, user) -> None:
    """Raise Settled unless the item still waits. A settlement whose run was undone does not count."""
    last = Settlement.objects.filter(item=item, taken_back_at=None).select_related("run").first()
    if last is None:
        return
    if last.run is None or last.run.state != ImportRun.State.UNDONE:
        raise Settled(f"这一条{last}（{last.run or last.reason}），没有再导入一次")
    Settlement.objects.filter(pk=last.pk).update(taken_back_at=timezone.now(), taken_back_by=user)


def _asked(attempt: Attempt, dry_run: bool = False) -> Options:
    asked = Options(format=attempt.format, source=attempt.source, dry_run=dry_run, workers=IN_A_SERVER)
    asked.kind, asked.hold = ImportRun.Kind.RETRY, attempt.hold
    asked.origin = f"{ORIGIN}（条目 {attempt.item.pk}）"
    asked.apart = attempt.apart
    return asked


def _bring(attempt: Attempt, user) -> ImportRun:
    """Import an item that brought no article before, like any input."""
    return import_found([attempt.found()], _asked(attempt), user=user).run


# ------------------------------------------------------------------ a new reading of an article we have
def _own_reading(attempt: Attempt) -> tuple[Article, Read, RawArticle] | None:
    """The item's article with its new reading; None if there is not exactly one of each."""
    article = article_of(attempt.item)
    if article is None:
        return None
    page = attempt.page()
    reads = [_of_page(attempt, page)] if page else reads_of(attempt)
    reads = [read for read in reads if read.found or read.rejected]
    if len(reads) != 1 or len(reads[0].found) != 1 or not isinstance(reads[0].found[0], RawArticle):
        return None
    return article, reads[0], reads[0].found[0]


def reads_of(attempt: Attempt) -> list[Read]:
    """Read the attempt's bytes in a process with limits. Raises OverLimit."""
    found, saved = attempt.found(), saved_columns(attempt.source)
    return apart(read_input, found, attempt.format, None, saved, name=found.name, size=len(found.data))


def _of_page(attempt: Attempt, page: ImportItem) -> Read:
    """An article of a printed page: as the page gave it or, if its text was edited, as the text says."""
    part = file_and_part(attempt.item.name)[1]
    same = (one for one in _articles(page) if one.raw == attempt.data)
    text = apart(decode, attempt.data, size=len(attempt.data)).text
    raw = next(same, None) or apart(read_edited_piece, page.layout, int(part), text, size=len(text))
    outlet = raw.outlet
    raw.fit()
    raw.outlet = outlet  # without UNKNOWN_OUTLET, which would replace what the article has
    return Read(attempt.item.name, sha256(attempt.data).hexdigest(), pack(attempt.data), [raw])


def _articles(page: ImportItem) -> list[RawArticle]:
    whole = page.readable_bytes()
    return apart(articles_in, whole, page.name, PRINTED, size=len(whole)) if whole else []


def _about(attempt: Attempt, article: Article, read: Read, raw: RawArticle) -> Decision:
    if attempt.source:
        raw.credit_to(attempt.source)
    if attempt.hold:
        raw.problems.append(Problem(Code.HELD, attempt.hold))
    if attempt.data == attempt.item.readable_bytes():
        said = [one for one in attempt.item.all_problems() if one.code in OF_THE_FILE]
        known = {one.text for one in raw.problems}
        raw.problems += [one for one in said if one.text not in known]
    if not _differs(attempt, article, raw):
        return Decision(read, Outcome.UNCHANGED, NOTHING_NEW, raw, article=article)
    if is_edited(article):
        reason = "编辑改过或已发布的稿件不覆盖；新的文本留作待处理版本"
        return Decision(read, Outcome.CONFLICT, reason, raw, article=article)
    if (page := attempt.page()) and page.splits.exists():
        reason = "这一版重新拆分过，不覆盖拆分出来的稿件；这段文本留作待处理版本"
        return Decision(read, Outcome.CONFLICT, reason, raw, article=article)
    reason = in_words(raw.problems) or "修改后重新导入"
    return Decision(read, Outcome.UPDATED, reason, raw, article=article)


def _differs(attempt: Attempt, article: Article, raw: RawArticle) -> bool:
    """Whether the reading changes the article: other values, another outlet, or no problems any more."""
    if article.status != Article.Status.PUBLISHED and not raw.problems:
        return True
    named = attempt.source or raw.outlet
    if named and named != UNKNOWN_OUTLET and Source.objects.named(named) != article.source:
        return True
    return any(getattr(raw, name) not in ("", None, getattr(article, name)) for name in READ)


def _rewrite(attempt: Attempt, user) -> ImportRun:
    """Make the new reading the article's next version; a pending one if an editor has changed the article."""
    with import_lock():
        run = _asked(attempt).new_run(user)
        article, read, raw = _own_reading(attempt)
        article = Article.objects.select_for_update().get(pk=article.pk)
        decision = _about(attempt, article, read, raw)
        _put(decision, Outlets(attempt.source, run), _record(decision, attempt.item, run), user)
        run.close(ImportRun.State.FINISHED, {decision.outcome: 1}, "", timezone.now())
    return run


def _record(decision: Decision, mended: ImportItem, run: ImportRun) -> ImportItem:
    read, raw = decision.read, decision.raw
    return ImportItem.objects.create(
        run=run,
        name=mended.name,
        mends=mended,
        sha256=read.sha256,
        raw=read.raw,
        external_id=raw.external_id,
        fingerprint=raw.plain.fingerprint,
        outlet=mended.outlet,
        outcome=decision.outcome,
        reason=printable(decision.reason),
        problems=as_stored(decision.problems),
    )


def _put(decision: Decision, outlets: Outlets, item: ImportItem, user) -> None:
    article, raw = decision.article, decision.raw
    if decision.outcome == Outcome.CONFLICT:
        waiting = article.revisions.filter(import_item=item.mends, state=Revision.State.PENDING)
        waiting.update(state=Revision.State.DROPPED, editor=user)
        leave_pending(article, raw, outlets, item, editor=user, reason=decision.reason)
        return
    apply_fields(article, raw, outlets)
    if not raw.problems:
        article.status = Article.Status.PUBLISHED
    revision = article.revise(Revision.Kind.IMPORT, reason=decision.reason)
    Revision.objects.filter(pk=revision.pk).update(import_item=item, editor=user)
