"""What a run is, where its inputs came from, and what it did besides articles: fields instead of keys of `options`."""

from django.db import migrations, models

# How the words begin in which a run of each kind said where its inputs came from.
ORIGINS = {"上传（第 ": "upload", "订阅：": "feed", "待处理：重试": "retry", "待处理：同一篇": "same-article"}
FIELDS = ["kind", "origin", "options", "new_tags", "named_securities", "moved_articles"]


def take_out_of_options(apps, schema_editor):
    runs = apps.get_model("sources", "ImportRun").objects.using(schema_editor.connection.alias)
    for run in runs.only("options").iterator(500):
        options = run.options
        run.origin = options.pop("origin", "")
        run.new_tags = options.pop("tags", [])
        run.named_securities = options.pop("named", {})
        run.moved_articles = options.pop("filed", None)
        run.kind = next((kind for words, kind in ORIGINS.items() if run.origin.startswith(words)), "files")
        if "reclean" in options:
            run.kind, run.options = "reclean", {"outlet": options["reclean"].get("source", "")}
        run.save(update_fields=FIELDS)


def put_into_options(apps, schema_editor):
    runs = apps.get_model("sources", "ImportRun").objects.using(schema_editor.connection.alias)
    for run in runs.only(*FIELDS).iterator(500):
        kept = {"origin": run.origin, "tags": run.new_tags, "named": run.named_securities}
        run.options |= {name: value for name, value in kept.items() if value}
        if run.moved_articles is not None:
            run.options["filed"] = run.moved_articles
        if run.kind == "reclean":
            run.options = {"reclean": {"source": run.options.get("outlet", "")}}
        run.save(update_fields=["options"])


class Migration(migrations.Migration):
    dependencies = [("sources", "0011_problems")]

    operations = [
        migrations.AddField(
            model_name="importrun",
            name="kind",
            field=models.CharField(
                choices=[
                    ("files", "文件"),
                    ("upload", "上传"),
                    ("feed", "订阅"),
                    ("retry", "重试"),
                    ("same-article", "认定为同一篇"),
                    ("reclean", "重新清洗"),
                ],
                default="files",
                max_length=12,
                verbose_name="种类",
            ),
        ),
        migrations.AddField(
            model_name="importrun",
            name="origin",
            field=models.TextField(blank=True, default="", verbose_name="来自"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="importrun",
            name="new_tags",
            field=models.JSONField(default=list, editable=False),
        ),
        migrations.AddField(
            model_name="importrun",
            name="named_securities",
            field=models.JSONField(default=dict, editable=False),
        ),
        migrations.AddField(
            model_name="importrun",
            name="moved_articles",
            field=models.JSONField(editable=False, null=True),
        ),
        migrations.RunPython(take_out_of_options, put_into_options),
    ]
