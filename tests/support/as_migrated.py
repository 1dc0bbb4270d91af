"""What `migrate` puts into a new database, remembered before a transactional test empties it."""

from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from articles.models.search_terms import SearchAlias

_RIGHTS: dict[str, list[tuple[str, str]]] = {}
_ALIASES: list[dict] = []


def remember() -> None:
    """Call once, when the tests' database has just been made."""
    for group in Group.objects.all():
        rights = group.permissions.values_list("content_type__app_label", "codename")
        _RIGHTS[group.name] = list(rights)
    _ALIASES[:] = SearchAlias.objects.values("word", "expansions", "both_ways", "enabled", "key")


def group(name: str) -> Group:
    """The group with the rights it has in a new portal."""
    found, created = Group.objects.get_or_create(name=name)
    if created:
        asked = (Q(content_type__app_label=app, codename=codename) for app, codename in _RIGHTS[name])
        found.permissions.set(Permission.objects.filter(_any(asked)))
    return found


def aliases() -> None:
    """Bring the search aliases of a new portal back, where they are gone."""
    SearchAlias.objects.bulk_create((SearchAlias(**row) for row in _ALIASES), ignore_conflicts=True)


def _any(conditions) -> Q:
    joined = Q()
    for one in conditions:
        joined |= one
    return joined
