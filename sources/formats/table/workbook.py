"""Rows of an Excel workbook (.xlsx). Its declared sizes are checked before unpacking. Pure."""

import json
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from io import BytesIO

from sources.files.archives import HIGHEST_RATIO, RATIO_COUNTS_FROM
from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table.columns import Columns
from sources.formats.table.rows import Row
from sources.problem import Code, Problem

LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes of all parts
MOST_TAGS = 2_000_000  # of all parts: half a million cells, a few seconds of work
MOST_ROWS, MOST_COLUMNS = 100_000, 200
EXCELS_ROWS = 1_048_576  # for a cell in a higher row, openpyxl would yield every empty row before it
MOST_WALKED = 2 * EXCELS_ROWS  # rows of all sheets: two sheets with a cell in the very last row
EXCELS_LONGEST = 32_767  # characters per cell; Excel truncates longer ones
LONGEST_CELL = 1_000_000  # other programs do not truncate


def workbook_rows(data: bytes, columns: Columns) -> Iterator[Row | Broken]:
    """Yield the rows of every sheet with a header; other sheets with content are Broken, under their name.

    Parts are row numbers, prefixed with the sheet's name from the second such sheet on. Raises Unreadable.
    """
    sheets = _open(data).worksheets
    taken, refused, walk = 0, "", _Walk()
    for sheet in sheets:
        rows = _filled_rows(sheet, walk)
        _, names = next(rows, (0, []))
        if not names:
            continue
        if reason := _refusal(names, columns):
            refused = refused or replace(reason, text=f"工作表“{sheet.title}”：{reason}")
            yield from _left_out(sheet.title, reason, len(sheets))
            continue
        prefix = f"{sheet.title}:" if taken else ""
        taken += 1
        for number, cells in rows:
            yield _row(f"{prefix}{number}", number, names, cells)
    if not taken:
        raise Unreadable(refused or Problem(Code.EMPTY, "工作簿里没有内容"))


def _refusal(names: list[str] | str, columns: Columns) -> Problem | None:
    """Return why a sheet's first row is not a header; None if it is."""
    if isinstance(names, str):
        return Problem(Code.BAD_HEADER, names)
    try:
        columns.check(names)
    except Unreadable as refusal:
        return refusal.problem
    return None


def _left_out(title: str, reason: Problem, sheets: int) -> Iterator[Broken]:
    if sheets > 1:
        yield Broken(title, replace(reason, text=f"工作表“{title}”没有读：{reason}"), title.encode())


def _open(data: bytes):
    from openpyxl import load_workbook  # takes 0.2 s to load, and few imports contain a workbook

    try:
        _judge(data)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    except Unreadable:
        raise
    except Exception as error:  # damaged workbooks raise many kinds of exception
        said = f"工作簿坏了，打不开（{type(error).__name__}）；请另存一份再导入"
        raise Unreadable(Problem(Code.DAMAGED, said)) from error


def _judge(data: bytes) -> None:
    """Raise Unreadable if the declared sizes are too large; zipfile never unpacks more of a part than declared."""
    archive = zipfile.ZipFile(BytesIO(data))
    parts = archive.infolist()
    total = sum(part.file_size for part in parts)
    if total > LARGEST_UNPACKED:
        raise _too_large(f"工作簿解开有 {total >> 20} MB，超过 {LARGEST_UNPACKED >> 20} MB，未读；请拆开")
    for part in parts:
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > part.compress_size * HIGHEST_RATIO:
            ratio = part.file_size // max(part.compress_size, 1)
            raise _too_large(f"工作簿的压缩比有 {ratio} 倍，不合常理，未读")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unreadable(Problem(Code.DAMAGED, "工作簿加了密码，读不出；请去掉密码再导入"))
    if sum(_tags(archive, part) for part in parts) > MOST_TAGS:
        raise _too_large("工作簿的单元格太多，未读；请拆成几个文件")


def _too_large(said: str) -> Unreadable:
    return Unreadable(Problem(Code.TOO_LARGE, said))


def _tags(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    with archive.open(part) as file:
        return sum(chunk.count(b"<") for chunk in iter(lambda: file.read(1 << 20), b""))


@dataclass(slots=True)
class _Walk:
    """How many more rows of all sheets, including empty ones, may be iterated."""

    left: int = MOST_WALKED


def _filled_rows(sheet, walk: _Walk) -> Iterator[tuple[int, list[str] | str]]:
    """Yield non-empty rows with their numbers. For an unreadable row, yield the reason and stop."""
    sheet.reset_dimensions()  # ignore the size the file declares
    number = filled = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            rows = sheet.iter_rows(max_row=EXCELS_ROWS, max_col=MOST_COLUMNS, values_only=True)
            for number, row in enumerate(rows, 1):
                walk.left -= 1
                if walk.left < 0:
                    yield (
                        number,
                        f"各工作表合计超过 {MOST_WALKED} 行，从第 {number} 行起没有读；请拆成几个文件",
                    )
                    return
                if any(row):
                    filled += 1
                    if filled > MOST_ROWS:
                        yield number, f"超过 {MOST_ROWS} 行，从第 {number} 行起没有读；请拆成几个文件"
                        return
                    yield number, _texts(row)
    except Exception as error:  # noqa: BLE001 (a damaged sheet must not affect the others)
        yield number + 1, f"第 {number + 1} 行读不出，其后的没有读（{type(error).__name__}）"


def _texts(row: tuple) -> list[str]:
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
    return "" if value is None else str(value).replace("_x000D_", "")


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
