"""Rows of text tables: CSV and TSV, JSON Lines and JSON arrays, each with its line and its own bytes. Pure."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from sources.files.inputs import LARGEST
from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table.columns import Columns
from sources.formats.table.json_values import cells_of, decoder, wrapped_arrays
from sources.problem import EMPTY, Code, Problem
from sources.text.decode import Decoded, decode

# Bytes. Each row is stored with the header, so a long header would be stored once per row.
LONGEST_HEADER = 64 * 1024
DELIMITERS = (",", ";", "\t", "|")
MOST_ABOVE, LINES_ABOVE = 5, 50  # rows above the header, and lines to look for it in
# A body may exceed csv's limit of 131,072; a file never exceeds LARGEST. This limit is process-wide.
csv.field_size_limit(LARGEST)

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+\Z")
_SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?\s*\Z", re.I)
_REMARK = re.compile(r"[^：:\d]{1,10}[：:]")
_SPACE = re.compile(r"\s*")
_GAP = re.compile(r"[\s,]*")


@dataclass(slots=True)
class Row:
    """One row: its line (or number), cells by column name, own bytes, and problems."""

    part: str
    cells: dict[str, str | list[str]]
    raw: bytes
    problems: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def _wide(decoded: Decoded) -> bool:
    """Return True if CR and LF take more than one byte each."""
    return decoded.encoding.startswith(("utf-16", "utf-32", "utf_16", "utf_32"))


def problems_of(decoded: Decoded, text: str) -> list[Problem]:
    """Return the file's decoding problem if it concerns this row: bad bytes concern only the row that contains them."""
    problem = decoded.problem
    concerns_all = problem is not None and problem.code != Code.BAD_BYTES
    return [problem] if concerns_all or (problem and "\ufffd" in text) else []


# ------------------------------------------------------------------ CSV
@dataclass(slots=True)
class _Lines:
    """The physical lines of a file: text, bytes and number of each, in lists of equal length."""

    texts: list[str]
    raws: list[bytes]
    numbers: list[int]
    wide: bool = False

    def raw(self, start: int, end: int) -> bytes:
        return b"".join(self.raws[start:end])


def csv_rows(data: bytes, columns: Columns) -> Iterator[Row | Broken]:
    """Yield the rows below the header. A row's bytes include the header, so that it can be read again by itself.

    Raises Unreadable if the first row is not the header of a table of articles. A row with unbalanced quotes, or whose
    cells do not match the header, is Broken with all its lines; reading continues with the next line.
    """
    decoded = decode(data)
    lines = _lines(data, decoded)
    first, delimiter, above = _first_line(lines.texts, columns)
    reader = csv.reader(iter(lines.texts[first:]), delimiter=delimiter, strict=True)
    names = _next(reader)
    if isinstance(names, str):
        line = lines.numbers[first]
        said = f"表头（第 {line} 行）的引号没有配对，请改正再导入"
        raise Unreadable(Problem(Code.BAD_HEADER, said, line))
    columns.check(names, lines.numbers[first] if above else 1)
    end = first + reader.line_num
    header = lines.raw(first, end)
    if len(header) > LONGEST_HEADER:
        said = f"表头有 {len(header)} 字节，超过 {LONGEST_HEADER}，未读；请检查第一行是不是列名"
        raise Unreadable(Problem(Code.BAD_HEADER, said))
    while end < len(lines.texts):
        start, cells = end, _next(reader)
        end = first + reader.line_num
        while isinstance(cells, list) and len(cells) > len(names) and not cells[-1]:
            cells.pop()
        if isinstance(cells, str) or (len(cells) != len(names) and any(cells)):
            yield _broken(lines, start, end, header, cells, len(names))
        elif any(cell and not cell.isspace() for cell in cells):
            row = _row(lines, start, end, header, dict(zip(names, cells, strict=True)), decoded)
            row.notes = above
            yield row


def _next(reader) -> list[str] | str:
    """Return the next row's cells, or csv's error message; the reader is then past the lines it consumed."""
    try:
        return [as_shown(cell) for cell in next(reader)]
    except csv.Error as error:
        return str(error)
    except StopIteration:
        return []


def as_shown(cell: str) -> str:
    """Return a cell as Excel shows it: `="00700"` is a text that must not be taken for a number."""
    if not cell.startswith('="') or not cell.endswith('"') or len(cell) < 3:
        return cell
    shown = cell[2:-1].replace('""', "\0")
    return cell if '"' in shown else shown.replace("\0", '"')


