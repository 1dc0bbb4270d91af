"""检索权重: how much the articles of an outlet count in search, as editors set it."""

from django.core.cache import cache

from sources.models import Source

_KEY, _MINUTE = "outlet-weights", 60


def outlet_weights() -> dict[int, float]:
    """By id, the weights of the outlets that have another than 1. Cached for a minute."""
    return cache.get_or_set(_KEY, _read, _MINUTE)


def _read() -> dict[int, float]:
    return dict(Source.objects.exclude(search_weight=1).values_list("pk", "search_weight"))
