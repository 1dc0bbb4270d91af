"""An outlet's activity by day, in place of a number that was right on the day it was counted."""

from datetime import timedelta

from django.db import migrations, models
from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone


def count_days(apps, schema_editor):
    """The last 31 days of every outlet; what is older counts for nothing."""
    Article, OutletFront = apps.get_model("articles", "Article"), apps.get_model("articles", "OutletFront")
    now = timezone.now()
    recent = Article.objects.filter(public_at__gt=now - timedelta(days=31), public_at__lte=now).order_by()
    found = {}
    for source, day, count in recent.values_list("source", TruncDate("public_at")).annotate(Count("pk")):
        found.setdefault(source, {})[day.isoformat()] = count
    fronts = list(OutletFront.objects.filter(source__in=found))
    for front in fronts:
        front.days = found[front.source_id]
    OutletFront.objects.bulk_update(fronts, ["days"], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0019_prunedchanges"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="outletfront", name="outlet_front_activity"),
        migrations.RemoveField(model_name="outletfront", name="recent"),
        migrations.AddField(model_name="outletfront", name="days", field=models.JSONField(default=dict)),
        migrations.AddIndex(
            model_name="outletfront",
            index=models.Index(fields=["-count", "source"], name="outlet_front_count"),
        ),
        migrations.AddIndex(
            model_name="outletfront",
            index=models.Index(fields=["latest_at"], name="outlet_front_latest"),
        ),
        migrations.RunPython(count_days, migrations.RunPython.noop),
    ]
