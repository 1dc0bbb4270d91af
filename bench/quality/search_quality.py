"""How well articles are found: `python -m bench.quality.search_quality`, on the real items of NEWSPORTAL_CORPUS.

Questions are made of the items by rule (bench.quality.known_items), others with another --seed. Exits with 1 when the
right item is too seldom near the top, or when a piece of an article does not find it.
"""

import argparse
import json
import sys

from bench.generate.texts import FILE
from bench.harness import machine, reporting
from bench.harness.homes import DATABASES, ROOT, fresh_home, manage, usable
from bench.harness.running import end_in_order, run
from bench.quality.known_items import by_kind
from bench.speed.stories import corpus

TOP = 10
FOUND, RECIPROCAL, RECALL = 0.97, 0.85, 1.0  # the aims
HEAD = ("remembered", "questions", f"in the first {TOP}", "mean reciprocal rank")
SHOWN = 20  # questions that failed


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
    with fresh_home(asked.database) as env:
        judged = _judge(env | {"NEWSPORTAL_CORPUS": str(corpus())}, asked)
    reached = _show(judged)
    written = {"machine": described, "asked": vars(asked)} | judged
    print(f"written to {reporting.write_json('search-quality', written)}")
    sys.exit(not reached)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--substrings", type=int, default=2_000)
    parser.add_argument("--database", choices=DATABASES, default="sqlite")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _judge(env: dict[str, str], asked: argparse.Namespace) -> dict:
    module = [sys.executable, "-W", "ignore", "-m"]
    run([*module, "bench.generate.fill_portal", "--articles", "0"], env, ROOT)
    run(manage("rebuild_search"), env, ROOT)
    words = [f"--{name}={getattr(asked, name)}" for name in ("questions", "substrings", "seed")]
    return json.loads(run([*module, "bench.quality.judge", *words], env, ROOT).stdout)


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


if __name__ == "__main__":
    main()
