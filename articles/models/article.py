"""What we keep and publish: articles, every version of them, and what they speak of."""

from datetime import datetime

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models import F, Q
from django.utils import timezone
from taggit.managers import TaggableManager
from taggit.models import ItemBase, Tag

from articles.models.category import Category
from articles.models.change_log import Change  # noqa: F401 (a model of this room)
from articles.models.summaries import DayFront, OutletFront, day_of
from articles.models.namesake import Namesake  # noqa: F401 (a model of this room)
from articles.pictures.record import Picture  # noqa: F401 (Django finds models here)
from articles.search.query.aliases import SearchAlias  # noqa: F401 (a model of this room)
from articles.search.query.unanswered import Unanswered  # noqa: F401 (a model of this room)
from articles.models.page_split import PageSplit  # noqa: F401 (a model of this room)
from articles.models.story import Parting, Sketch, Story  # noqa: F401 (Django finds models here)
from sources.text.plain import Plain, lead, read_plain
from sources.text.sanitize import sanitize_html


class StaleArticle(Exception):
    """Somebody else has changed the article since it was read; nothing was written."""


class ArticleQuerySet(models.QuerySet):
    def published(self, at: datetime | None = None):
        """What readers may see at a moment (now if none is given). The one place that says so."""
        return self.filter(public_at__lte=at or timezone.now())

    def newest_first(self):
        return self.order_by("-public_at", "-id")

    def headlines(self):
        """Newest first, with what a list prints and no bodies."""
        return self.newest_first().select_related("source").only(*HEADLINE_FIELDS)

    def on_day(self, start: datetime, end: datetime):
        """Public from `start` up to, not including, `end`."""
        return self.filter(public_at__gte=start, public_at__lt=end)

    def refresh_fronts(self, sources, days) -> None:
        """State anew what the front pages show of these outlets (ids) and days."""
        OutletFront.objects.refresh(self.published(), sources)
        DayFront.objects.refresh(self.published(), days)

    def file_under(self, stories: dict[int, int | None]) -> None:
        """Put articles (ids) under stories (ids, None for none). Says nothing new of an article: no new version."""
        with connection.cursor() as cursor:
            sql = f"UPDATE {self.model._meta.db_table} SET story_id = %s WHERE id = %s"
            cursor.executemany(sql, [(story, pk) for pk, story in stories.items()])

    def update(self, **fields):
        """As Django's, but counted as a change, so that nobody's stale copy overwrites it unseen."""
        return super().update(**({"version": F("version") + 1} | fields))


HEADLINE_FIELDS = (
    *("title", "digest", "byline", "public_at", "published_at", "status"),
    *("source__name", "source__slug"),
)


