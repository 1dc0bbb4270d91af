"""History of outlets: merges, renamings, and pairs that are known to be different."""

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import F, Q


def pack_row(row: models.Model) -> dict:
    """A row as JSON, from which `unpack_row` restores it."""
    values = {field.attname: field.value_from_object(row) for field in row._meta.concrete_fields}
    values = {name: v.isoformat() if hasattr(v, "isoformat") else v for name, v in values.items()}
    return {"model": row._meta.label_lower, "values": values}


def unpack_row(packed: dict) -> models.Model | None:
    """The row that `pack_row` packed, unsaved; None if a row that it requires is gone."""
    model = apps.get_model(packed["model"])
    row = model()
    for field in model._meta.concrete_fields:
        if field.attname not in packed["values"]:
            continue
        value = field.to_python(packed["values"][field.attname])
        if value is not None and field.is_relation and field.db_constraint:
            there = field.related_model._base_manager.filter(**{field.target_field.name: value})
            if not there.exists():
                if not field.null:
                    return None
                value = None
        setattr(row, field.attname, value)
    return row


class SourceMergeQuerySet(models.QuerySet):
    def standing(self):
        return self.filter(undone_at=None)

    def heir(self, pk: int) -> int:
        """The id of the outlet that this one (an id) was merged into, through any number of merges; itself if none."""
        went = dict(self.standing().values_list("merged_id", "into_id"))
        seen = set()
        while pk in went and pk not in seen:
            seen.add(pk)
            pk = went[pk]
        return pk


class SourceMerge(models.Model):
    """合并: one outlet was merged into another, with everything that an unmerge needs.

    The merged outlet's row is deleted, so lists, filters and imports need not exclude it.
    """

    # No constraint: the target may itself be merged later, and an unmerge restores it under its id.
    into = models.ForeignKey(
        "sources.Source", models.DO_NOTHING, "merges", db_constraint=False, verbose_name="并入"
    )
    into_name = models.CharField("并入", max_length=200)
    merged_id = models.PositiveBigIntegerField(db_index=True)
    merged_name = models.CharField("被并的来源", max_length=200)
    merged_slug = models.CharField("原地址名", max_length=100)
    # The merged outlet's row, then rows that depend on it (pack_row).
    was = models.JSONField(default=list)
    # Ids of the rows that were moved: aliases, old slugs and other rows with a key to an outlet, by model and field.
    moved = models.JSONField(default=dict)
    articles = models.PositiveIntegerField("稿件", default=0)
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name="操作人"
    )
    made_at = models.DateTimeField("合并时间", auto_now_add=True)
    undone_at = models.DateTimeField("撤销时间", null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # After an unmerge: articles that stayed with the target, and why.
    left = models.JSONField(default=list)

    objects = SourceMergeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "来源合并"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["merged_id"], condition=Q(undone_at=None), name="source_merged_once"
            )
        ]

    def __str__(self):
        return f"“{self.merged_name}”并入“{self.into_name}”"

    @property
    def is_standing(self) -> bool:
        return self.undone_at is None


class Renaming(models.Model):
    """改名: the name and slug of an outlet before and after an editor changed them."""

    source = models.ForeignKey("sources.Source", models.CASCADE, "renamings", verbose_name="来源")
    name_was = models.CharField("原名", max_length=200)
    slug_was = models.CharField("原地址名", max_length=100)
    name = models.CharField("新名", max_length=200)
    slug = models.CharField("新地址名", max_length=100)
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "改名"
        ordering = ["-id"]

    def __str__(self):
        return f"“{self.name_was}”改为“{self.name}”"


class UnlikeQuerySet(models.QuerySet):
    def remember(self, one: int, other: int, editor) -> None:
        """Record that two outlets (ids) are different, however similar their names."""
        first, second = sorted((one, other))
        self.get_or_create(one_id=first, other_id=second, defaults={"editor": editor})

    def pairs(self) -> set[tuple[int, int]]:
        return set(self.values_list("one", "other"))


class Unlike(models.Model):
    """不是同一家: an editor said that two outlets with similar names are different; `one` has the lower id."""

    one = models.ForeignKey("sources.Source", models.CASCADE, related_name="+")
    other = models.ForeignKey("sources.Source", models.CASCADE, related_name="+")
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = UnlikeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "不是同一家"
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="unlike_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="unlike_in_order"),
        ]

    def __str__(self):
        return f"{self.one_id} ≠ {self.other_id}"
