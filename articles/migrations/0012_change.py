"""The log of changes. Its triggers are set up after each migrate (articles.models.change_log); taken away before it goes."""

from django.db import migrations, models

from articles.models.change_log import stop_writing_down


def stop(apps, schema_editor):
    stop_writing_down()


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0011_lean_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("article_id", models.BigIntegerField()),
                ("transaction", models.BigIntegerField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["transaction", "id"], name="change_in_order")],
            },
        ),
        migrations.RunPython(migrations.RunPython.noop, stop),
    ]
