"""主编 may deal with what others have uploaded."""

from importlib import import_module

from django.db import migrations

newsroom = import_module("articles.migrations.0002_newsroom")
CHIEF = "主编"


def give_rights(apps, schema_editor):
    """A new right for the group, where it still exists."""
    right = newsroom.permission(apps, "sources.upload", "manage")
    for group in apps.get_model("auth", "Group").objects.filter(name=CHIEF):
        group.permissions.add(right)


def take_rights(apps, schema_editor):
    right = newsroom.permission(apps, "sources.upload", "manage")
    for group in apps.get_model("auth", "Group").objects.filter(name=CHIEF):
        group.permissions.remove(right)


class Migration(migrations.Migration):
    dependencies = [("articles", "0013_search_words"), ("sources", "0009_manage_upload")]

    operations = [migrations.RunPython(give_rights, take_rights)]
