"""Read the stored raw texts again, and compare each article with what the import brought then."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zstandard import ZstdError

from articles.models import Article, Revision
from articles.revisions.fields import REPLACED
from articles.revisions.merge import BODY, CAN_BE_EMPTIED, merge
from articles.revisions.pending import BROUGHT, DECIDED, brought_text, merge_base
from sources.files.raw_bytes import unpack
from sources.formats.raw_article import RawArticle
from sources.formats.table.columns import SavedColumns
from sources.models import ImportItem, Outcome, Source
from sources.problem import Code, Problem, in_words
from sources.reading.limits import OverLimit
from sources.reading.read_again import NotReadAgain, page_of, read_again
from sources.reading.reading_process import Answer, Call, all_apart
from sources.reading.saved_columns import saved_columns
from sources.text.merge.three_way import Kind
from sources.text.plain import is_lead, plain_text

AT_ONCE = 200  # articles that are read, and written, together
WHY = "重新清洗：原始文本没有变，清洗规则变了"
WHY_WAITING = "重新清洗得出了不同的文本；编辑改过这篇稿件，留作待处理版本"


@dataclass(slots=True, eq=False)
class Finding:
    """The result of reading one article's raw text again. Outcome.CONFLICT waits for an editor."""

    article: Article
    item: ImportItem
    outcome: str
    reason: str = ""
    before: dict = field(default_factory=dict)  # what the import brought, as Article.kept() has it
    after: dict = field(default_factory=dict)
    raw: bytes = b""
    format: str = ""
    clean: RawArticle | None = None
    problems: Sequence[Problem] = ()

    def reject(self, problem: Problem) -> None:
        self.outcome, self.reason, self.problems = Outcome.REJECTED, problem.text, [problem]


def batches(source: Source | None) -> Iterator[list[Finding]]:
    """All findings, in batches by rising id."""
    articles = Article.objects.order_by("pk")
    articles = articles.filter(source=source) if source else articles
    last = 0
    while some := list(articles.filter(pk__gt=last).select_related("source")[:AT_ONCE]):
        last = some[-1].pk
        if findings := list(_findings(some)):
            yield findings


def _findings(articles: list[Article]) -> Iterator[Finding]:
    brought = Revision.objects.filter(
        article__in=articles, state__in=[*DECIDED, Revision.State.PENDING], **BROUGHT
    )
    by_article: dict[int, list[Revision]] = {}
    for revision in brought.order_by("-pk").select_related("import_item").defer("import_item__raw"):
        by_article.setdefault(revision.article_id, []).append(revision)
    subjects = {article: _subject(article, by_article.get(article.pk, [])) for article in articles}
    raws = _Raws([one.import_item for one in subjects.values() if one])
    chosen = [(article, subject) for article, subject in subjects.items() if subject]
    findings = [
        Finding(article, subject.import_item, Outcome.UNCHANGED, before=_before(article, subject))
        for article, subject in chosen
    ]
    answers = (answer for _, answer in all_apart(_call(finding, raws) for finding in findings))
    for finding, (article, subject), answer in zip(findings, chosen, answers, strict=True):
        _find(finding, subject, by_article[article.pk], answer)
        yield finding


def _subject(article: Article, revisions: list[Revision]) -> Revision | None:
    """The imported revision to clean again: the newest of an edited article, else the current one."""
    if article.edited_at is None:
        revisions = [one for one in revisions if one.version is not None]
    return revisions[0] if revisions else None


class _Raws:
    """The packed bytes of some import items, and the format and outlet that their runs were given."""

    def __init__(self, items: list[ImportItem]):
        own = ImportItem.objects.select_related("run").filter(raw__isnull=False)
        self.by_item = own.in_bulk([item.pk for item in items])
        others = {item.sha256 for item in items if item.pk not in self.by_item and item.sha256}
        self.by_hash = {item.sha256: item for item in own.filter(sha256__in=others).order_by("-pk")}
        self.pages = _pages([holder for item in items if (holder := self._holder(item))])
        self.columns: dict[str, dict[str, SavedColumns]] = {}  # by the outlet that a run was told

    def of(self, item: ImportItem) -> tuple[bytes, str, dict[str, SavedColumns]]:
        """The bytes, the format that was asked for, and today's readings of columns.

        Raises NotReadAgain where nothing, or nothing whole, was kept.
        """
        holder = self._holder(item)
        if holder is None:
            raise NotReadAgain(Problem(Code.NOT_KEPT, "没有保存原文"))
        # A part of a printed page is read again with the whole page.
        holder = self.pages.get((holder.run_id, page_of(holder.name)), holder)
        try:
            data = unpack(bytes(holder.raw))
        except ZstdError:
            raise NotReadAgain(Problem(Code.NOT_KEPT, "保存的原文已损坏")) from None
        options = holder.run.options
        outlet = options.get("source") or ""
        if outlet not in self.columns:
            self.columns[outlet] = saved_columns(outlet)
        return data, options.get("format") or "auto", self.columns[outlet]

    def _holder(self, item: ImportItem) -> ImportItem | None:
        return self.by_item.get(item.pk) or self.by_hash.get(item.sha256)


