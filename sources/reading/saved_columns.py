"""The saved column mappings that an import uses."""

from collections import defaultdict

from sources.formats.table.columns import SavedColumns, signature
from sources.models import ColumnMapping, Source


def saved_columns(source_name: str) -> dict[str, SavedColumns]:
    """For each mapped header: the mapping of this outlet, else the one for all.

    Never another outlet's mapping: its rows would be published under the wrong name, and look right.
    """
    asked = Source.objects.named(source_name) if source_name else None
    by_header: dict[str, list[ColumnMapping]] = defaultdict(list)
    for mapping in ColumnMapping.objects.select_related("source").order_by("id"):
        by_header[mapping.signature].append(mapping)
    chosen = {header: _choose(some, asked) for header, some in by_header.items()}
    return {header: as_saved(one) for header, one in chosen.items() if one}


def as_saved(mapping: ColumnMapping) -> SavedColumns:
    """The mapping as the reader takes it: every column of the header, "" for those to ignore."""
    fields = dict.fromkeys(mapping.headers, "")
    for field, names in mapping.columns.items():
        fields |= dict.fromkeys(names, field)
    return SavedColumns(mapping.name, fields, mapping.source.name if mapping.source else "")


def _choose(some: list[ColumnMapping], asked: Source | None) -> ColumnMapping | None:
    own = [one for one in some if asked and one.source_id == asked.pk]
    general = [one for one in some if one.source_id is None]
    return next(iter(own or general), None)


def mapping_of(headers: list[str], source: Source | None) -> ColumnMapping | None:
    """The mapping of this header for exactly this outlet (None: for all)."""
    return ColumnMapping.objects.filter(source=source, signature=signature(headers)).first()


def keep(
    name: str,
    headers: list[str],
    fields: dict[str, str],
    source: Source | None,
    user,
    mapping: ColumnMapping | None = None,
) -> ColumnMapping:
    """Save a mapping (their column -> our field) of this header for the outlet (None: for all).

    Updates `mapping` if given, else the one with the same header and outlet. Raises IntegrityError for a name, or a
    header and outlet, that another mapping has."""
    columns: dict[str, list[str]] = defaultdict(list)
    for header in headers:
        if meant := fields.get(header):
            columns[meant].append(header)
    mapping = mapping or mapping_of(headers, source) or ColumnMapping()
    mapping.name, mapping.source, mapping.made_by = name, source, user
    mapping.headers, mapping.columns, mapping.signature = headers, dict(columns), signature(headers)
    mapping.save()
    return mapping
