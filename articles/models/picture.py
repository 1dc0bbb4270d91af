"""Pictures of articles: their addresses, and the state of fetching them."""

from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import urlsplit

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from sources.text.lines import one_line

FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=7)


MOST_TRIES = 8


class PictureQuerySet(models.QuerySet):
    def waiting(self, at: datetime | None = None):
        """Pictures to fetch now, newest first: never tried, or failed and due again."""
        due = Q(state=Picture.State.FAILED, retry_at__lte=at or timezone.now())
        return self.filter(due | Q(state=Picture.State.REMOTE)).order_by("-id")

    def in_file(self, sha256: str):
        """Pictures with this file."""
        # Only fetched pictures have a width, and the partial index covers only these.
        return self.filter(sha256=sha256, width__isnull=False)

    def ask_again(self) -> int:
        """Retry those that were not fetched; returns how many."""
        lost = self.filter(state__in=[Picture.State.FAILED, Picture.State.REFUSED])
        return lost.update(state=Picture.State.REMOTE, failures=0, retry_at=None)


class Picture(models.Model):
    """图片: one picture of one version of an article: its address, and later our own file."""

    class State(models.TextChoices):
        REMOTE = "remote", "待抓取"
        FETCHED = "fetched", "已抓取"
        REFUSED = "refused", "不抓取"
        FAILED = "failed", "出错，会再试"

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, "pictures", db_index=False, verbose_name="稿件"
    )
    # The article's version that brought it, and its number among that version's pictures, from 1.
    version = models.PositiveIntegerField("版本")
    position = models.PositiveSmallIntegerField("次序")
    # The last characters of the text before it; null if its place is not known.
    after = models.CharField(max_length=16, null=True)  # noqa: DJ001 ("" is the very beginning)
    url = models.CharField("网址", max_length=2000)
    url_key = models.CharField(max_length=32)
    alt = models.CharField("文字说明", max_length=300, blank=True)
    state = models.CharField("状态", max_length=7, choices=State, default=State.REMOTE)
    reason = models.CharField("原因", max_length=500, blank=True)
    failures = models.PositiveSmallIntegerField("出错次数", default=0)
    retry_at = models.DateTimeField("下次再试", null=True)
    fetched_at = models.DateTimeField("抓取时间", null=True)
    # Of our WebP file: its name is its SHA-256.
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    width = models.PositiveIntegerField("宽", null=True)
    height = models.PositiveIntegerField("高", null=True)
    size = models.PositiveIntegerField("字节", null=True)
    original_type = models.CharField("原来的格式", max_length=8, blank=True)
    original_width = models.PositiveIntegerField("原来的宽", null=True)
    original_height = models.PositiveIntegerField("原来的高", null=True)
    original_size = models.PositiveIntegerField("原来的字节", null=True)

    objects = PictureQuerySet.as_manager()

    # What fetching finds out, and what another picture of the same address can take over.
    FILE = (
        *("sha256", "width", "height", "size", "fetched_at"),
        *("original_type", "original_width", "original_height", "original_size"),
    )

    class Meta:
        verbose_name = verbose_name_plural = "图片"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["article", "version", "position"], name="picture_place_once")
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="picture_state"),
            models.Index(fields=["url_key"], name="picture_url"),
            models.Index(fields=["sha256"], name="picture_file", condition=Q(width__isnull=False)),
        ]

    def __str__(self):
        return self.alt or self.host or f"图片 {self.pk}"

    @property
    def host(self) -> str:
        """The host of its address; "" if it is not a web address."""
        return (urlsplit(self.url).hostname or "") if is_remote(self.url) else ""

    @property
    def is_here(self) -> bool:
        return self.state == self.State.FETCHED

    @property
    def address(self) -> str:
        """The path of our file."""
        return reverse("picture", args=[self.sha256])

    def got(self, **file) -> None:
        """Mark it as fetched; `file` has the fields in FILE."""
        self.failures = 0
        for name, value in file.items():
            setattr(self, name, value)
        self._note(self.State.FETCHED)

    def refuse(self, reason: str) -> None:
        """Mark it as refused: it is not retried unless a person asks."""
        self._note(self.State.REFUSED, reason)

    def fail(self, reason: str, at: datetime, wait: timedelta | None = None) -> None:
        """Mark it as failed: retry with exponential backoff, at least the server's `wait`, at most MOST_TRIES times."""
        self.failures += 1
        if self.failures >= MOST_TRIES:
            self.refuse(f"试了 {self.failures} 次：{reason}")
            return
        backoff = max(FIRST_WAIT * 2 ** (self.failures - 1), wait or timedelta())
        self._note(self.State.FAILED, reason, at + min(backoff, LONGEST_WAIT))

    def _note(self, state: str, reason: str = "", retry_at: datetime | None = None) -> None:
        """Update the row, if undoing an import has not deleted it meanwhile."""
        self.state, self.reason, self.retry_at = state, one_line(reason)[:500], retry_at
        names = ("state", "reason", "retry_at", "failures", *self.FILE)
        Picture.objects.filter(pk=self.pk).update(**{name: getattr(self, name) for name in names})


def is_remote(url: str) -> bool:
    """Whether pictures may be fetched from this address."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def key_of(url: str) -> str:
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
