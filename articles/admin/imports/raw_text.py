"""An input's bytes as text: numbered lines, broken bytes marked, the line of the error. No Django."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sources.files.inputs import file_name
from sources.formats.markup import decode_markup
from sources.reading.parts import file_and_part, line_in_part
from sources.text.decode import decode
from sources.text.visible import visible_lines

WHOLE = 1_000_000  # bytes; larger texts are shown and edited in part
WINDOW = 200_000  # characters of a larger text, around the error line
HEX_BYTES = 512
BROKEN = "\ufffd"
_BROKEN_BYTES = re.compile(f"({BROKEN}+)")
_MARKED_UP = {".html", ".htm", ".xhtml", ".xml", ".rss", ".atom", ".rdf"}
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number, its pieces (odd ones are broken bytes), whether the error is here."""

    number: int
    pieces: list[str]
    wrong: bool


@dataclass(frozen=True, slots=True)
class RawText:
    """A decoded text in three parts; only `shown` is displayed."""

    before: str
    shown: str
    after: str
    encoding: str
    problem: str
    wrong: int | None

    @property
    def is_whole(self) -> bool:
        return not self.before and not self.after

    @property
    def first(self) -> int:
        return self.before.count("\n") + 1

    @property
    def last(self) -> int:
        return self.first + self.shown.rstrip("\n").count("\n")

    @property
    def has_wrong(self) -> bool:
        return self.wrong is not None and self.first <= self.wrong <= self.last

    def lines(self) -> Iterator[Line]:
        text = self.shown.removesuffix("\n")
        for number, line in enumerate(text.split("\n"), self.first):
            yield Line(number, _BROKEN_BYTES.split(visible_lines(line)), number == self.wrong)

    def with_edit(self, shown: str) -> bytes:
        """The whole text as UTF-8, with `shown` replaced."""
        return (self.before + shown + self.after).encode("utf-8", "replace")


def open_raw(data: bytes, name: str, line: int | None = None) -> RawText | None:
    """Read bytes as the text they most likely are; None for what is no text at all. `line` is where the file was
    found wrong."""
    if data.startswith(_BINARY):
        return None
    marked_up = file_name(file_and_part(name)[0]).suffix in _MARKED_UP
    decoded = (decode_markup if marked_up else decode)(data)
    text = decoded.text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if text.count("\0") * 20 > len(text) or text.count(BROKEN) * 4 > len(text) > 0:
        return None
    problem = decoded.problem
    wrong = line_in_part(line or (problem.line if problem else None), name)
    before, shown, after = _cut(text, wrong) if len(data) > WHOLE else ("", text, "")
    return RawText(before, shown, after, decoded.encoding, problem.text if problem else "", wrong)


def hex_dump(data: bytes) -> str:
    """Hex dump of the first bytes: offset, sixteen bytes, ASCII."""
    rows = []
    for at in range(0, min(len(data), HEX_BYTES), 16):
        row = data[at : at + 16]
        ascii_ = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        rows.append(f"{at:06x}  {row.hex(' '):<47}  {ascii_}")
    return "\n".join(rows)


def _cut(text: str, wrong: int | None) -> tuple[str, str, str]:
    """Before, shown, after: a window around the error line, cut at line ends where possible."""
    at = 0
    for _ in range((wrong or 1) - 1):
        at = text.find("\n", at) + 1 or at
    start = max(at - WINDOW // 2, 0)
    start = text.find("\n", start, at) + 1 or start if start else 0
    end = min(start + WINDOW, len(text))
    end = text.rfind("\n", at, end) + 1 or end if end < len(text) else end
    return text[:start], text[start:end], text[end:]
