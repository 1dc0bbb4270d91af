"""Stories (同题报道): near-duplicate articles of several outlets, and the editors' decisions on them."""

from collections.abc import Iterable
from itertools import batched, product

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone

from articles.addresses import address

AT_ONCE = 500


class StoryQuerySet(models.QuerySet):
    def with_count(self):
        """Each with the number of its articles, public or not, as `size`."""
        return self.annotate(size=Count("members"))

    def confirmed(self):
        """Stories that editors confirmed: grouping may only add to them."""
        return self.exclude(confirmed_at=None)

    def dissolve_small(self, stories: Iterable[int]) -> int:
        """Delete those of the stories (ids) with fewer than two articles; returns how many."""
        dissolved = 0
        for some in batched(stories, AT_ONCE, strict=False):
            small = self.filter(pk__in=some).with_count().filter(size__lt=2).values_list("pk", flat=True)
            dissolved += len(pks := list(small))
            self.filter(pk__in=pks).delete()
        return dissolved


class Story(models.Model):
    """同题报道. Its articles point to it; `confirmed_at` is set once an editor has decided on it."""

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
        return address("story", self.pk)


class PartingQuerySet(models.QuerySet):
    def pairs(self) -> set[tuple[int, int]]:
        """All pairs of ids, the lower one first; there are few."""
        return set(self.values_list("one", "other"))

    def keep_apart(self, some: Iterable[int], others: Iterable[int], editor) -> None:
        """Keep every article (id) of `some` apart from every one of `others`."""
        pairs = [sorted(pair) for pair in product(some, others)]
        rows = [Parting(one_id=low, other_id=high, editor=editor) for low, high in pairs]
        self.bulk_create(rows, ignore_conflicts=True, batch_size=200)

    def forget_between(self, some: Iterable[int], others: Iterable[int]) -> None:
        """Forget that these were kept apart: an editor has put them together since."""
        some, others = list(some), list(others)
        self.filter(Q(one__in=some, other__in=others) | Q(one__in=others, other__in=some)).delete()


class Parting(models.Model):
    """An editor decided that two articles are not one story: grouping never joins them again."""

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
    """An article's MinHash signature (sources.text.minhash), to find near-duplicates. Derived and disposable."""

    article = models.OneToOneField("articles.Article", models.CASCADE, primary_key=True, related_name="+")
    # published_at in seconds since 1970: a plain number, because tens of thousands are read at a time.
    moment = models.BigIntegerField()
    # The article's fingerprint when the signature was made; if it differs now, the signature is outdated.
    fingerprint = models.CharField(max_length=32)
    sketch = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["moment", "article"], name="sketch_in_time")]

    def __str__(self):
        return f"{self.article_id}"
