"""Where text comes from: outlets with all their names and addresses, and the record of every import."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from zstandard import ZstdError

from sources.models.outlet_history import Renaming
from sources.text.outlet_names import initial, name_key, outlet_slug, untaken_slug
from sources.files.raw_bytes import unpack
from sources.models.feed_subscription import FeedSubscription  # noqa: F401 (Django finds models here)

NUMBER = len("-99999")  # what a slug may grow by where it is taken


def free_slug(name: str, taken_by: models.QuerySet) -> str:
    """A slug for this name that no row of the queryset has: the pinyin, with a number where it is taken."""
    longest = taken_by.model._meta.get_field("slug").max_length - NUMBER
    rivals = taken_by.filter(slug__startswith=outlet_slug(name, longest))
    return untaken_slug(name, set(rivals.values_list("slug", flat=True)), longest)


class ImportRun(models.Model):
    """导入批次: one command or one upload."""

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        FINISHED = "finished", "完成"
        STOPPED = "stopped", "已停止"
        INTERRUPTED = "interrupted", "中断"
        FAILED = "failed", "失败"
        UNDONE = "undone", "已撤销"

    # What to do with a run whose inputs lie under no path.
    AGAIN = "把同样的内容再导入一次，已有的不会重复"
    # What of its options a run has noted for its undoing; all else was asked for.
    NOTED = ("named", "tags", "filed")

    state = models.CharField("状态", max_length=11, choices=State, default=State.RUNNING)
    options = models.JSONField("参数", default=dict)
    counts = models.JSONField("结果", default=dict)
    message = models.TextField("说明", blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="操作人"
    )
    started_at = models.DateTimeField("开始", auto_now_add=True)
    finished_at = models.DateTimeField("结束", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-id"]

    def __str__(self):
        return f"第 {self.pk} 批"

    def close(self, state: str, counts: dict[str, int], message: str, at) -> None:
        """Write down how the run ended, and when."""
        self.state, self.counts, self.message, self.finished_at = state, counts, message, at
        self.save()

    def interrupt(self) -> None:
        """Say of a run whose process died how far it came."""
        counts = dict(self.items.order_by().values_list("outcome").annotate(models.Count("pk")))
        done = sum(counts.values())
        how = f"用 import_articles --resume {self.pk} 接着导入"
        if "reclean" in self.options:
            how = "再运行一次 reclean，接着清洗余下的"
        elif not self.options.get("paths"):
            how = ImportRun.AGAIN
        message = f"中断于第 {done} 条；{how}"
        self.close(ImportRun.State.INTERRUPTED, counts, message, None)


class SourceQuerySet(models.QuerySet):
    def named(self, name: str):
        """The outlet that goes by this name in any spelling, or None."""
        return self.filter(aliases__key=name_key(name)).first()

    def at_old_slug(self, slug: str):
        """The outlet that once stood under this address part (case counts), or None."""
        return self.filter(old_slugs__slug=slug).first()

    def free_slug(self, name: str, source_id: int | None = None) -> str:
        """An address part for this name at which no other outlet stands or once stood."""
        stem = outlet_slug(name)
        taken = self.exclude(pk=source_id).filter(slug__startswith=stem).values_list("slug", flat=True)
        left = OldSlug.objects.exclude(source=source_id).filter(slug__startswith=stem)
        return untaken_slug(name, {*taken, *left.values_list("slug", flat=True)})

    def introduce(self, name: str, standing: str, **fields):
        """A new outlet with its first alias; one that goes by the name already is returned as it is."""
        if known := self.named(name):
            return known
        with transaction.atomic():
            source = self.create(name=name, slug=self.free_slug(name), standing=standing, **fields)
            SourceAlias.objects.create(source=source, name=name)
        return source


class Source(models.Model):
    """来源: an outlet whose articles we keep."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", "未分类"
        NEWSPAPER = "newspaper", "报刊"
        AGENCY = "agency", "通讯社"
        WEBSITE = "website", "网站"
        BROADCASTER = "broadcaster", "广播电视"
        GOVERNMENT = "government", "政府部门"
        COMPANY = "company", "企业机构"

    class Standing(models.TextChoices):
        UNNAMED = "unnamed", "待定名"
        NEW = "new", "待核"
        CHECKED = "checked", "已核"

    name = models.CharField("名称", max_length=200)
    slug = models.SlugField("地址名", max_length=100, unique=True, help_text="网址里的名字，一般用拼音。")
    initial = models.CharField("首字母", max_length=1, editable=False, db_index=True)
    kind = models.CharField("类型", max_length=12, choices=Kind, default=Kind.UNKNOWN)
    standing = models.CharField(
        "状态", max_length=8, choices=Standing, default=Standing.NEW, help_text="导入时新建的来源为“待核”。"
    )
    homepage = models.URLField("网站", max_length=500, blank=True)
    note = models.TextField("备注", blank=True)
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    # The import that met it first; so that undoing the import takes it away again.
    introduced_by = models.ForeignKey(ImportRun, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "来源"
        ordering = ["initial", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="source_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="source_has_a_name"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.initial = initial(self.name)
        self.slug = self.slug or Source.objects.free_slug(self.name, self.pk)
        super().save(*args, **kwargs)

    def get_absolute_url(self):
        return f"/sources/{self.slug}/"

    def answer_to(self, name: str) -> None:
        """Take this spelling as one more name of the outlet, unless it is somebody's already."""
        SourceAlias.objects.get_or_create(key=name_key(name), defaults={"source": self, "name": name})

    def live_on_at(self, slug: str) -> None:
        """Let the old address part lead here, unless it leads somewhere already."""
        OldSlug.objects.get_or_create(slug=slug, defaults={"source": self})

    def renamed(self, name_was: str, slug_was: str, editor=None) -> None:
        """After a save under a new name or slug: keep answering to the old ones, and remember who changed them."""
        if (name_was, slug_was) == (self.name, self.slug):
            return
        self.answer_to(name_was)
        self.answer_to(self.name)
        if slug_was != self.slug:
            self.live_on_at(slug_was)
        now = {"name": self.name, "slug": self.slug}
        Renaming.objects.create(source=self, name_was=name_was, slug_was=slug_was, editor=editor, **now)


class SourceAlias(models.Model):
    """Another spelling that means the same outlet; the outlet's own name is its first."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="aliases", verbose_name="来源")
    name = models.CharField("写法", max_length=200)
    key = models.CharField(max_length=200, unique=True, editable=False)
    introduced_by = models.ForeignKey(ImportRun, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "别名"

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.key = name_key(self.name)
        super().save(*args, **kwargs)


class OldSlug(models.Model):
    """An address part under which the outlet once stood, in its own case (TechWeb, Techweb are two)."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="old_slugs", verbose_name="来源")
    slug = models.CharField("旧地址名", max_length=200, unique=True)
    introduced_by = models.ForeignKey(ImportRun, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "旧地址"

    def __str__(self):
        return self.slug


class Outcome(models.TextChoices):
    """What became of one input, in a word."""

    CREATED = "created", "新建"
    UPDATED = "updated", "更新"
    UNCHANGED = "unchanged", "无变化"
    DUPLICATE = "duplicate", "重复"
    REVIEW = "review", "待审"
    CONFLICT = "conflict", "冲突"
    REJECTED = "rejected", "退回"
    SKIPPED = "skipped", "非稿件"
    UNDONE = "undone", "已撤销"


# What an editor can do something about: nothing came of it, or something that may still wait for him.
MENDABLE = [Outcome.REJECTED, Outcome.REVIEW, Outcome.UPDATED, Outcome.CONFLICT]


class ImportItem(models.Model):
    """导入条目: one input, what was read, what became of it and why."""

    run = models.ForeignKey(ImportRun, models.CASCADE, "items", db_index=False, verbose_name="批次")
    name = models.TextField("文件")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    # The bytes as they came, packed (sources.files.raw_bytes); empty when an earlier item holds the same bytes.
    raw = models.BinaryField(null=True)
    external_id = models.CharField("稿件编号", max_length=300, blank=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    # The name of the outlet that brought it, within which its id means something; empty for what is no article,
    # null where it was recorded before outlets were.
    outlet = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001
    outcome = models.CharField("结果", max_length=9, choices=Outcome)
    reason = models.TextField("原因", blank=True)
    # A printed page's blocks and how they were given to articles (sources.formats.raw_article.Page).
    layout = models.JSONField(null=True, editable=False)
    # The earlier item whose text an editor mended, or tried again as it was.
    mends = models.ForeignKey(
        "self", models.SET_NULL, null=True, editable=False, related_name="mended_by", db_index=False
    )

    class Meta:
        verbose_name = verbose_name_plural = "导入条目"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["run", "outcome", "id"], name="item_run_outcome"),
            models.Index(fields=["sha256"], name="item_sha256"),
            models.Index(fields=["external_id", "fingerprint"], name="item_identity"),
            models.Index(fields=["mends"], name="item_mends", condition=Q(mends__isnull=False)),
        ]

    def __str__(self):
        return self.name

    @property
    def is_clash(self) -> bool:
        """Whether it waits because another outlet's article has its id: nothing was done with it."""
        return self.outcome == Outcome.CONFLICT and not self.revisions.exists()

    def raw_bytes(self) -> bytes | None:
        """The input byte for byte, from this item or the earlier one that holds it; None if never kept."""
        if self.raw is None and self.sha256:
            holder = ImportItem.objects.filter(sha256=self.sha256, raw__isnull=False).first()
            return unpack(holder.raw) if holder else None
        return unpack(self.raw) if self.raw is not None else None

    def readable_bytes(self) -> bytes | None:
        """The same; None, too, where they are damaged."""
        try:
            return self.raw_bytes()
        except ZstdError:
            return None


class ShelvedItem(ImportItem):
    """待处理: an item that needs a person; which ones do, articles.review.review_queue says."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "待处理"


class SettlementQuerySet(models.QuerySet):
    def in_force(self):
        """Those that keep an item off the shelf: not taken back, and their run, if there was one, not undone."""
        return self.filter(taken_back_at=None).exclude(run__state=ImportRun.State.UNDONE)


class Settlement(models.Model):
    """了结: an item of the shelf was dealt with, by whom, how and why. Never deleted; one may be taken back."""

    class Kind(models.TextChoices):
        MENDED = "mended", "已重新导入"
        DISMISSED = "dismissed", "已放弃"

    item = models.ForeignKey(ImportItem, models.CASCADE, "settlements", verbose_name="条目")
    kind = models.CharField("办法", max_length=9, choices=Kind)
    # The run that imported the mended text; undoing it puts the item back on the shelf.
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)
    reason = models.TextField("原因", blank=True)
    taken_back_at = models.DateTimeField("撤回时间", null=True)
    taken_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    objects = SettlementQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "了结"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"], condition=Q(taken_back_at=None), name="item_settled_once"
            )
        ]

    def __str__(self):
        return self.get_kind_display()


class UploadQuerySet(models.QuerySet):
    def open_to(self, user):
        """Those a user may look into, start and discard: the user's own, or all with the right to manage them."""
        return self if user.has_perm("sources.manage_upload") else self.filter(by=user)


class Upload(models.Model):
    """上传: files an editor sent, laid aside under names of our own until they are imported or given up."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name="操作人")
    at = models.DateTimeField("时间", auto_now_add=True)
    format = models.CharField("格式", max_length=20, default="auto")
    source = models.CharField("来源", max_length=100, blank=True)
    # [name, bytes] of each file; it lies under its place in this list.
    files = models.JSONField("文件", default=list)
    # What the import would do: counts by outcome, the first inputs, whether it was cut short.
    rehearsal = models.JSONField(default=dict)
    started_at = models.DateTimeField("开始导入", null=True)
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, verbose_name="批次", related_name="+")
    discarded_at = models.DateTimeField("放弃", null=True)
    message = models.TextField("说明", blank=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "上传导入"
        default_permissions = ()
        permissions = [("manage_upload", "可以处理别人的上传")]
        ordering = ["-id"]

    def __str__(self):
        return f"第 {self.pk} 次上传"

    @property
    def origin(self) -> str:
        """What its run says of where the inputs came from, and by which the run is found."""
        return f"上传（第 {self.pk} 次）"

    @property
    def size(self) -> int:
        return sum(size for _, size in self.files)


class ColumnMapping(models.Model):
    """列对应: which column of a table means what, as an editor read one header; kept for the next table with it."""

    source = models.ForeignKey(
        Source,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mappings",
        verbose_name="来源",
        help_text="只用于导入时指定了这个来源的表格；没有写来源的行算作它的。留空则用于所有来源。",
    )
    name = models.CharField("名称", max_length=100, unique=True)
    headers = models.JSONField("表头", default=list, editable=False)
    # Our field -> their columns, the preferred one first.
    columns = models.JSONField("对应", default=dict, editable=False)
    # sources.formats.table.columns.signature of the header.
    signature = models.CharField(max_length=32, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, verbose_name="操作人"
    )
    made_at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "列对应"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "signature"], name="mapping_once"),
            models.UniqueConstraint(
                fields=["signature"], condition=Q(source=None), name="mapping_for_all_once"
            ),
        ]

    def __str__(self):
        return self.name