def _pages(items: list[ImportItem]) -> dict[tuple[int, str], ImportItem]:
    """The printed pages that some of these items were cut out of, by run and name."""
    names = {page_of(item.name) for item in items} - {""}
    if not names:
        return {}
    runs = {item.run_id for item in items if page_of(item.name)}
    found = ImportItem.objects.select_related("run").filter(
        run__in=runs, outcome=Outcome.SKIPPED, layout__isnull=False, raw__isnull=False, name__in=names
    )
    return {(page.run_id, page.name): page for page in found}


def _call(finding: Finding, raws: _Raws) -> Call | Answer:
    """The call that reads the bytes again, in another process."""
    try:
        finding.raw, format_name, saved = raws.of(finding.item)
    except NotReadAgain as reason:
        return Answer(error=reason)
    name, title = finding.item.name, finding.before["title"]
    return Call(read_again, (name, finding.raw, format_name, title, saved), name, len(finding.raw))


def _find(finding: Finding, subject: Revision, revisions: list[Revision], answer: Answer) -> None:
    try:
        again = answer.result()
    except NotReadAgain as why:
        finding.reject(why.problem)
        return
    except OverLimit as why:
        finding.reject(Problem(Code.OVER_LIMIT, str(why)))
        return
    finding.clean, finding.format = again.article, again.format
    finding.problems = again.article.problems
    finding.clean.credit_to(finding.article.source.name)
    # A later version may hold values that only an earlier one had given.
    says_all = again.is_whole and subject.version in (None, 1)
    finding.after = _after(finding.before, again.article, CAN_BE_EMPTIED if says_all else ())
    _judge(finding, revisions)


def _before(article: Article, subject: Revision) -> dict:
    return subject.snapshot if subject.state == Revision.State.PENDING else brought_text(subject, article)


def _after(before: dict, clean: RawArticle, emptied: tuple[str, ...]) -> dict:
    """What the import would bring today; of fields that are now empty only those in `emptied` are cleared."""
    after = dict(before)
    for name in REPLACED:
        value = getattr(clean, name)
        value = value.isoformat() if hasattr(value, "isoformat") else value
        if value or name in emptied:
            after[name] = value
    if not clean.digest and is_lead(before["digest"], plain_text(before[BODY])):
        after["digest"] = clean.plain.lead
    return after if values_of(after) != values_of(before) else before


def values_of(kept: dict) -> dict:
    """The fields that a reclean may change, in a form that can be compared."""
    values = Article.read_kept(kept)
    return {name: values[name] for name in REPLACED}


def _judge(finding: Finding, revisions: list[Revision]) -> None:
    """Set the outcome: apply the text, leave it pending for an editor, or nothing new."""
    article, after = finding.article, finding.after
    known = [one.snapshot for one in revisions if one.version is None and one.snapshot]
    if after is finding.before or any(values_of(after) == values_of(kept) for kept in known):
        return
    troubled = bool(finding.clean.problems) and article.status == Article.Status.PUBLISHED
    if article.edited_at is None and not troubled:
        finding.outcome, finding.reason = Outcome.UPDATED, WHY
        return
    if _is_had(article, after) and not any(one.state == Revision.State.PENDING for one in revisions):
        return
    why = f"重新清洗的文本有问题，不覆盖已发布的：{in_words(finding.clean.problems)}"
    finding.outcome, finding.reason = Outcome.CONFLICT, WHY_WAITING if article.edited_at else why


def _is_had(article: Article, after: dict) -> bool:
    """Whether the article has everything that is new already, so that an editor need not look."""
    merged = merge(merge_base(article) or {}, after, article.kept())
    theirs = any(one.kind in (Kind.THEIRS, Kind.CONFLICT) for one in merged.fields)
    return not theirs and not merged.body.conflicts() and merged.body.html() == article.body_html
