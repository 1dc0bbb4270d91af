"""Kills imports at random moments and resumes them: `python -m bench.drills.kill`. Nothing is lost, nothing doubled.

An import is killed and resumed until it ends; when kills are left, the next one starts in a fresh portal. Each
ends as one that was never stopped, table by table and row by row, but for ids and times (bench.harness.contents).
"""

import argparse
import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.generate.posts import write_posts
from bench.harness import machine, reporting
from bench.harness.homes import DATABASES, fresh_home, scratch, usable
from bench.harness.killing import Survived, ask, faults_of, import_through_kills
from bench.harness.running import end_in_order

HEAD = ("import", "kills", "inputs at each kill", "whole after each", "seconds", "like the unkilled one")


def main() -> None:
    asked = _arguments()
    end_in_order()
    described = machine.describe()
    reporting.print_machine(described)
    named = {"both": DATABASES, "postgresql": ("postgres",)}.get(asked.database, (asked.database,))
    result = {"machine": described, "asked": vars(asked), "databases": {}}
    with scratch() as folder:
        write_posts(str(folder / "posts"), asked.posts, asked.seed)
        for database in usable(list(named)):
            result["databases"][database] = _drill(database, folder / "posts", asked)
    print(f"written to {reporting.write_json('kill', result)}")
    sys.exit(any(one["wrong"] for rounds in result["databases"].values() for one in rounds))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _drill(database: str, posts: Path, asked: argparse.Namespace) -> list[dict]:
    """As many imports as it takes to use up the kills: what became of each."""
    print(f"{database}: an import that nobody stops, twice", flush=True)
    with fresh_home(database) as env:
        whole, again = (import_through_kills(env, [str(posts)], 0, iter(())).seconds for _ in range(2))
    with fresh_home(database) as env:
        _check(import_through_kills(env, [str(posts)], 0, iter(())))
        expected = ask(env, "bench.harness.contents", "--rows")
    moments, rounds = _moments(asked, whole, again), []
    while left := asked.kills - sum(one["kills"] for one in rounds):
        with fresh_home(database) as env:
            rounds.append(_killed(env, posts, left, moments, expected))
        print(f"  import {len(rounds)}: {rounds[-1]['kills']} kills", flush=True)
    _show(database, rounds)
    return rounds


def _moments(asked: argparse.Namespace, whole: float, again: float) -> Iterator[float]:
    """Seconds after which to kill: anywhere from the first on, long enough that most resumed imports get on a bit.

    A resumed import passes over what is done in about the time of a second import; near the end the kills
    fall on its last inputs, on the fronts and on closing the run.
    """
    chance = random.Random(asked.seed)
    while True:
        yield chance.uniform(0.2, min(whole, again + 6 * whole / asked.kills))


def _killed(env: Mapping[str, str], posts: Path, most: int, moments: Iterator[float], expected: dict) -> dict:
    survived = import_through_kills(env, [str(posts)], most, moments)
    _check(survived)
    wrong = [fault for kill in survived.kills for fault in faults_of(kill)]
    after = ask(env, "bench.harness.integrity")
    wrong += after["faults"] + after["disagree"]
    wrong += [f"run {number} ended as {state}" for number, state, _ in after["runs"] if state != "finished"]
    differing = differences(expected, ask(env, "bench.harness.contents", "--rows"))
    return {
        "kills": len(survived.kills),
        "at": [[round(kill.after, 2), kill.state["items"]] for kill in survived.kills],
        "seconds": round(survived.seconds, 1),
        "wrong": wrong + differing,
    }


def _check(survived: Survived) -> None:
    if survived.returncode:
        raise RuntimeError(f"an import ended with {survived.returncode}:\n{survived.errors[-4000:]}")


def differences(expected: dict[str, list[str]], seen: dict[str, list[str]]) -> list[str]:
    """Tables that do not hold the same rows, in words; both as bench.harness.contents --rows tells them."""
    return [
        f"{table}: {len(set(expected[table]) - set(seen[table]))} rows missing, "
        f"{len(set(seen[table]) - set(expected[table]))} others, {len(seen[table])} in all"
        for table in expected
        if expected[table] != seen[table]
    ]


def _show(database: str, rounds: list[dict]) -> None:
    rows = []
    for number, one in enumerate(rounds, 1):
        at = ", ".join(f"{items}" for _, items in one["at"])
        verdict = "yes" if not one["wrong"] else "NO"
        rows.append((f"{database} {number}", one["kills"], at, verdict, one["seconds"], verdict))
    reporting.print_table(HEAD, rows)
    for one in rounds:
        for words in one["wrong"]:
            print(f"NOT as it must be: {words}")


if __name__ == "__main__":
    main()
