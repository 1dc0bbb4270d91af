"""Pictures of articles; and what the newsroom may do with them and with subscriptions."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

# Group: model: what it may do. As in 0002, a group that is called otherwise by now is left alone.
RIGHTS = {
    "编辑": {"articles.picture": ["change", "view"], "sources.feedsubscription": ["view"]},
    "主编": {
        "articles.picture": ["change", "view"],
        "sources.feedsubscription": ["add", "change", "delete", "view"],
    },
}


def permissions(apps, rights):
    permission = import_module("articles.migrations.0002_newsroom").permission
    return [permission(apps, label, action) for label, actions in rights.items() for action in actions]


def give_rights(apps, schema_editor):
    for name, rights in RIGHTS.items():
        if group := apps.get_model("auth", "Group").objects.filter(name=name).first():
            group.permissions.add(*permissions(apps, rights))


def take_rights(apps, schema_editor):
    for name, rights in RIGHTS.items():
        if group := apps.get_model("auth", "Group").objects.filter(name=name).first():
            group.permissions.remove(*permissions(apps, rights))


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0005_story"),
        ("sources", "0005_feed_subscription"),
    ]

    operations = [
        migrations.CreateModel(
            name="Picture",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.PositiveIntegerField(verbose_name="版本")),
                ("position", models.PositiveSmallIntegerField(verbose_name="次序")),
                ("after", models.CharField(max_length=16, null=True)),
                ("url", models.CharField(max_length=2000, verbose_name="网址")),
                ("url_key", models.CharField(db_index=True, max_length=32)),
                ("alt", models.CharField(blank=True, max_length=300, verbose_name="文字说明")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("remote", "待抓取"),
                            ("fetched", "已抓取"),
                            ("refused", "不抓取"),
                            ("failed", "出错，会再试"),
                        ],
                        default="remote",
                        max_length=7,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="原因")),
                ("failures", models.PositiveSmallIntegerField(default=0, verbose_name="出错次数")),
                ("retry_at", models.DateTimeField(null=True, verbose_name="下次再试")),
                ("fetched_at", models.DateTimeField(null=True, verbose_name="抓取时间")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("width", models.PositiveIntegerField(null=True, verbose_name="宽")),
                ("height", models.PositiveIntegerField(null=True, verbose_name="高")),
                ("size", models.PositiveIntegerField(null=True, verbose_name="字节")),
                ("original_type", models.CharField(blank=True, max_length=8, verbose_name="原来的格式")),
                ("original_width", models.PositiveIntegerField(null=True, verbose_name="原来的宽")),
                ("original_height", models.PositiveIntegerField(null=True, verbose_name="原来的高")),
                ("original_size", models.PositiveIntegerField(null=True, verbose_name="原来的字节")),
                (
                    "article",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="pictures",
                        to="articles.article",
                        verbose_name="稿件",
                    ),
                ),
            ],
            options={
                "verbose_name": "图片",
                "verbose_name_plural": "图片",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["state", "-id"], name="picture_state")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("article", "version", "position"), name="picture_place_once"
                    )
                ],
            },
        ),
        migrations.RunPython(give_rights, take_rights),
    ]
