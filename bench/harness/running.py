"""Run a command and know what it cost: wall time, processor time, and the memory of its process and of its children."""

import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

POLL = 0.05  # seconds between two looks at the process tree


@dataclass(slots=True)
class Ran:
    """A finished command. Memory is in MiB, peak of the process itself and of its largest child; None off Linux."""

    stdout: str
    seconds: float
    processor: float
    memory: float | None = None
    child_memory: float | None = None
    code: int = 0
    stderr: str = ""


@dataclass(slots=True)
class _Peaks:
    """The highest resident size (KiB) seen of each process."""

    seen: dict[int, int] = field(default_factory=dict)

    def look(self, pid: int) -> None:
        status = _read(f"/proc/{pid}/status")
        for line in status.splitlines():
            if line.startswith("VmHWM:"):
                self.seen[pid] = max(self.seen.get(pid, 0), int(line.split()[1]))
        for child in _read(f"/proc/{pid}/task/{pid}/children").split():
            self.look(int(child))


def run(command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Ran:
    """Run a command to its end; RuntimeError with what it said if it fails."""
    ran = measure(command, env, cwd)
    if ran.code:
        said = f"{ran.stdout[-2000:]}{ran.stderr[-4000:]}"
        raise RuntimeError(f"{' '.join(command)} ended with {ran.code}:\n{said}")
    return ran


def measure(command: Sequence[str], env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Ran:
    """Run a command to its end, however it ends."""
    before, began = _used(), time.perf_counter()
    process = subprocess.Popen(
        command, env=env, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    peaks, done = _Peaks(), threading.Event()
    poller = threading.Thread(target=_poll, args=(process.pid, peaks, done), daemon=True)
    poller.start()
    try:
        stdout, stderr = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    finally:
        done.set()
        poller.join()
    seconds = time.perf_counter() - began
    own = peaks.seen.pop(process.pid, None)
    child = max(peaks.seen.values(), default=None)
    used = _used() - before
    return Ran(stdout, seconds, used, _mib(own), _mib(child), process.returncode, stderr)


def _used() -> float:
    """Processor seconds of all children that have ended, and of theirs."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _poll(pid: int, peaks: _Peaks, done: threading.Event) -> None:
    while not done.wait(POLL):
        peaks.look(pid)


def _read(path: str) -> str:
    try:
        with open(path) as file:
            return file.read()
    except OSError:  # the process has ended, or this is no Linux
        return ""


def _mib(kib: int | None) -> float | None:
    return round(kib / 1024, 1) if kib else None


def clean_env(**more: str) -> dict[str, str]:
    """The environment without what would lead the portal to another database or mode, and with `more`."""
    ours = ("DATABASE_URL", "NEWSPORTAL_", "PG")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)} | more


def end_in_order() -> None:
    """From now on SIGTERM and SIGINT unwind the program, so that servers are stopped and folders deleted."""
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, frame: sys.exit(128 + number))
