"""How editors assigned the blocks of a printed page to articles; every redo is kept."""

from django.conf import settings
from django.db import models


class PageSplit(models.Model):
    """版面拆分: one redo. The newest is in force; the parser's own proposal stays in the item's layout."""

    item = models.ForeignKey("sources.ImportItem", models.CASCADE, related_name="splits", verbose_name="版面")
    # sources.formats.newspaper.layout.Split as JSON, with the ids of the articles that were made.
    split = models.JSONField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField("时间", auto_now_add=True)
    summary = models.TextField("结果", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "版面拆分"
        ordering = ["-id"]
        default_permissions = ()

    def __str__(self):
        return f"第 {self.pk} 次拆分"
