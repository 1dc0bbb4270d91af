"""SIGTERM and Ctrl-C in the midst of an import (trust R2)."""

import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.drills.ground import Check, Ground, manage, once, start, state, whole
from bench.generate.posts import write_posts
from bench.harness.homes import fresh_home

SIGNALS = {"SIGTERM": (signal.SIGTERM, 143, os.kill), "Ctrl-C": (signal.SIGINT, 130, os.killpg)}


def drill(ground: Ground) -> Iterator[Check]:
    """A terminal sends Ctrl-C to the whole group; SIGTERM comes to the command alone."""
    chance, posts = random.Random(ground.seed), ground.folder / "posts"
    write_posts(str(posts), ground.posts, ground.seed)
    for name, (number, code, send) in SIGNALS.items():
        with fresh_home(ground.database) as env:
            process = _begun(env, posts, ground.folder / f"{name}.jsonl")
            time.sleep(chance.uniform(0, 1))
            seconds = _stop(process, number, send)
            yield Check(f"{name}: exit {code}", str(process.returncode), process.returncode == code)
            yield once(f"{name}: stops within", seconds, 5, " s")
            seen = state(env)
            called = seen["runs"][-1][1]
            yield Check(f"{name}: the run is stopped", f"{called} at {seen['items']}", called == "stopped")
            yield whole(env)
            manage(env, "import_articles", "--resume", str(seen["runs"][-1][0]))
            items = state(env)["items"]
            yield Check(f"{name}: resumed, all inputs recorded", str(items), items == ground.posts)


def _begun(env, posts: Path, report: Path) -> subprocess.Popen:
    """An import that has written something already."""
    process = start(env, "import_articles", str(posts), "--report", str(report))
    until = time.monotonic() + 60
    while time.monotonic() < until and not (report.exists() and report.stat().st_size):
        time.sleep(0.01)
    return process


def _stop(process: subprocess.Popen, number: int, send) -> float:
    began = time.monotonic()
    send(process.pid, number)
    process.communicate(timeout=60)
    return time.monotonic() - began
