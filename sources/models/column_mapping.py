"""What the columns of a table mean, as an editor chose."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from sources.models.feed_subscription import FeedSubscription  # noqa: F401 (Django finds models here)
from sources.models.outlet import Source


class ColumnMapping(models.Model):
    """列对应: what each column of one header means, as an editor chose; used for every table with that header."""

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
    # Of the header, by sources.formats.table.columns.signature.
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