def _row(lines: _Lines, start: int, end: int, header: bytes, cells: dict, decoded: Decoded) -> Row:
    row = Row(str(lines.numbers[start]), cells, _alone(lines, start, end, header))
    text = "".join(lines.texts[start:end])
    row.problems = problems_of(decoded, text)
    if "\0" in text:
        said = f"第 {row.part} 行有 NUL 字符，已去掉，请核对"
        row.problems.append(Problem(Code.LOST_CHARACTERS, said, lines.numbers[start]))
    return row


def _alone(lines: _Lines, start: int, end: int, header: bytes) -> bytes:
    """Return a row's bytes with the header, so that it can be read or corrected by itself."""
    raw = header + lines.raw(start, end)
    # With a BOM: alone, UTF-16 could not be told from garbage.
    return raw.decode().encode("utf-16") if lines.wide else raw


def _broken(
    lines: _Lines, start: int, end: int, header: bytes, cells: list[str] | str, wanted: int
) -> Broken:
    line, last = lines.numbers[start], lines.numbers[end - 1]
    span = f"第 {line} 行" if line == last else f"第 {line} 至 {last} 行"
    if isinstance(cells, list):
        surplus = [cell[:20] for cell in cells[wanted:] if cell]
        said = f"，多出：{'、'.join(surplus)[:60]}" if surplus else ""
        reason = f"{span}有 {len(cells)} 列，表头有 {wanted} 列{said}；请对齐再导入"
    elif "unexpected end" in cells:
        reason = f"第 {line} 行有引号没有结束，到文件末尾（第 {last} 行）都被它吞进去了；请补上引号再导入"
    else:
        reason = f"{span}的引号没有配对，各列分不开；请改正再导入"
    problem = Problem(Code.BAD_PART, reason, line)
    return Broken(str(line), problem, _alone(lines, start, end, header))


def _lines(data: bytes, decoded: Decoded) -> _Lines:
    """Split bytes and text at LF, CRLF and lone CR alike. Bytes are the original ones if CR and LF are single bytes."""
    texts = _LINE.findall(decoded.text)
    raws = data.splitlines(keepends=True)
    if _wide(decoded) or len(raws) != len(texts):
        raws = [text.encode() for text in texts]
    # Text editors count lone CRs as lines only in files without LF.
    lone = "\n" not in decoded.text
    numbers, number = [], 1
    for text in texts:
        numbers.append(number)
        number += lone or text.endswith("\n")
    return _Lines(texts, raws, numbers, _wide(decoded))


def _first_line(texts: list[str], columns: Columns) -> tuple[int, str, list[str]]:
    """Return the header's index, the delimiter, and a note on the lines above the header.

    The delimiter is that of Excel's `sep=` line, or the one with the most known names. Above the header only the
    table's name may stand; if no row is a header, the first one that is too wide for a name is taken for it.
    """
    first = next((i for i, text in enumerate(texts) if _is_filled(text)), None)
    if first is None:
        raise Unreadable(EMPTY)
    said = ""
    if match := _SEPARATOR.match(texts[first]):
        said = match[1]
        first = next((i for i in range(first + 1, len(texts)) if _is_filled(texts[i])), len(texts))
        if first == len(texts):
            raise Unreadable(Problem(Code.EMPTY, "表格没有表头，也没有内容"))
    above: list[str] = []
    usual = ""
    filled = (i for i in range(first, min(first + LINES_ABOVE, len(texts))) if _is_filled(texts[i]))
    for index in islice(filled, MOST_ABOVE + 1):
        delimiter = said or _delimiter(texts[index : index + 20], columns)
        usual = usual or delimiter
        names = _next(csv.reader(iter(texts[index : index + 20]), delimiter=delimiter, strict=True))
        if isinstance(names, list) and is_header(names, columns):
            return index, delimiter, note_above(above)
        if isinstance(names, str):
            break
        if not is_name_of_table(names):
            return (index, delimiter, note_above(above)) if above else (first, usual, [])
        above += filter(None, map(str.strip, names))
    return first, usual, []


def _is_filled(text: str) -> bool:
    return bool(text.strip(" \t\r\n\ufeff\0"))


def _delimiter(texts: list[str], columns: Columns) -> str:
    def known(delimiter: str) -> tuple[int, int]:
        names = _next(csv.reader(iter(texts), delimiter=delimiter))
        return (columns.known(names), len(names)) if isinstance(names, list) else (0, 0)

    return max(DELIMITERS, key=known)


