"""The disk is full in the midst of an import (trust R7): said so, nothing torn, still read, gone on with later."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.drills.ground import ROOT, Check, Ground, ask, manage, run, state, whole
from bench.generate.posts import write_posts
from bench.harness.homes import DURABLE
from bench.harness.homes import manage as words_of
from bench.harness.running import clean_env
from tests.support.postgres_cluster import Cluster

PLENTY = 4096  # MiB
A_POST = 4000  # bytes that are free for each post, less than one takes: the disk is full before all are in
# A small log, so that it is the tables that find no room; with a full log the server itself goes down.
SMALL_LOG = {"wal_level": "minimal", "max_wal_senders": 0, "min_wal_size": "32MB", "max_wal_size": "48MB"}


def drill(ground: Ground) -> Iterator[Check]:
    """A file system in memory of our own, just too small; later it grows."""
    posts = ground.folder / "posts"
    write_posts(str(posts), ground.posts, ground.seed)
    try:
        with _small_disk() as disk, _portal(ground.database, disk) as env:
            yield from _held(ground, posts, disk, env)
    except PermissionError as reason:
        yield Check("a full disk is survived", str(reason), None)


def _held(ground: Ground, posts: Path, disk: Path, env: Mapping[str, str]) -> Iterator[Check]:
    run(words_of("migrate", "--verbosity", "0"), env, ROOT)
    used = shutil.disk_usage(disk).used
    _resize(disk, used + ground.posts * A_POST)
    ended = manage(env, "import_articles", str(posts))
    said = " ".join(ended.errors.split())
    yield Check("exit is not 0", str(ended.code), ended.code != 0)
    yield Check("no traceback", "so" if "Traceback" not in said else said[-300:], "Traceback" not in said)
    yield Check("says that the disk is full", said[-300:], "磁盘" in said and "满" in said)
    pages = ask(env, "bench.harness.integrity", "--pages")["pages"]
    yield Check("pages are still read", str(pages), set(pages.values()) == {200})
    _resize(disk, PLENTY << 20)
    seen = state(env)
    yield Check("says how many are in", f"{seen['items']} are in", f" {seen['items']} " in said)
    yield whole(env)
    resumed = manage(env, "import_articles", "--resume", str(seen["runs"][-1][0]))
    items = state(env)["items"]
    yield Check("resumed when there is space", f"exit {resumed.code}, {items} in", items == ground.posts)
    yield whole(env)


@contextmanager
def _portal(database: str, disk: Path) -> Iterator[dict[str, str]]:
    """A portal that keeps all it has on this disk."""
    if database == "sqlite":
        yield clean_env(NEWSPORTAL_HOME=str(disk))
        return
    cluster = Cluster()
    shutil.rmtree(cluster.folder)
    cluster.folder = disk
    cluster.data, cluster.log = disk / "data", disk / "log"
    if cluster.account:
        os.chown(disk, cluster.account["user"], cluster.account["group"])
    try:
        cluster.start(DURABLE | SMALL_LOG)
        cluster.call("createdb", "-h", cluster.folder, "-U", "postgres", "newsportal_drill")
        with tempfile.TemporaryDirectory(prefix="newsportal-drill-home-") as home:
            address = f"postgres://postgres@/newsportal_drill?host={disk}"
            yield clean_env(NEWSPORTAL_HOME=home, DATABASE_URL=address)
    finally:
        cluster.stop()


@contextmanager
def _small_disk() -> Iterator[Path]:
    """A file system in memory, unmounted and gone afterwards; PermissionError where we may not mount one."""
    disk = Path(tempfile.mkdtemp(prefix="newsportal-disk-", dir="/tmp"))
    done = _call("mount", "-t", "tmpfs", "-o", f"size={PLENTY}m", "tmpfs", str(disk))
    if done.returncode:
        disk.rmdir()
        raise PermissionError(f"no file system can be mounted: {done.stderr.strip()}")
    try:
        yield disk
    finally:
        if _call("umount", str(disk)).returncode:
            _call("umount", "--lazy", str(disk))
        disk.rmdir()


def _resize(disk: Path, size: int) -> None:
    done = _call("mount", "-o", f"remount,size={size}", str(disk))
    if done.returncode:
        raise RuntimeError(f"the disk cannot be resized: {done.stderr}")


def _call(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run(words, capture_output=True, text=True, check=False)
