"""The run of an upload that ended badly or is still going on: found once more by its words, and kept."""

import re

from django.db import migrations

ORIGIN = re.compile(r"上传（第 (\d+) 次）")


def attach_runs(apps, schema_editor):
    alias = schema_editor.connection.alias
    runs = apps.get_model("sources", "ImportRun").objects.using(alias).filter(kind="upload").order_by("pk")
    uploads = apps.get_model("sources", "Upload").objects.using(alias)
    matches = ((pk, ORIGIN.fullmatch(origin)) for pk, origin in runs.values_list("pk", "origin"))
    newest = {int(match[1]): pk for pk, match in matches if match}
    for pk in uploads.filter(run=None, started_at__isnull=False).values_list("pk", flat=True):
        if pk in newest:
            uploads.filter(pk=pk).update(run=newest[pk])


class Migration(migrations.Migration):
    dependencies = [("sources", "0012_run_kinds")]

    operations = [migrations.RunPython(attach_runs, migrations.RunPython.noop)]
