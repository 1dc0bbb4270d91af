"""Write one batch of decisions: a handful of bulk statements in one transaction, however long the batch."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from taggit.models import Tag

from articles.bulk import insert, insert_rows
from articles.categorising import Keywords
from articles.deciding import EDITED, Decision
from articles.fronts import day_of
from articles.models import Article, Mention, Revision, Security, TaggedArticle
from articles.outlets import Outlets
from articles.pictures import keep_pictures
from articles.sketching import keep_sketches
from articles.waiting import supersede
from sources.formats.raw import RawArticle
from sources.models import ImportItem, ImportRun, Outcome
from sources.reading import printable

NEW = (Outcome.CREATED, Outcome.REVIEW)
# The columns that an import fills in, in the order in which their values are written.
ITEM = ("run_id", "name", "sha256", "raw", "layout", "external_id", "fingerprint", "outcome", "reason")
REVISION = (
    *("article_id", "version", "state", "snapshot", "kind", "import_item_id", "reason", "created_at"),
    "proposal",
)
# What a new version from the same source replaces; the rest is the editors' or the old address's.
REPLACED = ("title", "body_html", "digest", "byline", "editor", "original_url", "published_at")
CHANGED = (*REPLACED, "status", "text", "fingerprint", "public_at", "updated_at")
TAKEN = (*REPLACED, "legacy_path", "subtitle", "original_title", "page", "edition_date")
BLANK = {field.attname: field.get_default() for field in Article._meta.concrete_fields}


class Writer:
    """Writes batches for one run and knows which outlets and days the fronts must count anew."""

    def __init__(self, run: ImportRun, outlets: Outlets):
        self.run = run
        self.outlets = outlets
        self.keywords = Keywords()
        self.touched_sources: set[int] = set()
        self.touched_days: set = set()
        self.forget()

    def forget(self) -> None:
        """Look outlets and securities up anew: the transaction that introduced some was rolled back."""
        self.outlets.forget()
        self.met: dict[tuple[str, str], Security] = {}

    def write(self, decisions: list[Decision]) -> None:
        """Write all or nothing. Raises what the database raises; then nothing of the batch is kept."""
        self.now = timezone.now()
        with transaction.atomic():
            self._give_way([d for d in decisions if d.outcome == Outcome.UPDATED or d.credits])
            for decision in decisions:
                if decision.address:
                    self.outlets.learn(decision.address)
            items = insert_rows(ImportItem, ITEM, [self._item(decision) for decision in decisions])
            self._create([d for d in decisions if d.outcome in NEW])
            self._update([d for d in decisions if d.outcome == Outcome.UPDATED])
            supersede(d.match.pk for d in decisions if d.outcome in (Outcome.UPDATED, Outcome.CONFLICT))
            keep_pictures((d.article, d.raw.pictures) for d in decisions if d.article and d.raw.pictures)
            history = [self._revision(*pair) for pair in zip(decisions, items, strict=True)]
            history += self._credit([pair for pair in zip(decisions, items, strict=True) if pair[0].credits])
            insert_rows(Revision, REVISION, [row for row in history if row])

    def _give_way(self, changing: list[Decision]) -> None:
        """Leave to an editor what he has saved since it was looked up; till we are done nobody saves any more of it."""
        if not changing:
            return
        articles = Article.objects.select_for_update().filter(pk__in=[d.match.pk for d in changing])
        edited = {pk for pk, at in articles.order_by("pk").values_list("pk", "edited_at") if at}
        for decision in changing:
            if decision.match.pk in edited:
                decision.credits = False
                if decision.outcome == Outcome.UPDATED:
                    decision.outcome, decision.reason = Outcome.CONFLICT, EDITED

    def _item(self, decision: Decision) -> tuple:
        read, raw = decision.read, decision.raw
        settled = decision.outcome in (Outcome.UNCHANGED, Outcome.SKIPPED)
        return (
            self.run.pk,
            printable(read.name),
            read.sha256,
            None if settled and raw is None and read.layout is None else read.raw,
            read.layout,
            raw.external_id if raw else "",
            raw.plain.fingerprint if raw else "",
            decision.outcome,
            printable(decision.reason),
        )

    # -------------------------------------------------------------- articles
    def _create(self, decisions: list[Decision]) -> None:
        self.outlets.expect([decision.raw for decision in decisions])
        for decision in decisions:
            decision.article = self._article(decision)
        insert([decision.article for decision in decisions])
        for decision in decisions:
            # From here on the match says itself which article it is; holding one another, both would stay in memory.
            decision.match.pk, decision.match.decision = decision.article.pk, None
            self._touch(decision.article)
        self._mention(decisions)
        self._tag(decisions)
        keep_sketches((d.article, d.raw.sketch) for d in decisions if d.raw.sketch)

    def _article(self, decision: Decision) -> Article:
        raw = decision.raw
        review = decision.outcome == Outcome.REVIEW
        proposal = self.keywords.propose(raw.title, raw.plain.text)
        said = {
            "source_id": self.outlets.meet(raw),
            "category_id": proposal.category,
            "status": Article.Status.REVIEW if review else Article.Status.PUBLISHED,
            "external_id": raw.external_id or None,
            "created_at": self.now,
            "updated_at": self.now,
        }
        taken = {name: getattr(raw, name) for name in TAKEN}
        # By position, which spares Django looking for each of thirty fields among the keywords.
        article = Article(*(BLANK | taken | said).values())
        article.derive(raw.plain)
        article.proposal = proposal.why
        return article

    def _update(self, decisions: list[Decision]) -> None:
        """Put new text in place of old; what is replaced is kept in the revision that had brought it."""
        pks = {decision.match.pk for decision in decisions}
        articles = Article.objects.in_bulk(pks)
        for article in articles.values():
            Revision.objects.keep(article)
        for decision in decisions:
            decision.article = articles[decision.match.pk]
            self._replace(decision.article, decision.raw)
        if articles:
            Article.objects.bulk_update(articles.values(), CHANGED)

    def _replace(self, article: Article, raw: RawArticle) -> None:
        self._touch(article)
        for name in REPLACED:
            setattr(article, name, getattr(raw, name) or getattr(article, name))
        if article.status == Article.Status.REVIEW and not raw.problems:
            article.status = Article.Status.PUBLISHED
        article.version += 1
        article.updated_at = self.now
        article.derive(raw.plain)
        self._touch(article)

    def _credit(self, decisions: list[tuple[Decision, int]]) -> list[tuple]:
        """Put what stood in the roll alone under the outlet that its twin names, as a version of its own."""
        pks = {decision.match.pk for decision, _ in decisions}
        articles = Article.objects.in_bulk(pks)
        history = []
        for decision, item in decisions:
            article = articles[decision.match.pk]
            Revision.objects.keep(article)
            self._touch(article)
            article.source_id = self.outlets.meet(decision.raw)
            article.version += 1
            article.updated_at = self.now
            self._touch(article)
            applied, kind = Revision.State.APPLIED, Revision.Kind.IMPORT
            made = (
                article.pk,
                article.version,
                applied,
                None,
                kind,
                item,
                "同文的一篇指明了来源",
                self.now,
                "",
            )
            history.append(made)
        if articles:
            Article.objects.bulk_update(articles.values(), ["source", "updated_at"])
        return history

    def _touch(self, article: Article) -> None:
        if article.public_at:
            self.touched_sources.add(article.source_id)
            self.touched_days.add(day_of(article.public_at))

    # -------------------------------------------------------------- history
    def _revision(self, decision: Decision, item: int) -> tuple | None:
        """The line in an article's history that says what this input was to it."""
        pk, version, state, snapshot = pk_of(decision), None, Revision.State.APPLIED, None
        proposal = ""
        if decision.outcome in (*NEW, Outcome.UPDATED):
            version, proposal = decision.article.version, decision.article.proposal
        elif decision.outcome == Outcome.CONFLICT:
            state, snapshot = Revision.State.PENDING, self._article(decision).kept()
        elif decision.outcome == Outcome.DUPLICATE:
            state = Revision.State.TWIN
        else:
            return None
        kind, reason = Revision.Kind.IMPORT, printable(decision.reason)
        return pk, version, state, snapshot, kind, item, reason, self.now, proposal

    # -------------------------------------------------------------- securities and tags
    def _mention(self, decisions: Iterable[Decision]) -> None:
        named = {one: None for d in decisions for one in d.raw.securities}
        if not named:
            return
        self._meet(named)
        rows = [
            (d.article.public_at, d.article.pk, self.met[one.code, one.market].pk)
            for d in decisions
            for one in d.raw.securities
        ]
        insert_rows(Mention, ("public_at", "article_id", "security_id"), rows)

    def _meet(self, named: Iterable) -> None:
        """Find each security by (code, market); unknown ones are made, nameless ones take the first name given."""
        codes = {one.code for one in named if (one.code, one.market) not in self.met}
        if codes:
            self.met |= {(s.code, s.market): s for s in Security.objects.filter(code__among=codes)}
        fresh = {}
        for one in named:
            security = self.met.get((one.code, one.market)) or fresh.setdefault(
                (one.code, one.market),
                Security(code=one.code, market=one.market, kind=one.kind, introduced_by=self.run),
            )
            if one.name and not security.name:
                security.name = one.name
                if security.pk:
                    self._say_named(security)
        Security.objects.bulk_create(fresh.values())
        self.met |= fresh

    def _say_named(self, security: Security) -> None:
        """Give an older security its name, and write down that this run did, so that undoing it can take it back."""
        if not Security.objects.filter(pk=security.pk, name="").update(name=security.name):
            return  # somebody was quicker
        self.run.options.setdefault("named", {})[str(security.pk)] = security.name
        self.run.save(update_fields=["options"])

    def _tag(self, decisions: Iterable[Decision]) -> None:
        names = {name for d in decisions for name in d.raw.tags}
        if not names:
            return
        tags = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
        for name in sorted(names - tags.keys()):
            tags[name] = Tag.objects.create(name=name)
        rows = [(d.article.public_at, d.article.pk, tags[name].pk) for d in decisions for name in d.raw.tags]
        insert_rows(TaggedArticle, ("public_at", "content_object_id", "tag_id"), rows)


def pk_of(decision: Decision) -> int | None:
    """The id of the article that a written decision made or concerns."""
    if decision.article is not None:
        return decision.article.pk
    return decision.match.pk if decision.match else None
