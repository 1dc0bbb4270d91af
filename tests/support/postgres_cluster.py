"""A PostgreSQL cluster of our own that lives as long as a `with` block: for tests and benches."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

PROGRAMS = ("initdb", "pg_ctl", "postgres", "createdb")
# The data is thrown away: waiting for the disk would only make tests slow.
THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class Unavailable(Exception):
    """No PostgreSQL can be started on this machine; the message says what is missing."""


@contextmanager
def postgres_cluster(database: str = "newsportal_test", **settings: object) -> Iterator[str]:
    """Start a fresh cluster, yield the DATABASE_URL of an empty database, then stop and delete it.

    Settings go to postgresql.conf: a bench or a drill asks for the real thing with fsync="on" and so on.
    """
    cluster = Cluster()
    try:
        cluster.start(THROW_AWAY | settings)
        cluster.call("createdb", "-h", cluster.folder, "-U", "postgres", database)
        yield f"postgres://postgres@/{database}?host={cluster.folder}"
    finally:
        with _undisturbed():
            cluster.stop()


class Cluster:
    """One server, its folder and the user it runs as."""

    def __init__(self):
        self.programs, self.account = find_programs(), run_as()
        # A short path: a socket's may have 107 bytes at most.
        short = "/tmp" if os.path.isdir("/tmp") else None
        self.folder = Path(tempfile.mkdtemp(prefix="newsportal-pg-", dir=short))
        self.data, self.log = self.folder / "data", self.folder / "log"
        if self.account:
            os.chown(self.folder, self.account["user"], self.account["group"])

    def start(self, settings: dict) -> None:
        """initdb, the settings, and a server that answers on a socket in its folder and nowhere else."""
        initdb = ("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "-E", "UTF8")
        try:
            self.call(*initdb, "--data-checksums", "--no-sync", "--locale=C.UTF-8")
        except RuntimeError:  # not every system has C.UTF-8; initdb leaves nothing behind when it fails
            self.call(*initdb, "--data-checksums", "--no-sync", "--locale=C")
        ours = {"listen_addresses": "", "unix_socket_directories": self.folder, "max_connections": 250}
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in (ours | settings).items())
        self.call("pg_ctl", "start", "-w", "-t", "60", "-D", self.data, "-l", self.log)

    def stop(self) -> None:
        """Stop the server, if it ever started, and delete all it wrote."""
        try:
            if (self.data / "postmaster.pid").exists():
                self.call("pg_ctl", "stop", "-m", "immediate", "-w", "-D", self.data)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def call(self, program: str, *words: object) -> None:
        """Run one of PostgreSQL's programs; RuntimeError with what it and the server said if it fails."""
        # A file, not a pipe: the server inherits it, and a pipe would stay open as long as it runs.
        with tempfile.TemporaryFile() as said:
            done = subprocess.run(
                [str(word) for word in (self.programs / program, *words)],
                env=without_postgres_names(os.environ) | {"LC_ALL": "C"},
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for us, who then stop the server in order
                check=False,
                **self.account,
            )
            said.seek(0)
            answer = said.read().decode(errors="replace")
        if done.returncode:
            answer += self.log.read_text(errors="replace") if self.log.exists() else ""
            raise RuntimeError(f"{program} failed ({done.returncode}):\n{answer}")


def without_postgres_names(env: Mapping[str, str]) -> dict[str, str]:
    """The environment less PGHOST, PGPORT and the like, which would lead to another server."""
    return {name: value for name, value in env.items() if not name.startswith("PG")}


def find_programs() -> Path:
    """The folder with all of the server's programs, the newest first; Unavailable if there is none."""
    for folder in _places():
        if all(os.access(folder / program, os.X_OK) for program in PROGRAMS):
            return folder
    raise Unavailable("no PostgreSQL server programs found (pg_config --bindir, PATH, /usr/lib/postgresql)")


def run_as() -> dict:
    """Whose process the server is: initdb refuses root, so root hands over to the user postgres."""
    if os.geteuid() != 0:
        return {}
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        raise Unavailable("PostgreSQL does not run as root, and there is no user postgres") from None
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _places() -> Iterator[Path]:
    """Where the programs may be: pg_config can belong to the client alone, so it is only the first guess."""
    if shutil.which("pg_config"):
        said = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True, check=False)
        if said.stdout.strip():
            yield Path(said.stdout.strip())
    if found := shutil.which("initdb"):
        yield Path(found).parent
    versions = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()]
    yield from sorted(versions, key=lambda path: int(path.parent.name), reverse=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Hold off a second Ctrl-C while things are put away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {name: signal.signal(name, signal.SIG_IGN) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)
