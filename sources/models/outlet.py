"""Outlets with all their names and addresses."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import Q

from sources.models.feed_subscription import FeedSubscription  # noqa: F401 (Django finds models here)
from sources.models.imports import ImportRun
from sources.models.outlet_history import Renaming
from sources.text.outlet_names import initial, name_key, outlet_slug, untaken_slug

NUMBER = len("-99999")  # room for a number behind a slug that is taken


def free_slug(name: str, *taken_by: models.QuerySet) -> str:
    """A slug for this name that no row of the querysets has: its pinyin, numbered if that is taken."""
    longest = taken_by[0].model._meta.get_field("slug").max_length - NUMBER
    stem = outlet_slug(name, longest)
    rivals = (rows.filter(slug__startswith=stem).values_list("slug", flat=True) for rows in taken_by)
    return untaken_slug(name, set().union(*rivals), longest)


class SourceQuerySet(models.QuerySet):
    def named(self, name: str):
        """The outlet with this name or alias, in any spelling, or None."""
        return self.filter(aliases__key=name_key(name)).first()

    def at_old_slug(self, slug: str):
        """The outlet that once had this slug (case-sensitive), or None."""
        return self.filter(old_slugs__slug=slug).first()

    def free_slug(self, name: str, source_id: int | None = None) -> str:
        """A slug for this name that no other outlet has or once had."""
        stem = outlet_slug(name)
        taken = self.exclude(pk=source_id).filter(slug__startswith=stem).values_list("slug", flat=True)
        left = OldSlug.objects.exclude(source=source_id).filter(slug__startswith=stem)
        return untaken_slug(name, {*taken, *left.values_list("slug", flat=True)})

    def introduce(self, name: str, standing: str, **fields):
        """Create an outlet with its first alias, or return the one that has the name already."""
        if known := self.named(name):
            return known
        with transaction.atomic():
            source = self.create(name=name, slug=self.free_slug(name), standing=standing, **fields)
            SourceAlias.objects.create(source=source, name=name)
        return source


class Source(models.Model):
    """来源: an outlet whose articles we keep."""

    class Kind(models.TextChoices):
        UNKNOWN = "unknown", "未分类"
        NEWSPAPER = "newspaper", "报刊"
        AGENCY = "agency", "通讯社"
        WEBSITE = "website", "网站"
        BROADCASTER = "broadcaster", "广播电视"
        GOVERNMENT = "government", "政府部门"
        COMPANY = "company", "企业机构"

    class Standing(models.TextChoices):
        UNNAMED = "unnamed", "待定名"
        NEW = "new", "待核"
        CHECKED = "checked", "已核"

    name = models.CharField("名称", max_length=200)
    slug = models.SlugField("地址名", max_length=100, unique=True, help_text="网址里的名字，一般用拼音。")
    initial = models.CharField("首字母", max_length=1, editable=False, db_index=True)
    kind = models.CharField("类型", max_length=12, choices=Kind, default=Kind.UNKNOWN)
    standing = models.CharField(
        "状态", max_length=8, choices=Standing, default=Standing.NEW, help_text="导入时新建的来源为“待核”。"
    )
    homepage = models.URLField("网站", max_length=500, blank=True)
    note = models.TextField("备注", blank=True)
    search_weight = models.FloatField(
        "检索权重",
        default=1.0,
        validators=[MinValueValidator(0.1), MaxValueValidator(5.0)],
        help_text="0.1 到 5。检索时同样切题的稿件，权重高的来源排在前面：1 是一般，2 加倍，0.5 减半。一分钟内生效。",
    )
    created_at = models.DateTimeField("建立时间", auto_now_add=True)
    # The import that created it; undoing that import deletes it.
    introduced_by = models.ForeignKey(ImportRun, models.SET_NULL, null=True, editable=False, related_name="+")

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "来源"
        ordering = ["initial", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["name"], name="source_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="source_has_a_name"),
        ]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.initial = initial(self.name)
        self.slug = self.slug or Source.objects.free_slug(self.name, self.pk)
        super().save(*args, **kwargs)

    def add_alias(self, name: str) -> None:
        """Add an alias, unless an outlet has it already."""
        SourceAlias.objects.get_or_create(key=name_key(name), defaults={"source": self, "name": name})

    def keep_old_slug(self, slug: str) -> None:
        """Redirect an old slug here, unless it redirects somewhere already."""
        OldSlug.objects.get_or_create(slug=slug, defaults={"source": self})

    def renamed(self, name_was: str, slug_was: str, editor=None) -> None:
        """After a save under a new name or slug: keep the old ones working, and record who changed them."""
        if (name_was, slug_was) == (self.name, self.slug):
            return
        self.add_alias(name_was)
        self.add_alias(self.name)
        if slug_was != self.slug:
            self.keep_old_slug(slug_was)
        now = {"name": self.name, "slug": self.slug}
        Renaming.objects.create(source=self, name_was=name_was, slug_was=slug_was, editor=editor, **now)


class SourceAlias(models.Model):
    """A spelling of an outlet's name; the name itself is the first."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="aliases", verbose_name="来源")
    name = models.CharField("写法", max_length=200)
    key = models.CharField(max_length=200, unique=True, editable=False)
    introduced_by = models.ForeignKey(ImportRun, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "别名"

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        self.key = name_key(self.name)
        super().save(*args, **kwargs)


class OldSlug(models.Model):
    """A slug that the outlet once had, case-sensitive: TechWeb and Techweb are two."""

    source = models.ForeignKey(Source, models.CASCADE, related_name="old_slugs", verbose_name="来源")
    slug = models.CharField("旧地址名", max_length=200, unique=True)
    introduced_by = models.ForeignKey(ImportRun, models.SET_NULL, null=True, editable=False, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "旧地址"

    def __str__(self):
        return self.slug
