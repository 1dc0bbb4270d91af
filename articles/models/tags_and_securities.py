"""Tags of articles and the securities they mention."""

from django.db import models
from taggit.models import ItemBase, Tag

from articles.addresses import address


class TaggedArticle(ItemBase):
    """A tag of an article, with a copy of the article's `public_at`, so that one index serves a tag's list."""

    LISTS = "content_object"
    content_object = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="tagged", db_index=False
    )
    # Indexed below.
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
        return address("security", self.symbol)

    @property
    def symbol(self) -> str:
        return f"{self.code}.{self.market}"


class Mention(models.Model):
    """A security mentioned by an article, with a copy of the article's `public_at`: one index serves its list."""

    LISTS = "article"
    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="mentions", db_index=False)
    security = models.ForeignKey(Security, models.CASCADE, related_name="mentions", db_index=False)
    public_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "提及"
        constraints = [models.UniqueConstraint(fields=["article", "security"], name="mention_once")]
        indexes = [models.Index(fields=["security", "-public_at", "-article"], name="mention_newest")]

    def __str__(self):
        return f"{self.security}"
