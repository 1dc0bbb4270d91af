"""A slug for every tag, whatever characters its name has."""

from hashlib import blake2b

from taggit.models import Tag

LONGEST = Tag._meta.get_field("slug").max_length
HASHED = 8  # hex digits


def give_address(sender, instance: Tag, **signal) -> None:
    """Before a tag is saved: taggit makes no slug for a name of symbols, and too long ones."""
    if not instance.slug or len(instance.slug) > LONGEST:
        instance.slug = address_of(instance.name, instance.slug)


def address_of(name: str, slug: str) -> str:
    """A unique slug: taggit's, or 标签 in pinyin if there is none, and a hash of the name."""
    digest = blake2b(name.encode(), digest_size=HASHED // 2).hexdigest()
    return f"{slug[: LONGEST - HASHED - 1] or 'biaoqian'}-{digest}"
