"""Ids that two outlets' articles have: the first has it in its own row, every other one here."""

from django.db import models


class Namesake(models.Model):
    """An id that an article came with and that another outlet's article has: an editor said it is another piece."""

    article = models.OneToOneField("articles.Article", models.CASCADE, related_name="namesake")
    external_id = models.CharField(max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "同号稿件"
        default_permissions = ()
        indexes = [models.Index(fields=["external_id"], name="namesake_external_id")]

    def __str__(self):
        return self.external_id
