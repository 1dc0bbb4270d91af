"""What a file is by its first bytes, where its name or the format that somebody chose says otherwise. Pure."""

from sources.formats.filenames import NO_READER
from sources.problem import Code, Problem

HEAD = 4096  # bytes looked at
_AUTO = "请不指定格式（自动判断）再导入"
_PICTURE = "图里有文字的，请先做文字识别，存成 .docx 或 .txt 再导入"
_AS_TEXT = "请另存为 .docx 或 .txt 再导入"
_WORD, _UNPACKED = NO_READER[".doc"], NO_READER[".7z"]
_RENAMED = "请把扩展名改成 {} 再导入".format
# First bytes, what they are, what to do.
_DOCUMENTS = (
    (b"%PDF", "PDF 文件", NO_READER[".pdf"]),
    (b"{\\rtf", "RTF 文件", _WORD),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件（如 .doc），或加了密码的", _WORD),
    (b"Rar!", "RAR 压缩包", _UNPACKED),
    (b"7z\xbc\xaf", "7z 压缩包", _UNPACKED),
    (b"\x1f\x8b", "gzip 压缩包", _UNPACKED),
    (b"BZh", "bzip2 压缩包", _UNPACKED),
    (b"\xfd7zXZ\0", "xz 压缩包", _UNPACKED),
    (b"\x28\xb5\x2f\xfd", "zstd 压缩包", _UNPACKED),
)
_PICTURES = (
    (b"\xff\xd8\xff", "JPEG 图片", _PICTURE),
    (b"\x89PNG", "PNG 图片", _PICTURE),
    (b"GIF8", "GIF 图片", _PICTURE),
    (b"BM", "BMP 图片", _PICTURE),
    (b"II*\0", "TIFF 图片", _PICTURE),
    (b"MM\0*", "TIFF 图片", _PICTURE),
    (b"RIFF", "图片或音像", _PICTURE),
)
# What stands in a zip file of one kind only, near its beginning or in its directory.
_ZIP, _ENDS = b"PK\x03\x04", 64 * 1024
_PACKED = (
    (b"word/", "Word 文稿", _RENAMED(".docx")),
    (b"xl/", "Excel 工作簿", _RENAMED(".xlsx")),
    (b"ppt/", "演示文稿", NO_READER[".pptx"]),
    (b"application/epub+zip", "电子书（EPUB）", _RENAMED(".epub")),
    (b"META-INF/container.xml", "电子书（EPUB）", _RENAMED(".epub")),
    (b"application/vnd.oasis.opendocument", "OpenDocument 文档", NO_READER[".odt"]),
    (b"OFD.xml", "OFD 版式文件", NO_READER[".ofd"]),
)
_FIRST = {sign[0] for sign, *_ in _DOCUMENTS} | {_ZIP[0]}
# Programs and pictures that begin as documents do.
_OTHERS = {".jar", ".war", ".ear", ".aar", ".apk", ".ipa", ".whl", ".egg", ".xpi", ".crx", ".vsix", ".nupkg"}
_OTHERS |= {".npz", ".pt", ".pth", ".keras", ".kra", ".sketch", ".ai", ".msi", ".db", ".suo", ".svgz", ".emz"}
_OTHERS |= {".exe", ".dll"}


def document_in(data: bytes, suffix: str) -> str:
    """Return what a file of this suffix really is and what to do with it, in words; "" if it begins as no document."""
    if not data or data[0] not in _FIRST or suffix in _OTHERS:
        return ""
    if not (found := _document(data)):
        return ""
    kind, to_do = found
    space = " " if kind[0].isascii() else ""
    return (
        f"文件名是 {suffix}，内容却是{space}{kind}，{to_do}"
        if suffix
        else f"没有扩展名的{space}{kind}，{to_do}"
    )


def not_a(what: str, data: bytes) -> Problem:
    """Return the problem of bytes that are not `what` (a kind of file, in words): what they are, and what to do."""
    named, to_do = _what_it_is(data)
    space = " " if what[0].isascii() else ""
    return Problem(Code.WRONG_FORMAT, f"不是{space}{what}：内容是{named}，也可能坏了；{to_do}")


def _what_it_is(data: bytes) -> tuple[str, str]:
    if found := _document(data):
        kind, to_do = found
        # A reader for it was not chosen: its own would be, by itself.
        return kind, _AUTO if to_do.startswith(_RENAMED("")[:6]) else to_do
    for sign, kind, to_do in _PICTURES:
        if data.startswith(sign):
            return kind, to_do
    head = data[:HEAD]
    if b"\0" in head:
        return "认不得的二进制文件", _AS_TEXT
    return ("网页", _AUTO) if b"<html" in head.lower() else ("文本", _AUTO)


def _document(data: bytes) -> tuple[str, str] | None:
    """What document or archive the bytes begin as, and what to do with it; None for none."""
    if data.startswith(_ZIP):
        ends = data[:_ENDS] + data[-_ENDS:]
        found = ((kind, to_do) for sign, kind, to_do in _PACKED if sign in ends)
        return next(found, ("zip 压缩包", _RENAMED(".zip")))
    return next(((kind, to_do) for sign, kind, to_do in _DOCUMENTS if data.startswith(sign)), None)