class Article(models.Model):
    """稿件. Write through `save` or `revise`: both refuse to overwrite a change they have not seen."""

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
    # How many of its versions left its words as they came (articles.revisions.bulk_revise): readers are told of no change.
    sweeps = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    # From when readers see it: published_at while it is published, empty otherwise. Every list reads it.
    public_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    created_at = models.DateTimeField("收录时间", default=timezone.now, editable=False)
    updated_at = models.DateTimeField("更新时间", auto_now=True)
    # When a person last changed it: an import never overwrites it from then on.
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

    # Why its section was proposed, from the import that makes it to the revision that keeps it.
    proposal = ""

    tags = TaggableManager("标签", through="TaggedArticle", blank=True)
    securities = models.ManyToManyField("Security", through="Mention", related_name="articles")

    objects = ArticleQuerySet.as_manager()

    # What an editor or an import can change, and so what a revision keeps.
    KEPT = (
        *("source_id", "category_id", "status", "published_at", "original_url", "byline", "editor", "page"),
        *("edition_date", "title", "subtitle", "original_title", "digest", "body_html"),
    )

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
            # Only of the few that have one: costs an import nothing.
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

    def save(self, *args, update_fields=None, **kwargs):
        """As Django's; raises StaleArticle when the row is no longer at the version this copy was read at."""
        self.derive()
        self._read_at = self.version
        if not self._state.adding:
            self.version += 1
        if update_fields is not None:
            update_fields = {*update_fields, "version", "updated_at", "public_at"}
            update_fields |= {"text", "fingerprint", "digest", "body_html"}
        try:
            with transaction.atomic():
                super().save(*args, update_fields=update_fields, **kwargs)
                self._tell_the_lists()
        except BaseException:
            self.version = self._read_at
            raise

    def get_absolute_url(self):
        return f"/articles/{self.pk}/"

    @property
    def is_public(self) -> bool:
        return self.public_at is not None and self.public_at <= timezone.now()

    def missing(self) -> list[str]:
        """What it lacks to be published, in words; empty when it is complete."""
        lacks = {"标题": self.title, "发布时间": self.published_at, "正文": self.text}
        return [what for what, value in lacks.items() if not value]

    def derive(self, plain: Plain | None = None) -> None:
        """Make every field that follows from others; `plain` spares the work a reader has done already."""
        if plain is None:
            self.body_html = sanitize_html(self.body_html)
            plain = read_plain(self.title, self.body_html)
        if self.digest in ("", lead(self.text)):
            self.digest = plain.lead
        self.text = plain.text
        self.fingerprint = plain.fingerprint
        self.public_at = self.published_at if self.status == self.Status.PUBLISHED else None
        self.external_id = self.external_id or None

    def _do_update(self, base_qs, using, pk_val, values, *args, **kwargs):
        values = [value for value in values if value[0].name != "story"]
        as_read = base_qs.filter(version=self._read_at)
        rows = super()._do_update(as_read, using, pk_val, values, *args, **kwargs)
        if not rows and base_qs.filter(pk=pk_val).exists():
            raise StaleArticle(f"稿件 {pk_val} 已被别人改过")
        return rows

    def _tell_the_lists(self):
        """Carry `public_at` to the rows that lists of tags and securities are read from, and to the fronts."""
        for through in (TaggedArticle, Mention):
            through.objects.filter(**{through.LISTS: self}).update(public_at=self.public_at)
        moments = {at for at in (self.public_at, self._public_as_read()) if at}
        Article.objects.refresh_fronts(
            {self.source_id, self._source_as_read()}, {day_of(at) for at in moments}
        )

    def _source_as_read(self):
        return self.__dict__.get("_as_read", {}).get("source_id", self.source_id)

    def _public_as_read(self):
        return self.__dict__.get("_as_read", {}).get("public_at")

    @classmethod
    def from_db(cls, db, field_names, values, **kwargs):
        article = super().from_db(db, field_names, values, **kwargs)
        known = article.__dict__
        article._as_read = {name: known[name] for name in ("source_id", "public_at") if name in known}
        return article

    def kept(self) -> dict:
        """The fields a revision keeps, as JSON can hold them (dates as ISO text)."""
        fields = {name: getattr(self, name) for name in (*self.KEPT, "updated_at")}
        return {name: v.isoformat() if hasattr(v, "isoformat") else v for name, v in fields.items()}

    @classmethod
    def read_kept(cls, kept: dict) -> dict:
        """What `kept` wrote, as the model has it; a text that is missing is an empty one."""
        fields = {name: cls._meta.get_field(name) for name in cls.KEPT}
        values = {name: field.to_python(kept.get(name)) for name, field in fields.items()}
        return {n: "" if v is None and fields[n].empty_strings_allowed else v for n, v in values.items()}

    def revise(self, kind: str, editor=None, reason: str = "") -> "Revision":
        """Save this copy as the article's next version; what it replaces is kept.

        `editor` is the user who did it. Raises StaleArticle when the article has moved on since it was read.
        """
        with transaction.atomic():
            replaced = Article.objects.select_for_update().get(pk=self.pk)
            Revision.objects.keep(replaced)
            if kind == Revision.Kind.EDIT and self.title != replaced.title:
                # What the source had called it stays to be seen, whatever an editor calls it.
                self.original_title = self.original_title or replaced.original_title or replaced.title
            self.edited_at = timezone.now() if editor else self.edited_at
            self.save()
            return self.revisions.create(version=self.version, kind=kind, editor=editor, reason=reason)


class TaggedArticle(ItemBase):
    """A tag on an article; `public_at` is the article's, so that one index serves a tag's list."""

    LISTS = "content_object"
    content_object = models.ForeignKey(Article, models.CASCADE, related_name="tagged", db_index=False)
    # Both have their index below.
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="articles_taggedarticle_items", db_index=False)
    public_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once")]
        indexes = [models.Index(fields=["tag", "-public_at", "-content_object"], name="tagged_newest")]

    def save(self, *args, **kwargs):
        self.public_at = self.content_object.public_at
        super().save(*args, **kwargs)


