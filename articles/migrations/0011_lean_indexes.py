"""Indexes that another one made superfluous go; where few rows have a value, only these are in the index."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_packing"),
        ("sources", "0008_packing"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="picture",
            name="url_key",
            field=models.CharField(max_length=32),
        ),
        migrations.AlterField(
            model_name="revision",
            name="editor",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                to=settings.AUTH_USER_MODEL,
                verbose_name="编辑",
            ),
        ),
        migrations.AlterField(
            model_name="taggedarticle",
            name="content_object",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="tagged",
                to="articles.article",
            ),
        ),
        migrations.AlterField(
            model_name="taggedarticle",
            name="tag",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="articles_taggedarticle_items",
                to="taggit.tag",
            ),
        ),
        migrations.AddIndex(
            model_name="picture",
            index=models.Index(fields=["url_key"], name="picture_url"),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                condition=models.Q(("editor__isnull", False)), fields=["editor"], name="revision_editor"
            ),
        ),
    ]
