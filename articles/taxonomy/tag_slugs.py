"""Every tag has an address, whatever its name is made of."""

from hashlib import blake2b

from taggit.models import Tag

LONGEST = Tag._meta.get_field("slug").max_length
HASHED = 8  # hex digits


def give_address(sender, instance: Tag, **signal) -> None:
    """Before a tag is saved: taggit leaves a name of signs alone without a slug, and lets one grow too long."""
    if not instance.slug or len(instance.slug) > LONGEST:
        instance.slug = address_of(instance.name, instance.slug)


def address_of(name: str, slug: str) -> str:
    """A slug that only this name has: what there is of one, or else 标签 in pinyin, and a hash of the name."""
    digest = blake2b(name.encode(), digest_size=HASHED // 2).hexdigest()
    return f"{slug[: LONGEST - HASHED - 1] or 'biaoqian'}-{digest}"
