"""Files that an editor uploaded."""

from django.conf import settings
from django.db import models

from sources.models.feed_subscription import FeedSubscription  # noqa: F401 (Django finds models here)
from sources.models.imports import ImportRun


class UploadQuerySet(models.QuerySet):
    def open_to(self, user):
        """Uploads that a user may see, start and discard: their own, or all with the right to manage them."""
        return self if user.has_perm("sources.manage_upload") else self.filter(by=user)


class Upload(models.Model):
    """上传: files that an editor sent, stored under numbers until they are imported or discarded."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name="操作人")
    at = models.DateTimeField("时间", auto_now_add=True)
    format = models.CharField("格式", max_length=20, default="auto")
    source = models.CharField("来源", max_length=100, blank=True)
    # [name, size in bytes] of each file; its number in this list is its name on disk.
    files = models.JSONField("文件", default=list)
    # The rehearsal: counts by outcome, the first inputs, whether it was cut short.
    rehearsal = models.JSONField(default=dict)
    started_at = models.DateTimeField("开始导入", null=True)
    # Set when the run begins; the newest, if the upload was imported in several.
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
        """Its run's `origin`."""
        return f"上传（第 {self.pk} 次）"

    @property
    def size(self) -> int:
        return sum(size for _, size in self.files)
