"""A tag whose name is made of signs had no address."""

from django.db import migrations

from articles.taxonomy.tag_slugs import address_of


def give_addresses(apps, schema_editor):
    """The slug is unique: at most one tag has none."""
    for tag in apps.get_model("taggit", "Tag").objects.filter(slug=""):
        tag.slug = address_of(tag.name, "")
        tag.save(update_fields=["slug"])


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0015_picture_file"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
    ]

    operations = [migrations.RunPython(give_addresses, migrations.RunPython.noop)]
