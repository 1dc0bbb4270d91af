"""Read a table's header and first rows, so that an editor can map its columns. Pure."""

from dataclasses import dataclass, field
from itertools import islice

from sources.files.inputs import file_name
from sources.formats.filenames import TABLES
from sources.formats.raw_article import Unreadable
from sources.formats.table.columns import COLUMNS, Columns, key
from sources.formats.table.rows import Row
from sources.formats.table.table_file import rows_of
from sources.problem import Code, Problem

ROWS, MOST_COLUMNS, CELL = 3, 60, 200


@dataclass(slots=True)
class Header:
    """The column names, and the cells of the first rows, truncated."""

    names: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def guess(self, name: str) -> str:
        """Return the field that a column of this name usually means; "" if none."""
        known = {key(one): meant for one, meant in COLUMNS.items()}
        return known.get(key(name), "")


class _AnyColumns(Columns):
    """Accept any header."""

    def known(self, names: list[str]) -> int:
        return len(names)

    def check(self, names: list[str], line: int = 1) -> None:
        """Accept the header without checks."""


def is_table(name: str) -> bool:
    return file_name(name).suffix in TABLES


def read_header(data: bytes, name: str) -> Header:
    """Return the header and first rows of a table. Raises Unreadable if it is not one."""
    if not is_table(name):
        raise Unreadable(Problem(Code.WRONG_FORMAT, "不是表格（.csv、.tsv、.jsonl、.json、.xlsx、.xls）"))
    found = Header()
    for row in islice(rows_of(data, name, _AnyColumns()), 200):
        if not isinstance(row, Row):
            continue
        found.names = found.names or [one for one in row.cells if one.strip()][:MOST_COLUMNS]
        cells = [row.cells.get(one, "") for one in found.names]
        found.rows.append([(c if isinstance(c, str) else "、".join(c))[:CELL] for c in cells])
        if len(found.rows) == ROWS:
            break
    if not found.names:
        raise Unreadable(Problem(Code.BAD_HEADER, "没有读出表头和内容"))
    return found
