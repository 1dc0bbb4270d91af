"""Write one batch of decisions: a constant number of bulk statements in one transaction."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from taggit.models import Tag

from articles.db.bulk_rows import insert, insert_rows
from articles.importing.match import EDITED, Decision
from articles.importing.outlets import Outlets
from articles.models import Article, Namesake, Revision, Security
from articles.models.summaries import day_of
from articles.models.tags_and_securities import TagSpelling, tag_key
from articles.pictures.record import record_pictures
from articles.revisions.bulk_revise import rewriting
from articles.revisions.fields import LISTS, REPLACED, Joined
from articles.revisions.list_rows import missing_rows
from articles.revisions.pending import supersede
from articles.stories.signatures import save_signatures
from articles.taxonomy.section_rules import Keywords
from sources.formats.raw_article import RawArticle
from sources.models import ImportItem, ImportRun, Outcome
from sources.reading.read import as_stored, printable

NEW = (Outcome.CREATED, Outcome.REVIEW)
# The columns that an import fills, in the order of the tuples below.
ITEM = (
    "run_id",
    "name",
    "sha256",
    "raw",
    "layout",
    "external_id",
    "fingerprint",
    "outlet",
    "outcome",
    "reason",
    "problems",
)
REVISION = (
    *("article_id", "version", "state", "snapshot", "kind", "import_item_id", "reason", "created_at"),
    "proposal",
)
TAKEN = (*REPLACED, "legacy_path", "subtitle", "original_title", "page", "edition_date")
LARGEST_SKIPPED = 64 * 1024  # bytes, packed, of a text that is no article
BLANK = {field.attname: field.get_default() for field in Article._meta.concrete_fields}


class Writer:
    """Writes batches for one run and collects the outlets and days whose summaries change."""

    def __init__(self, run: ImportRun, outlets: Outlets):
        self.run = run
        self.outlets = outlets
        self.keywords = Keywords()
        self.touched_sources: set[int] = set()
        self.touched_days: set = set()
        self.forget()

    def forget(self) -> None:
        """Load outlets and securities again, after the transaction that created some was rolled back."""
        self.outlets.forget()
        self.run.refresh_from_db(fields=["new_tags", "named_securities"])
        self.met: dict[tuple[str, str], Security] = {}

    def write(self, decisions: list[Decision]) -> None:
        """Write the batch, all or nothing. Raises what the database raises."""
        self.now = timezone.now()
        with transaction.atomic():
            self._yield_to_editor([d for d in decisions if d.outcome == Outcome.UPDATED or d.credits])
            for decision in decisions:
                if decision.address:
                    self.outlets.learn(decision.address)
            items = insert_rows(ImportItem, ITEM, [self._item(decision) for decision in decisions])
            self._create([d for d in decisions if d.outcome in NEW])
            self._update([d for d in decisions if d.outcome == Outcome.UPDATED])
            changing = (Outcome.UPDATED, Outcome.CONFLICT)
            supersede(d.match.pk for d in decisions if d.match and d.outcome in changing)
            record_pictures((d.article, d.raw.pictures) for d in decisions if d.article and d.raw.pictures)
            history = [self._revision(*pair) for pair in zip(decisions, items, strict=True)]
            history += self._credit_to_outlet(
                [pair for pair in zip(decisions, items, strict=True) if pair[0].credits]
            )
            insert_rows(Revision, REVISION, [row for row in history if row])

    def _yield_to_editor(self, changing: list[Decision]) -> None:
        """Lock the rows; if an editor saved one since look-up, the editor wins."""
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
        problems = raw.problems if raw else decision.problem and [decision.problem]
        return (
            self.run.pk,
            printable(read.name),
            read.sha256,
            read.raw if _keeps_raw(decision) else None,
            read.layout,
            raw.external_id if raw else old_page(decision.address.slug) if decision.address else "",
            raw.plain.fingerprint if raw else "",
            printable(self.outlets.said_by(raw)) if raw else "",
            decision.outcome,
            printable(decision.reason),
            as_stored(problems) if problems else None,
        )

    # -------------------------------------------------------------- articles
    def _create(self, decisions: list[Decision]) -> None:
        self.outlets.expect([decision.raw for decision in decisions])
        for decision in decisions:
            decision.article = self._article(decision)
        insert([decision.article for decision in decisions])
        for decision in decisions:
            # The match now has its key; drop the reference back, a cycle that would stay in memory.
            decision.match.pk, decision.match.decision = decision.article.pk, None
            self._touch(decision.article)
        apart = [Namesake(article=d.article, external_id=d.raw.external_id) for d in decisions if d.apart]
        Namesake.objects.bulk_create(apart)
        for column, find in (("security_id", self._securities), ("tag_id", self._tags)):
            self._add_to_lists(column, ((d.article, one) for d, ids in find(decisions) for one in ids))
        save_signatures((d.article, d.raw.sketch) for d in decisions if d.raw.sketch)

    def _article(self, decision: Decision) -> Article:
        raw = decision.raw
        review = decision.outcome == Outcome.REVIEW
        proposal = self.keywords.propose(raw.title, raw.plain.text)
        said = {
            "source_id": self.outlets.meet(raw),
            "category_id": proposal.category,
            "status": Article.Status.REVIEW if review else Article.Status.PUBLISHED,
            "external_id": None if decision.apart else raw.external_id or None,
            "created_at": self.now,
            "updated_at": self.now,
        }
        taken = {name: getattr(raw, name) for name in TAKEN}
        # By position: faster than thirty keywords, which Django would look up one by one.
        article = Article(*(BLANK | taken | said).values())
        article.derive(raw.plain)
        article.proposal = proposal.why
        return article

    def _update(self, decisions: list[Decision]) -> None:
        """Replace the texts; the revision that had brought the old one keeps it as a snapshot."""
        articles = Article.objects.in_bulk({decision.match.pk for decision in decisions})
        if not articles:
            return
        joined = self._new_lists(decisions)
        with rewriting(articles, joined):
            for decision in decisions:
                decision.article = articles[decision.match.pk]
                self._replace(decision.article, decision.raw)
        for column in LISTS:
            lists = ((articles[pk], one) for pk, its in joined.items() for one in its.get(column, ()))
            self._add_to_lists(column, lists)

    def _new_lists(self, decisions: list[Decision]) -> Joined:
        """The securities and tags that updated articles do not have yet. They lose none: a text without links still
        names its securities."""
        joined: Joined = {}
        for column, find in (("security_id", self._securities), ("tag_id", self._tags)):
            wanted = {decision.match.pk: ids for decision, ids in find(decisions)}
            for pk, ids in missing_rows(column, wanted).items() if wanted else ():
                joined.setdefault(pk, {})[column] = ids
        return joined

    def _replace(self, article: Article, raw: RawArticle) -> None:
        self._touch(article)
        for name in REPLACED:
            setattr(article, name, getattr(raw, name) or getattr(article, name))
        if article.status == Article.Status.REVIEW and not raw.problems:
            article.status = Article.Status.PUBLISHED
        article.derive(raw.plain)
        self._touch(article)

    def _credit_to_outlet(self, decisions: list[tuple[Decision, int]]) -> list[tuple]:
        """Credit articles known only from a roll to the outlet that their duplicate names, as a version of its own."""
        articles = Article.objects.in_bulk({decision.match.pk for decision, _ in decisions})
        with rewriting(articles, columns=("source_id", "version", "updated_at")):
            for decision, _ in decisions:
                article = articles[decision.match.pk]
                self._touch(article)
                article.source_id = self.outlets.meet(decision.raw)
                self._touch(article)
        made = (Revision.State.APPLIED, None, Revision.Kind.IMPORT)
        why = ("同文的一篇指明了来源", self.now, "")
        return [(d.match.pk, articles[d.match.pk].version, *made, item, *why) for d, item in decisions]

    def _touch(self, article: Article) -> None:
        if article.public_at:
            self.touched_sources.add(article.source_id)
            self.touched_days.add(day_of(article.public_at))

    # -------------------------------------------------------------- history
    def _revision(self, decision: Decision, item: int) -> tuple | None:
        """The revision of this input in its article's history, as a row; None if it has no article."""
        pk, version, state, snapshot = pk_of(decision), None, Revision.State.APPLIED, None
        proposal = ""
        if decision.outcome in (*NEW, Outcome.UPDATED):
            version, proposal = decision.article.version, decision.article.proposal
        elif decision.outcome == Outcome.CONFLICT and decision.match:
            state, snapshot = Revision.State.PENDING, self._article(decision).kept()
        elif decision.outcome == Outcome.DUPLICATE:
            state = Revision.State.TWIN
        else:
            return None
        kind, reason = Revision.Kind.IMPORT, printable(decision.reason)
        return pk, version, state, snapshot, kind, item, reason, self.now, proposal

    # -------------------------------------------------------------- securities and tags
    def _add_to_lists(self, column: str, lists: Iterable[tuple[Article, int]]) -> None:
        """Add articles to the lists of securities or tags (ids)."""
        through = LISTS[column]
        names = ("public_at", f"{through.LISTS}_id", column)
        insert_rows(through, names, [(article.public_at, article.pk, one) for article, one in lists])

    def _securities(self, decisions: list[Decision]) -> list[tuple[Decision, list[int]]]:
        """The decisions that name securities, each with the securities' ids; unknown ones are created."""
        naming = [d for d in decisions if d.raw.securities]
        if named := {one: None for d in naming for one in d.raw.securities}:
            self._find_or_create(named)
        return [(d, [self.met[one.code, one.market].pk for one in d.raw.securities]) for d in naming]

    def _find_or_create(self, named: Iterable) -> None:
        """Find each security by (code, market); create unknown ones, give nameless ones the first name given."""
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
                    self._name_security(security)
        Security.objects.bulk_create(fresh.values())
        self.met |= fresh

    def _name_security(self, security: Security) -> None:
        """Name an older security, and note that this run did, so that undoing it can take the name back."""
        if not Security.objects.filter(pk=security.pk, name="").update(name=security.name):
            return  # another writer has named it
        self.run.named_securities[str(security.pk)] = security.name
        self.run.save(update_fields=["named_securities"])

    def _tags(self, decisions: list[Decision]) -> list[tuple[Decision, list[int]]]:
        """The decisions with tags, each with the tags' ids; unknown ones are created."""
        tagged = [d for d in decisions if d.raw.tags]
        names = {name for d in tagged for name in d.raw.tags}
        if not names:
            return []
        tags = {name: tag.pk for name, tag in TagSpelling.objects.tags(names).items()}
        if fresh := sorted(names - tags.keys()):
            alike = {tag_key(name): name for name in reversed(fresh)}  # one tag for names that read the same
            created = {key: Tag.objects.create(name=name).pk for key, name in alike.items()}
            tags |= {name: created[tag_key(name)] for name in fresh}
            # A tag has no field for the run that created it, and undo deletes only its own.
            self.run.new_tags.extend(created.values())
            self.run.save(update_fields=["new_tags"])
        return [(d, list(dict.fromkeys(tags[name] for name in d.raw.tags))) for d in tagged]


def old_page(slug: str) -> str:
    """The old address of a category page; the external id of the inputs that brought it."""
    return f"/category/{slug}.html"


def _keeps_raw(decision: Decision) -> bool:
    """Whether to store the bytes: not if an earlier input has them, nor large ones that are no article."""
    read = decision.read
    if decision.raw is not None or read.layout is not None:
        return True
    if decision.outcome == Outcome.SKIPPED and (read.skipped or decision.address):
        return len(read.raw or b"") <= LARGEST_SKIPPED
    return decision.outcome not in (Outcome.UNCHANGED, Outcome.SKIPPED)


def pk_of(decision: Decision) -> int | None:
    """The id of the article that a written decision created or matched."""
    if decision.article is not None:
        return decision.article.pk
    return decision.match.pk if decision.match else None
