"""Stories (同题报道): articles of several outlets, or versions, that tell the same piece; and what editors decided."""

from collections.abc import Iterable
from itertools import batched, product

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

AT_ONCE = 500


class StoryQuerySet(models.QuerySet):
    def with_count(self):
        """Each with the number of its articles, public or not, as `size`."""
        return self.annotate(size=Count("members"))

    def confirmed(self):
        """What editors have decided on: grouping may add to it, and do nothing else."""
        return self.exclude(confirmed_at=None)

    def dissolve_small(self, stories: Iterable[int]) -> int:
        """Delete those of the stories (ids) that have fewer than two articles left; how many that were."""
        dissolved = 0
        for some in batched(stories, AT_ONCE, strict=False):
            small = self.filter(pk__in=some).with_count().filter(size__lt=2).values_list("pk", flat=True)
            dissolved += len(pks := list(small))
            self.filter(pk__in=pks).delete()
        return dissolved


class Story(models.Model):
    """同题报道. Its articles point to it; one that editors have decided on is `confirmed`."""

    created_at = models.DateTimeField("建立时间", default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField("编辑核定", null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="核定人",
    )

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "同题报道"

    def __str__(self):
        return f"第 {self.pk} 组"

    def get_absolute_url(self):
        return f"/stories/{self.pk}/"


class PartingQuerySet(models.QuerySet):
    def pairs(self) -> set[tuple[int, int]]:
        """All there are, as ids, the lower one first: editors make few."""
        return set(self.values_list("one", "other"))

    def keep_apart(self, some: Iterable[int], others: Iterable[int], editor) -> None:
        """Remember that none of `some` (article ids) belongs with any of `others`."""
        pairs = [sorted(pair) for pair in product(some, others)]
        rows = [Parting(one_id=low, other_id=high, editor=editor) for low, high in pairs]
        self.bulk_create(rows, ignore_conflicts=True, batch_size=200)

    def forget_between(self, some: Iterable[int], others: Iterable[int]) -> None:
        """Take back what was said of these: an editor has put them together since."""
        some, others = list(some), list(others)
        self.filter(Q(one__in=some, other__in=others) | Q(one__in=others, other__in=some)).delete()


class Parting(models.Model):
    """An editor has said of two articles that they are not one story: grouping never puts them together again."""

    one = models.ForeignKey("articles.Article", models.CASCADE, related_name="+", db_index=False)
    other = models.ForeignKey("articles.Article", models.CASCADE, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    objects = PartingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="parting_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="parting_in_order"),
        ]

    def __str__(self):
        return f"{self.one_id} / {self.other_id}"


class Sketch(models.Model):
    """What of an article near-duplicates are found by (sources.text.minhash). Derived and disposable."""

    article = models.OneToOneField("articles.Article", models.CASCADE, primary_key=True, related_name="+")
    # Seconds since 1970 of its published_at: read by the ten thousand, so a plain number.
    moment = models.BigIntegerField()
    # The article's when it was sketched: another one says that the sketch is out of date.
    fingerprint = models.CharField(max_length=32)
    sketch = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["moment", "article"], name="sketch_in_time")]

    def __str__(self):
        return f"{self.article_id}"
