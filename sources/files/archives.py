"""Members of .zip and .tar archives as inputs, checked one by one; nothing is unpacked to disk."""

import gzip
import os
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from sources.files.inputs import LARGEST, TABLES, Found, largest
from sources.files.names import readable_name

TARS = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
# A gzip file holds one file. Open it only if its name suggests a text format we read.
TEXTS = (".txt", ".text", ".md", ".markdown", ".xml", ".rss", ".atom", ".html", ".htm")
GZIPS = tuple(f"{suffix}.gz" for suffix in (*TEXTS, *sorted(TABLES)))
SUFFIXES = (".zip", *TARS, *GZIPS)
MOST_MEMBERS = 1_000_000
HELD, MOST_HELD = 32 * 1024 * 1024, 10_000  # bytes and number of members returned by one call
LARGEST_IN_ALL = 20 * 1024**3  # bytes of all members unpacked: about a million posts
# Text compresses to a fifth, at best to a fiftieth; a zip bomb to a thousandth (ASVS 5.2.3).
HIGHEST_RATIO, RATIO_COUNTS_FROM = 200, 1024 * 1024


def is_archive(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def members(name: str, path: str) -> Iterator[Found]:
    """Yield every member as `name!member` with its bytes, or with the reason it is refused. Never raises.

    Refused are links, special files, names that point outside, nested archives, encrypted or damaged members, and
    members that are too large or compressed too far; the rest are read. Directories are skipped.
    """
    opened, judge = _opener(name.lower()), _Judge(name)
    try:
        yield from opened(path, judge)
    except (OSError, EOFError, ValueError, zipfile.BadZipFile, tarfile.TarError, zlib.error) as error:
        yield Found(name, path, f"压缩包坏了或不完整，其后的没有读（{_words(error)}）")
        return
    if not judge.seen:
        yield Found(name, path, "压缩包里没有文件")


def some_members(name: str, path: str, taken: int, most: int) -> tuple[list[Found], bool]:
    """Return the members after the first `taken`, as many as may be held at once, and whether these are the last.

    A member of more than `most` bytes is refused.
    """
    some, size = [], 0
    for found in islice(members(name, path), taken, None):
        if len(found.data or b"") > most:
            refused = f"解开有 {len(found.data) >> 20} MB，超过 {most >> 20} MB 的上限，未读；请拆开再导入"
            found = Found(found.name, path, refused)
        some.append(found)
        size += len(found.data or b"")
        if size >= HELD or len(some) == MOST_HELD:
            return some, False
    return some, True


def _opener(name: str):
    if name.endswith(".zip"):
        return _zip_members
    return _tar_members if name.endswith(TARS) else _gzip_member


@dataclass(slots=True)
class _Judge:
    """Counts the members of one archive and decides which must not be read."""

    archive: str
    seen: dict[str, int] = field(default_factory=dict)
    bytes: int = 0

    def name(self, member: str) -> str:
        return f"{self.archive}!{member}"

    def verdict(self, member: str, size: int, packed: int | None) -> str:
        """Return why this member must not be read; "" if it may. Counts it in both cases."""
        self.seen[member] = self.seen.get(member, 0) + 1
        parts = member.replace("\\", "/").split("/")
        if ".." in parts or parts[0] == "" or parts[0].endswith(":"):
            return "成员名指到压缩包之外，未读"
        if self.seen[member] > 1:
            return "压缩包里已有同名的成员，未读"
        if len(self.seen) > MOST_MEMBERS:
            return f"成员超过 {MOST_MEMBERS} 个，其余未读"
        if size > LARGEST:
            return f"有 {size >> 20} MB，超过 {LARGEST >> 20} MB 的上限，未读"
        if packed is not None and size > RATIO_COUNTS_FROM and size > packed * HIGHEST_RATIO:
            return f"压缩比 {size // max(packed, 1)} 倍，不合常理，未读"
        if self.bytes + size > LARGEST_IN_ALL:
            return "解开后总共太大，其余未读；请拆成几个压缩包"
        if is_archive(member):
            return "压缩包里的压缩包不打开；请先解开"
        return ""

    def take(self, data: bytes) -> bytes:
        self.bytes += len(data)
        return data


# ------------------------------------------------------------------ zip
def _zip_members(path: str, judge: _Judge) -> Iterator[Found]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.is_dir():
                continue
            member = _zip_name(info)
            refused = judge.verdict(member, info.file_size, info.compress_size) or _zip_refusal(info)
            if refused:
                yield Found(judge.name(member), path, refused)
            else:
                yield _read_zip(archive, info, judge, judge.name(member), path)


def _zip_refusal(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & 0x1:
        return "加了密码，读不出"
    kind = stat.S_IFMT(info.external_attr >> 16)
    return "压缩包里的链接或特殊文件，未读" if kind not in (0, stat.S_IFREG) else ""


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Return the member's name. Without the UTF-8 flag zipfile reads cp437; it is UTF-8 or, from Chinese Windows,
    GBK."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    for encoding in ("utf-8", "gbk"):
        try:
            name = info.filename.encode("cp437").decode(encoding)
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
        # Some Chinese names in GBK are also valid UTF-8, but then only as letters below U+0800.
        if encoding == "gbk" or max(name) > "\u07ff":
            return name
    return info.filename


def _read_zip(archive, info, judge: _Judge, name: str, path: str) -> Found:
    """Read a member and check its real size: the header may be wrong."""
    try:
        with archive.open(info) as file:
            data = file.read(LARGEST + 1)
    except (OSError, EOFError, ValueError, RuntimeError, NotImplementedError) as error:
        return Found(name, path, f"读不出：{_words(error)}")
    except (zipfile.BadZipFile, zlib.error) as error:
        return Found(name, path, f"成员已损坏：{_words(error)}")
    if len(data) > max(info.file_size, 0) or len(data) > LARGEST:
        return Found(name, path, "实际大小与压缩包所写的不符，未读")
    return Found(name, path, data=judge.take(data))


# ------------------------------------------------------------------ tar
def _tar_members(path: str, judge: _Judge) -> Iterator[Found]:
    packed = os.path.getsize(path)
    with tarfile.open(path, "r|*", errorlevel=1) as archive:
        for info in archive:
            if info.isdir():
                continue
            member = readable_name(info.name)
            refused = judge.verdict(member, info.size, packed)
            if not refused and not info.isreg():
                refused = "压缩包里的链接或特殊文件，未读"
            name = judge.name(member)
            if refused:
                yield Found(name, path, refused)
                continue
            file = archive.extractfile(info)
            yield Found(name, path, data=judge.take(file.read(LARGEST)))


# ------------------------------------------------------------------ gzip
def _gzip_member(path: str, judge: _Judge) -> Iterator[Found]:
    """Yield the file in a gzip file, named without the suffix. It may be as large as an uncompressed file."""
    member = os.path.basename(judge.archive)[: -len(".gz")]
    most = min(largest(member), max(RATIO_COUNTS_FROM, os.path.getsize(path) * HIGHEST_RATIO))
    with gzip.open(path) as file:
        data = file.read(most + 1)
    if len(data) <= most:
        refused = judge.verdict(member, 0, None)
    elif most < largest(member):
        refused = f"压缩比超过 {HIGHEST_RATIO} 倍，不合常理，未读"
    else:
        refused = f"解开后超过 {most >> 20} MB 的上限，未读；请拆开再导入"
    judge.seen[member] = 1
    yield Found(judge.name(member), path, refused, None if refused else data)


def _words(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:150]
