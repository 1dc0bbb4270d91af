from django.db import migrations, models

KINDS = [
    ("import", "导入"),
    ("edit", "编辑"),
    ("correction", "更正"),
    ("withdrawal", "撤下"),
    ("restore", "恢复"),
    ("undo", "撤销导入"),
    ("reconcile", "合并新稿"),
    ("reclean", "重新清洗"),
]
STATES = [
    ("applied", "已采用"),
    ("pending", "待处理"),
    ("dropped", "未采用"),
    ("twin", "同文"),
    ("superseded", "已有更新的来源稿"),
]


def forget_the_new_words(apps, schema_editor):
    """On the way back: as the older code would call them, so that they fit its columns."""
    revisions = apps.get_model("articles", "Revision").objects
    revisions.filter(state="superseded").update(state="dropped")
    revisions.filter(kind__in=["reconcile", "reclean"]).update(kind="import")


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_picture")]

    operations = [
        migrations.AlterField(
            "revision", "kind", models.CharField(choices=KINDS, max_length=10, verbose_name="缘由")
        ),
        migrations.AlterField(
            "revision",
            "state",
            models.CharField(choices=STATES, default="applied", max_length=10, verbose_name="状态"),
        ),
        migrations.RunPython(migrations.RunPython.noop, forget_the_new_words),
    ]
