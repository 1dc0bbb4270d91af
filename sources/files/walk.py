"""Find inputs: files, folders and archives, in a fixed order; links are not followed."""

import os
import stat
from collections.abc import Iterator

from sources.files.archives import is_archive, members
from sources.files.inputs import Found

_NOT_FILES = {
    stat.S_IFIFO: "命名管道",
    stat.S_IFSOCK: "套接字",
    stat.S_IFCHR: "设备文件",
    stat.S_IFBLK: "设备文件",
}


def walk(paths: list[str]) -> Iterator[Found]:
    """Yield every input under the paths, depth first in name order. Raises FileNotFoundError.

    Names are decoded with os.fsdecode and relative to the walked folder; a single file keeps its name.
    """
    for path in paths:
        info = os.lstat(path)
        if stat.S_ISDIR(info.st_mode):
            yield from _folder(path, "")
        else:
            yield from _file(os.path.basename(path), path, info, named=True)


def walk_file(name: str, path: str) -> Iterator[Found]:
    """Yield the inputs of a file stored under another name (an upload): itself, or its members if `name` is an
    archive's. Raises FileNotFoundError."""
    yield from _file(name, path, os.lstat(path))


def _folder(path: str, prefix: str) -> Iterator[Found]:
    try:
        names, others = _listed(path)
    except OSError as error:
        yield Found(prefix or path, path, f"打不开文件夹：{error.strerror}")
        return
    for name in names:
        inner = os.path.join(path, name)
        if name not in others and not is_archive(name):
            yield Found(f"{prefix}{name}", inner)
        elif not stat.S_ISDIR((info := os.lstat(inner)).st_mode):
            yield from _file(f"{prefix}{name}", inner, info)
        elif name != ".git":
            yield from _folder(inner, f"{prefix}{name}/")


def _listed(path: str) -> tuple[list[str], set[str]]:
    """Return a folder's names in order, and which are not regular files, from the directory entries alone. Only
    names are kept: for a million files scandir's entries take half a gigabyte."""
    names, others = [], set()
    with os.scandir(path) as entries:
        for entry in entries:
            names.append(entry.name)
            if not entry.is_file(follow_symlinks=False):
                others.add(entry.name)
    return sorted(names), others


def _file(name: str, path: str, info: os.stat_result, named: bool = False) -> Iterator[Found]:
    refused = _refusal(info)
    if not refused and is_archive(name):
        yield from members(name, path)
    else:
        yield Found(name, path, refused, named=named)


def _refusal(info: os.stat_result) -> str:
    if stat.S_ISLNK(info.st_mode):
        return "符号链接，不跟随"
    if not stat.S_ISREG(info.st_mode):
        return f"{_NOT_FILES.get(stat.S_IFMT(info.st_mode), '特殊文件')}，不读"
    return ""
