"""Find inputs: files, folders, archives, in a fixed order; links are not followed, what is too large is not read."""

import os
import stat
from collections.abc import Iterator

from sources.archives import is_archive, members
from sources.inputs import Found, largest

_NOT_FILES = {
    stat.S_IFIFO: "命名管道",
    stat.S_IFSOCK: "套接字",
    stat.S_IFCHR: "设备文件",
    stat.S_IFBLK: "设备文件",
}


def walk(paths: list[str]) -> Iterator[Found]:
    """Yield every input below the paths, folders depth first in name order. Raises FileNotFoundError.

    Names are given as os.fsdecode gives them, relative to the folder walked; a file given by itself keeps its name.
    """
    for path in paths:
        info = os.lstat(path)
        if stat.S_ISDIR(info.st_mode):
            yield from _folder(path, "")
        else:
            yield from _file(os.path.basename(path), path, info)


def walk_file(name: str, path: str) -> Iterator[Found]:
    """Yield the inputs in one file that goes by another name than its own (an upload laid aside): itself, or its
    members when the name is an archive's. Raises FileNotFoundError."""
    yield from _file(name, path, os.lstat(path))


def _folder(path: str, prefix: str) -> Iterator[Found]:
    """Names only are held while a folder is walked: at a million files what scandir remembers is half a gigabyte."""
    try:
        names = sorted(os.listdir(path))
    except OSError as error:
        yield Found(prefix or path, path, f"打不开文件夹：{error.strerror}")
        return
    for name in names:
        inner = os.path.join(path, name)
        info = os.lstat(inner)
        if not stat.S_ISDIR(info.st_mode):
            yield from _file(f"{prefix}{name}", inner, info)
        elif name != ".git":
            yield from _folder(inner, f"{prefix}{name}/")


def _file(name: str, path: str, info: os.stat_result) -> Iterator[Found]:
    refused = _refusal(name, info)
    if not refused and is_archive(name):
        yield from members(name, path)
    else:
        yield Found(name, path, refused)


def _refusal(name: str, info: os.stat_result) -> str:
    if stat.S_ISLNK(info.st_mode):
        return "符号链接，不跟随"
    if not stat.S_ISREG(info.st_mode):
        return f"{_NOT_FILES.get(stat.S_IFMT(info.st_mode), '特殊文件')}，不读"
    most = largest(name)
    if info.st_size > most and not is_archive(name):
        return f"文件有 {info.st_size >> 20} MB，超过 {most >> 20} MB 的上限，未读；请拆开再导入"
    return ""
