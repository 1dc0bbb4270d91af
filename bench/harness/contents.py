"""What a portal's database holds, told without ids and times: `python -m bench.harness.contents`, in its environment.

Prints one JSON object: table -> number of rows and a checksum over them. Two databases that were filled alike
give the same, whatever ids their rows have and whenever they were written. `--rows` lists a hash for each row.
A new model is counted by itself; one that must not be is named here, with the reason.
"""

import argparse
import json
import os
from collections.abc import Iterator
from hashlib import blake2b

import django
from django.apps import apps
from django.db import models
from django.utils import timezone

LEFT_OUT = {
    "sources.ImportRun": "how often an import was stopped, and when; the drill looks at the runs by itself",
    "articles.Change": "a log of what happened, however often; nothing is read from it but by whoever follows",
    "admin.LogEntry": "names its objects by id, in words",
    "auth.Permission": "made by migrate",
    "contenttypes.ContentType": "made by migrate",
    "sessions.Session": "visitors, not content",
}
# Ids and times of the clock inside JSON: the key, and whose id it is; None for what is left out.
INSIDE = {
    "articles.Revision.snapshot": {
        "source_id": "sources.Source",
        "category_id": "articles.Category",
        "updated_at": None,
    },
    "articles.OutletFront.newest": {"id": "articles.Article"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", action="store_true", help="a hash for each row instead of a sum")
    parser.add_argument("--exact", action="store_true", help="ids and times, too: the very same rows")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    told = exact() if asked.exact else contents()
    print(
        json.dumps(told if asked.rows else {label: [len(rows), _sum(rows)] for label, rows in told.items()})
    )


def contents() -> dict[str, list[str]]:
    """A hash for each row by what it says, sorted, for each table."""
    names: dict[str, dict] = {}
    for model in _referred_first():
        names[model._meta.label] = dict(_named(model, names))
    return {label: sorted(rows.values()) for label, rows in names.items() if label not in LEFT_OUT}


def exact() -> dict[str, list[str]]:
    """A hash for each row with all its columns, in the order of ids, for each table."""
    told = {}
    for model in _referred_first():
        rows = model._base_manager.order_by("pk").values_list().iterator(2000)
        told[model._meta.label] = [_hash(_plain(list(row))) for row in rows]
    return told


# ------------------------------------------------------------------ a row's name
def _referred_first() -> list[type[models.Model]]:
    """Every model, each behind those its keys point to (in a circle, none is named before the other)."""
    order: list = []

    def put(model, above=()):
        if model in order or model in above or model._meta.proxy:
            return
        for field in model._meta.concrete_fields:
            if field.related_model:
                put(field.related_model, (*above, model))
        order.append(model)

    for model in apps.get_models(include_auto_created=True):
        put(model)
    return order


def _named(model, names: dict) -> Iterator[tuple[object, str]]:
    """Each row's id, and a hash of what it says, with the names of the rows it points to in place of their ids."""
    fields = [field for field in model._meta.concrete_fields if not _is_id_or_clock(field)]
    columns = [field.attname for field in fields]
    for pk, *values in model._base_manager.values_list("pk", *columns).iterator(2000):
        said = [_said(field, value, names) for field, value in zip(fields, values, strict=True)]
        yield pk, _hash(_plain(said))


def _is_id_or_clock(field: models.Field) -> bool:
    clock = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return isinstance(field, models.AutoField) or clock or field.default is timezone.now


def _said(field: models.Field, value, names: dict):
    if field.related_model:
        return _name_of(field.related_model._meta.label, value, names)
    inside = INSIDE.get(f"{field.model._meta.label}.{field.name}")
    return _without_ids(value, inside, names) if inside else value


def _name_of(label: str, pk, names: dict):
    """The name of a row; of a table that is left out or not named yet, only whether one is pointed to."""
    if pk is None or label in LEFT_OUT or label not in names:
        return pk is not None
    return names[label].get(pk, "nobody")


def _without_ids(value, inside: dict, names: dict):
    if isinstance(value, list):
        return [_without_ids(one, inside, names) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: one for key, one in value.items() if inside.get(key, "") is not None}
    return {key: _name_of(inside[key], one, names) if key in inside else one for key, one in kept.items()}


def _plain(values: list) -> bytes:
    """SQLite gives bytes, PostgreSQL memoryviews."""
    flat = [bytes(one).hex() if isinstance(one, (bytes, memoryview)) else one for one in values]
    return json.dumps(flat, default=str, sort_keys=True).encode("utf-8", "surrogatepass")


def _hash(said: bytes) -> str:
    return blake2b(said, digest_size=12).hexdigest()


def _sum(rows: list[str]) -> str:
    return _hash("".join(rows).encode())


if __name__ == "__main__":
    main()
