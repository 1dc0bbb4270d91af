"""Uploaded files: stored safely, read under their own names, deleted after the import."""

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from sources.files.archives import is_archive, some_members
from sources.files.inputs import Found, file_name
from sources.files.walk import walk_file
from sources.models import Upload
from sources.reading.limits import OverLimit, counted_size
from sources.reading.read import printable
from sources.reading.reading_process import apart

MOST_FILES = 100
LARGEST = 20 * 1024 * 1024  # bytes of one upload: what the web server in front lets through
# Limits count unpacked bytes: a member may be as large as a file, and all members together ten times an upload.
# Posts shrink to a fifth, so an upload of posts reaches half of that. A few megabytes could hold days of work.
MOST_UNPACKED = 10 * LARGEST
TOO_MUCH = f"压缩包解开合计超过 {MOST_UNPACKED >> 20} MB（工作簿按解开后的大小算）"
LONGEST_NAME = 150
KEPT = timedelta(days=7)


def folder_of(upload: Upload) -> Path:
    return Path(settings.HOME, "uploads", str(upload.pk))


def store_upload(files: Iterable, **fields) -> Upload:
    """Store files (name, size, chunks(), as Django's UploadedFile) under numbers. Raises OSError, with nothing left."""
    files = list(files)
    names = _clean_names([file.name for file in files])
    listed = [[name, file.size] for name, file in zip(names, files, strict=True)]
    upload = Upload.objects.create(files=listed, **fields)
    folder = folder_of(upload)
    try:
        folder.mkdir(parents=True, mode=0o700)
        for number, file in enumerate(files):
            _write(folder / str(number), file.chunks())
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        upload.delete()
        raise
    return upload


def inputs_of(upload: Upload) -> Iterator[Found]:
    """Every input in the files, each member of an archive separately. Raises FileNotFoundError when they are gone."""
    room = MOST_UNPACKED
    for number, (name, _) in enumerate(upload.files):
        path = str(folder_of(upload) / str(number))
        if not is_archive(name):
            yield from walk_file(name, path)
            continue
        for found in _members(name, path):
            room -= counted_size(found.name, len(found.data or b""))
            if room < 0:
                yield Found(found.name, path, f"{TOO_MUCH}，这一个和其后的没有读；请分几次上传")
                return
            yield found


def _members(name: str, path: str) -> Iterator[Found]:
    """Open an archive in another process: the unpacking library is not ours, and may take long."""
    taken, is_all, size = 0, False, os.lstat(path).st_size
    while not is_all:
        try:
            some, is_all = apart(some_members, name, path, taken, LARGEST, size=size, waits=True)
        except OverLimit as why:
            yield Found(name, path, f"压缩包没有读完，其后的没有读（{why}）")
            return
        yield from some
        taken += len(some)


def has_files(upload: Upload) -> bool:
    return folder_of(upload).is_dir()


def delete_files(upload: Upload) -> None:
    """Delete the files. The record stays, and import items hold the bytes of what was imported."""
    shutil.rmtree(folder_of(upload), ignore_errors=True)


def delete_abandoned() -> None:
    """Delete uploads that are a week old and were never imported."""
    old = Upload.objects.filter(at__lt=timezone.now() - KEPT, started_at=None, discarded_at=None)
    for upload in old:
        delete_files(upload)
        upload.discarded_at, upload.message = timezone.now(), "放了一周没有导入，文件已删除"
        upload.save()


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        for chunk in chunks:
            file.write(chunk)


def _clean_names(given: list[str]) -> list[str]:
    """The client's file names without folders and invisible characters, each unique."""
    names: list[str] = []
    for number, name in enumerate(given, 1):
        base = printable(name).replace("\\", "/").rpartition("/")[2].replace("!", "！")
        base = "".join(char for char in base if char.isprintable()).strip() or f"文件{number}"
        stem, suffix = file_name(base)[1:]
        base = f"{stem[:LONGEST_NAME]}{suffix[:20]}"
        names.append(base if base not in names else f"{stem[:LONGEST_NAME]}（{number}）{suffix[:20]}")
    return names
