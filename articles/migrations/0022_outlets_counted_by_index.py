"""The home page counts outlets and articles in the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0021_revision_kinds"),
        ("sources", "0013_runs_of_uploads"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="outletfront",
            name="outlet_front_count",
        ),
        migrations.AddIndex(
            model_name="outletfront",
            index=models.Index(fields=["-count", "source", "latest_at"], name="outlet_front_listed"),
        ),
    ]
