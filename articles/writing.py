"""Write one batch of decisions: a handful of bulk statements in one transaction, however long the batch."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from taggit.models import Tag

from articles.bulk import insert
from articles.categorising import Keywords
from articles.deciding import Decision
from articles.models import Article, Mention, Revision, Security, TaggedArticle
from articles.outlets import Outlets
from sources.formats.raw import RawArticle
from sources.models import ImportItem, ImportRun, Outcome
from sources.reading import printable

NEW = (Outcome.CREATED, Outcome.REVIEW)
# What a new version from the same source replaces; the rest is the editors' or the old address's.
REPLACED = ("title", "body_html", "digest", "byline", "editor", "original_url", "published_at")
CHANGED = (*REPLACED, "status", "text", "fingerprint", "public_at", "updated_at")


class Writer:
    """Writes batches for one run and knows which outlets and days the fronts must count anew."""

    def __init__(self, run: ImportRun, outlets: Outlets):
        self.run = run
        self.outlets = outlets
        self.keywords = Keywords()
        self.touched_sources: set[int] = set()
        self.touched_days: set = set()

    def write(self, decisions: list[Decision]) -> None:
        """Write all or nothing. Raises what the database raises; then nothing of the batch is kept."""
        with transaction.atomic():
            for decision in decisions:
                if decision.address:
                    self.outlets.learn(decision.address)
            items = [self._item(decision) for decision in decisions]
            insert(items)
            by_decision = dict(zip(decisions, items, strict=True))
            self._create([d for d in decisions if d.outcome in NEW])
            replaced = self._update([d for d in decisions if d.outcome == Outcome.UPDATED])
            revisions = [self._revision(d, by_decision[d], replaced) for d in decisions]
            revisions += self._credit([d for d in decisions if d.credits], by_decision)
            insert([revision for revision in revisions if revision])

    def _item(self, decision: Decision) -> ImportItem:
        read, raw = decision.read, decision.raw
        settled = decision.outcome in (Outcome.UNCHANGED, Outcome.SKIPPED)
        return ImportItem(
            run=self.run,
            name=printable(read.name),
            sha256=read.sha256,
            raw=None if settled and raw is None and read.layout is None else read.raw,
            layout=read.layout,
            external_id=raw.external_id if raw else "",
            fingerprint=raw.plain.fingerprint if raw else "",
            outcome=decision.outcome,
            reason=printable(decision.reason),
        )

    # -------------------------------------------------------------- articles
    def _create(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            decision.article = self._article(decision)
        insert([decision.article for decision in decisions])
        for decision in decisions:
            self._touch(decision.article)
        self._mention(decisions)
        self._tag(decisions)

    def _article(self, decision: Decision) -> Article:
        raw = decision.raw
        article = Article(
            source_id=self.outlets.meet(raw),
            category_id=self.keywords.propose(raw.title, raw.plain.text),
            status=Article.Status.REVIEW if decision.outcome == Outcome.REVIEW else Article.Status.PUBLISHED,
            external_id=raw.external_id or None,
            legacy_path=raw.legacy_path,
            subtitle=raw.subtitle,
            original_title=raw.original_title,
            page=raw.page,
            edition_date=raw.edition_date,
            updated_at=timezone.now(),
            **{name: getattr(raw, name) for name in REPLACED},
        )
        article.derive(raw.plain)
        return article

    def _update(self, decisions: list[Decision]) -> dict[int, Article]:
        """Put new text in place of old; what is replaced is kept in the revision that had brought it."""
        pks = {decision.match.pk for decision in decisions}
        articles = Article.objects.select_for_update().in_bulk(pks)
        for article in articles.values():
            Revision.objects.keep(article)
        for decision in decisions:
            decision.article = articles[decision.match.pk]
            self._replace(decision.article, decision.raw)
        if articles:
            Article.objects.bulk_update(articles.values(), CHANGED)
        return articles

    def _replace(self, article: Article, raw: RawArticle) -> None:
        self._touch(article)
        for name in REPLACED:
            setattr(article, name, getattr(raw, name) or getattr(article, name))
        if article.status == Article.Status.REVIEW and not raw.problems:
            article.status = Article.Status.PUBLISHED
        article.version += 1
        article.updated_at = timezone.now()
        article.derive(raw.plain)
        self._touch(article)

    def _credit(self, decisions: list[Decision], items: dict[Decision, ImportItem]) -> list[Revision]:
        """Put what stood in the roll alone under the outlet that its twin names, as a version of its own."""
        articles = Article.objects.select_for_update().in_bulk({decision.match.pk for decision in decisions})
        revisions = []
        for decision in decisions:
            article = articles[decision.match.pk]
            Revision.objects.keep(article)
            self._touch(article)
            article.source_id = self.outlets.meet(decision.raw)
            article.version += 1
            article.updated_at = timezone.now()
            self._touch(article)
            said = {
                "kind": Revision.Kind.IMPORT,
                "import_item": items[decision],
                "reason": "同文的一篇指明了来源",
            }
            revisions.append(Revision(article=article, version=article.version, **said))
        if articles:
            Article.objects.bulk_update(articles.values(), ["source", "updated_at"])
        return revisions

    def _touch(self, article: Article) -> None:
        if article.public_at:
            self.touched_sources.add(article.source_id)
            self.touched_days.add(timezone.localtime(article.public_at).date())

    # -------------------------------------------------------------- history
    def _revision(self, decision: Decision, item: ImportItem, updated: dict[int, Article]) -> Revision | None:
        """The line in an article's history that says what this input was to it."""
        if decision.outcome in (*NEW, Outcome.UPDATED):
            revision = Revision(article=decision.article, version=decision.article.version)
        elif decision.outcome == Outcome.CONFLICT:
            revision = Revision(article_id=decision.match.pk, state=Revision.State.PENDING)
            revision.snapshot = self._article(decision).kept()
        elif decision.outcome == Outcome.DUPLICATE:
            new = decision.match.decision
            pk = new.article.pk if new else decision.match.pk
            revision = Revision(article_id=pk, state=Revision.State.TWIN)
        else:
            return None
        revision.kind, revision.import_item, revision.reason = Revision.Kind.IMPORT, item, item.reason
        return revision

    # -------------------------------------------------------------- securities and tags
    def _mention(self, decisions: Iterable[Decision]) -> None:
        named = {one: None for d in decisions for one in d.raw.securities}
        if not named:
            return
        ids = self._securities(named)
        insert(
            [
                Mention(
                    article=d.article, security_id=ids[one.code, one.market], public_at=d.article.public_at
                )
                for d in decisions
                for one in d.raw.securities
            ]
        )

    def _securities(self, named: Iterable) -> dict[tuple[str, str], int]:
        """Ids by (code, market); unknown ones are made, nameless ones take the first name given."""
        codes = {one.code for one in named}
        known = {(s.code, s.market): s for s in Security.objects.filter(code__in=codes)}
        fresh = {}
        for one in named:
            security = known.get((one.code, one.market)) or fresh.setdefault(
                (one.code, one.market),
                Security(code=one.code, market=one.market, kind=one.kind, introduced_by=self.run),
            )
            if one.name and not security.name:
                security.name = one.name
                if security.pk:
                    security.save(update_fields=["name"])
        Security.objects.bulk_create(fresh.values())
        return {key: security.pk for key, security in (known | fresh).items()}

    def _tag(self, decisions: Iterable[Decision]) -> None:
        names = {name for d in decisions for name in d.raw.tags}
        if not names:
            return
        tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
        for name in sorted(names - tags.keys()):
            tags[name] = Tag.objects.create(name=name)
        insert(
            [
                TaggedArticle(content_object=d.article, tag=tags[name], public_at=d.article.public_at)
                for d in decisions
                for name in d.raw.tags
            ]
        )


def pk_of(decision: Decision) -> int | None:
    """The id of the article that a written decision made or concerns."""
    if decision.article is not None:
        return decision.article.pk
    match = decision.match
    if match is None:
        return None
    return match.decision.article.pk if match.decision and match.decision.article else match.pk
