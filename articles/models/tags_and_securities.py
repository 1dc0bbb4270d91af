"""Tags of articles and the securities they mention."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

from django.db import models
from taggit.managers import TaggableManager
from taggit.models import ItemBase, Tag

from articles.addresses import address
from articles.db import among  # noqa: F401 (registers itself)
from sources.text.visible import UNSEEN

LONGEST_KEY = 200
IDLE_SPACE = re.compile("(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")


def tag_key(name: str) -> str:
    """The same for names that read the same, such as ＡＩ 芯片 and ai芯片.

    Width (NFKC), case and invisible characters do not count, nor do spaces beside Chinese characters; between other
    words, any space is as good as one.
    """
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    key = IDLE_SPACE.sub("", UNSEEN.sub("", " ".join(plain.split())).strip()) or plain
    if len(key) <= LONGEST_KEY:
        return key
    return f"{key[: LONGEST_KEY - 32]}{blake2b(key.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"


class TagSpellingQuerySet(models.QuerySet):
    def tags(self, names: Iterable[str]) -> dict[str, Tag]:
        """For each name that reads like that of a tag there is: the tag. Of several, the one with this very name, else
        the oldest."""
        keys = {name: tag_key(name) for name in names}
        if not keys:
            return {}
        alike: dict[str, list[Tag]] = {}
        for row in self.filter(key__among=set(keys.values())).select_related("tag").order_by("tag_id"):
            alike.setdefault(row.key, []).append(row.tag)
        return {
            name: next((tag for tag in alike[key] if tag.name == name), alike[key][0])
            for name, key in keys.items()
            if key in alike
        }


class TagSpelling(models.Model):
    """How a tag's name reads. Kept by articles.taxonomy.tag_slugs, as the tags belong to another app."""

    tag = models.OneToOneField(Tag, models.CASCADE, primary_key=True, related_name="spelling")
    key = models.CharField(max_length=LONGEST_KEY)

    objects = TagSpellingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "标签写法"
        default_permissions = ()
        indexes = [models.Index(fields=["key"], name="tag_spelling_key")]

    def __str__(self):
        return self.key


class FormerTagSlug(models.Model):
    """A slug that a tag once had: its pages redirect to those of today."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="former_slugs")
    slug = models.CharField(max_length=100, unique=True)

    class Meta:
        verbose_name = verbose_name_plural = "标签旧地址"
        default_permissions = ()

    def __str__(self):
        return self.slug


# The class of taggit's own managers has no public name; its field has it as the default.
UsualTags = TaggableManager().manager


class TagsBySpelling(UsualTags):
    """The tags of an article. A name that reads like a tag there is stands for that tag."""

    def add(self, *tags, **given):
        return super().add(*_as_known(tags), **given)

    def set(self, tags, **given):
        return super().set(_as_known(tags), **given)


def _as_known(tags: Iterable[Tag | str]) -> list[Tag | str]:
    """The tags, with one for each reading: a tag that is there in place of its name, else the name that came first."""
    tags = list(tags)
    known = TagSpelling.objects.tags(tag for tag in tags if isinstance(tag, str))
    found: dict[Tag | str, Tag | str] = {}
    for named in tags:
        tag = known.get(named, named) if isinstance(named, str) else named
        found.setdefault(tag_key(tag) if isinstance(tag, str) else tag, tag)
    return list(found.values())


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
