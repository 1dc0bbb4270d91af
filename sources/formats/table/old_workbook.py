"""Rows of a workbook of Excel 97 to 2003 (.xls). Pure."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import StringIO

from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table.columns import Columns
from sources.formats.table.rows import Row
from sources.formats.table.workbook import MOST_COLUMNS, Filled, Walk, checked, rows_of_sheets
from sources.problem import Code, Problem

# The name of the stream in which later versions of Excel keep an encrypted workbook.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_ENCODED_BEFORE = 80  # version of the file format; text is Unicode from this one on
_AS_THEY_ARE = {0, 1, 2, 6}  # kinds of cells: empty, text, number, blank


def old_workbook_rows(data: bytes, columns: Columns) -> Iterator[Row | Broken]:
    """Like `workbook_rows`, for the format before .xlsx. Raises Unreadable."""
    book, problems = _open(data)
    walk = Walk()
    sheets = ((name, _filled_rows(book, number, walk)) for number, name in enumerate(book.sheet_names()))
    for row in rows_of_sheets(sheets, book.nsheets, columns):
        if isinstance(row, Row):
            row.problems += problems
        yield row


def _open(data: bytes):
    """Return the book, and the problem of its encoding. Its sheets are loaded when they are read."""
    from xlrd import XLRDError, open_workbook  # few imports contain a workbook

    if _ENCRYPTED in data:
        raise _locked()
    more = {"file_contents": data, "logfile": StringIO(), "on_demand": True, "ragged_rows": True}
    try:
        book = open_workbook(**more)
        if book.biff_version >= _ENCODED_BEFORE or book.codepage is not None:
            return book, []
        said = "旧式 Excel 文件没有写明编码，按 gb18030 读出，请核对"
        problem = Problem(Code.GUESSED_ENCODING, said)
        return open_workbook(**more, encoding_override="gb18030"), [problem]
    except XLRDError as error:
        if "encrypted" in str(error):
            raise _locked() from error
        if "Can't find workbook" in str(error):
            said = "不是 Excel 工作簿（像是旧式 Word 等文件）；请用原来的程序另存为 .docx、.xlsx 或文本再导入"
            raise Unreadable(Problem(Code.WRONG_FORMAT, said)) from error
        raise _damaged(error) from error
    except Exception as error:  # damaged workbooks raise many kinds of exception
        raise _damaged(error) from error


def _locked() -> Unreadable:
    return Unreadable(Problem(Code.DAMAGED, "工作簿加了密码，读不出；请去掉密码再导入"))


def _damaged(error: Exception) -> Unreadable:
    said = f"工作簿坏了，打不开（{type(error).__name__}）；请用 Excel 打开，另存为 .xlsx 再导入"
    return Unreadable(Problem(Code.DAMAGED, said))


def _filled_rows(book, number: int, walk: Walk) -> Filled:
    """Yield the rows of a sheet that are not empty, with their numbers; for an unreadable one the reason."""

    def rows() -> Iterator[list]:
        sheet = book.sheet_by_index(number)
        try:
            for index in range(sheet.nrows):
                yield _values(
                    book, sheet.row_types(index, 0, MOST_COLUMNS), sheet.row_values(index, 0, MOST_COLUMNS)
                )
        finally:
            book.unload_sheet(number)

    return checked(rows(), walk)


def _values(book, kinds: Sequence[int], values: list) -> list:
    """Return the values of a row as openpyxl gives them: a number is a date if its cell is formatted as one."""
    if _AS_THEY_ARE.issuperset(kinds):  # a row may be two hundred empty cells
        return values
    return [_value(book, kind, value) for kind, value in zip(kinds, values, strict=True)]


def _value(book, kind: int, value: object) -> object:
    from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, error_text_from_code, xldate_as_datetime

    if kind == XL_CELL_DATE:
        moment = xldate_as_datetime(value, book.datemode)
        return (moment + timedelta(microseconds=500_000)).replace(microsecond=0)
    if kind == XL_CELL_ERROR:
        return error_text_from_code.get(value, "")
    return bool(value) if kind == XL_CELL_BOOLEAN else value
