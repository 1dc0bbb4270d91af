"""No revision was ever of the kind `undo`: what an undo takes back, it takes out of the history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0020_outletfront_days"),
    ]

    operations = [
        migrations.AlterField(
            model_name="revision",
            name="kind",
            field=models.CharField(
                choices=[
                    ("import", "导入"),
                    ("edit", "编辑"),
                    ("correction", "更正"),
                    ("withdrawal", "撤下"),
                    ("restore", "恢复"),
                    ("merge", "合并来源"),
                    ("unmerge", "撤销合并"),
                    ("section", "按规则归栏"),
                    ("reconcile", "合并新稿"),
                    ("reclean", "重新清洗"),
                ],
                max_length=10,
                verbose_name="缘由",
            ),
        ),
    ]
