"""别名: other words that mean the same, so that 工行 finds what only says 工商银行."""

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models, transaction

from articles.search.index.tokens import fold, squeezed

MINUTE = 60  # seconds: how long other processes go on with what they have read
MOST = 8  # expansions of one word
_KEPT = "search-aliases"


class SearchAlias(models.Model):
    """搜索别名: a word, and what else is looked for where a reader asks for it."""

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
        forget()

    def delete(self, *args, **kwargs):
        gone = super().delete(*args, **kwargs)
        forget()
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
        """What is looked for besides, as it was written."""
        return list(dict.fromkeys(filter(None, map(str.strip, self.expansions.splitlines()))))


def key_of(word: str) -> str:
    """The form in which words are compared: folded, without spaces."""
    return squeezed(fold(word))[:120]


def known() -> dict[str, list[tuple[str, str]]]:
    """Every word that has others: its key, and of each other the word as written and the alias it is of.

    Kept for a minute; a change made in this process shows at once.
    """
    return cache.get_or_set(_KEPT, _read, 1 * MINUTE)


def forget() -> None:
    """Read them anew the next time: now, and once what is being written is there for all to read."""
    cache.delete(_KEPT)
    transaction.on_commit(lambda: cache.delete(_KEPT))


def _read() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for alias in SearchAlias.objects.filter(enabled=True):
        all_of_it = [alias.word, *alias.others()[:MOST]]
        for word in all_of_it if alias.both_ways else all_of_it[:1]:
            others = [(other, word) for other in all_of_it if key_of(other) != key_of(word)]
            found.setdefault(key_of(word), []).extend(others)
    return found
