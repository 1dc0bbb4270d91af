"""What the measurements were made on, and how busy it was."""

import os
import platform
import re
import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from tests.support.postgres_cluster import Unavailable, find_programs


def describe() -> dict[str, str]:
    """The machine and the programs in use, in words; a program that is not there is None."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "cores": str(os.cpu_count()),
        "cpu": _find(r"^model name\s*: (.+)$", Path("/proc/cpuinfo")) or platform.processor(),
        "memory": _memory(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "django": version("django"),
        "granian": version("granian"),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": _postgres(),
        "hugo": _said("hugo", "version"),
        "wrk": _said("wrk", "-v"),
    }


def load() -> float:
    """The load average of the last minute; over ~0.5 before a run, something else was working, too."""
    return round(os.getloadavg()[0], 2)


def _find(pattern: str, file: Path) -> str | None:
    match = re.search(pattern, file.read_text(), re.M) if file.exists() else None
    return match[1] if match else None


def _memory() -> str:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{pages * size / 2**30:.1f} GiB"


def _postgres() -> str | None:
    try:
        return _said(str(find_programs() / "postgres"), "--version")
    except Unavailable:
        return None


def _said(program: str, flag: str) -> str | None:
    """The version number in the first line that a program says of itself, or None if it is not there."""
    if not shutil.which(program):
        return None
    done = subprocess.run([program, flag], capture_output=True, text=True, check=False)
    line = (done.stdout or done.stderr).splitlines()[0]
    match = re.search(r"\d+(?:\.\d+)+", line)
    return match[0] if match else line
