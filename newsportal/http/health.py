"""Health checks for a supervisor: is the process alive, and can it serve?"""

import os
from pathlib import Path

from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from articles.db.change_triggers import missing_triggers
from articles.models import Article
from articles.search.index import index
from newsportal.databases import damage, known
from newsportal.databases.outage import Outage, outage_of


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; checks nothing else."""
    return JsonResponse({"alive": True})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 if the database answers and has every migration, and the search index is usable; else 503 with the reasons.

    Read-only parts are listed, but do not make it 503.
    """
    parts = {"database": _asked(_database), "migrations": "unknown", "index": _index()}
    if parts["database"] == "ok":
        parts["migrations"] = _asked(_migrations)
    ok = all(state == "ok" for state in parts.values())
    kept = {"read_only": names} if (names := _read_only(parts["database"] == "ok")) else {}
    response = JsonResponse({"ready": ok, **parts, **kept}, status=200 if ok else 503)
    if not ok:
        response["Retry-After"] = "5"
    return response


def _asked(question) -> str:
    try:
        return question()
    except Error as error:
        return outage_of(error) or Outage.AWAY


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM django_migrations LIMIT 1")
        if cursor.fetchone() is None:
            return Outage.EMPTY
    Article.objects.order_by("pk").values_list("pk").last()  # this table may be locked by itself
    if known.is_another(connection):
        return "another portal's"
    return Outage.DAMAGED if damage.is_there(connection) else "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return f"{len(waiting)} waiting"
    return "change log triggers missing" if missing_triggers(connection) else "ok"


def _index() -> str:
    try:
        index.open_searcher()
    except index.Damaged:
        return "damaged"
    except index.Unavailable:
        return "missing"
    return "damaged" if index.is_suspected() else "ok"


def _read_only(database_answers: bool) -> list[str]:
    """Which of the data stores cannot be written."""
    places = {"home": settings.HOME, "search": settings.SEARCH_HOME, "media": settings.MEDIA_ROOT}
    names = [name for name, place in places.items() if not _may_write(Path(place))]
    if database_answers and _asked(_database_is_read_only) == Outage.READ_ONLY:
        names.insert(0, "database")
    return names


def _may_write(place: Path) -> bool:
    """Whether the folder, or the nearest existing parent, is writable."""
    return os.access(next(one for one in (place, *place.parents) if one.exists()), os.W_OK)


def _database_is_read_only() -> str:
    if connection.vendor == "sqlite":
        path = connection.path()
        is_so = path is not None and not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    else:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('transaction_read_only')")
            is_so = cursor.fetchone()[0] == "on"
    return Outage.READ_ONLY if is_so else "ok"
