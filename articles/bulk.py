"""Insert thousands of rows at the speed of the database: COPY on PostgreSQL, one prepared statement on SQLite.

`bulk_create` builds one SQL string and a parameter list for every few hundred rows, which at a million
articles costs more than the database itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from operator import attrgetter

from django.db import connection, models

# Their Python values go to the database as they are; all others are prepared by their field.
AS_THEY_ARE = (
    *(models.CharField, models.TextField, models.BinaryField, models.ForeignKey),
    *(models.IntegerField, models.AutoField),
)


def insert(objects: Sequence[models.Model]) -> None:
    """Insert objects of one model, already derived, and give each its id; else as `insert_rows`."""
    if not objects:
        return
    model = type(objects[0])
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    ids = insert_rows(model, names, list(map(attrgetter(*names), objects)))
    for obj, pk in zip(objects, ids, strict=True):
        obj.pk = pk
        obj._state.adding, obj._state.db = False, connection.alias


def insert_whole_rows(model: type[models.Model], rows) -> None:
    """Insert rows (a value for each column, as the database takes it) of a model that has no id of its own.

    Must run inside a transaction. Raises DatabaseError.
    """
    _write(model, model._meta.concrete_fields, rows)


def insert_rows(model, names: Sequence[str], rows: Sequence[tuple]) -> Sequence[int]:
    """Insert rows, their values in the order of `names`, and return their new ids in that order.

    `names` are attribute names (`source_id`); every other column gets its field's default. Must run inside
    a transaction. Raises DatabaseError.
    """
    if not rows:
        return ()
    ids = _fresh_ids(model, len(rows))
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    others = [field for name, field in by_name.items() if name not in names and not field.primary_key]
    defaults = tuple(field.get_default() for field in others)
    fields = [model._meta.pk, *(by_name[name] for name in names), *others]
    whole = ([pk, *row, *defaults] for pk, row in zip(ids, rows, strict=True))
    _write(model, fields, _prepared(fields, whole))
    return ids


def analyze(*models: type[models.Model]) -> None:
    """Let PostgreSQL see that these tables have grown: till then it reads them whole to find a few hundred rows."""
    if connection.vendor == "postgresql":
        tables = ", ".join(connection.ops.quote_name(model._meta.db_table) for model in models)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {tables}")


def _prepared(fields, rows: Iterable[list]) -> Iterator[list]:
    """Rows as the database adapter takes them; only the columns that need it are touched, each moment once."""
    special = [(i, field) for i, field in enumerate(fields) if not _goes_as_it_is(type(field))]
    moments: dict = {}
    for row in rows:
        for index, field in special:
            value = row[index]
            if value is None:
                continue
            if not isinstance(value, datetime):
                row[index] = field.get_db_prep_save(value, connection)
                continue
            if value not in moments:
                moments[value] = field.get_db_prep_save(value, connection)
            row[index] = moments[value]
        yield row


@cache
def _goes_as_it_is(kind: type) -> bool:
    return issubclass(kind, AS_THEY_ARE)


def _fresh_ids(model, count: int) -> range | list[int]:
    """Ids that no other writer will use: from the sequence, or past the last one while SQLite lets only us write."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"nextval(pg_get_serial_sequence(%s, '{model._meta.pk.column}'))"
            cursor.execute(f"SELECT {sequence} FROM generate_series(1, %s)", [f'"{table}"', count])
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return range(last + 1, last + count + 1)


def _write(model, fields, rows) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with connection.wrap_database_errors, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
