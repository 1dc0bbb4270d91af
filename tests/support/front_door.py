"""A portal as it is deployed, and those who try its door: slow, large, many. Tests and the drill `front` use them."""

import http.client
import os
import re
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.nginx import DEPLOY, ROOT, free_port

URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
LOGIN, UPLOAD = "/admin/login/", "/admin/sources/upload/add/"
MIB = 1024 * 1024
FORGED = "sessionid=" + "a" * 32
PASSWORD = "the door of the portal 7"
SUPERUSER = {
    "DJANGO_SUPERUSER_USERNAME": "keeper",
    "DJANGO_SUPERUSER_EMAIL": "keeper@example.com",
    "DJANGO_SUPERUSER_PASSWORD": PASSWORD,
}
# Who tries the door comes from another address than the readers: limits are per address.
HERE, AWAY = "127.0.0.1", "127.0.0.2"
SETTLED = ("NEWSPORTAL_", "DATABASE_", "GRANIAN_")


def exec_start() -> list[str]:
    """The words of the service's command, as systemd would run it."""
    unit = (DEPLOY / "newsportal.service").read_text().replace("\\\n", " ")
    return re.search(r"^ExecStart=(.+)$", unit, re.M)[1].split()


@dataclass(frozen=True, slots=True)
class Portal:
    port: int
    home: Path
    process: subprocess.Popen
    log: Path

    def workers(self) -> list[int]:
        """The processes that serve."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(pid) for task in tasks for pid in task.read_text().split()]


@contextmanager
def served(folder: Path, **settings: str) -> Iterator[Portal]:
    """The sample newsroom and its keeper, served by the command of deploy/newsportal.service on a free port."""
    port, log = free_port(), folder / "granian.log"
    env = {name: value for name, value in os.environ.items() if not name.startswith(SETTLED)}
    env |= {
        "NEWSPORTAL_HOME": str(folder / "home"),
        "NEWSPORTAL_SITE_URL": f"http://127.0.0.1:{port}",
    } | settings
    manage(env, "open_newsroom")
    manage(env | SUPERUSER, "createsuperuser", "--noinput")
    manage(env, "collectstatic", "--noinput")
    words = exec_start()
    words[0] = str(Path(sys.executable).parent / "granian")
    words[words.index("--port") + 1] = str(port)
    with log.open("w") as said:
        process = subprocess.Popen(words, env=env, cwd=ROOT, stdout=said, stderr=said, start_new_session=True)
    try:
        portal = Portal(port, folder / "home", process, log)
        _wait_for(portal)
        yield portal
    finally:
        _end(process)


def manage(env: dict[str, str], *words: str) -> None:
    command = [sys.executable, "manage.py", *words, "-v0"]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{words[0]}: {done.stderr}")


def _wait_for(portal: Portal) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and portal.process.poll() is None:
        try:
            if ask(portal.port, "/healthz").status == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the portal did not start:\n{portal.log.read_text()[-3000:]}")


def _end(process: subprocess.Popen) -> None:
    """The main process first, as systemd does with KillMode=mixed; then what is left of its group."""
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# ------------------------------------------------------------------ asking
@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def all(self, name: str) -> list[str]:
        """Every header of this name: there should be one."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


def ask(
    port: int, path: str, method: str = "GET", body: bytes | None = None, source: str = HERE, **headers: str
) -> Answer:
    """One request on a connection of its own; header names are written with underscores."""
    connection = http.client.HTTPConnection(HERE, port, timeout=20, source_address=(source, 0))
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        answer = connection.getresponse()
        return Answer(answer.status, answer.getheaders(), answer.read())
    finally:
        connection.close()


def head(method: str, path: str, port: int, **headers: str | int) -> bytes:
    """A request's first lines, the empty one included."""
    lines = [f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items()]
    return f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{''.join(lines)}\r\n".encode()


def sign_in(port: int) -> dict[str, str]:
    """The keeper's cookies, as a browser would get them."""
    page = ask(port, LOGIN)
    cookies = _cookies(page)
    form = f"username=keeper&password={PASSWORD.replace(' ', '+')}&csrfmiddlewaretoken={cookies['csrftoken']}"
    sent = {"Content_Type": URLENCODED, "Cookie": _said(cookies)}
    return cookies | _cookies(ask(port, LOGIN, "POST", form.encode(), **sent))


