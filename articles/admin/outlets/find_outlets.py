"""Outlets by what an editor types: a name, an alias, a pinyin address, old or new."""

from django.db.models import Q

from sources.models import OldSlug, Source, SourceAlias
from sources.text.outlet_names import name_key


def find_outlets(term: str):
    """The outlet with exactly this name or address, else those that contain it."""
    key = name_key(term)
    exact = Q(pk__in=SourceAlias.objects.filter(key=key).values("source")) | Q(slug=term.lower())
    sources = Source.objects.filter(exact | Q(pk__in=OldSlug.objects.filter(slug=term).values("source")))
    return sources if sources.exists() else containing(Source.objects.all(), term)


def containing(sources, term: str):
    """Those of `sources` with the term in a name, an alias or an address."""
    aliases = SourceAlias.objects.filter(key__contains=name_key(term))
    old_slugs = OldSlug.objects.filter(slug__icontains=term)
    return sources.filter(
        Q(slug__contains=term.lower())
        | Q(name__icontains=term)
        | Q(pk__in=aliases.values("source"))
        | Q(pk__in=old_slugs.values("source"))
    )
