"""Databases of our own that can be taken away, locked, frozen and cut off: for tests and drills."""

import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.support.postgres_cluster import THROW_AWAY, Cluster

NAME = "newsportal_faults"


class SqliteFaults:
    """Of the file in a portal's home."""

    faults = ("away", "locked")

    def __init__(self, home: Path):
        self.file = home / "newsportal.sqlite3"
        self.env = {"NEWSPORTAL_HOME": str(home)}

    @contextmanager
    def away(self) -> Iterator[None]:
        aside = self.file.with_suffix(".aside")
        os.rename(self.file, aside)
        try:
            yield
        finally:
            os.rename(aside, self.file)

    @contextmanager
    def locked(self) -> Iterator[None]:
        other = sqlite3.connect(self.file, isolation_level=None, timeout=30)
        try:
            other.execute("BEGIN EXCLUSIVE")
            yield
            other.execute("ROLLBACK")
        finally:
            other.close()


class PostgresFaults:
    """Of a cluster that was started for it."""

    faults = ("away", "locked", "frozen")

    def __init__(self, home: Path, cluster: Cluster):
        self.cluster, self.address = cluster, f"postgres://postgres@/{NAME}?host={cluster.folder}"
        self.env = {"NEWSPORTAL_HOME": str(home), "DATABASE_URL": self.address}

    @contextmanager
    def away(self) -> Iterator[None]:
        self.cluster.call("pg_ctl", "stop", "-m", "fast", "-w", "-D", self.cluster.data)
        try:
            yield
        finally:
            data, log = self.cluster.data, self.cluster.log
            self.cluster.call("pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", log)

    @contextmanager
    def locked(self) -> Iterator[None]:
        with psycopg.connect(self.address) as other:
            other.execute(
                "LOCK TABLE articles_article, articles_outletfront, auth_user IN ACCESS EXCLUSIVE MODE"
            )
            yield

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """All its processes are stopped; their sockets stay open."""
        pids = self._processes()
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)

    def cut(self) -> int:
        """End every connection but our own; gives how many there were."""
        with psycopg.connect(self.address, autocommit=True) as other:
            ours = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            return len(other.execute(f"{ours} AND pid <> pg_backend_pid()", [NAME]).fetchall())

    def _processes(self) -> list[int]:
        postmaster = int((self.cluster.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        return [postmaster, *map(int, children)]


@contextmanager
def faulty_database(vendor: str, home: Path) -> Iterator[SqliteFaults | PostgresFaults]:
    """One of "sqlite" or "postgresql", with its portal's home; what is in it is for others to bring."""
    if vendor == "sqlite":
        yield SqliteFaults(home)
        return
    cluster = Cluster()
    try:
        cluster.start(THROW_AWAY)
        cluster.call("createdb", "-h", cluster.folder, "-U", "postgres", NAME)
        yield PostgresFaults(home, cluster)
    finally:
        cluster.stop()
