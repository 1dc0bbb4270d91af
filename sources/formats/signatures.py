"""What a file is by its first bytes, to say it to whoever gave it as something else."""

from sources.problem import Code, Problem

HEAD = 4096  # bytes looked at
_AUTO = "请不指定格式（自动判断）再导入"
_PICTURE = "图里有文字的，请先做文字识别，存成 .docx 或 .txt 再导入"
_AS_TEXT = "请另存为 .docx 或 .txt 再导入"
_UNPACKED = "请解开再导入"
# First bytes, what they are, what to do.
_KNOWN = (
    (b"\xff\xd8\xff", "JPEG 图片", _PICTURE),
    (b"\x89PNG", "PNG 图片", _PICTURE),
    (b"GIF8", "GIF 图片", _PICTURE),
    (b"BM", "BMP 图片", _PICTURE),
    (b"II*\0", "TIFF 图片", _PICTURE),
    (b"MM\0*", "TIFF 图片", _PICTURE),
    (b"RIFF", "图片或音像", _PICTURE),
    (b"%PDF", "PDF 文件", _AS_TEXT),
    (b"{\\rtf", "RTF 文件", _AS_TEXT),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件，或加了密码的", "请去掉密码、另存为新格式再导入"),
    (b"Rar!", "RAR 压缩包", _UNPACKED),
    (b"7z\xbc\xaf", "7z 压缩包", _UNPACKED),
    (b"\x1f\x8b", "gzip 压缩包", _UNPACKED),
)


def what_it_is(data: bytes) -> tuple[str, str]:
    """Return what the bytes are, in words, and what to do with them; both are never ""."""
    for beginning, named, to_do in _KNOWN:
        if data.startswith(beginning):
            return named, to_do
    if data.startswith(b"PK"):
        return _packed(data)
    head = data[:HEAD]
    if b"\0" in head:
        return "认不得的二进制文件", _AS_TEXT
    return ("网页", _AUTO) if b"<html" in head.lower() else ("文本", _AUTO)


def not_a(what: str, data: bytes) -> Problem:
    """Return the problem of bytes that are not `what` (a kind of file, in words): what they are, and what to do."""
    named, to_do = what_it_is(data)
    space = " " if what[0].isascii() else ""
    return Problem(Code.WRONG_FORMAT, f"不是{space}{what}：内容是{named}，也可能坏了；{to_do}")


def _packed(data: bytes) -> tuple[str, str]:
    """What a zip file holds, by the names in its directory, which stand uncompressed."""
    for name, named in (
        (b"word/document.xml", "Word 文稿"),
        (b"META-INF/container.xml", "电子书（EPUB）"),
        (b"xl/workbook.xml", "Excel 工作簿"),
        (b"ppt/presentation.xml", "演示文稿"),
    ):
        if name in data:
            return named, _AS_TEXT if named == "演示文稿" else _AUTO
    return "zip 压缩包", "请以 .zip 为后缀，不指定格式再导入"
