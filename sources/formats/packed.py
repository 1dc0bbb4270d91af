"""Limits for formats that are zip files inside: .xlsx, .docx, .epub. Declared sizes are checked before unpacking."""

import zipfile
from io import BytesIO

from sources.files.archives import HIGHEST_RATIO, RATIO_COUNTS_FROM
from sources.formats.raw_article import Unreadable
from sources.formats.signatures import not_a
from sources.problem import Code, Problem

LARGEST_UNPACKED = 100 * 1024 * 1024  # bytes of all parts


def open_packed(data: bytes, what: str) -> zipfile.ZipFile:
    """Return the file's parts; zipfile never unpacks more of one than it declares. `what` names the kind of file.

    Raises Unreadable for a damaged, encrypted or much too large file.
    """
    try:
        packed = zipfile.ZipFile(BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError) as error:
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


def tags_in(packed: zipfile.ZipFile) -> int:
    """Return about how many tags all parts have together."""
    return sum(_tags(packed, part) for part in packed.infolist())


def _tags(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    with packed.open(part) as file:
        return sum(chunk.count(b"<") for chunk in iter(lambda: file.read(1 << 20), b""))


def too_large(said: str) -> Unreadable:
    return Unreadable(Problem(Code.TOO_LARGE, said))
