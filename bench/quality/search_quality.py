"""How well articles are found: `python -m bench.quality.search_quality`, on the real items of NEWSPORTAL_CORPUS.

Questions are made of the items by rule (bench.quality.known_items), others with another --seed. Then the judged set
(bench.quality.judged): 300 questions of 15 kinds with graded answers, on the items and made-up articles together; with
--judged-only it alone. Exits with 1 when the right item is too seldom near the top, when a piece of an article does not
find it, or when the judged set misses an aim.
"""

import argparse
import json
import sys

from bench.generate.texts import FILE
from bench.harness import machine, reporting
from bench.harness.homes import DATABASES, ROOT, fresh_home, manage, usable
from bench.harness.running import end_in_order, run
from bench.quality.judged import by_kind as judged_set
from bench.quality.known_items import by_kind
from bench.speed.stories import corpus

TOP = 10
FOUND, RECIPROCAL, RECALL = 0.97, 0.85, 1.0  # the aims
HEAD = ("remembered", "questions", f"in the first {TOP}", "mean reciprocal rank")
MODULE = (sys.executable, "-W", "ignore", "-m")
SHOWN = 20  # questions that failed
JUDGED = 20_000  # made-up articles that the judged set is asked of, beside the items


def main() -> None:
    asked = _arguments()
    end_in_order()
    if not (corpus() / FILE).exists():
        sys.exit(
            f"there is nothing to ask for: {corpus() / FILE} is not there (NEWSPORTAL_CORPUS names a folder)"
        )
    described = machine.describe()
    reporting.print_machine(described)
    if not usable([asked.database]):
        sys.exit(1)
    written, is_reached = {"machine": described, "asked": vars(asked)}, True
    if not asked.judged_only:
        with fresh_home(asked.database) as env:
            judged = _judge(env | {"NEWSPORTAL_CORPUS": str(corpus())}, asked)
        written |= judged
        is_reached = _show(judged)
    with fresh_home(asked.database) as env:
        told = _ask_judged(env | {"NEWSPORTAL_CORPUS": str(corpus())}, asked)
    written |= {"judged": told, "worst": judged_set.worst(told)}
    is_reached = _show_judged(told) and is_reached
    print(f"written to {reporting.write_json('search-quality', written)}")
    sys.exit(not is_reached)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--substrings", type=int, default=2_000)
    parser.add_argument("--judged-only", action="store_true", help="without the known items")
    parser.add_argument("--articles", type=int, default=JUDGED, help="made-up ones, for the judged set")
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _judge(env: dict[str, str], asked: argparse.Namespace) -> dict:
    _fill(env, 0)
    words = [f"--{name}={getattr(asked, name)}" for name in ("questions", "substrings", "seed")]
    return json.loads(run([*MODULE, "bench.quality.judge", *words], env, ROOT).stdout)


def _ask_judged(env: dict[str, str], asked: argparse.Namespace) -> list[dict]:
    _fill(env, asked.articles)
    return json.loads(run([*MODULE, "bench.quality.judged.ask", f"--seed={asked.seed}"], env, ROOT).stdout)


def _fill(env: dict[str, str], articles: int) -> None:
    """With the items and so many made-up articles, always the same."""
    run([*MODULE, "bench.generate.fill_portal", f"--articles={articles}"], env, ROOT)
    run(manage("rebuild_search"), env, ROOT)


def top(ranks: list[int | None]) -> float:
    """The share of questions whose right answer stands among the first ten."""
    return sum(rank is not None and rank <= TOP for rank in ranks) / len(ranks)


def reciprocal(ranks: list[int | None]) -> float:
    """The mean of 1/place, 0 for an answer that is not among the first ten."""
    return sum(1 / rank for rank in ranks if rank is not None and rank <= TOP) / len(ranks)


def recall(judged: dict) -> float:
    return 1 - len(judged["missed"]) / judged["substrings"]


def reached(judged: dict) -> bool:
    """Whether all aims are."""
    ranks = [rank for _, _, rank in judged["questions"]]
    return top(ranks) >= FOUND and reciprocal(ranks) >= RECIPROCAL and recall(judged) >= RECALL


def _show(judged: dict) -> bool:
    kinds = by_kind(judged["questions"])
    rows = [(kind, len(some), f"{top(some):.3f}", f"{reciprocal(some):.3f}") for kind, some in kinds.items()]
    rows.append(("aims", "", f"{FOUND:.3f}", f"{RECIPROCAL:.3f}"))
    reporting.print_table(HEAD, rows)
    missed = judged["missed"]
    print(
        f"{judged['substrings']:,} pieces of 2 to 8 characters of titles and texts, a fifth of them with signs:"
    )
    print(
        f"{recall(judged):.2%} find their article (aim: {RECALL:.0%}){'' if not missed else f'; not: {missed[:SHOWN]}'}"
    )
    far = [f"{words} ({kind})" for kind, words, rank in judged["questions"] if rank is None or rank > TOP]
    print("not in the first ten:", "; ".join(far[:SHOWN]) or "none")
    return reached(judged)


def _show_judged(told: list[dict]) -> bool:
    print()
    reporting.print_table(judged_set.HEAD, judged_set.rows(told))
    some = [f"{one['words']} ({one['kind']}, {one['ndcg']:.2f})" for one in judged_set.worst(told)]
    print("answered worst:", "; ".join(some))
    return judged_set.reached(told)


if __name__ == "__main__":
    main()
