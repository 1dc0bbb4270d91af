"""Pictures of articles: named by the source, fetched later, and shown where they stood in the body.

A body never holds a picture: the cleaner leaves an empty figure in its place. Which figure was which picture's is told
by the words before it, so that an editor can move, cut or delete figures and rewrite the text around them.
"""

import re
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import batched
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from articles.db.bulk_rows import insert
from sources.text.lines import one_line
from sources.text.clean.image_tags import Pictured

PLACE = re.compile(r"<figure>(?=\s*(?:</figure>|<figcaption>))")
_BLOCK_ENDS = re.compile(r"</(?:p|h[2-4]|li|td|th|dd|blockquote|pre|figcaption)>")
_TAGS = re.compile(r"<[^>]*>")
_NOT_WORDS = re.compile(r"[\W_]+")
BEFORE, TELLING = 400, 16  # characters of markup that are looked at, and letters that are kept of it
MOST_SHOWN = 200
AT_ONCE = 500
FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=7)
MOST_TRIES = 8


class PictureQuerySet(models.QuerySet):
    def waiting(self, at: datetime | None = None):
        """Those to fetch now, newest first: never tried, or failed and due again."""
        due = Q(state=Picture.State.FAILED, retry_at__lte=at or timezone.now())
        return self.filter(due | Q(state=Picture.State.REMOTE)).order_by("-id")

    def in_file(self, sha256: str):
        """Those whose file this is."""
        # Only what was fetched has a width: so the index of files holds nothing else.
        return self.filter(sha256=sha256, width__isnull=False)

    def ask_again(self) -> int:
        """Let those that were not got be tried anew; gives how many."""
        lost = self.filter(state__in=[Picture.State.FAILED, Picture.State.REFUSED])
        return lost.update(state=Picture.State.REMOTE, failures=0, retry_at=None)


class Picture(models.Model):
    """图片: one place in one version of an article, and what lies there: an address, later a file of ours."""

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
    # The last letters before its figure; null when nobody knows where it stood.
    after = models.CharField(max_length=TELLING, null=True)  # noqa: DJ001 ("" is the very beginning)
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
        """Where it lies, for readers; "" for what is no web address."""
        return (urlsplit(self.url).hostname or "") if is_remote(self.url) else ""

    @property
    def is_here(self) -> bool:
        return self.state == self.State.FETCHED

    @property
    def address(self) -> str:
        """Where readers get our file."""
        return f"/media/{self.sha256}.webp"

    def got(self, **file) -> None:
        """It lies here now: `file` is FILE."""
        self.failures = 0
        for name, value in file.items():
            setattr(self, name, value)
        self._note(self.State.FETCHED)

    def refuse(self, reason: str) -> None:
        """It will not be got unless a person asks for it again."""
        self._note(self.State.REFUSED, reason)

    def fail(self, reason: str, at: datetime, wait: timedelta | None = None) -> None:
        """It was not got this time: again after the server's own `wait`, ever later, and a few times only."""
        self.failures += 1
        if self.failures >= MOST_TRIES:
            self.refuse(f"试了 {self.failures} 次：{reason}")
            return
        backoff = max(FIRST_WAIT * 2 ** (self.failures - 1), wait or timedelta())
        self._note(self.State.FAILED, reason, at + min(backoff, LONGEST_WAIT))

    def _note(self, state: str, reason: str = "", retry_at: datetime | None = None) -> None:
        """Write it down, unless an import's undoing has meanwhile taken the record away."""
        self.state, self.reason, self.retry_at = state, one_line(reason)[:500], retry_at
        names = ("state", "reason", "retry_at", "failures", *self.FILE)
        Picture.objects.filter(pk=self.pk).update(**{name: getattr(self, name) for name in names})


