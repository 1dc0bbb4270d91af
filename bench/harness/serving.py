"""A server of our own for the length of a `with` block, and wrk asking it."""

import json
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.harness.homes import ROOT

WORKERS = 2
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}
# Asks for one address after the other, each thread from a place of its own.
SCRIPT = """\
local paths = {%s}
local threads, at = 0, 0
function setup(thread) thread:set("first", threads) threads = threads + 1 end
function init() at = first * math.floor(#paths / 2) end
function request()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def wrk_there() -> bool:
    return shutil.which("wrk") is not None


@contextmanager
def granian(application: str, env: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve a WSGI application as `make run` does, on a free port; yields the address, stops it afterwards."""
    port = _free_port()
    command = [str(Path(sys.executable).parent / "granian"), "--interface", "wsgi", "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", str(WORKERS), application]
    with log.open("w") as said:
        server = subprocess.Popen(command, env=env, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, server, log)
        yield address
    finally:
        server.terminate()
        try:
            server.wait(10)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, server: subprocess.Popen, log: Path) -> None:
    """Until the server answers at all; RuntimeError with its log if it does not within 30 seconds."""
    until = time.monotonic() + 30
    while time.monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address + "/healthz", timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()[-4000:]}")


def write_script(file: Path, paths: list[str]) -> Path:
    """A script for wrk that asks for these paths in turn."""
    file.write_text(SCRIPT % ", ".join(json.dumps(path) for path in paths))
    return file


def ask(address: str, script: Path, seconds: int, connections: int) -> dict:
    """Requests a second and latencies (ms) as wrk measures them; RuntimeError if an answer was not 2xx."""
    command = ["wrk", "-t", "2", "-c", str(connections), "-d", f"{seconds}s", "--latency", "-s", str(script)]
    done = subprocess.run([*command, address], capture_output=True, text=True, check=True)
    for trouble in ("Non-2xx", "Socket errors"):
        if trouble in done.stdout:
            raise RuntimeError(f"{address} {script.stem}:\n{done.stdout}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1]
    return {"rate": float(rate), "p50": _latency("50", done.stdout), "p99": _latency("99", done.stdout)}


def _latency(percent: str, said: str) -> float:
    value, unit = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)$", said, re.M).groups()
    return float(value) * UNITS[unit]
