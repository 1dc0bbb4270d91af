"""Rows of text tables: CSV and TSV, JSON Lines and JSON arrays, each with its line and its own bytes. Pure."""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sources.files.inputs import LARGEST
from sources.formats.private_text import says
from sources.formats.raw_article import Broken, Unreadable
from sources.formats.table.columns import Columns
from sources.problem import EMPTY, Code, Problem
from sources.text.decode import Decoded, decode

# Bytes. Each row is stored with the header, so a long header would be stored once per row.
LONGEST_HEADER = 64 * 1024
DELIMITERS = (",", ";", "\t", "|")
# A body may exceed csv's limit of 131,072; a file never exceeds LARGEST. This limit is process-wide.
csv.field_size_limit(LARGEST)

_LINE = re.compile(r"[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+\Z")
_SEPARATOR = re.compile(r"\ufeff?\"?sep=(.)\"?\s*\Z", re.I)
_SPACE = re.compile(r"\s*")
_GAP = re.compile(r"[\s,]*")


@dataclass(slots=True)
class Row:
    """One row: its line (or number), cells by column name, own bytes, and problems."""

    part: str
    cells: dict[str, str | list[str]]
    raw: bytes
    problems: list[Problem] = field(default_factory=list)


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
    first, delimiter = _first_line(lines.texts, columns)
    reader = csv.reader(iter(lines.texts[first:]), delimiter=delimiter, strict=True)
    names = _next(reader)
    if isinstance(names, str):
        line = lines.numbers[first]
        said = f"表头（第 {line} 行）的引号没有配对，请改正再导入"
        raise Unreadable(Problem(Code.BAD_HEADER, said, line))
    columns.check(names)
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
            yield _row(lines, start, end, header, dict(zip(names, cells, strict=True)), decoded)


def _next(reader) -> list[str] | str:
    """Return the next row's cells, or csv's error message; the reader is then past the lines it consumed."""
    try:
        return next(reader)
    except csv.Error as error:
        return str(error)
    except StopIteration:
        return []


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


def _first_line(texts: list[str], columns: Columns) -> tuple[int, str]:
    """Return the header's index and the delimiter: from Excel's `sep=` line, or the one with the most known names."""
    first = next((i for i, text in enumerate(texts) if text.strip(" \t\r\n\ufeff\0")), None)
    if first is None:
        raise Unreadable(EMPTY)
    if match := _SEPARATOR.match(texts[first]):
        if first + 1 == len(texts):
            raise Unreadable(Problem(Code.EMPTY, "表格没有表头，也没有内容"))
        return first + 1, match[1]

    def known(delimiter: str) -> int:
        names = _next(csv.reader(iter(texts[first : first + 20]), delimiter=delimiter))
        return columns.known(names) if isinstance(names, list) else 0

    return first, max(DELIMITERS, key=known)


# ------------------------------------------------------------------ JSON
def json_rows(data: bytes) -> Iterator[Row | Broken]:
    """Yield the objects of JSON Lines (named by line), of an array (by number), or the one object of a file."""
    decoded = decode(data)
    text = decoded.text
    if text.lstrip().startswith("["):
        yield from _array(decoded)
        return
    lines, raws = text.split("\n"), data.split(b"\n")
    if _wide(decoded) or len(raws) != len(lines):
        raws = [line.encode() for line in lines]
    first = next(line for line in lines if line.strip())
    if isinstance(_object(first), str) and isinstance(cells := _object(text), dict):
        yield Row("1", cells, data, problems_of(decoded, text))
        return
    for number, (line, raw) in enumerate(zip(lines, raws, strict=True), 1):
        if line.strip():
            cells, problems = _object(line), problems_of(decoded, line)
            yield _json_row(str(number), f"第 {number} 行", cells, raw, problems, number)


def _array(decoded: Decoded) -> Iterator[Row | Broken]:
    """Yield the objects of an array; after an unreadable one the next cannot be located."""
    text, decoder, number = decoded.text, _decoder(), 0
    at = _GAP.match(text, text.index("[") + 1).end()
    while at < len(text) and text[at] != "]":
        number += 1
        try:
            value, end = decoder.raw_decode(text, at)
            cells = _cells(value)
        except (ValueError, RecursionError) as error:
            line = text.count("\n", 0, at) + 1
            reason = f"第 {number} 项（第 {line} 行起）不是完整的 JSON，其后的没有读：{str(error)[:80]}"
            yield Broken(str(number), Problem(Code.BAD_PART, reason, line), text[at:].encode())
            return
        own = text[at:end]
        raw = own.encode("utf-8" if _wide(decoded) else decoded.encoding, "replace")
        yield _json_row(str(number), f"第 {number} 项", cells, raw, problems_of(decoded, own))
        at = _GAP.match(text, end).end()
    if at >= len(text):
        reason = f"数组没有结束（缺 ]），第 {number} 项之后可能还有内容丢失"
        yield Broken(str(number + 1), Problem(Code.DAMAGED, reason), b"")


def _json_row(
    part: str, said: str, cells: dict | str, raw: bytes, problems: list[Problem], line: int | None = None
) -> Row | Broken:
    if isinstance(cells, str):
        return Broken(part, Problem(Code.BAD_PART, f"{said}读不懂：{cells}", line), raw)
    return Row(part, cells, raw, problems)


def _object(text: str) -> dict | str:
    """Return the cells of a JSON object, or why it is not one."""
    try:
        return _cells(_decoder().decode(text.strip("\ufeff \t\r\n")))
    except (ValueError, RecursionError) as error:
        return f"不是完整的 JSON 对象（{str(error)[:80]}）"


def _decoder() -> json.JSONDecoder:
    """Return a decoder that keeps numbers as written: an id of 20 digits must not become a float."""
    return json.JSONDecoder(object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=str)


def _once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        raise ValueError(f"“{next(name for name in times if times[name] > 1)[:40]}”写了不止一次")
    return found


def _cells(value: object) -> dict[str, str | list[str]] | str:
    if not isinstance(value, dict):
        return "不是 JSON 对象（{…}）"
    return {
        name: str(one).lower() if isinstance(one, bool) and says(name) else _cell(one)
        for name, one in value.items()
    }


def _cell(value: object) -> str | list[str]:
    """Return a value as text, a list as texts, an object as its name."""
    if isinstance(value, list):
        return [text for one in value if isinstance(text := _cell(one), str)]
    if isinstance(value, dict):
        return _cell(value.get("name", "")) if isinstance(value.get("name"), str) else ""
    return value if isinstance(value, str) else ""
