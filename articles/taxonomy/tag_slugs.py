"""A slug for every tag, whatever characters its name has; and what has to follow when a tag is saved.

Tags belong to another app, so their signals do it (articles.apps).
"""

import re
from hashlib import blake2b

from django.utils.text import slugify
from taggit.models import Tag

from articles.models.tags_and_securities import FormerTagSlug, TagSpelling, tag_key

LONGEST = Tag._meta.get_field("slug").max_length
HASHED = 8  # hex digits
SLUG = re.compile(r"[-\w]{1,100}")


def give_address(sender, instance: Tag, **signal) -> None:
    """Before a tag is saved: a slug that works and that no other tag has had. taggit makes none for a name of signs."""
    slug, is_new = instance.slug, instance.pk is None
    if not SLUG.fullmatch(slug) or (is_new and FormerTagSlug.objects.filter(slug=slug).exists()):
        instance.slug = address_of(instance.name, slugify(slug, allow_unicode=True))
    if not is_new:
        was = Tag.objects.filter(pk=instance.pk).values_list("slug", flat=True).first()
        if was not in (None, "", instance.slug):
            FormerTagSlug.objects.update_or_create(slug=was, defaults={"tag": instance})


def keep_spelling(sender, instance: Tag, created: bool, raw: bool = False, **signal) -> None:
    """After a tag is saved: how its name reads, by which it is found again."""
    key = tag_key(instance.name)
    if created:
        TagSpelling.objects.create(tag=instance, key=key)
    else:
        TagSpelling.objects.update_or_create(tag=instance, defaults={"key": key})


def address_of(name: str, slug: str) -> str:
    """A unique slug: taggit's, or 标签 in pinyin if there is none, and a hash of the name."""
    digest = blake2b(name.encode(), digest_size=HASHED // 2).hexdigest()
    return f"{slug[: LONGEST - HASHED - 1] or 'biaoqian'}-{digest}"
