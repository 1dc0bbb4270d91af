"""Split a printed page again: its articles are revised, but never over an editor's change."""

from dataclasses import dataclass, field

from django.db import transaction

from articles.importing.new_reading import apply_fields, is_edited, leave_pending
from articles.importing.outlets import Outlets
from articles.models import Article, Revision
from articles.models.page_split import PageSplit
from sources.formats.newspaper.layout import Piece, Split, articles_of, proposed
from sources.formats.raw_article import UNKNOWN_OUTLET, RawArticle
from sources.models import ImportItem
from sources.reading.reading_process import apart

REASON = "重新拆分版面"
EMPTIED = "重新拆分版面后，这一篇没有内容了，退为草稿"


class Overtaken(Exception):
    """Somebody else has split the page since it was shown; nothing was written."""


class BadSplit(Exception):
    """A block would be lost or used twice; the message says which."""


@dataclass(slots=True)
class SplitResult:
    """What a new split did, as ids of articles."""

    created: list[int] = field(default_factory=list)
    revised: list[int] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    emptied: list[int] = field(default_factory=list)
    left_alone: list[int] = field(default_factory=list)

    def words(self) -> str:
        said = [
            (self.created, "新建待审"),
            (self.revised, "改写"),
            (self.pending, "编辑改过或已发布、留作待处理版本"),
            (self.emptied, "没有内容了、退为草稿"),
            (self.left_alone, "没有内容了、但已由编辑改过或发布、未动"),
        ]
        return "；".join(f"{what} {len(pks)} 篇" for pks, what in said if pks) or "稿件没有变化"


def split_in_force(item: ImportItem) -> Split:
    """The newest split by an editor; else the reader's proposal, with the articles it became."""
    newest = PageSplit.objects.filter(item=item).first()
    if newest:
        return Split.of_json(newest.split)
    split = apart(proposed, item.layout, size=_size(item))
    for number, piece in enumerate(split.pieces, 1):
        part = _part_item(item, number)
        piece.article = _brought(part) if part else None
    return split


def redo_split(item: ImportItem, split: Split, seen: int, user) -> PageSplit:
    """Apply a split to the page's articles and store it. `seen` is the id of the split it is based on, 0 for none.

    Raises Overtaken, BadSplit or OverLimit; then nothing was written.
    """
    blocks = item.layout["blocks"]
    if faults := split.faults(len(blocks)):
        raise BadSplit("；".join(faults))
    raws = pieces_of(item, split)
    with transaction.atomic():
        item = ImportItem.objects.select_for_update().get(pk=item.pk)
        newest = PageSplit.objects.filter(item=item).first()
        if (newest.pk if newest else 0) != seen:
            raise Overtaken("你打开页面之后，别人重新拆分过这一版")
        done, desk = SplitResult(), _SplitWriter(item, user)
        for number, (piece, raw) in enumerate(zip(split.pieces, raws, strict=True), 1):
            desk.put(number, piece, raw, done)
        return PageSplit.objects.create(item=item, split=split.as_json(), made_by=user, summary=done.words())


def pieces_of(item: ImportItem, split: Split) -> list[RawArticle]:
    """Read each piece as an article. Raises OverLimit."""
    return apart(articles_of, item.layout, split.pieces, size=_size(item))


def _size(item: ImportItem) -> int:
    return sum(map(len, item.layout["blocks"]))


class _SplitWriter:
    def __init__(self, item: ImportItem, user):
        self.item, self.user = item, user
        self.outlets = Outlets(item.run.options.get("source") or "", item.run)

    def put(self, number: int, piece: Piece, raw: RawArticle, done: SplitResult) -> None:
        """Create or revise the article of one piece."""
        article = Article.objects.select_for_update().filter(pk=piece.article).first()
        if not piece.body and not piece.heads:
            if article:
                self._empty(article, done)
            return
        if article is None:
            piece.article = self._create(raw).pk
            done.created.append(piece.article)
        elif self._says(article, raw):
            return
        elif is_edited(article):
            self._lay_beside(article, raw, number)
            done.pending.append(article.pk)
        else:
            self._revise(article, raw, number)
            done.revised.append(article.pk)

    def _says(self, article: Article, raw: RawArticle) -> bool:
        """Whether the article says the same already."""
        same_words = (article.title, article.fingerprint) == (
            raw.title or article.title,
            raw.plain.fingerprint,
        )
        named = (article.subtitle, article.byline) == (raw.subtitle, raw.byline)
        back = article.status == Article.Status.DRAFT and article.edited_at is None
        return same_words and named and not back

    def _create(self, raw: RawArticle) -> Article:
        raw.outlet = raw.outlet or self._outlet_of_siblings()
        article = Article(status=Article.Status.REVIEW)
        article.source_id = self.outlets.meet(raw)
        apply_fields(article, raw, self.outlets)
        article.save()
        first = {"version": article.version, "kind": Revision.Kind.IMPORT, "editor": self.user}
        article.revisions.create(import_item=self.item, reason=REASON, **first)
        return article

    def _outlet_of_siblings(self) -> str:
        """The outlet of the page's other articles, if they have the same."""
        pieces = split_in_force(self.item).pieces
        names = Article.objects.filter(pk__in=[one.article for one in pieces if one.article])
        found = set(names.values_list("source__name", flat=True).distinct()) - {UNKNOWN_OUTLET}
        return found.pop() if len(found) == 1 else UNKNOWN_OUTLET

    def _revise(self, article: Article, raw: RawArticle, number: int) -> None:
        apply_fields(article, raw, self.outlets)
        article.subtitle, article.byline = raw.subtitle, raw.byline  # even if the new piece has none
        article.status = Article.Status.REVIEW
        self._keep(article, number, REASON)

    def _empty(self, article: Article, done: SplitResult) -> None:
        if is_edited(article):
            done.left_alone.append(article.pk)
        elif article.status != Article.Status.DRAFT:
            article.status = Article.Status.DRAFT
            self._keep(article, 0, EMPTIED)
            done.emptied.append(article.pk)

    def _keep(self, article: Article, number: int, reason: str) -> None:
        """Save as a version of an import, made by an editor: the next split may replace it."""
        revision = article.revise(Revision.Kind.IMPORT, reason=reason)
        item = _part_item(self.item, number) or self.item
        Revision.objects.filter(pk=revision.pk).update(import_item=item, editor=self.user)

    def _lay_beside(self, article: Article, raw: RawArticle, number: int) -> None:
        item = _part_item(self.item, number) or self.item
        waiting = article.revisions.filter(import_item=item, state=Revision.State.PENDING)
        waiting.update(state=Revision.State.DROPPED, editor=self.user)
        leave_pending(article, raw, self.outlets, item, editor=self.user, reason=REASON)


def _part_item(item: ImportItem, number: int) -> ImportItem | None:
    return ImportItem.objects.filter(run=item.run_id, name=f"{item.name}:{number}").defer("raw").first()


def _brought(part: ImportItem) -> int | None:
    """The article that a part of the page became; None if it was a duplicate."""
    brought = part.revisions.exclude(state=Revision.State.TWIN).order_by("id")
    return brought.values_list("article", flat=True).first()
