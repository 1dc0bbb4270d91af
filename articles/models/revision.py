"""Revisions: every version of an article, who made it and why."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class RevisionQuerySet(models.QuerySet):
    def keep(self, article) -> None:
        """Store the article's current text in the revision that made it, before it is replaced.

        The revision in force has no snapshot: its text is the article's.
        """
        in_force = self.filter(article=article, version=article.version, snapshot__isnull=True)
        if not in_force.update(snapshot=article.kept()):
            self.create(
                article=article, version=article.version, kind=Revision.Kind.EDIT, snapshot=article.kept()
            )


class Revision(models.Model):
    """版本: which person or import made a version, when and why, and its text."""

    class Kind(models.TextChoices):
        IMPORT = "import", "导入"
        EDIT = "edit", "编辑"
        CORRECTION = "correction", "更正"
        WITHDRAWAL = "withdrawal", "撤下"
        RESTORE = "restore", "恢复"
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

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, "revisions", db_index=False, verbose_name="稿件"
    )
    # The article's version that this made; null for text that never was in force (pending, twin).
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
    # Article.kept() of this version; null while it is the one in force.
    snapshot = models.JSONField(null=True)
    # Of a bulk update (articles.revisions.bulk_revise): the previous values of the fields it changed, instead of a
    # snapshot. The version before it is derived from them.
    replaced = models.JSONField(null=True)
    merge = models.ForeignKey(
        "sources.SourceMerge", models.SET_NULL, null=True, db_index=False, related_name="+"
    )
    # The words by which its section was proposed.
    proposal = models.TextField(blank=True, default="", db_default="")

    objects = RevisionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "版本"
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["article", "version"], name="revision_once")]
        # Partial indexes: few revisions are pending, or have an editor.
        indexes = [
            models.Index(fields=["article"], name="revision_pending", condition=Q(state="pending")),
            models.Index(fields=["merge"], name="revision_merge", condition=Q(merge__isnull=False)),
            models.Index(fields=["editor"], name="revision_editor", condition=Q(editor__isnull=False)),
        ]

    def __str__(self):
        return f"第 {self.version} 版" if self.version else self.get_state_display()
