"""Tables of articles: CSV and TSV, JSON Lines and JSON arrays, Excel workbooks old and new. Each row is an article."""

from collections.abc import Iterator, Mapping
from itertools import islice

from sources.files.inputs import file_name
from sources.formats.fields import (
    article,
)
from sources.formats.filenames import OBJECTS, SEPARATED, TABLES, WORKBOOKS
from sources.formats.private_text import private_reason
from sources.formats.raw_article import (
    UNKNOWN_OUTLET,
    Broken,
    IdFrom,
    RawArticle,
    Unreadable,
)
from sources.formats.table.columns import COLUMNS, Columns, SavedColumns
from sources.formats.table.old_workbook import old_workbook_rows
from sources.formats.table.rows import Row, csv_rows, json_rows
from sources.formats.table.workbook import workbook_rows
from sources.formats.zone_proof import ZoneProof
from sources.problem import EMPTY, Code, Problem
from sources.text.lines import one_line

__all__ = ["COLUMNS", "looks_like", "read", "rows_of"]

ZIP, OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_JSON_FEED = "jsonfeed.org/version"


def looks_like(name: str, text_head: str) -> bool:
    """Return True if a file is a table, by its suffix or first characters. Cheap; `read` makes the final decision."""
    suffix = file_name(name).suffix
    if suffix in WORKBOOKS:
        return True
    head = text_head.lstrip("\ufeff \t\r\n")
    if _JSON_FEED in head[:2000] and head.startswith("{"):
        return False
    if suffix in TABLES:
        return True
    if head.startswith(("{", "[")):
        return any(f'"{name}"' in head for name in ("title", "标题", "headline"))
    try:
        next(csv_rows(head.partition("\n")[0].encode("utf-8", "replace"), Columns()), None)
    except Unreadable:
        return False
    return True


def read(
    data: bytes,
    name: str,
    mapping: dict[str, str] | None = None,
    saved: Mapping[str, SavedColumns] | None = None,
) -> Iterator[RawArticle | Broken]:
    """Yield an article per row, named by its line (CSV, JSON Lines), number (array) or row (workbook).

    `mapping` is an editor's own mapping of columns: column -> field (see COLUMNS), "" to omit a column. `saved` are
    stored mappings, by the signature of their header. Raises Unreadable if this is not a table of articles, ValueError
    for an unknown field.
    """
    columns = Columns(mapping, saved)
    proof = _proof(data, name, columns)
    lines_of_ids: dict[str, str] = {}
    found = None
    for row in rows_of(data, name, columns):
        if isinstance(row, Row) and not columns.has_article(row.cells):
            said = "、".join(list(row.cells)[:8])
            said = f"第 {row.part} 项没有标题也没有正文，只有：{said[:80]}"
            row = Broken(row.part, Problem(Code.BAD_PART, said), row.raw)
        found = row if isinstance(row, Broken) else _article(row, columns, lines_of_ids, proof)
        yield found
    if found is None:
        raise Unreadable(Problem(Code.NO_ARTICLES, "表格只有表头，没有一行内容"))


def first_of(data: bytes, name: str, mapping: dict[str, str], most: int) -> list[RawArticle | Broken]:
    """Like `read`, limited to `most` rows."""
    return list(islice(read(data, name, mapping), most))


def rows_of(data: bytes, name: str, columns: Columns) -> Iterator[Row | Broken]:
    """Return the rows, read by content, not suffix. Raises Unreadable if only one of the two says Excel."""
    suffix = file_name(name).suffix
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise Unreadable(EMPTY)
    if data.startswith(OLD_EXCEL):
        if suffix in SEPARATED | OBJECTS:
            raise _other_format(f"文件名是 {suffix}，内容却像 Excel 工作簿；请改成 .xls 或 .xlsx 再导入")
        return old_workbook_rows(data, columns)
    if data.startswith(ZIP) and suffix in SEPARATED | OBJECTS:
        raise _other_format(f"文件名是 {suffix}，内容却是 Excel 工作簿或压缩包；请改成 .xlsx 再导入")
    if data.startswith(ZIP):
        return workbook_rows(data, columns)
    if suffix in WORKBOOKS:
        said = f"文件名是 {suffix}，内容却不是 Excel 工作簿；若是文本表格，请改成 .csv 再导入"
        raise _other_format(said)
    begins = data.lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1]
    if begins in (b"{", b"[") and suffix not in SEPARATED:
        return json_rows(data, columns)
    return csv_rows(data, columns)


def _other_format(said: str) -> Unreadable:
    return Unreadable(Problem(Code.WRONG_FORMAT, said))


def _proof(data: bytes, name: str, columns: Columns) -> ZoneProof:
    """Return what the dates of each outlet say of an ambiguous zone; empty if no text of the file names one."""
    proof = ZoneProof()
    for row in rows_of(data, name, columns) if b"CST" in data else ():
        if isinstance(row, Row) and (values := columns.values(row.cells)).outlet:
            proof.add(values.outlet, values.date)
    return proof


def _article(row: Row, columns: Columns, lines_of_ids: dict[str, str], proof: ZoneProof) -> RawArticle:
    values, kept = columns.values(row.cells), columns.kept_for(row.cells)
    if kept and not values.outlet:
        values.outlet = kept.outlet
    values.date, note = proof.settle(values.outlet, values.date)
    found = article(values, row.part, row.raw, row.problems)
    found.notes += [*row.notes, *filter(None, [note])]
    if private := private_reason(columns.private(row.cells)):
        found.problems.append(private)
    if kept:
        found.notes.append(f"按保存的列对应“{kept.name}”读出")
    own = one_line(values.id)
    if not own or found.outlet == UNKNOWN_OUTLET:
        return found
    found.external_id = f"{found.outlet}/{own}"
    found.id_from = IdFrom.of_number(own)
    first = lines_of_ids.setdefault(found.external_id, row.part)
    if first != row.part:
        said = f"编号 {own[:40]} 在第 {first} 行已经用过，请核对是不是同一篇"
        line = int(row.part) if row.part.isdecimal() else None
        found.problems.append(Problem(Code.REPEATED_ID, said, line))
    return found
