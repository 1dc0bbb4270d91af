"""The home page counts outlets and articles in the index alone.

A portal that ran 0020 before the index of `latest_at` was added to it does not have that index.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0021_revision_kinds"),
        ("sources", "0013_runs_of_uploads"),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS outlet_front_latest ON articles_outletfront (latest_at)",
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex(
            model_name="outletfront",
            name="outlet_front_count",
        ),
        migrations.AddIndex(
            model_name="outletfront",
            index=models.Index(fields=["-count", "source", "latest_at"], name="outlet_front_listed"),
        ),
    ]