class Security(models.Model):
    """证券: a share, board or index, by its code and market (601939.SH, 00939.HK, BK0493.BK)."""

    class Kind(models.TextChoices):
        SHARE = "share", "股票"
        BOARD = "board", "板块"
        INDEX = "index", "指数"

    code = models.CharField("代码", max_length=16)
    market = models.CharField("市场", max_length=4)
    name = models.CharField("名称", max_length=100, blank=True)
    kind = models.CharField("类型", max_length=5, choices=Kind, default=Kind.SHARE)
    introduced_by = models.ForeignKey(
        "sources.ImportRun", models.SET_NULL, null=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "证券"
        ordering = ["market", "code"]
        constraints = [models.UniqueConstraint(fields=["code", "market"], name="security_once")]

    def __str__(self):
        return f"{self.name} {self.symbol}".strip()

    def get_absolute_url(self):
        return f"/securities/{self.symbol}/"

    @property
    def symbol(self) -> str:
        return f"{self.code}.{self.market}"


class Mention(models.Model):
    """An article speaks of a security; `public_at` is the article's, so that one index serves its list."""

    LISTS = "article"
    article = models.ForeignKey(Article, models.CASCADE, related_name="mentions", db_index=False)
    security = models.ForeignKey(Security, models.CASCADE, related_name="mentions", db_index=False)
    public_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "提及"
        constraints = [models.UniqueConstraint(fields=["article", "security"], name="mention_once")]
        indexes = [models.Index(fields=["security", "-public_at", "-article"], name="mention_newest")]

    def __str__(self):
        return f"{self.security}"


class RevisionQuerySet(models.QuerySet):
    def keep(self, article: Article) -> None:
        """Write down the article's present text in the revision that brought it, before it is replaced.

        The newest revision holds no text of its own while it is the one in force: the article has it.
        """
        in_force = self.filter(article=article, version=article.version, snapshot__isnull=True)
        if not in_force.update(snapshot=article.kept()):
            self.create(
                article=article, version=article.version, kind=Revision.Kind.EDIT, snapshot=article.kept()
            )


class Revision(models.Model):
    """版本: who or which import made a version, when and why, and the text as it then was."""

    class Kind(models.TextChoices):
        IMPORT = "import", "导入"
        EDIT = "edit", "编辑"
        CORRECTION = "correction", "更正"
        WITHDRAWAL = "withdrawal", "撤下"
        RESTORE = "restore", "恢复"
        UNDO = "undo", "撤销导入"
        MERGE = "merge", "合并来源"
        UNMERGE = "unmerge", "撤销合并"
        SECTION = "section", "按规则归栏"
        RECONCILE = "reconcile", "合并新稿"
        RECLEAN = "reclean", "重新清洗"

    class State(models.TextChoices):
        APPLIED = "applied", "已采用"
        PENDING = "pending", "待处理"
        DROPPED = "dropped", "未采用"
        TWIN = "twin", "同文"
        SUPERSEDED = "superseded", "已有更新的来源稿"

    article = models.ForeignKey(Article, models.CASCADE, "revisions", db_index=False, verbose_name="稿件")
    # The article's version that this made; empty for text that never was in force (pending, twin).
    version = models.PositiveIntegerField("版本", null=True)
    kind = models.CharField("缘由", max_length=10, choices=Kind)
    state = models.CharField("状态", max_length=10, choices=State, default=State.APPLIED)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,
        verbose_name="编辑",
    )
    import_item = models.ForeignKey(
        "sources.ImportItem", models.SET_NULL, null=True, related_name="revisions", verbose_name="导入条目"
    )
    reason = models.TextField("说明", blank=True)
    created_at = models.DateTimeField("时间", default=timezone.now)
    # Article.kept() as it then was; empty while this version is the one in force.
    snapshot = models.JSONField(null=True)
    # A sweep (articles.revisions.bulk_revise) changes a field or two of thousands of articles and copies no text. It says what
    # these fields held, so that the version before it can be told from the one it made.
    replaced = models.JSONField(null=True)
    merge = models.ForeignKey(
        "sources.SourceMerge", models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    # By which words the section was proposed.
    proposal = models.TextField(blank=True, default="", db_default="")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "版本"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["article", "version"], name="revision_once")]
        # The few that wait for an editor are found without reading the many.
        indexes = [
            models.Index(fields=["article"], name="revision_pending", condition=Q(state="pending")),
            models.Index(fields=["merge"], name="revision_merge", condition=Q(merge__isnull=False)),
            models.Index(fields=["editor"], name="revision_editor", condition=Q(editor__isnull=False)),
        ]

    def __str__(self):
        return f"第 {self.version} 版" if self.version else self.get_state_display()
