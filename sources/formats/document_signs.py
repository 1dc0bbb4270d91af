"""What a file is by its first bytes, where its name does not say so: documents and archives that hold text. Pure."""

from sources.formats.filenames import NO_READER

# Programs and pictures that begin as documents do.
_OTHERS = {".jar", ".war", ".ear", ".aar", ".apk", ".ipa", ".whl", ".egg", ".xpi", ".crx", ".vsix", ".nupkg"}
_OTHERS |= {".npz", ".pt", ".pth", ".keras", ".kra", ".sketch", ".ai", ".msi", ".db", ".suo", ".svgz", ".emz"}
_OTHERS |= {".exe", ".dll"}
_WORD, _UNPACKED = NO_READER[".doc"], NO_READER[".7z"]
_SIGNS = {
    b"%PDF-": ("PDF", NO_READER[".pdf"]),
    b"Rar!\x1a\x07": ("RAR 压缩包", _UNPACKED),
    b"7z\xbc\xaf\x27\x1c": ("7z 压缩包", _UNPACKED),
    b"\x1f\x8b\x08": ("gzip 压缩文件", _UNPACKED),
    b"BZh": ("bzip2 压缩文件", _UNPACKED),
    b"\xfd7zXZ\0": ("xz 压缩文件", _UNPACKED),
    b"\x28\xb5\x2f\xfd": ("zstd 压缩文件", _UNPACKED),
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": ("旧版 Office 文档（如 .doc）", _WORD),
    b"{\\rtf": ("RTF 文档", _WORD),
    b"PK\x03\x04": ("ZIP 压缩包", "请把扩展名改成 .zip 再导入"),
}
_FIRST = {sign[0] for sign in _SIGNS}
# A member that only one kind of packed document has.
_PACKED = (
    (b"word/", "Word 文档", "请把扩展名改成 .docx 再导入"),
    (b"xl/", "Excel 工作簿", "请把扩展名改成 .xlsx 再导入"),
    (b"ppt/", "演示文稿", NO_READER[".pptx"]),
    (b"application/epub+zip", "EPUB 电子书", "请把扩展名改成 .epub 再导入"),
    (b"application/vnd.oasis.opendocument", "OpenDocument 文档", NO_READER[".odt"]),
    (b"OFD.xml", "OFD 版式文件", NO_READER[".ofd"]),
)
_LOOKED_AT = 64 * 1024


def document_in(data: bytes, suffix: str) -> str:
    """Return what a file of this suffix really is and what to do with it, in words; "" if it begins as no document."""
    if not data or data[0] not in _FIRST or suffix in _OTHERS:
        return ""
    found = next((said for sign, said in _SIGNS.items() if data.startswith(sign)), None)
    if found is None:
        return ""
    kind, what_to_do = found
    if data.startswith(b"PK"):
        ends = data[:_LOOKED_AT] + data[-_LOOKED_AT:]
        kind, what_to_do = next(((name, do) for sign, name, do in _PACKED if sign in ends), found)
    return (
        f"文件名是 {suffix}，内容却是 {kind}，{what_to_do}"
        if suffix
        else f"没有扩展名的 {kind}，{what_to_do}"
    )
