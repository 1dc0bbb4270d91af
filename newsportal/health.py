"""Two questions a supervisor asks: is the process alive, and can it serve?"""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache

from articles.search.index import Unavailable, open_searcher


@never_cache
def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers; touches nothing else."""
    return JsonResponse({"alive": True})


@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and has every migration, and search has its index; else 503 with what is amiss."""
    parts = {"database": _database(), "migrations": "unknown", "index": _index()}
    if parts["database"] == "ok":
        parts["migrations"] = _migrations()
    ok = all(state == "ok" for state in parts.values())
    response = JsonResponse({"ready": ok, **parts}, status=200 if ok else 503)
    if not ok:
        response["Retry-After"] = "5"
    return response


def _database() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "unreachable"
    return "ok"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(waiting)} waiting" if waiting else "ok"


def _index() -> str:
    try:
        open_searcher()
    except Unavailable:
        return "missing"
    return "ok"
