"""Two imports of one tree at once, twenty times; and the lock of one that was killed (trust R3)."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.drills.ground import Check, Ground, manage, once, start, state, whole
from bench.generate.posts import write_posts
from bench.harness.homes import fresh_home
from bench.harness.killing import kill

ROUNDS = 20


def drill(ground: Ground) -> Iterator[Check]:
    """Each round a tree of its own, into one portal; at last an owner of the lock is killed."""
    with fresh_home(ground.database) as env:
        rounds = [_round(env, _tree(ground, number)) for number in range(ROUNDS)]
        said = "\n".join(errors for one in rounds for errors in one["errors"])
        yield Check("no traceback", f"{said.count('Traceback')} in {ROUNDS} rounds", "Traceback" not in said)
        codes = [sorted(one["codes"]) for one in rounds]
        yield Check("one is through, the other refused or second", f"{codes.count([0, 2])} refused",
                    all(code in ([0, 2], [0, 0]) for code in codes))  # fmt: skip
        named = [one for one in rounds if 2 in one["codes"]]
        yield Check("refused by name", f"{len(named)} of them", all(_named(one["errors"]) for one in named))
        yield once("refused within", max((one["refused"] for one in named), default=0), 2, " s")
        yield whole(env)
        yield _dead_owner(env, _tree(ground, ROUNDS))


def _tree(ground: Ground, number: int) -> Path:
    folder = ground.folder / f"tree{number}"
    write_posts(str(folder), max(100, ground.posts // ROUNDS), ground.seed * 1000 + number)
    return folder


def _round(env: Mapping[str, str], tree: Path) -> dict:
    began = time.monotonic()
    both = [start(env, "import_articles", str(tree)) for _ in range(2)]
    refused = 0.0
    while any(process.poll() is None for process in both):
        if not refused and 2 in {process.returncode for process in both}:
            refused = time.monotonic() - began
        time.sleep(0.02)
    errors = [process.communicate()[1] for process in both]
    return {"codes": [process.returncode for process in both], "errors": errors, "refused": refused}


def _named(errors: list[str]) -> bool:
    return any("正在导入" in words for words in errors)


def _dead_owner(env: Mapping[str, str], tree: Path) -> Check:
    """Killed when it holds the lock; then one after the other is started until one gets in."""
    owner = start(env, "import_articles", str(tree))
    before = len(state_runs(env))
    until = time.monotonic() + 30
    while time.monotonic() < until and owner.poll() is None and len(state_runs(env)) == before:
        time.sleep(0.1)
    kill(owner)
    began = time.monotonic()
    while manage(env, "import_articles", str(tree)).code == 2 and time.monotonic() < began + 60:
        time.sleep(0.2)
    return once("a dead owner's lock is free within", time.monotonic() - began, 60, " s")


def state_runs(env: Mapping[str, str]) -> list:
    """The runs so far; while an import holds the turn, none can be called dead, and none is told."""
    try:
        return state(env)["runs"]
    except RuntimeError:
        return [None] * 1000
