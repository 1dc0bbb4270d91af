"""Insert thousands of rows at the speed of the database: COPY on PostgreSQL, one prepared statement on SQLite.

`bulk_create` builds one SQL string and a parameter list for every few hundred rows, which at a million
articles costs more than the database itself.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache, partial
from itertools import chain
from operator import itemgetter

from django.db import DatabaseError, connection, models, transaction

# Values of these fields need no preparation; others are prepared by their field.
AS_THEY_ARE = (
    *(models.CharField, models.TextField, models.BinaryField, models.ForeignKey),
    *(models.IntegerField, models.AutoField),
)


def insert(objects: Sequence[models.Model]) -> None:
    """Insert objects of one model, already derived, and set their ids; otherwise as `insert_rows`."""
    if not objects:
        return
    model = type(objects[0])
    names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
    # From the instance dict: descriptors of foreign keys would be called for each value.
    ids = insert_rows(model, names, list(map(itemgetter(*names), map(vars, objects))))
    for obj, pk in zip(objects, ids, strict=True):
        obj.pk = pk
        obj._state.adding, obj._state.db = False, connection.alias


def insert_whole_rows(model: type[models.Model], rows) -> None:
    """Insert rows (a value for each column, as the database takes it) of a model that has no id of its own.

    Must run inside a transaction. Raises DatabaseError.
    """
    _write(model, model._meta.concrete_fields, rows)


def insert_as_it_was(row: models.Model) -> None:
    """Insert a row that was there before, under its id and with all its values: `save` would date it anew.

    Raises IntegrityError where something has taken its place.
    """
    fields = row._meta.concrete_fields
    values = [getattr(row, field.attname) for field in fields]
    with transaction.atomic():
        _write(type(row), fields, _prepared(fields, [values]))
    row._state.adding, row._state.db = False, connection.alias


def delete_ranges(model: type[models.Model], ranges: Sequence[tuple[int, int]]) -> None:
    """Delete the rows with ids from the first to the last of each range. Nothing may point to them any more: Django's
    `delete` would load each with all its text to look for what does."""
    if not ranges:
        return
    quote, meta = connection.ops.quote_name, model._meta
    within = " OR ".join([f"{quote(meta.pk.column)} BETWEEN %s AND %s"] * len(ranges))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {quote(meta.db_table)} WHERE {within}", list(chain(*ranges)))


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


def update_rows(objects: Sequence[models.Model], names: Sequence[str]) -> None:
    """Update these columns (attribute names) of stored objects of one model, one prepared statement for all. Raises no
    version by itself: a version is a column like any other."""
    if not objects:
        return
    quote, meta = connection.ops.quote_name, objects[0]._meta
    by_name = {field.attname: field for field in meta.concrete_fields}
    fields = [*(by_name[name] for name in names), meta.pk]
    values = ([getattr(one, field.attname) for field in fields] for one in objects)
    columns = ", ".join(f"{quote(field.column)} = %s" for field in fields[:-1])
    statement = f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"
    with connection.cursor() as cursor:
        cursor.executemany(statement, _prepared(fields, values))


def analyze(*models: type[models.Model]) -> None:
    """Update PostgreSQL's statistics of these tables: without them it scans a table that has just grown.

    Long columns are left out: no query filters by them.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(map(_short_columns, models))}")


@contextmanager
def by_index() -> Iterator[None]:
    """Make PostgreSQL prefer index scans, also for small tables: by default a random page costs it four times a
    sequential one, as on a spinning disk."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET random_page_cost = 1.1")
    try:
        yield
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute("RESET random_page_cost")


def _short_columns(model: type[models.Model]) -> str:
    quote, long = connection.ops.quote_name, (models.TextField, models.BinaryField, models.JSONField)
    columns = [field.column for field in model._meta.concrete_fields if not isinstance(field, long)]
    return f"{quote(model._meta.db_table)} ({', '.join(map(quote, columns))})"


def _prepared(fields, rows: Iterable[list]) -> Iterator[list]:
    """Rows as the database adapter takes them. Only columns that need it are prepared, each distinct datetime once."""
    special = [(i, _preparation(field)) for i, field in enumerate(fields) if not _goes_as_it_is(type(field))]
    moments: dict = {}
    for row in rows:
        for index, prepare in special:
            value = row[index]
            if value is None:
                continue
            if not isinstance(value, datetime):
                row[index] = prepare(value)
                continue
            if value not in moments:
                moments[value] = prepare(value)
            row[index] = moments[value]
        yield row


def _preparation(field: models.Field) -> Callable:
    """What turns a value of a field into the database's. The datetimes here are aware: the field's own checks, which
    take as long again, are left out."""
    if isinstance(field, models.DateTimeField):
        return connection.ops.adapt_datetimefield_value
    return partial(field.get_db_prep_save, connection=connection)


@cache
def _goes_as_it_is(kind: type) -> bool:
    return issubclass(kind, AS_THEY_ARE)


def _fresh_ids(model, count: int) -> range | list[int]:
    """Unused ids: from PostgreSQL's sequence; on SQLite after the last one, since it has a single writer."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # In a subquery, or the sequence's name would be looked up for every id.
            name = "SELECT pg_get_serial_sequence(%s, %s)::regclass AS name OFFSET 0"
            each = f"SELECT nextval(name) FROM ({name}) AS sequence, generate_series(1, %s)"
            cursor.execute(each, [f'"{table}"', model._meta.pk.column, count])
            return [pk for (pk,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        last = (cursor.fetchone() or (0,))[0]
        return range(last + 1, last + count + 1)


def _type_of(field: models.Field) -> str:
    """A column's type as psycopg names it, without its length."""
    return field.rel_db_type(connection).partition("(")[0]


def _write(model, fields, rows) -> None:
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in fields)
    table = quote(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            statement = f"COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)"
            with connection.wrap_database_errors, cursor.copy(statement) as copy:
                copy.set_types([_type_of(field) for field in fields])
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
