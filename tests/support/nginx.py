"""Debian's nginx with deploy/nginx.conf, on a free port of the loopback, in front of a portal of ours."""

import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin")
HOST = "news.example.com"
MAIN = """\
{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
events {{ worker_connections 4096; }}
http {{
    include {types};
    default_type application/octet-stream;
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/portal.conf;
}}
"""
TYPES = Path("/etc/nginx/mime.types")


@dataclass(frozen=True, slots=True)
class Nginx:
    """A running one; `folder` holds its logs and what it keeps of bodies."""

    port: int
    folder: Path

    @property
    def errors(self) -> str:
        return (self.folder / "error.log").read_text()


def find_nginx() -> str:
    """The nginx to test with; LookupError says why there is none."""
    path = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    program = shutil.which("nginx", path=path)
    if program is None or not TYPES.exists():
        raise LookupError("no nginx found (Debian: apt-get install nginx)")
    return program


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def adapted(conf: str, port: int, backend: int, folder: Path, public: Path) -> str:
    """deploy/nginx.conf with the folders and ports of a test, and without TLS."""
    for pattern, given in (
        (r"listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (r"listen 80;", f"listen 127.0.0.1:{free_port()};"),
        (r"^ *(?:listen \[::\]|ssl_).*\n", ""),
        (r"127\.0\.0\.1:8000", f"127.0.0.1:{backend}"),
        (r"/srv/newsportal", str(public)),
        (r"/opt/newsportal/deploy", f"{folder}"),
        (r"/var/log/nginx/newsportal.log", f"{folder}/access.log"),
        (re.escape(HOST), "127.0.0.1 localhost"),
    ):
        conf, found = re.subn(pattern, given, conf, flags=re.M)
        assert found, f"deploy/nginx.conf has no {pattern}"
    return conf


@contextmanager
def nginx_in_front(backend: int, public: Path, port: int = 0) -> Iterator[Nginx]:
    """Pass requests on to a portal on the port `backend` and serve what lies in `public`.

    Raises LookupError without nginx, RuntimeError if it does not start.
    """
    program = find_nginx()
    with tempfile.TemporaryDirectory(prefix="newsportal-nginx-", ignore_cleanup_errors=True) as name:
        folder, port = Path(name), port or free_port()
        folder.chmod(0o755)  # nginx' workers are other users
        shutil.copytree(DEPLOY / "nginx-errors", folder / "nginx-errors")
        (folder / "portal.conf").write_text(
            adapted((DEPLOY / "nginx.conf").read_text(), port, backend, folder, public)
        )
        user = "user www-data;" if os.geteuid() == 0 else ""
        (folder / "nginx.conf").write_text(MAIN.format(folder=folder, types=TYPES, user=user))
        (folder / "error.log").touch()
        command = [program, "-p", name, "-c", f"{name}/nginx.conf", "-e", f"{name}/error.log"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        try:
            _wait_for(port, process, folder)
            yield Nginx(port, folder)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)
            process.stderr.close()


def _wait_for(port: int, process: subprocess.Popen, folder: Path) -> None:
    until = time.monotonic() + 20
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    process.kill()
    raise RuntimeError(f"nginx did not start: {process.stderr.read()} {(folder / 'error.log').read_text()}")
