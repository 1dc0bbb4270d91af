"""Rows of an Excel workbook (.xlsx), and what all workbooks share. Sizes are checked before unpacking. Pure."""

import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from io import BytesIO
from itertools import islice

from sources.formats.packed import open_packed, tags_in, too_large
from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table.columns import Columns
from sources.formats.table.rows import MOST_ABOVE, Row, as_shown, is_header, is_name_of_table, note_above
from sources.problem import Code, Problem

MOST_TAGS = 2_000_000  # of all parts: half a million cells, a few seconds of work
MOST_ROWS, MOST_COLUMNS = 100_000, 200
EXCELS_ROWS = 1_048_576  # for a cell in a higher row, openpyxl would yield every empty row before it
MOST_WALKED = 2 * EXCELS_ROWS  # rows of all sheets: two sheets with a cell in the very last row
EXCELS_LONGEST = 32_767  # characters per cell; Excel truncates longer ones
LONGEST_CELL = 1_000_000  # other programs do not truncate
# Rows that are not empty by their numbers: their cells, or why there are no more.
type Filled = Iterator[tuple[int, list[str] | str]]


def workbook_rows(data: bytes, columns: Columns) -> Iterator[Row | Broken]:
    """Yield the rows of every sheet with a header; other sheets with content are Broken, under their name.

    Parts are row numbers, prefixed with the sheet's name from the second such sheet on. Raises Unreadable.
    """
    sheets, walk = _open(data).worksheets, Walk()
    filled = ((sheet.title, _filled_rows(sheet, walk)) for sheet in sheets)
    yield from rows_of_sheets(filled, len(sheets), columns)


def rows_of_sheets(
    sheets: Iterable[tuple[str, Filled]], count: int, columns: Columns
) -> Iterator[Row | Broken]:
    """Yield the rows of these sheets (see workbook_rows), each given by its title and its rows that are not empty."""
    taken, refused = 0, ""
    for title, rows in sheets:
        names, above, line = _header(rows, columns)
        if not names:
            continue
        if reason := _refusal(names, columns, line):
            refused = refused or replace(reason, text=f"工作表“{title}”：{reason}")
            yield from _left_out(title, reason, count)
            continue
        prefix = f"{title}:" if taken else ""
        taken += 1
        for number, cells in rows:
            row = _row(f"{prefix}{number}", number, names, cells)
            if isinstance(row, Row):
                row.notes = above
            yield row
    if not taken:
        raise Unreadable(refused or Problem(Code.EMPTY, "工作簿里没有内容"))


def _header(rows: Filled, columns: Columns) -> tuple[list[str] | str, list[str], int]:
    """Return a sheet's header, past the table's name above it, a note on that, and its number.

    If none is one: the first row that is too wide for a name, else the first row.
    """
    first, above = None, []
    for number, names in islice(rows, MOST_ABOVE + 1):
        first = names if first is None else first
        if isinstance(names, str):
            break
        if is_header(names, columns):
            return names, note_above(above), number
        if not is_name_of_table(names):
            return names, [], number if above else 1
        above += filter(None, map(str.strip, names))
    return first or [], [], 1


def _refusal(names: list[str] | str, columns: Columns, line: int) -> Problem | None:
    """Return why a sheet's first row is not a header; None if it is."""
    if isinstance(names, str):
        return Problem(Code.BAD_HEADER, names)
    try:
        columns.check(names, line)
    except Unreadable as refusal:
        return refusal.problem
    return None


def _left_out(title: str, reason: Problem, sheets: int) -> Iterator[Broken]:
    if sheets > 1:
        yield Broken(title, replace(reason, text=f"工作表“{title}”没有读：{reason}"), title.encode())


def _open(data: bytes):
    from openpyxl import load_workbook  # takes 0.2 s to load, and few imports contain a workbook

    try:
        if tags_in(open_packed(data, "工作簿"), "工作簿") > MOST_TAGS:
            raise too_large("工作簿的单元格太多，未读；请拆成几个文件")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Unreadable:
        raise
    except Exception as error:  # damaged workbooks raise many kinds of exception
        said = f"工作簿坏了，打不开（{type(error).__name__}）；请另存一份再导入"
        raise Unreadable(Problem(Code.DAMAGED, said)) from error


@dataclass(slots=True)
class Walk:
    """How many more rows of all sheets, including empty ones, may be iterated."""

    left: int = MOST_WALKED


def _filled_rows(sheet, walk: Walk) -> Filled:
    """Yield non-empty rows with their numbers. For an unreadable row, yield the reason and stop."""
    sheet.reset_dimensions()  # ignore the size the file declares
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield from checked(sheet.iter_rows(max_row=EXCELS_ROWS, max_col=MOST_COLUMNS, values_only=True), walk)


def checked(rows: Iterator[Iterable], walk: Walk) -> Filled:
    """Yield the rows that are not empty, as texts, up to the limits. For an unreadable row, yield the reason and
    stop."""
    number = filled = 0
    try:
        for number, row in enumerate(rows, 1):
            walk.left -= 1
            if walk.left < 0:
                yield number, f"各工作表合计超过 {MOST_WALKED} 行，从第 {number} 行起没有读；请拆成几个文件"
                return
            if any(row):
                filled += 1
                if filled > MOST_ROWS:
                    yield number, f"超过 {MOST_ROWS} 行，从第 {number} 行起没有读；请拆成几个文件"
                    return
                yield number, _texts(row)
    except Exception as error:  # noqa: BLE001 (a damaged sheet must not affect the others)
        yield number + 1, f"第 {number + 1} 行读不出，其后的没有读（{type(error).__name__}）"


def _texts(row: Iterable) -> list[str]:
    texts = [_text(value) for value in row]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _text(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bool):
        return str(value).upper()  # as Excel shows it
    return "" if value is None else as_shown(str(value).replace("_x000D_", ""))


def _row(part: str, number: int, names: list[str], cells: list[str] | str) -> Row | Broken:
    """Build one row. Its bytes are one line of JSON, because a workbook row has none of its own."""
    if isinstance(cells, str):
        return Broken(part, Problem(Code.BAD_PART, cells, number), cells.encode())
    named = dict(zip(names, cells, strict=False))
    raw = json.dumps(named, ensure_ascii=False).encode("utf-8", "surrogatepass")
    surplus = [cell for cell in cells[len(names) :] if cell]
    if surplus:
        raw = json.dumps(cells, ensure_ascii=False).encode("utf-8", "surrogatepass")
        said = f"第 {number} 行比表头多出 {len(surplus)} 格：{surplus[0][:40]}"
        return Broken(part, Problem(Code.BAD_PART, said, number), raw)
    longest = max(map(len, cells))
    if longest > LONGEST_CELL:
        said = f"第 {number} 行有一格长 {longest} 字，超过 {LONGEST_CELL}，未读"
        return Broken(part, Problem(Code.TOO_LARGE, said, number), raw)
    cut = f"有一格正好 {EXCELS_LONGEST} 字，是 Excel 的上限，可能被截断，请对照原文"
    problems = [Problem(Code.DOUBTFUL_BODY, cut)] if longest == EXCELS_LONGEST else []
    return Row(part, named, raw, problems)
