"""Raw bytes come packed: PostgreSQL need not try to pack them again."""

from django.db import migrations


def store(how):
    def alter(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f'ALTER TABLE sources_importitem ALTER COLUMN "raw" SET STORAGE {how}')

    return alter


class Migration(migrations.Migration):
    dependencies = [("sources", "0007_outlet_kinship")]

    operations = [migrations.RunPython(store("EXTERNAL"), store("EXTENDED"))]
