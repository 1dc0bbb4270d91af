"""How far the log of changes has been pruned: who had not come that far cannot go on from where he was."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0018_change_triggers"),
    ]

    operations = [
        migrations.CreateModel(
            name="PrunedChanges",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("transaction", models.BigIntegerField()),
                ("change", models.BigIntegerField()),
                ("made_at", models.DateTimeField(auto_now=True)),
            ],
            options={"default_permissions": ()},
        ),
    ]
