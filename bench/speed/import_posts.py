"""How fast posts are taken in: `python -m bench.speed.import_posts`, against Hugo building such posts in the same run.

Once with the search index left aside and once with all posts in it when the command ends.
"""

import argparse
import json
import os
from collections import Counter
from pathlib import Path
from statistics import median

from bench.generate.posts import Mix, write_posts
from bench.harness import hugo, machine, reporting
from bench.harness.homes import DATABASES, ROOT, fresh_home, manage, scratch, usable
from bench.harness.running import end_in_order, run

COUNTED = ("created", "updated", "unchanged", "duplicate", "review", "conflict", "rejected")
HUGO, BARE_HUGO = "hugo", "hugo, bare"
HUGO_POSTS = 20_000  # at most: what the aims are set against, whatever the number of posts that are imported
PLAIN, INDEXED = "import, {}", "import and index, {}"
BEHIND = "from articles.search.index.follow import is_behind; print(is_behind())"
HEAD = (
    "what",
    "posts",
    "seconds",
    "posts/s",
    "of Hugo's time",
    "of bare Hugo's",
    "CPU s",
    "writer MiB",
    "worker MiB",
    "load before",
)


def main() -> None:
    asked = _arguments()
    end_in_order()
    described = machine.describe()
    reporting.print_machine(described)
    databases = usable(list(DATABASES) if asked.database == "both" else [asked.database])
    rounds = []
    with scratch() as folder:
        expected = _write(folder, asked)
        for number in range(asked.rounds):
            print(f"round {number + 1} of {asked.rounds}", flush=True)
            rounds.append(_round(folder, asked, databases, expected))
    result = {"machine": described, "asked": vars(asked), "expected": dict(expected), "rounds": rounds}
    _show(asked.posts, rounds)
    print(f"outcomes of a first import, each time: {dict(expected)}")
    print(f"written to {reporting.write_json('import', result)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--database", choices=[*DATABASES, "both"], default="both")
    parser.add_argument("--hugo", action=argparse.BooleanOptionalAction, default=hugo.available())
    parser.add_argument("--index", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--workers", type=int, help="import_articles --workers (its own default if left out)")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    for share in ("twins", "repeats", "rewrites"):
        parser.add_argument(
            f"--{share}", type=float, default=getattr(Mix(), share), help="a share of the stories"
        )
    asked = parser.parse_args()
    if asked.hugo and not hugo.available():
        parser.error("there is no hugo on PATH")
    return asked


def _write(folder: Path, asked: argparse.Namespace) -> Counter:
    """The posts as they come, and with valid front matter for Hugo; what an import should make of them."""
    mix = Mix(twins=asked.twins, repeats=asked.repeats, rewrites=asked.rewrites)
    expected = write_posts(str(folder / "posts"), asked.posts, asked.seed, mix)
    if asked.hugo:
        write_posts(str(folder / HUGO), _hugo_posts(asked), asked.seed, mix, valid=True)
    os.sync()  # or the first measurement pays for writing them
    return expected


def _hugo_posts(asked: argparse.Namespace) -> int:
    return min(asked.posts, HUGO_POSTS)


# ------------------------------------------------------------------ measuring
def _round(folder: Path, asked: argparse.Namespace, databases: list[str], expected: Counter) -> dict:
    """One measurement of everything, references first: {what: {seconds, …}}."""
    measured = {}
    for what, config in ((HUGO, hugo.SITE), (BARE_HUGO, hugo.BARE)) if asked.hugo else ():
        load, ran = machine.load(), hugo.build(folder / HUGO, _hugo_posts(asked), folder, config)
        measured[what] = _figures(ran, load) | {"posts": _hugo_posts(asked)}
        _say(what, measured[what])
    words = ["import_articles", str(folder / "posts"), "--json"]
    words += ["--workers", str(asked.workers)] if asked.workers else []
    for database in databases:
        for how in (PLAIN, INDEXED) if asked.index else (PLAIN,):
            with fresh_home(database) as env:
                more = ["--no-index"] if how == PLAIN else []
                what, again = how.format(database), f"again, {database}"
                measured[what] = _import([*words, *more], env, what, expected)
                if how == INDEXED:
                    _check_index(env)
                if how == INDEXED or not asked.index:
                    unchanged = Counter(unchanged=asked.posts)
                    measured[again] = _import([*words, *more], env, again, unchanged)
    return measured


def _import(words: list[str], env: dict, what: str, expected: Counter) -> dict:
    os.sync()  # or it pays for what the one before has written
    load, ran = machine.load(), run(manage(*words), env, ROOT)
    said = json.loads(ran.stdout.splitlines()[-1])
    _check(said, expected)
    figures = _figures(ran, load) | {"import_seconds": said["seconds"]}
    _say(what, figures)
    return figures


def _check(said: dict, expected: Counter) -> None:
    """RuntimeError unless the outcomes add up, and are the ones that the posts were made to have."""
    counts = Counter({word: said[word] for word in COUNTED if said[word]})
    if counts.total() != said["read"]:
        raise RuntimeError(f"the outcomes do not add up to what was read: {said}")
    if counts != expected or said["skipped"]:
        raise RuntimeError(f"other outcomes than expected: {said}, not {dict(expected)}")


def _check_index(env: dict) -> None:
    """RuntimeError unless the index has all that the log of changes has."""
    if (said := run(manage("shell", "-v0", "-c", BEHIND), env, ROOT).stdout.split()[-1]) != "False":
        raise RuntimeError(f"the index does not hold what was imported: behind is {said}")


def _figures(ran, load: float) -> dict:
    return {
        "seconds": round(ran.seconds, 2),
        "processor": round(ran.processor, 2),
        "memory": ran.memory,
        "child_memory": ran.child_memory,
        "load": load,
    }


def _say(what: str, figures: dict) -> None:
    print(f"  {what}: {figures['seconds']} s (load before: {figures['load']})", flush=True)


# ------------------------------------------------------------------ showing
def _show(posts: int, rounds: list[dict]) -> None:
    """The medians of all rounds, and what must be known to read them."""
    middle = {what: _medians([one[what] for one in rounds]) for what in rounds[0]}
    references = [middle.get(HUGO), middle.get(BARE_HUGO)]
    reporting.print_table(HEAD, [_row(what, posts, one, references) for what, one in middle.items()])
    print(f"Medians of {len(rounds)} round(s). Seconds are a whole process's, its start included.")
    for database in DATABASES:
        if (indexed := INDEXED.format(database)) in middle:
            ratios = [one[indexed]["seconds"] / one[PLAIN.format(database)]["seconds"] for one in rounds]
            each = ", ".join(f"{ratio:.2f}" for ratio in ratios)
            print(f"{database}: with the index {median(ratios):.2f} times as long as without ({each}).")
    print("again: the same tree a second time, when nothing changes. CPU s: of the process and its workers.")
    print("The load before a row counts the rows above it, too.")
    if HUGO in middle:
        print(
            f"hugo builds such posts, {HUGO_POSTS:,} at most, with valid front matter (quotes in titles escaped, no"
        )
        print(
            "empty date): as it comes, with feeds, tags and a sitemap; bare, without all that can be switched off."
        )
        print("Its memory stands in the writer's column.")


def _medians(figures: list[dict]) -> dict:
    names = figures[0].keys()
    kept = {name: [one[name] for one in figures if one[name] is not None] for name in names}
    return {name: median(values) if values else None for name, values in kept.items()}


def _row(what: str, posts: int, one: dict, references: list[dict | None]) -> tuple:
    posts = round(one.get("posts", posts))
    ratios = (f"{one['seconds'] / other['seconds']:.2f}" if other else "-" for other in references)
    memory = (f"{one[name]:.0f}" if one[name] else "-" for name in ("memory", "child_memory"))
    rate = f"{posts / one['seconds']:,.0f}"
    return (
        what,
        f"{posts:,}",
        f"{one['seconds']:.2f}",
        rate,
        *ratios,
        f"{one['processor']:.1f}",
        *memory,
        one["load"],
    )


if __name__ == "__main__":
    main()
