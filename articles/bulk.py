"""Insert thousands of rows at the speed of the database: COPY on PostgreSQL, one prepared statement on SQLite.

`bulk_create` builds one SQL string and a parameter list for every few hundred rows, which at a million
articles costs more than the database itself. Objects come as they go to `bulk_create`, already derived.
"""

from collections.abc import Sequence
from functools import cache
from operator import attrgetter

from django.db import connection, models

# Their Python values go to the database as they are; all others are prepared by their field.
AS_THEY_ARE = (
    *(models.CharField, models.TextField, models.BinaryField, models.ForeignKey),
    *(models.IntegerField, models.AutoField),
)


def insert(objects: Sequence[models.Model]) -> None:
    """Insert objects of one model and give each its id. Must run inside a transaction. Raises DatabaseError."""
    if not objects:
        return
    model = type(objects[0])
    for obj, pk in zip(objects, _fresh_ids(model, len(objects)), strict=True):
        obj.pk = pk
        obj._state.adding, obj._state.db = False, connection.alias
    fields = model._meta.concrete_fields
    rows = map(attrgetter(*(field.attname for field in fields)), objects)
    _write(model, fields, _prepared(fields, rows))


def insert_rows(model: type[models.Model], rows) -> None:
    """Insert rows (a value for each column, as the database takes it) of a model that has no id of its own.

    Must run inside a transaction. Raises DatabaseError.
    """
    _write(model, model._meta.concrete_fields, rows)


def _prepared(fields, rows):
    """Rows as the database adapter takes them; only the columns that need it are touched."""
    special = [(i, field) for i, field in enumerate(fields) if not _goes_as_it_is(type(field))]
    for row in rows:
        values = list(row)
        for index, field in special:
            if values[index] is not None:
                values[index] = field.get_db_prep_save(values[index], connection)
        yield values


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