def is_remote(url: str) -> bool:
    """Whether it is an address that pictures may be fetched from at all."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def file_of(sha256: str) -> Path:
    """Where our file of this name lies, or would."""
    return Path(settings.MEDIA_ROOT, sha256[:2], f"{sha256}.webp")


def key_of(url: str) -> str:
    return blake2b(url.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


# ------------------------------------------------------------------ with an import
def keep_pictures(brought: Iterable[tuple]) -> None:
    """Record the pictures that came with articles just written, (article, pictures) each, in bulk.

    One whose address was fetched before has its file at once. Costs no query where there are none.
    """
    made = [picture for article, pictures in brought for picture in _pictures(article, pictures)]
    if not made:
        return
    known = _here({one.url_key for one in made})
    for one in made:
        if found := known.get(one.url):
            one.state = found.state
            for name in Picture.FILE:
                setattr(one, name, getattr(found, name))
    insert(made)


def _here(keys: set[str]) -> dict[str, Picture]:
    """What was fetched before from these addresses; asked by the few hundred, as SQLite takes no more at once."""
    fetched = Picture.objects.filter(state=Picture.State.FETCHED)
    some = batched(sorted(keys), AT_ONCE, strict=False)
    return {one.url: one for keys in some for one in fetched.filter(url_key__in=keys)}


def _pictures(article, pictures: list[Pictured]) -> Iterator[Picture]:
    places = [_before(article.body_html, match.start()) for match in PLACE.finditer(article.body_html)]
    sure = len(places) == len(pictures)
    for position, one in enumerate(pictures, 1):
        picture = Picture(
            article=article, version=article.version, position=position, alt=one.alt, url=one.url
        )
        picture.url_key, picture.after = key_of(one.url), places[position - 1] if sure else None
        if not is_remote(one.url):
            picture.state, picture.reason = Picture.State.REFUSED, "不是 http 或 https 网址"
        yield picture


def _before(html: str, at: int) -> str:
    """The last letters before a place in the body, all of one block: blocks may change places."""
    for block in reversed(_BLOCK_ENDS.split(html[max(at - BEFORE, 0) : at])):
        if words := _NOT_WORDS.sub("", _TAGS.sub("", block)):
            return words[-TELLING:]
    return ""


# ------------------------------------------------------------------ on a page
@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a body, the picture that follows it, and whether that needs a figure of its own."""

    html: str
    picture: Picture | None = None
    apart: bool = False


def laid_out(article) -> list[Part]:
    """The body in pieces with the pictures between them; pieces joined are the body. No query where it has no figure.

    A figure whose picture is not known stays empty; a picture whose figure an editor deleted is not shown; one that
    never had a known place comes at the end.
    """
    html, parts, begin = article.body_html, [], 0
    places = list(PLACE.finditer(html))
    if not places:
        return [Part(html)]
    pictures = list(article.pictures.order_by("-version", "position")[:MOST_SHOWN])
    shown = _matched([_before(html, place.start()) for place in places], pictures)
    for place, picture in zip(places, shown, strict=True):
        parts.append(Part(html[begin : place.end()], picture))
        begin = place.end()
    newest = pictures[0].version if pictures else 0
    lost = [one for one in pictures if one.after is None and one.version == newest]
    return [*parts, Part(html[begin:]), *(Part("", one, apart=True) for one in lost)]


def _matched(places: list[str], pictures: list[Picture]) -> list[Picture | None]:
    """A picture for each place: by the words before it, the newest version's first; what is left over in order,
    when as many places as pictures of the newest version are."""
    by_words: dict[str, deque] = defaultdict(deque)
    for one in pictures:
        if one.after is not None:
            by_words[one.after].append(one)
    shown = [by_words[words].popleft() if by_words[words] else None for words in places]
    used = {one.pk for one in shown if one}
    left = [
        one
        for one in pictures
        if one.after is not None and one.version == pictures[0].version and one.pk not in used
    ]
    if shown.count(None) == len(left):
        rest = iter(left)
        shown = [one or next(rest) for one in shown]
    return shown