def upload(port: int, cookies: dict[str, str], size: int) -> Answer:
    """Send one file of this size to the page for uploads."""
    parts = [
        ("csrfmiddlewaretoken", "", cookies["csrftoken"]),
        ("format", "", "auto"),
        ("files", "a.md", "a" * size),
    ]
    body = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"{file and f"; filename={file}"}\r\n\r\n{value}\r\n'
        for name, file, value in parts
    )
    sent = {"Content_Type": MULTIPART, "Cookie": _said(cookies)}
    return ask(port, UPLOAD, "POST", f"{body}--x--\r\n".encode(), **sent)


def _cookies(answer: Answer) -> dict[str, str]:
    return dict(line.partition(";")[0].split("=", 1) for line in answer.all("Set-Cookie"))


def _said(cookies: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


# ------------------------------------------------------------------ trying the door
@contextmanager
def slow_clients(port: int, count: int, first: bytes, drop: bytes = b"a") -> Iterator[list[socket.socket]]:
    """Connections that send `first`, then a drop a second, for the length of the block."""
    with ExitStack() as stack:
        lines = [stack.enter_context(_from_away(port)) for _ in range(count)]
        for line in lines:
            line.sendall(first)
        over = threading.Event()
        dripping = threading.Thread(target=_drip, args=(lines, drop, over), daemon=True)
        dripping.start()
        try:
            yield lines
        finally:
            over.set()
            dripping.join()


def _drip(lines: list[socket.socket], drop: bytes, over: threading.Event) -> None:
    while not over.wait(1):
        for line in lines:
            try:
                line.sendall(drop)
            except OSError:
                continue  # hung up on, as it should be


def is_hung_up(line: socket.socket) -> bool:
    """Whether the other side ends the connection within half a minute, with or without a word."""
    line.settimeout(30)
    try:
        said = line.recv(1000)
    except ConnectionResetError:
        return True
    return said == b"" or said.startswith(b"HTTP/1.1 408")


def slow_forms(port: int, count: int, path: str = LOGIN):
    """Forms that say they have 10,000 bytes and send one a second."""
    return slow_clients(port, count, head("POST", path, port, Content_Type=URLENCODED, Content_Length=10_000))


def slow_headers(port: int, count: int):
    """Requests that never come to their empty line."""
    return slow_clients(port, count, b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")


def pour(port: int, path: str, size: int, chunked: bool = False, **headers: str) -> tuple[int, int]:
    """Send a multipart of `size` bytes until it is answered or hung up on: the status, and the bytes taken."""
    length = {"Transfer-Encoding": "chunked"} if chunked else {"Content-Length": size}
    piece = b"--x\r\n" + b"a" * (64 * 1024 - 5)
    piece = b"%x\r\n%s\r\n" % (len(piece), piece) if chunked else piece
    sent = 0
    with _from_away(port) as line:
        line.sendall(head("POST", path, port, Content_Type=MULTIPART, **length, **headers))
        line.setblocking(False)
        while True:
            readable, writable, _ = select.select([line], [line] if sent < size else [], [], 30)
            if readable:
                return _status(line), sent
            if not writable:
                raise RuntimeError("no answer within 30 seconds")
            try:
                sent += line.send(piece[: max(size - sent, 1)] if not chunked else piece)
            except OSError:  # hung up on; the answer may have come before
                return _status(line), sent


def _from_away(port: int) -> socket.socket:
    return socket.create_connection((HERE, port), source_address=(AWAY, 0))


def _status(line: socket.socket) -> int:
    """The answer's; 0 where the connection was ended without one."""
    try:
        said = line.recv(4096)
    except OSError:
        return 0
    return int(said.split(b" ", 2)[1]) if said.startswith(b"HTTP/1.") else 0


def hammer(port: int, times: int) -> list[Answer]:
    """Sign in wrongly, time and again."""
    form = b"username=admin&password=guess"
    return [ask(port, LOGIN, "POST", form, AWAY, Content_Type=URLENCODED) for _ in range(times)]
