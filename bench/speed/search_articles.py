"""How fast articles are found: `python -m bench.speed.search_articles`, against ts_rank and FTS5 on the same articles.

A portal is filled with made-up articles and the real items, its index is built by its own command, and it is asked
questions that are drawn from its articles by rule (bench.generate.draw_questions).
"""

import argparse
import json
import sys
from pathlib import Path
from statistics import quantiles

from bench.generate.texts import FILE
from bench.harness import machine, reporting
from bench.harness.homes import DATABASES, ROOT, fresh_home, manage, scratch, usable
from bench.harness.running import end_in_order, run
from bench.speed.stories import corpus

TIMED = ("engine", "search", "page")
NAMES = {"ts_rank": "PostgreSQL ts_rank", "fts5": "SQLite FTS5 bm25"}
HEAD = ("what", "questions", "hits, middle", "p50 ms", "p95 ms", "p99 ms")
MADE = ("index", "articles", "seconds", "articles/s", "MB", "bytes a character", "peak MiB", "load before")

NOTES = """\
{items:,} of the {articles:,} articles are real items. One process asks, one question after the other, each
once (load before: {load}). engine: Found.milliseconds, which ranks and counts the facets; search: from a reader's
words to twenty hits with passages out of the database; page: /search/?q= through Django, of other questions of
the same kinds. The references give twenty ids and nothing else; one that is slow is asked fewer questions."""


def main() -> None:
    asked = _arguments()
    end_in_order()
    described = machine.describe()
    reporting.print_machine(described)
    if not (corpus() / FILE).exists():
        print(
            f"The real items are left out: {corpus() / FILE} is not there (NEWSPORTAL_CORPUS names a folder)."
        )
        print("Without them all texts are of few words, and counts of hits are higher than in real news.")
    if not usable([asked.database]):
        sys.exit(1)
    with scratch() as folder, fresh_home(asked.database) as env:
        result = _measure(folder, env | {"NEWSPORTAL_CORPUS": str(corpus())}, asked)
    _show(result)
    written = {"machine": described, "asked": vars(asked)} | result
    print(f"written to {reporting.write_json(f'search-{asked.articles}-{asked.database}', written)}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=200_000, help="made-up ones, beside the real items")
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--queries", type=int, default=100, help="questions of each kind")
    parser.add_argument("--reference", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


# ------------------------------------------------------------------ measuring
def _measure(folder: Path, env: dict[str, str], asked: argparse.Namespace) -> dict:
    words = ("--articles", str(asked.articles), "--seed", str(asked.seed))
    filled = _ask(env, "bench.generate.fill_portal", *words)
    print(f"{filled['articles']:,} articles in {asked.database} after {filled['seconds']:.0f} s", flush=True)
    load, ran = machine.load(), run(manage("rebuild_search"), env, ROOT)
    built = {"seconds": ran.seconds, "memory": ran.memory, "load": load, "bytes": _size(env)}
    print(f"index built in {ran.seconds:.0f} s", flush=True)
    questions = folder / "questions.json"
    words = (str(questions), "--queries", str(asked.queries), "--seed", str(asked.seed))
    load, ours = machine.load(), _ask(env, "bench.harness.ask_search", *words)
    engine = [time for one in ours.values() for time in one["engine"]]
    print(f"{len(engine)} questions asked, p95 of the engine {_cuts(engine)[1]:.1f} ms", flush=True)
    result = {"filled": filled, "built": built, "load": load, "ours": ours, "references": {}}
    if asked.reference:
        result["references"] = _ask(env, "bench.harness.references", str(questions), str(folder))
    return result


def _ask(env: dict[str, str], module: str, *words: str) -> dict:
    return json.loads(run([sys.executable, "-W", "ignore", "-m", module, *words], env, ROOT).stdout)


def _size(env: dict[str, str]) -> int:
    folder = Path(env["NEWSPORTAL_HOME"]) / "search"
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


# ------------------------------------------------------------------ showing
def _show(result: dict) -> None:
    filled, built = result["filled"], result["built"]
    made = [_made("ours", filled, built, built["memory"], built["load"])]
    made += [
        _made(NAMES[name], filled, one, None, None)
        for name, one in result["references"].items()
        if "seconds" in one
    ]
    reporting.print_table(MADE, made)
    print()
    rows = []
    for kind, one in result["ours"].items():
        rows += [_row(f"{kind}: {what}", one[what], one["hits"]) for what in TIMED]
        for name, other in result["references"].items():
            if times := other.get("kinds", {}).get(kind):
                rows.append(_row(f"{kind}: {NAMES[name]}", times))
    for what in TIMED:
        rows.append(_row(f"all: {what}", [time for one in result["ours"].values() for time in one[what]]))
    reporting.print_table(HEAD, rows)
    for name, one in result["references"].items():
        if "left_out" in one:
            print(f"{NAMES[name]} left out: {one['left_out']}")
    print(NOTES.format(items=filled["items"], articles=filled["articles"], load=result["load"]))


def _made(name: str, filled: dict, one: dict, memory: float | None, load: float | None) -> tuple:
    count, seconds = filled["articles"], one["seconds"]
    each = f"{one['bytes'] / filled['characters']:.2f}"
    peak = "-" if memory is None else f"{memory:.0f}"
    size = f"{one['bytes'] / 1e6:,.0f}"
    return name, f"{count:,}", f"{seconds:.0f}", f"{count / seconds:,.0f}", size, each, peak, load or "-"


def _row(name: str, times: list[float], hits: list[int] | None = None) -> tuple:
    middle = f"{sorted(hits)[len(hits) // 2]:,}" if hits else "-"
    return name, len(times), middle, *(f"{cut:.1f}" for cut in _cuts(times))


def _cuts(times: list[float]) -> tuple[float, ...]:
    """The middle one, and what 95 and 99 of a hundred stay below."""
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else times * 99
    return tuple(cuts[part - 1] for part in (50, 95, 99))


if __name__ == "__main__":
    main()
