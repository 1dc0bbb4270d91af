"""Splits of printed pages are kept; and 编辑 and 主编 may import, and settle what waits.

What 编辑 bring goes to review (articles.admin.imports.outcome_words.HELD).
"""

from importlib import import_module

from django.conf import settings
from django.db import migrations, models

newsroom = import_module("articles.migrations.0002_newsroom")
RIGHTS = {
    "sources.importrun": ["add"],
    "sources.importitem": ["change"],
    "sources.columnmapping": ["add", "change", "view"],
}


def _each(apps):
    groups = apps.get_model("auth", "Group").objects.filter(name__in=newsroom.GROUPS)
    made = [newsroom.permission(apps, label, one) for label, actions in RIGHTS.items() for one in actions]
    return [(group, made) for group in groups]


def give_rights(apps, schema_editor):
    """New rights for the two groups, where they still exist."""
    for group, made in _each(apps):
        group.permissions.add(*made)


def take_rights(apps, schema_editor):
    for group, made in _each(apps):
        group.permissions.remove(*made)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0007_merging"),
        ("sources", "0006_shelf"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PageSplit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("split", models.JSONField()),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="时间")),
                ("summary", models.TextField(blank=True, verbose_name="结果")),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=models.CASCADE,
                        related_name="splits",
                        to="sources.importitem",
                        verbose_name="版面",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=models.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "版面拆分",
                "verbose_name_plural": "版面拆分",
                "ordering": ["-id"],
                "default_permissions": (),
            },
        ),
        migrations.RunPython(give_rights, take_rights),
    ]
