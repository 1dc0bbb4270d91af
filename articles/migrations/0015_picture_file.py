"""A picture's file is served while a published article has it: that is looked up by the file's name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0014_manage_upload")]

    operations = [
        migrations.AddIndex(
            model_name="picture",
            index=models.Index(
                condition=models.Q(("width__isnull", False)), fields=["sha256"], name="picture_file"
            ),
        ),
    ]
