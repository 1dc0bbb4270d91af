"""`python -m bench.drills [NAME…] [--posts N] [--database …] [--seed N]`: each says what must be and what was seen.

`growth` takes more than an hour; `--doors DOOR…` tries some of its doors only.

Exits with 1 when one of them fails. A drill that this machine cannot hold is left out, and says so.
"""

import argparse
import sys
import time

from bench.drills import (
    again,
    belt,
    disk_full,
    front,
    growth,
    hostile,
    many,
    one_bad,
    outages,
    search,
    signin,
    stopping,
    together,
    undo,
)
from bench.drills.ground import Check, Ground
from bench.harness import machine, reporting
from bench.harness.homes import DATABASES, scratch, usable
from bench.harness.running import end_in_order

DRILLS = {
    "stopping": stopping.drill,  # trust R2
    "together": together.drill,  # R3
    "again": again.drill,  # R4
    "hostile": hostile.drill,  # R5
    "many": many.drill,  # R6
    "disk-full": disk_full.drill,  # R7
    "one-bad": one_bad.drill,  # R12
    "belt": belt.drill,
    "undo": undo.drill,
    "growth": growth.drill,
    "search": search.drill,
    "front": front.drill,  # A7
    "signin": signin.drill,  # S8
    "outages": outages.drill,  # A1
}
WORDS = {True: "ok", False: "NOT", None: "left out"}
HEAD = ("drill", "must be", "seen", "")


def main() -> None:
    asked = _arguments()
    end_in_order()
    described = machine.describe()
    reporting.print_machine(described)
    named = {"both": DATABASES, "postgresql": ("postgres",)}.get(asked.database, (asked.database,))
    rows = []
    for database in usable(list(named)):
        for name in asked.drills or DRILLS:
            rows += [(f"{name}, {database}", *row) for row in _hold(name, database, asked)]
    reporting.print_table(HEAD, rows)
    result = {"machine": described, "asked": vars(asked), "checks": rows}
    print(f"written to {reporting.write_json('drills', result)}")
    sys.exit(any(row[-1] == WORDS[False] for row in rows))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("drills", nargs="*", choices=[*DRILLS, []], metavar="NAME", help=", ".join(DRILLS))
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--doors", nargs="+", default=[], metavar="DOOR", help="of growth: only these")
    return parser.parse_args()


def _hold(name: str, database: str, asked: argparse.Namespace) -> list[tuple[str, str, str]]:
    """One drill's checks; one that breaks down has failed, and the others are held all the same."""
    print(f"{name}, {database} (load {machine.load()})", flush=True)
    began, checks = time.monotonic(), []
    try:
        with scratch() as folder:
            for check in DRILLS[name](Ground(database, asked.posts, asked.seed, folder, tuple(asked.doors))):
                print(f"  {WORDS[check.holds]}: {check.must}: {check.seen}", flush=True)
                checks.append(check)
    except RuntimeError as error:
        checks.append(Check("the drill can be held", str(error)[-1000:], False))
        print(f"  broke down: {error}", flush=True)
    print(f"  {time.monotonic() - began:.0f} s", flush=True)
    return [(check.must, check.seen.splitlines()[0][:100], WORDS[check.holds]) for check in checks]


if __name__ == "__main__":
    main()
