"""Commands in process groups of their own, and killing them: shared by the drills and by the suite's small ones."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent


def start(env: Mapping[str, str], *words: str) -> subprocess.Popen:
    """One of the portal's commands, with children of its own to be killed with it; what it says is kept."""
    command = [sys.executable, "-W", "ignore", str(ROOT / "manage.py"), *words]
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=env, start_new_session=True, **said)


def ask(env: Mapping[str, str], module: str, *words: str):
    """What a module of bench prints as JSON in the environment of a portal; RuntimeError if it fails."""
    command = [sys.executable, "-W", "ignore", "-m", module, *words]
    done = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{module} ended with {done.returncode}:\n{done.stderr[-4000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def kill(process: subprocess.Popen) -> None:
    """SIGKILL to the whole group of a process that `start` started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@dataclass(slots=True)
class Killed:
    """One killed import: after how many seconds, and how its database looked then (bench.harness.integrity)."""

    after: float
    state: dict


@dataclass(slots=True)
class Survived:
    """An import that came to its end in spite of all: its kills, and what the last process said."""

    kills: list[Killed] = field(default_factory=list)
    seconds: float = 0.0
    errors: str = ""
    returncode: int = 0


def import_through_kills(
    env: Mapping[str, str], paths: Iterable[str], most: int, moments: Iterator[float], workers: int = 2
) -> Survived:
    """Import, killed at most so many times after the seconds that `moments` gives, looked at, resumed, to the end."""
    paths, survived, began = list(paths), Survived(), time.monotonic()
    words = paths
    while True:
        process = start(env, "import_articles", *words, "--workers", str(workers))
        after = next(moments) if len(survived.kills) < most else None
        try:
            _, survived.errors = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            kill(process)
        except BaseException:
            kill(process)
            raise
        else:
            survived.returncode, survived.seconds = process.returncode, time.monotonic() - began
            return survived
        state = ask(env, "bench.harness.integrity")
        survived.kills.append(Killed(after, state))
        runs = state["runs"]
        if runs and runs[-1][1] == "finished":  # the process was on its way out
            survived.seconds = time.monotonic() - began
            return survived
        words = ["--resume", str(runs[-1][0])] if runs and runs[-1][1] == "interrupted" else paths


def faults_of(kill: Killed) -> list[str]:
    """What is wrong after a kill: with the database, with the records, or with how the run is called."""
    state = kill.state
    wrong = [*state["faults"], *state["disagree"]]
    for number, called, message in state["runs"]:
        if called == "finished":
            continue
        if called != "interrupted" or f"中断于第 {state['items']} 条" not in message:
            wrong.append(f"run {number} is {called}: {message!r}, with {state['items']} inputs recorded")
    return wrong
