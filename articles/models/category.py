"""栏目: the sections that articles are filed under."""

from django.db import models

from articles.addresses import address
from sources.models import free_slug


class Category(models.Model):
    """栏目: an editorial section, with the keywords that propose it at import."""

    name = models.CharField("名称", max_length=50, unique=True)
    slug = models.SlugField("地址名", max_length=60, unique=True, blank=True, help_text="留空则用拼音。")
    keywords = models.TextField(
        "关键词",
        blank=True,
        help_text="每行一个，后面可以写分值：“降准 3”；不写算 1 分，负分表示有这个词就少算，如“足球 -9”。"
        "标题里的词按三倍计。导入时得分最高的栏目填给稿件，同分则不填。",
    )
    position = models.PositiveSmallIntegerField("次序", default=100)

    class Meta:
        verbose_name = verbose_name_plural = "栏目"
        ordering = ["position", "id"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        """A slug that changes goes on as a redirect."""
        if not self.slug:
            others = (
                Category.objects.exclude(pk=self.pk),
                FormerCategorySlug.objects.exclude(category=self.pk),
            )
            self.slug = free_slug(self.name, *others)
        was = Category.objects.filter(pk=self.pk).values_list("slug", flat=True).first() if self.pk else None
        super().save(*args, **kwargs)
        if was not in (None, self.slug):
            FormerCategorySlug.objects.update_or_create(slug=was, defaults={"category": self})

    def get_absolute_url(self):
        return address("category", self.slug)


class FormerCategorySlug(models.Model):
    """A slug that a section once had: its pages redirect to those of today."""

    category = models.ForeignKey(Category, models.CASCADE, related_name="former_slugs")
    slug = models.CharField(max_length=60, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "栏目旧地址"
        default_permissions = ()

    def __str__(self):
        return self.slug
