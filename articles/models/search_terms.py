"""Search aliases that editors maintain, and queries without results."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F

from sources.text.folding import fold, squeezed

MOST = 8  # expansions of one word


ALIASES_KEY = "search-aliases"


class SearchAlias(models.Model):
    """搜索别名: a word, and what else is searched for when a reader enters it."""

    word = models.CharField("词", max_length=40, help_text="读者会输入的说法，至少两个字，如“工行”。")
    expansions = models.TextField(
        "也找",
        help_text=f"每行一个，最多 {MOST} 个，如“工商银行”。搜“工行”时，含有这些词的稿件也会找到。"
        "“中国工商银行”里已有“工商银行”，不必另写。",
    )
    both_ways = models.BooleanField(
        "双向", default=True, help_text="其中任何一个都能找到其余的：搜“工商银行”时，也找“工行”。"
    )
    enabled = models.BooleanField("启用", default=True)
    # The word as it is compared.
    key = models.CharField(max_length=120, unique=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "搜索别名"
        ordering = ["key"]

    def __str__(self):
        return self.word

    def save(self, *args, **kwargs):
        self.key = key_of(self.word)
        super().save(*args, **kwargs)
        forget_aliases()

    def delete(self, *args, **kwargs):
        gone = super().delete(*args, **kwargs)
        forget_aliases()
        return gone

    def clean(self):
        if len(key_of(self.word)) < 2:
            raise ValidationError({"word": "至少写两个字：单个字会把不相干的稿件都找来。"})
        if SearchAlias.objects.filter(key=key_of(self.word)).exclude(pk=self.pk).exists():
            raise ValidationError({"word": f"“{self.word}”已经有了，请改那一条。"})
        others = self.others()
        if not others or any(len(key_of(other)) < 2 for other in others):
            raise ValidationError({"expansions": "至少写一个，每个至少两个字。"})
        if len(others) > MOST:
            raise ValidationError({"expansions": f"最多 {MOST} 个。"})

    def others(self) -> list[str]:
        """The other words, as typed."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.expansions.splitlines()))))


def key_of(word: str) -> str:
    """A word as it is compared: folded, without spaces."""
    return squeezed(fold(word))[:120]


def forget_aliases() -> None:
    """Drop the cached aliases now, and again once the transaction is committed."""
    cache.delete(ALIASES_KEY)
    transaction.on_commit(lambda: cache.delete(ALIASES_KEY))


LONGEST = 60  # characters; longer queries are pasted text and never repeated


MOST_ROWS = 10_000


@dataclass(slots=True)
class Counted:
    """How often a query was made since it was last stored, and the first and last day."""

    count: int
    first_day: date
    last_day: date


class UnansweredQuerySet(models.QuerySet):
    def add(self, counted: Mapping[str, Counted]) -> None:
        """Store these in a few statements; delete the rarest if there are too many."""
        with transaction.atomic():
            rows = self.select_for_update().order_by("pk").in_bulk(list(counted), field_name="words")
            for words, row in rows.items():
                row.count, row.last_day = F("count") + counted[words].count, counted[words].last_day
            self.bulk_update(rows.values(), ["count", "last_day"])
            fresh = {words: one for words, one in counted.items() if words not in rows}
            self.bulk_create(
                [
                    Unanswered(words=words, count=one.count, first_day=one.first_day, last_day=one.last_day)
                    for words, one in fresh.items()
                ],
                ignore_conflicts=True,  # another process was quicker
            )
            if fresh:
                self.trim()

    def trim(self, most: int = MOST_ROWS) -> None:
        """Delete the rarest, the oldest of them first, down to `most` rows."""
        spare = self.count() - most
        if spare > 0:
            gone = self.order_by("count", "last_day", "pk").values_list("pk", flat=True)[:spare]
            self.filter(pk__in=list(gone)).delete()


class Unanswered(models.Model):
    """没有结果的查询: folded words, how often, and the first and the last day."""

    words = models.CharField("查询", max_length=LONGEST, unique=True)
    count = models.PositiveIntegerField("次数", default=1)
    first_day = models.DateField("第一次")
    last_day = models.DateField("最近一次")

    objects = UnansweredQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "没有结果的查询"
        default_permissions = ("view", "delete")
        ordering = ["-count", "-last_day", "pk"]
        indexes = [models.Index(fields=["-count", "-last_day", "id"], name="unanswered_most")]

    def __str__(self):
        return self.words
