"""The portal as `make run` serves it, for tests and drills that kill, cut and take away what it stands on."""

import http.client
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 60  # seconds for a server to start, and for what must come


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: str
    seconds: float


@dataclass(slots=True)
class PortalServer:
    """A server that was started, and one that asks it as a browser with cookies would."""

    port: int
    process: subprocess.Popen
    log: Path
    cookie: str = ""

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        form = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://127.0.0.1:{self.port}",
        }
        token = {"csrfmiddlewaretoken": self.cookie.rpartition("csrftoken=")[2].partition(";")[0]}
        return self._ask("POST", path, urllib.parse.urlencode({**fields, **token}), form)

    def sign_in(self, name: str, password: str, under: str = "") -> Answer:
        """As an editor, whose form it is from now on that is sent; the portal may live `under` a path."""
        self.cookie = self.get(f"{under}/admin/login/").headers["Set-Cookie"].partition(";")[0]
        form = {"username": name, "password": password}
        answer = self.post(f"{under}/admin/login/?next={under}/admin/", form)
        if answer.status != 302:
            raise RuntimeError(f"{name} may not sign in: {answer.status}")
        self.cookie = "; ".join(one.partition(";")[0] for one in answer.headers.get_all("Set-Cookie"))
        return answer

    def _ask(
        self, method: str, path: str, body: str | None = None, headers: Mapping[str, str] = {}
    ) -> Answer:
        began = time.monotonic()
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            asked.request(
                method, path, body, dict(headers) | ({"Cookie": self.cookie} if self.cookie else {})
            )
            answer = asked.getresponse()
            said = answer.read().decode()
            return Answer(answer.status, answer.headers, said, time.monotonic() - began)
        finally:
            asked.close()

    def until(self, path: str, status: int, most: float = PATIENCE) -> float:
        """Seconds until it is answered so; TimeoutError after `most`."""
        began, last = time.monotonic(), "nothing"
        while time.monotonic() - began < most:
            try:
                last = self.get(path).status
            except OSError as error:
                last = error
            if last == status:
                return time.monotonic() - began
            time.sleep(0.05)
        raise TimeoutError(
            f"{path} is not answered with {status} but with {last}:\n{self.log.read_text()[-3000:]}"
        )

    def workers(self) -> set[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return {int(child) for child in children if "resource_tracker" not in _command(child)}


def _command(pid: str) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return "resource_tracker"  # it has ended, and is no worker either


@contextmanager
def portal_server(env: Mapping[str, str], log: Path, *before: str) -> Iterator[PortalServer]:
    """Start it on a free port, by way of the command `before`, and stop it afterwards."""
    port = _free_port()
    said = log.open("w")
    process = subprocess.Popen(
        [*before, *command(port)],
        env={**env, "NEWSPORTAL_SITE_URL": f"http://127.0.0.1:{port}"},
        cwd=ROOT,
        stdout=said,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    server = PortalServer(port, process, log)
    try:
        server.until("/healthz", 200)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        said.close()


def command(port: int) -> list[str]:
    """What `make run` ends with, with the Python of these tests."""
    words = ["make", "--silent", "--dry-run", "run", f"PORT={port}"]
    planned = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    granian = planned.replace("\\\n", " ").rpartition("exec .venv/bin/granian")[2].splitlines()[0]
    return [str(Path(sys.executable).parent / "granian"), *shlex.split(granian)]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
