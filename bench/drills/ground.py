"""What every drill stands on, and what it says."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.harness.killing import ROOT, ask, start
from bench.harness.running import run

WAITED = 1800  # seconds after which a command is given up


@dataclass(frozen=True, slots=True)
class Ground:
    """A database to drill on ("sqlite" or "postgres"), how many posts, by what chance, an empty folder, and which doors
    of the drill `growth` (none named: every one)."""

    database: str
    posts: int
    seed: int
    folder: Path
    doors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be, what was seen, and whether that will do; None where it could not be tried."""

    must: str
    seen: str
    holds: bool | None


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has come to its end."""

    code: int
    out: str
    errors: str


def manage(env: Mapping[str, str], *words: str) -> Ended:
    """Run one of the portal's commands to its end, however it ends."""
    process = start(env, *words)
    out, errors = process.communicate(timeout=WAITED)
    return Ended(process.returncode, out, errors)


def state(env: Mapping[str, str]) -> dict:
    """bench.harness.integrity's answer, `wrong` being all it has to complain of."""
    said = ask(env, "bench.harness.integrity")
    return said | {"wrong": said["faults"] + said["disagree"]}


def whole(env: Mapping[str, str]) -> Check:
    """That the database is sound, and inputs and articles agree."""
    wrong = state(env)["wrong"]
    return Check("database sound, articles agree with records", "; ".join(wrong) or "so", not wrong)


def once(name: str, seen: int, most: float, unit: str = "") -> Check:
    """That a figure is no more than it may be."""
    return Check(f"{name} ≤ {most:g}{unit}", f"{seen:.4g}{unit}", seen <= most)


__all__ = ["ROOT", "Check", "Ended", "Ground", "ask", "manage", "once", "run", "start", "state", "whole"]
