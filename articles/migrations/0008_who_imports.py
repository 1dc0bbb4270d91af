"""编辑 and 主编 may import, and settle what waits; what 编辑 bring goes to review (articles.desk.importing.HELD)."""

from importlib import import_module

from django.db import migrations

newsroom = import_module("articles.migrations.0002_newsroom")
RIGHTS = {"sources.importrun": ["add"], "sources.importitem": ["change"]}


def _each(apps):
    groups = apps.get_model("auth", "Group").objects.filter(name__in=newsroom.GROUPS)
    made = [newsroom.permission(apps, label, one) for label, actions in RIGHTS.items() for one in actions]
    return [(group, made) for group in groups]


def give_rights(apps, schema_editor):
    """New rights for the two groups, where they still exist."""
    for group, made in _each(apps):
        group.permissions.add(*made)


def take_rights(apps, schema_editor):
    for group, made in _each(apps):
        group.permissions.remove(*made)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0004_introduced_by"),
        ("sources", "0006_shelf"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(give_rights, take_rights)]