def is_header(names: list[str], columns: Columns) -> bool:
    """Return True if a row names the columns of articles."""
    filled = {name.strip() for name in names} - {""}
    if len(filled) < 2 or all(_REMARK.match(name) for name in filled):
        return False
    try:
        columns.check(names)
    except Unreadable:
        return False
    return True


def is_name_of_table(cells: list[str]) -> bool:
    """Return True if a row above the header may be the table's name, with a date or unit beside it, or is empty.

    The name may fill every cell that it was merged over, and a row may hold labelled remarks (填报人：…).
    """
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(set(filled)) <= 2 or all(_REMARK.match(cell) for cell in filled)


def note_above(above: list[str]) -> list[str]:
    """Return what stands above the header, as a note on every row."""
    return [f"表头上方写着：{'；'.join(above)[:100]}"] if above else []


# ------------------------------------------------------------------ JSON
def json_rows(data: bytes, columns: Columns) -> Iterator[Row | Broken]:
    """Yield the objects of JSON Lines (named by line), of an array (by number), or the one object of a file.

    An object that only wraps articles (`{"data": {"items": [...]}}`) yields these.
    """
    decoded = decode(data)
    text = decoded.text
    if text.lstrip("\ufeff \t\r\n").startswith("["):
        yield from _array(decoded, text, text.index("["))
        return
    lines, raws = text.split("\n"), data.split(b"\n")
    if _wide(decoded) or len(raws) != len(lines):
        raws = [line.encode() for line in lines]
    first = next(line for line in lines if line.strip())
    if isinstance(_object(first), str) and isinstance(_object(text), dict):
        lines, raws = [text], [data]
    alone = sum(bool(line.strip()) for line in lines) == 1
    for number, (line, raw) in enumerate(zip(lines, raws, strict=True), 1):
        if not line.strip():
            continue
        value = _object(line)
        starts = wrapped_arrays(line, value, columns) if isinstance(value, dict) else []
        if not starts:
            cells = cells_of(value) if isinstance(value, dict) else value
            problems = problems_of(decoded, line)
            yield _json_row(str(number), f"第 {number} 行", cells, raw, problems, number)
        for place, start in enumerate(starts, 1):
            prefix = (
                ""
                if alone and len(starts) == 1
                else f"{number}."
                if len(starts) == 1
                else f"{number}.{place}."
            )
            yield from _array(decoded, line, start, prefix)


def _array(decoded: Decoded, text: str, start: int, prefix: str = "") -> Iterator[Row | Broken]:
    """Yield the objects of the array that begins at `start`; after an unreadable one the next cannot be located."""
    reader, number = decoder(), 0
    at = _GAP.match(text, start + 1).end()
    while at < len(text) and text[at] != "]":
        number += 1
        part = f"{prefix}{number}"
        try:
            value, end = reader.raw_decode(text, at)
            cells = cells_of(value)
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, at) + 1
            reason = f"第 {part} 项（第 {line} 行起）不是完整的 JSON，其后的没有读：{str(error)[:80]}"
            yield Broken(part, Problem(Code.BAD_PART, reason, line), text[at:].encode())
            return
        own = text[at:end]
        raw = own.encode("utf-8" if _wide(decoded) else decoded.encoding, "replace")
        yield _json_row(part, f"第 {part} 项", cells, raw, problems_of(decoded, own))
        at = _GAP.match(text, end).end()
    if at >= len(text):
        reason = f"数组没有结束（缺 ]），第 {number} 项之后可能还有内容丢失"
        yield Broken(f"{prefix}{number + 1}", Problem(Code.DAMAGED, reason), b"")


def _json_row(
    part: str, said: str, cells: dict | str, raw: bytes, problems: list[Problem], line: int | None = None
) -> Row | Broken:
    if isinstance(cells, str):
        return Broken(part, Problem(Code.BAD_PART, f"{said}读不懂：{cells}", line), raw)
    return Row(part, cells, raw, problems)


def _object(text: str) -> dict | str:
    """Return a JSON object, or why the text is not one."""
    try:
        value = decoder().decode(text.strip("\ufeff \t\r\n"))
    except (ValueError, RecursionError) as error:
        return f"不是完整的 JSON 对象（{str(error)[:80]}）"
    return value if isinstance(value, dict) else cells_of(value)
