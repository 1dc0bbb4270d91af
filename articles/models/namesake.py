"""External ids that articles of two outlets share: the first article has it in its row, every other one here."""

from django.db import models


class Namesake(models.Model):
    """An article's external id that another outlet's article has; an editor decided that both are different."""

    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="namesake")
    external_id = models.CharField(max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "同号稿件"
        default_permissions = ()
        indexes = [models.Index(fields=["external_id"], name="namesake_external_id")]

    def __str__(self):
        return self.external_id
