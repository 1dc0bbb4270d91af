"""A right to deal with what somebody else has uploaded."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sources", "0008_packing")]

    operations = [
        migrations.AlterModelOptions(
            name="upload",
            options={
                "default_permissions": (),
                "ordering": ["-id"],
                "permissions": [("manage_upload", "可以处理别人的上传")],
                "verbose_name": "上传导入",
                "verbose_name_plural": "上传导入",
            },
        ),
    ]
