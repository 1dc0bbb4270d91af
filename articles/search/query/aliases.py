"""别名: search aliases, so that a query for 工行 finds articles that only say 工商银行."""

from django.core.cache import cache

from articles.models.search_terms import ALIASES_KEY, MOST, SearchAlias, key_of

MINUTE = 60  # seconds: how long other processes may use aliases that have changed


def known() -> dict[str, list[tuple[str, str]]]:
    """Aliases by folded word: for each word, pairs of (another spelling, the word whose alias it is).

    Cached for a minute; a change made in this process shows at once.
    """
    return cache.get_or_set(ALIASES_KEY, _read, 1 * MINUTE)


def _read() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for alias in SearchAlias.objects.filter(enabled=True):
        all_of_it = [alias.word, *alias.others()[:MOST]]
        for word in all_of_it if alias.both_ways else all_of_it[:1]:
            others = [(other, word) for other in all_of_it if key_of(other) != key_of(word)]
            found.setdefault(key_of(word), []).extend(others)
    return found
