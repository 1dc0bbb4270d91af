"""How fast pages are made, uncached: `python -m bench.speed.pages`, against a hello-world under the same server."""

import argparse
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from bench.generate.posts import Mix, write_posts
from bench.harness import machine, reporting, serving
from bench.harness.homes import DATABASES, ROOT, fresh_home, manage, scratch, usable
from bench.harness.running import clean_env, end_in_order, run

HEAD = ("page", "requests/s", "of hello", "hello/s", "p50 ms", "p99 ms", "SQL queries", "KB", "load before")
WARM_UP = 1  # seconds before each measurement


def main() -> None:
    asked = _arguments()
    end_in_order()
    described = machine.describe()
    reporting.print_machine(described)
    if not serving.wrk_there():
        sys.exit("wrk is not installed: nothing was measured (Debian: apt-get install wrk).")
    if not usable([asked.database]):
        sys.exit(1)
    with scratch() as folder, fresh_home(asked.database) as env:
        kinds = _fill(folder, env, asked)
        measured = _measure(folder, env, kinds, asked)
    _show(asked, kinds, measured)
    kept = {kind: {"queries": one["queries"], "bytes": one["bytes"]} for kind, one in kinds.items()}
    result = {"machine": described, "asked": vars(asked), "pages": kept, "measured": measured}
    print(f"written to {reporting.write_json(_name(asked), result)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000, help="posts to fill the database with")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--rounds", type=int, default=1)
    return parser.parse_args()


def _name(asked: argparse.Namespace) -> str:
    return "pages" if asked.database == "sqlite" else f"pages-{asked.database}"


# ------------------------------------------------------------------ preparing
def _fill(folder: Path, env: dict[str, str], asked: argparse.Namespace) -> dict:
    """Import the posts, collect the static files as `make run` does, and ask for what there is to measure."""
    print(f"importing {asked.articles:,} posts into {asked.database}", flush=True)
    write_posts(str(folder / "posts"), asked.articles, mix=Mix(twins=0, repeats=0, rewrites=0))
    took = run(manage("import_articles", str(folder / "posts"), "--json"), env, ROOT).seconds
    print(f"imported in {took:.0f} s", flush=True)
    run(manage("collectstatic", "--noinput", "--verbosity", "0"), env, ROOT)
    return json.loads(run([sys.executable, "-m", "bench.harness.ask_pages"], env, ROOT).stdout)


# ------------------------------------------------------------------ measuring
def _measure(folder: Path, env: dict[str, str], kinds: dict, asked: argparse.Namespace) -> list[dict]:
    """[{kind: {rate, p50, p99, hello, load}}] for each round; the hello is measured anew before each page."""
    scripts = {
        kind: serving.write_script(folder / f"{kind}.lua", one["addresses"]) for kind, one in kinds.items()
    }
    hello = serving.write_script(folder / "hello.lua", ["/"])
    with ExitStack() as stack:
        nothing = stack.enter_context(
            serving.granian("bench.harness.hello:application", clean_env(), folder / "hello.log")
        )
        portal = stack.enter_context(
            serving.granian("newsportal.wsgi:application", env, folder / "portal.log")
        )
        return [
            {kind: _compare(portal, script, nothing, hello, kind, asked) for kind, script in scripts.items()}
            for _ in range(asked.rounds)
        ]


def _compare(portal: str, script: Path, nothing: str, hello: Path, kind: str, asked) -> dict:
    load = machine.load()
    reference = _ask(nothing, hello, asked)
    page = _ask(portal, script, asked) | {"hello": reference["rate"], "load": load}
    print(f"  {kind}: {page['rate']:.0f}/s (hello: {page['hello']:.0f}/s, load before: {load})", flush=True)
    return page


def _ask(address: str, script: Path, asked: argparse.Namespace) -> dict:
    serving.ask(address, script, WARM_UP, asked.connections)
    return serving.ask(address, script, asked.seconds, asked.connections)


# ------------------------------------------------------------------ showing
def _show(asked: argparse.Namespace, kinds: dict, rounds: list[dict]) -> None:
    rows = []
    for kind, facts in kinds.items():
        one = {name: median(measured[kind][name] for measured in rounds) for name in rounds[0][kind]}
        rows.append(_row(kind, facts, one))
    reporting.print_table(HEAD, rows)
    print(
        f"{asked.articles:,} posts on {asked.database}, granian with {serving.WORKERS} workers on {os.cpu_count()}"
    )
    print(
        f"cores that wrk shares, {asked.connections} connections, {asked.seconds} s each after {WARM_UP} s of"
    )
    print(
        f"warming up, medians of {asked.rounds} round(s). wrk asks for up to 1,000 addresses of a kind in turn;"
    )
    print(
        "queries and sizes are of 20 of them, asked for a second time. The load counts this bench's own work, too."
    )


def _row(kind: str, facts: dict, one: dict) -> tuple:
    least, most = facts["queries"]
    queries = str(most) if least == most else f"{least} to {most}"
    rate, hello = one["rate"], one["hello"]
    speed = (f"{rate:,.0f}", f"{rate / hello:.3f}", f"{hello:,.0f}", f"{one['p50']:.2f}", f"{one['p99']:.2f}")
    name = f"{kind} ({len(facts['addresses']):,})"
    return name, *speed, queries, f"{facts['bytes'] / 1000:.1f}", f"{one['load']:.2f}"


if __name__ == "__main__":
    main()
