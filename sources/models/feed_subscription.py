"""Feeds that are fetched regularly: their address, the last result, and when to fetch next."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from sources.text.lines import one_line

LONGEST_WAIT = timedelta(days=7)  # whatever a server says in Retry-After
LONGEST_BACKOFF = timedelta(days=1)


class FeedSubscriptionQuerySet(models.QuerySet):
    def due(self, at: datetime | None = None):
        """Active subscriptions that should be fetched now, longest overdue first."""
        is_due = Q(next_check_at=None) | Q(next_check_at__lte=at or timezone.now())
        return self.filter(is_due, active=True).order_by("next_check_at", "id")


class FeedSubscription(models.Model):
    """订阅: a feed of one outlet. A fetch ends with `succeed`, `fail`, `postpone` or `give_up`."""

    class Format(models.TextChoices):
        FEED = "feed", "订阅源（RSS、Atom、JSON Feed）"
        TABLE = "table", "数据表（CSV、JSON Lines）"
        PAGE = "page", "网页（一页一篇）"

    class Outcome(models.TextChoices):
        NEVER = "", "还没有抓取"
        FETCHED = "fetched", "有更新"
        UNCHANGED = "unchanged", "没有变化"
        WAITING = "waiting", "等待导入"
        FAILED = "failed", "出错"
        GONE = "gone", "已停用"

    source = models.ForeignKey(
        "sources.Source", models.CASCADE, related_name="subscriptions", verbose_name="来源"
    )
    url = models.URLField(
        "网址",
        max_length=1000,
        unique=True,
        help_text="http 或 https 网址；内部网络的不抓取。",
        validators=[URLValidator(["http", "https"])],
    )
    format = models.CharField("格式", max_length=5, choices=Format, default=Format.FEED)
    # Articles are imported with this user's rights: whoever last set the address or the outlet.
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="负责人",
    )
    active = models.BooleanField("启用", default=True)
    interval = models.PositiveIntegerField(
        "间隔（分钟）", default=60, validators=[MinValueValidator(5), MaxValueValidator(7 * 24 * 60)]
    )
    outcome = models.CharField(
        "最近结果", max_length=9, choices=Outcome, default="", blank=True, editable=False
    )
    words = models.CharField("说明", max_length=500, blank=True, editable=False)
    failures = models.PositiveIntegerField("连续出错", default=0, editable=False)
    checked_at = models.DateTimeField("最近抓取", null=True, editable=False)
    next_check_at = models.DateTimeField("下次抓取", null=True, editable=False, db_index=True)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    # Of the document last imported; many servers ignore conditional requests.
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    last_run = models.ForeignKey(
        "sources.ImportRun",
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name="最近导入",
    )

    objects = FeedSubscriptionQuerySet.as_manager()

    # The fields that a fetch writes, none of which an editor has in a form.
    STATE = (
        *("outcome", "words", "failures", "checked_at", "next_check_at"),
        *("etag", "last_modified", "sha256", "last_run_id"),
    )

    class Meta:
        verbose_name = verbose_name_plural = "订阅"
        ordering = ["source__initial", "source__slug", "id"]

    def __str__(self):
        return f"{self.source} · {urlsplit(self.url).hostname or self.url}"

    def conditions(self) -> dict[str, str]:
        """Headers of a conditional request: answer only if the document has changed."""
        asked = {"If-None-Match": self.etag, "If-Modified-Since": self.last_modified}
        return {name: value for name, value in asked.items() if value}

    def succeed(self, outcome: str, words: str, at: datetime) -> None:
        """The feed was fetched; fetch again after the interval."""
        self.failures = 0
        self._note(outcome, words, at, timedelta(minutes=self.interval))

    def fail(self, words: str, at: datetime, wait: timedelta | None = None) -> None:
        """The fetch failed: back off exponentially, and not before the server's own `wait` is over."""
        self.failures += 1
        backoff = timedelta(minutes=self.interval) * 2 ** min(self.failures, 16)
        backoff = max(min(backoff, LONGEST_BACKOFF), timedelta(minutes=self.interval))
        self._note(self.Outcome.FAILED, words, at, max(backoff, min(wait or backoff, LONGEST_WAIT)))

    def postpone(self, words: str) -> None:
        """The feed was fetched but cannot be imported now; it stays due."""
        self.outcome, self.words = self.Outcome.WAITING, one_line(words)[:500]
        self._write("outcome", "words")

    def give_up(self, words: str, at: datetime) -> None:
        """The feed is gone for good; deactivate it. An editor can activate it again."""
        self.active = False
        self._note(self.Outcome.GONE, words, at, None)
        self._write("active")

    def start_anew(self) -> None:
        """Reset the state after a new address or a new activation. Does not save."""
        self.etag = self.last_modified = self.sha256 = self.outcome = self.words = ""
        self.failures, self.next_check_at = 0, None

    def _note(self, outcome: str, words: str, at: datetime, wait: timedelta | None) -> None:
        self.outcome, self.words, self.checked_at = outcome, one_line(words)[:500], at
        self.next_check_at = at + wait if wait else None
        self._write(*self.STATE)

    def _write(self, *names: str) -> None:
        """Write nothing if an editor has changed the address or deleted the row since."""
        unchanged = FeedSubscription.objects.filter(pk=self.pk, url=self.url)
        unchanged.update(**{name: getattr(self, name) for name in names})
