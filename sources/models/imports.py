"""The record of every import: runs, their items, and how items in the review queue were settled."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from zstandard import ZstdError

from sources.files.raw_bytes import unpack
from sources.models.feed_subscription import FeedSubscription  # noqa: F401 (Django finds models here)
from sources.problem import Code, Problem


class ImportRun(models.Model):
    """导入批次: one command, one upload, one feed, one input tried again, or one reclean."""

    class Kind(models.TextChoices):
        FILES = "files", "文件"  # of a command, or at hand
        UPLOAD = "upload", "上传"
        FEED = "feed", "订阅"
        RETRY = "retry", "重试"  # an item of the review queue
        SAME_ARTICLE = "same-article", "认定为同一篇"  # an item whose id another outlet's article has
        RECLEAN = "reclean", "重新清洗"

    class State(models.TextChoices):
        RUNNING = "running", "进行中"
        FINISHED = "finished", "完成"
        STOPPED = "stopped", "已停止"
        INTERRUPTED = "interrupted", "中断"
        FAILED = "failed", "失败"
        UNDONE = "undone", "已撤销"

    # What to do with a stopped run that cannot be resumed: its inputs lie under no path.
    AGAIN = "把同样的内容再导入一次，已有的不会重复"

    kind = models.CharField("种类", max_length=12, choices=Kind, default=Kind.FILES)
    state = models.CharField("状态", max_length=11, choices=State, default=State.RUNNING)
    # What was asked for. An import: `paths` (absolute; [] for inputs at hand), `format` ("auto" or a name in FORMATS),
    # `source` (the outlet all is filed under, or ""), `limit` (or null). A reclean: `outlet` (its name, or "" for all).
    options = models.JSONField("参数", default=dict)
    origin = models.TextField("来自", blank=True)  # where inputs that lie under no path came from, for people
    counts = models.JSONField("结果", default=dict)
    message = models.TextField("说明", blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name="操作人"
    )
    started_at = models.DateTimeField("开始", auto_now_add=True)
    finished_at = models.DateTimeField("结束", null=True)
    # What it did besides articles, for undoing it: ids of tags it made; names it gave to older securities, by id; ids
    # of older articles that it moved to another story (null: it has not come to that, or was before this was noted).
    new_tags = models.JSONField(default=list, editable=False)
    named_securities = models.JSONField(default=dict, editable=False)
    moved_articles = models.JSONField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "导入批次"
        ordering = ["-id"]

    def __str__(self):
        return f"第 {self.pk} 批"

    def close(self, state: str, counts: dict[str, int], message: str, at) -> None:
        """Record how and when the run ended."""
        self.state, self.counts, self.message, self.finished_at = state, counts, message, at
        self.save()

    def interrupt(self) -> None:
        """Mark a run whose process died, and how far it came."""
        counts = dict(self.items.order_by().values_list("outcome").annotate(models.Count("pk")))
        done = sum(counts.values())
        how = f"用 import_articles --resume {self.pk} 接着导入"
        if self.kind == ImportRun.Kind.RECLEAN:
            how = "再运行一次 reclean，接着清洗余下的"
        elif not self.options.get("paths"):
            how = ImportRun.AGAIN
        message = f"中断于第 {done} 条；{how}"
        self.close(ImportRun.State.INTERRUPTED, counts, message, None)


class Outcome(models.TextChoices):
    """The result of one input."""

    CREATED = "created", "新建"
    UPDATED = "updated", "更新"
    UNCHANGED = "unchanged", "无变化"
    DUPLICATE = "duplicate", "重复"
    REVIEW = "review", "待审"
    CONFLICT = "conflict", "冲突"
    REJECTED = "rejected", "退回"
    SKIPPED = "skipped", "非稿件"
    UNDONE = "undone", "已撤销"


# Outcomes that an editor can act on: nothing was imported, or what was may still wait for review.
MENDABLE = [Outcome.REJECTED, Outcome.REVIEW, Outcome.UPDATED, Outcome.CONFLICT]


class ImportItem(models.Model):
    """导入条目: one input, what was read, the outcome and why."""

    run = models.ForeignKey(ImportRun, models.CASCADE, "items", db_index=False, verbose_name="批次")
    name = models.TextField("文件")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    # The original bytes, packed (sources.files.raw_bytes); null when an earlier item holds the same bytes.
    raw = models.BinaryField(null=True)
    external_id = models.CharField("稿件编号", max_length=300, blank=True)
    fingerprint = models.CharField(max_length=32, blank=True)
    # The outlet that brought it; an external id is unique only within one. Empty for what is no article, null in
    # records older than this field.
    outlet = models.CharField(max_length=200, null=True, editable=False)  # noqa: DJ001
    outcome = models.CharField("结果", max_length=9, choices=Outcome)
    reason = models.TextField("原因", blank=True)
    # What is wrong with it, for programs: [code, line, text] of each sources.problem.Problem; null for nothing.
    problems = models.JSONField(null=True, editable=False)
    # Of a printed page: its blocks and the articles they make (sources.formats.raw_article.Page).
    layout = models.JSONField(null=True, editable=False)
    # The earlier item that this one retries.
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
        """Whether it waits because an article of another outlet has its id; nothing was imported."""
        return self.outcome == Outcome.CONFLICT and not self.revisions.exists()

    def all_problems(self) -> list[Problem]:
        return [Problem(Code(code), text, line) for code, line, text in self.problems or ()]

    @property
    def wrong_line(self) -> int | None:
        """The first line of the file that a problem names."""
        return next((line for _, line, _ in self.problems or () if line), None)

    def raw_bytes(self) -> bytes | None:
        """The original bytes, from this item or the earlier one that holds them; None if they were not kept."""
        if self.raw is None and self.sha256:
            holder = ImportItem.objects.filter(sha256=self.sha256, raw__isnull=False).first()
            return unpack(holder.raw) if holder else None
        return unpack(self.raw) if self.raw is not None else None

    def readable_bytes(self) -> bytes | None:
        """As `raw_bytes`; None, too, where they are damaged."""
        try:
            return self.raw_bytes()
        except ZstdError:
            return None


class ShelvedItem(ImportItem):
    """待处理: an item in the review queue, as articles.review.review_queue selects them."""

    class Meta:
        proxy = True
        default_permissions = ()
        verbose_name = verbose_name_plural = "待处理"


class SettlementQuerySet(models.QuerySet):
    def in_force(self):
        """Settlements that keep an item out of the review queue: not taken back, and of no undone run."""
        return self.filter(taken_back_at=None).exclude(run__state=ImportRun.State.UNDONE)


class Settlement(models.Model):
    """了结: who settled an item of the review queue, how and why. Never deleted; it can be taken back."""

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
