"""Limits for formats that are zip files inside: .xlsx, .docx, .epub. Declared sizes are checked before unpacking."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from sources.files.archives import HIGHEST_RATIO, RATIO_COUNTS_FROM
from sources.formats.raw_article import Unreadable
from sources.formats.signatures import not_a
from sources.problem import Code, Problem

_DAMAGED = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError)
LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes of all parts


def open_packed(data: bytes, what: str) -> zipfile.ZipFile:
    """Return the file's parts; zipfile never unpacks more of one than it declares. `what` names the kind of file.

    Raises Unreadable for a damaged, encrypted or much too large file.
    """
    try:
        packed = zipfile.ZipFile(BytesIO(data))
    except (*_DAMAGED, ValueError, RuntimeError, OSError, struct.error) as error:
        if not data.startswith(b"PK"):
            raise Unreadable(not_a(what, data)) from None
        said = f"{what}坏了，打不开（{type(error).__name__}）；请另存一份再导入"
        raise Unreadable(Problem(Code.DAMAGED, said)) from error
    parts = packed.infolist()
    total = sum(part.file_size for part in parts)
    if total > LARGEST_UNPACKED:
        raise too_large(f"{what}解开有 {total >> 20} MB，超过 {LARGEST_UNPACKED >> 20} MB，未读；请拆开")
    for part in parts:
        if part.file_size > RATIO_COUNTS_FROM and part.file_size > part.compress_size * HIGHEST_RATIO:
            ratio = part.file_size // max(part.compress_size, 1)
            raise too_large(f"{what}的压缩比有 {ratio} 倍，不合常理，未读")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Unreadable(Problem(Code.DAMAGED, f"{what}加了密码，读不出；请去掉密码再导入"))
    return packed


def tags_in(packed: zipfile.ZipFile, what: str) -> int:
    """Return about how many tags all parts have together. Raises Unreadable for a damaged part."""
    return sum(_tags(packed, part, what) for part in packed.infolist())


def _tags(packed: zipfile.ZipFile, part: zipfile.ZipInfo, what: str) -> int:
    with _damage(what), packed.open(part) as file:
        return sum(chunk.count(b"<") for chunk in iter(lambda: file.read(1 << 20), b""))


def read_part(packed: zipfile.ZipFile, name: str, what: str) -> bytes:
    """Return the bytes of a part; KeyError if there is none. Raises Unreadable for a damaged one."""
    part = packed.getinfo(name)
    with _damage(what):
        return packed.read(part)


@contextmanager
def _damage(what: str) -> Iterator[None]:
    """Whatever a damaged part raises while it is unpacked, as Unreadable."""
    try:
        yield
    except (*_DAMAGED, ValueError, RuntimeError, OSError) as error:
        said = f"{what}坏了，有一部分解不开（{type(error).__name__}）；请另存一份再导入"
        raise Unreadable(Problem(Code.DAMAGED, said)) from error


def too_large(said: str) -> Unreadable:
    return Unreadable(Problem(Code.TOO_LARGE, said))
