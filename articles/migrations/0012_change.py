"""The log of changes. Its triggers are made by migration 0018; before that they were set up after each `migrate`."""

from django.db import migrations, models


def stop(apps, schema_editor):
    """Remove the triggers before the table they write to."""
    on = " ON articles_article" if schema_editor.connection.vendor == "postgresql" else ""
    for event in ("insert", "update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS articles_log_{event}{on}")


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
