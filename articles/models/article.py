"""Articles, how they are published, and the lock that keeps two writers from overwriting each other."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db import connection, models, transaction
from django.db.models import F, Q
from django.db.models.signals import post_save
from django.utils import timezone
from taggit.managers import TaggableManager

from articles.addresses import address
from articles.models.category import Category
from articles.models.revision import Revision
from articles.models.story import Story
from articles.models.summaries import DayFront, OutletFront, day_of
from articles.models.tags_and_securities import Mention, TaggedArticle, TagsBySpelling
from sources.text.plain import Plain, is_lead, read_plain
from sources.text.sanitize import sanitize_html
from sources.text.visible import is_blank


class StaleArticle(Exception):
    """The article was changed since this copy was read; nothing was written."""


class ArticleQuerySet(models.QuerySet):
    def published(self, at: datetime | None = None):
        """What readers may see at a moment (default: now). The only definition of “published”."""
        return self.filter(public_at__lte=at or timezone.now())

    def newest_first(self):
        return self.order_by("-public_at", "-id")

    def as_rows(self, *more: str):
        """What a list prints of each article, as dicts: half the time of making model instances.

        Keys: id, title, digest, at (public_at), outlet, outlet_slug, and the columns named in `more`.
        """
        named = {"at": F("public_at"), "outlet": F("source__name"), "outlet_slug": F("source__slug")}
        return self.values("id", "title", "digest", *more, **named)

    def refresh_summaries(self, sources, days) -> None:
        """Refresh the summaries of these outlets (ids) and days."""
        OutletFront.objects.refresh(self.published(), sources)
        DayFront.objects.refresh(self.published(), days)

    def file_under(self, stories: dict[int, int | None]) -> None:
        """Set the story (id or None) of articles (ids). Their text stays the same, so this makes no new version."""
        with connection.cursor() as cursor:
            sql = f"UPDATE {self.model._meta.db_table} SET story_id = %s WHERE id = %s"
            cursor.executemany(sql, [(story, pk) for pk, story in stories.items()])

    def update_versioned(self, **fields) -> int:
        """`update` for what readers or editors can see: it also raises each article's version, so that a copy read
        before can no longer be saved, and the change log has it. Plain `update` does neither."""
        return self.update(**({"version": F("version") + 1} | fields))


HEADLINE_FIELDS = (
    *("title", "digest", "byline", "public_at", "published_at", "status"),
    *("source__name", "source__slug"),
)


class Article(models.Model):
    """稿件. Write through `save` or `revise`: both refuse to overwrite a change made since the copy was read."""

    class Status(models.TextChoices):
        DRAFT = "draft", "草稿"
        REVIEW = "review", "待审"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤"

    source = models.ForeignKey("sources.Source", models.PROTECT, db_index=False, verbose_name="来源")
    category = models.ForeignKey(
        Category, models.SET_NULL, null=True, blank=True, db_index=False, verbose_name="栏目"
    )
    # Set by articles.stories.group and the editors' decisions on stories, never by saving an article.
    story = models.ForeignKey(
        Story, models.SET_NULL, null=True, editable=False, db_index=False, related_name="members"
    )
    status = models.CharField("状态", max_length=9, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1, editable=False)
    # How many of its versions are bulk updates (articles.revisions.bulk_revise): they change no text, so readers are
    # not told of them.
    sweeps = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # published_at while it is published, null otherwise. Every list filters by it.
    public_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    created_at = models.DateTimeField("收录时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    # When an editor last changed it; set, it keeps imports from overwriting the article.
    edited_at = models.DateTimeField(null=True, editable=False)
    # As in the file's name (NW… kept); unique where there is one.
    external_id = models.CharField("稿件编号", max_length=300, null=True, blank=True)  # noqa: DJ001
    fingerprint = models.CharField(max_length=32, editable=False)
    legacy_path = models.CharField("旧地址", max_length=400, blank=True, help_text="旧站上的路径。")
    original_url = models.URLField("原文链接", max_length=2000, blank=True)
    byline = models.CharField("作者／记者", max_length=200, blank=True)
    editor = models.CharField("责任编辑", max_length=100, blank=True)
    page = models.CharField("版次", max_length=50, blank=True)
    edition_date = models.DateField("见报日期", null=True, blank=True)
    title = models.CharField("标题", max_length=500, blank=True)
    subtitle = models.CharField("副题", max_length=500, blank=True)
    original_title = models.CharField(
        "原标题", max_length=500, blank=True, help_text="来源所用的标题；改标题时原样留在这里。"
    )
    digest = models.TextField("摘要", blank=True, help_text="留空则取正文开头。")
    text = models.TextField(editable=False)
    body_html = models.TextField("正文", blank=True)

    # Why its section was proposed: set by the importer, stored in the revision.
    proposal = ""

    tags = TaggableManager("标签", through="TaggedArticle", blank=True, manager=TagsBySpelling)
    securities = models.ManyToManyField("Security", through="Mention", related_name="articles")

    objects = ArticleQuerySet.as_manager()

    # What an editor or an import can change, and so what a revision stores.
    KEPT = (
        *("source_id", "category_id", "status", "published_at", "original_url", "byline", "editor", "page"),
        *("edition_date", "title", "subtitle", "original_title", "digest", "body_html"),
    )

    # What `derive` and saving itself set, whichever fields a caller names.
    DERIVED = ("body_html", "digest", "text", "fingerprint", "public_at", "external_id", "updated_at")

    class Meta:
        verbose_name = verbose_name_plural = "稿件"
        permissions = [("publish_article", "可以发布和撤下稿件")]
        indexes = [
            models.Index(fields=["-public_at", "-id"], name="article_newest"),
            models.Index(fields=["source", "-public_at", "-id"], name="article_of_source"),
            models.Index(fields=["category", "-public_at", "-id"], name="article_of_category"),
            models.Index(fields=["status", "-id"], name="article_status"),
            models.Index(fields=["fingerprint"], name="article_fingerprint"),
            models.Index(fields=["legacy_path"], name="article_legacy_path"),
            # Partial: few articles have a story, and imports insert none.
            models.Index(
                fields=["story", "public_at"], name="article_of_story", condition=Q(story__isnull=False)
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["external_id"], name="article_external_id_once"),
            models.CheckConstraint(
                condition=(Q(status="published", public_at=F("published_at")) & ~Q(title=""))
                | (~Q(status="published") & Q(public_at=None)),
                name="article_public_when_published",
                violation_error_message="要发布，先填好标题和发布时间。",
            ),
        ]

    def __str__(self):
        return self.title or f"（无标题 {self.pk}）"

    def save(self, *, update_fields=None, using=None, **kwargs):
        """Insert a new article, or write over the stored one if it is still at the version this copy was read at.

        Raises StaleArticle otherwise.
        """
        with transaction.atomic():
            if self._state.adding:
                self.derive()
                # With force_insert an id that is taken is an error; without, its row would be overwritten unseen.
                super().save(using=using, force_insert=True)
                self._refresh_summaries(None)
            else:
                self._write_over(self._locked_row(), update_fields)

    def get_absolute_url(self):
        return address("article", self.pk)

    @property
    def is_public(self) -> bool:
        return self.public_at is not None and self.public_at <= timezone.now()

    def missing(self) -> list[str]:
        """What is missing for publication, in words; empty when it is complete. What nobody can see is missing."""
        lacks = {
            "标题": is_blank(self.title),
            "发布时间": self.published_at is None,
            "正文": is_blank(self.text),
        }
        return [what for what, is_missing in lacks.items() if is_missing]

    def derive(self, plain: Plain | None = None) -> None:
        """Set every derived field. `plain` is the plain text, if a reader has made it already."""
        if plain is None:
            self.body_html = sanitize_html(self.body_html)
            plain = read_plain(self.title, self.body_html)
        if not self.digest or is_lead(self.digest, self.text):
            self.digest = plain.lead
        self.text = plain.text
        self.fingerprint = plain.fingerprint
        self.public_at = self.published_at if self.status == self.Status.PUBLISHED else None
        self.external_id = self.external_id or None

    # -------------------------------------------------------------- the lock
    def _locked_row(self) -> "Article":
        """The article as it is stored, locked until the transaction ends. Raises StaleArticle if it has moved on."""
        stored = Article.objects.select_for_update().get(pk=self.pk)
        if stored.version != self.version:
            raise StaleArticle(f"稿件 {self.pk} 已被别人改过")
        return stored

    def _write_over(self, stored: "Article", names: Iterable[str] | None = None) -> None:
        """Replace `stored` by this copy as the next version; `names` limits it to some fields and what follows them.

        The version is a condition of the UPDATE itself, because SQLite has no row locks. `Model.save` takes no
        condition, so the UPDATE is made here, and Django's signal sent for those who listen to it.
        """
        self.derive()
        columns = self._columns(names)
        values = {field.attname: field.pre_save(self, add=False) for field in columns}
        rows = Article.objects.filter(pk=self.pk, version=stored.version)
        if not rows.update(**values, version=stored.version + 1):
            raise StaleArticle(f"稿件 {self.pk} 已被别人改过")
        self.version = stored.version + 1
        if self.public_at != stored.public_at:
            for through in (TaggedArticle, Mention):
                through.objects.filter(**{through.LISTS: self}).update(public_at=self.public_at)
        self._refresh_summaries(stored)
        post_save.send(Article, instance=self, created=False, update_fields=names, raw=False, using=rows.db)

    def _columns(self, names: Iterable[str] | None) -> list[models.Field]:
        """What a version writes: all that was loaded but the story, which saving an article never moves."""
        left_out = self.get_deferred_fields() | {"id", "story_id", "version"}
        fields = [field for field in self._meta.concrete_fields if field.attname not in left_out]
        wanted = {*names, *self.DERIVED} if names is not None else None
        return [field for field in fields if wanted is None or wanted & {field.name, field.attname}]

    def _refresh_summaries(self, stored: "Article | None") -> None:
        """Refresh the summaries that show something of this article other than they did (of a new one, all)."""
        before, after = stored and stored._headline(), self._headline()
        if before != after:
            shown = [one for one in (before, after) if one]
            days = Counter(day_of(at) for _, at, _ in shown)
            moved = [day for day, articles in days.items() if articles == 1]
            Article.objects.refresh_summaries({source for source, _, _ in shown}, moved)

    def _headline(self) -> tuple[int, datetime, str] | None:
        """All that summaries show of an article; None while it is not published."""
        return (self.source_id, self.public_at, self.title) if self.public_at else None

    def kept(self) -> dict:
        """The fields a revision keeps, as JSON can hold them (dates as ISO text)."""
        fields = {name: getattr(self, name) for name in (*self.KEPT, "updated_at")}
        return {name: v.isoformat() if hasattr(v, "isoformat") else v for name, v in fields.items()}

    @classmethod
    def read_kept(cls, kept: dict) -> dict:
        """The inverse of `kept`; a missing text becomes an empty one."""
        fields = {name: cls._meta.get_field(name) for name in cls.KEPT}
        values = {name: field.to_python(kept.get(name)) for name, field in fields.items()}
        return {n: "" if v is None and fields[n].empty_strings_allowed else v for n, v in values.items()}

    def revise(self, kind: str, editor=None, reason: str = "") -> "Revision":
        """Save this copy as the article's next version, and keep the one it replaces in its revision.

        `editor` is the user who did it. Raises StaleArticle if the article was changed since it was read.
        """
        with transaction.atomic():
            replaced = self._locked_row()
            Revision.objects.keep(replaced)
            if kind == Revision.Kind.EDIT and self.title != replaced.title:
                # Keep the source's own title when an editor changes it.
                self.original_title = self.original_title or replaced.original_title or replaced.title
            self.edited_at = timezone.now() if editor else self.edited_at
            self._write_over(replaced)
            return self.revisions.create(version=self.version, kind=kind, editor=editor, reason=reason)
