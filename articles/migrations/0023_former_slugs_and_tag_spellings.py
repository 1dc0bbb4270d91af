"""Slugs that sections and tags had go on as redirects; tags are found by how their names read."""

import re

import django.db.models.deletion
from django.db import migrations, models

from articles.models.tags_and_securities import tag_key
from articles.taxonomy.tag_slugs import SLUG, address_of

AT_ONCE = 1000


def spell_tags(apps, schema_editor):
    """How each tag there is reads; and a slug that works where somebody gave one that does not (.., a/b)."""
    Tag, TagSpelling = apps.get_model("taggit", "Tag"), apps.get_model("articles", "TagSpelling")
    known = Tag.objects.order_by("pk").only("pk", "name", "slug")
    rows = (TagSpelling(tag_id=tag.pk, key=tag_key(tag.name)) for tag in known.iterator(AT_ONCE))
    TagSpelling.objects.bulk_create(rows, batch_size=AT_ONCE)
    for tag in [tag for tag in known.iterator(AT_ONCE) if not SLUG.fullmatch(tag.slug)]:
        tag.slug = address_of(tag.name, re.sub(r"[^-\w]", "", tag.slug))
        tag.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0022_outlets_counted_by_index"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerCategorySlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=60, unique=True)),
                (
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="articles.category",
                    ),
                ),
            ],
            options={
                "verbose_name": "栏目旧地址",
                "verbose_name_plural": "栏目旧地址",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="FormerTagSlug",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.CharField(max_length=100, unique=True)),
                (
                    "tag",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="former_slugs",
                        to="taggit.tag",
                    ),
                ),
            ],
            options={
                "verbose_name": "标签旧地址",
                "verbose_name_plural": "标签旧地址",
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="TagSpelling",
            fields=[
                (
                    "tag",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="spelling",
                        serialize=False,
                        to="taggit.tag",
                    ),
                ),
                ("key", models.CharField(max_length=200)),
            ],
            options={
                "verbose_name": "标签写法",
                "verbose_name_plural": "标签写法",
                "default_permissions": (),
                "indexes": [models.Index(fields=["key"], name="tag_spelling_key")],
            },
        ),
        migrations.RunPython(spell_tags, migrations.RunPython.noop),
    ]
