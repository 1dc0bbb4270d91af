"""How well and how fast stories are found: `python -m bench.speed.stories` (`--quick` for a tenth of it).

Quality on the labelled set (bench.generate.story_set, needs NEWSPORTAL_CORPUS); growth on made-up articles to 200,000.
"""

import argparse
import os
import resource
import time
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import combinations
from pathlib import Path
from random import Random

import numpy as np

from articles.stories.similarity.candidates import WINDOW
from articles.stories.similarity.clusters import Clusters
from articles.stories.similarity.match import SignatureWindow, join_pairs, pairs_of
from bench.generate.prose import Prose
from bench.generate.serials import TEMPLATES, notice
from bench.generate.story_edits import Told
from bench.generate.story_set import labelled
from bench.harness import machine, reporting
from sources.text.minhash import signatures

ROOT = Path(__file__).resolve().parent.parent.parent
SIZES = (20_000, 50_000, 100_000, 200_000)
A_DAY = 1_400  # articles, as the mirror had them at its busiest
SLICE = 20_000
FIRST_DAY = datetime(2021, 12, 1)


def corpus() -> Path:
    return Path(os.environ.get("NEWSPORTAL_CORPUS") or ROOT.parent / "shared" / "corpus")


# ------------------------------------------------------------------ quality
def put(told: list[Told]) -> Clusters:
    """The groups that the tellings fall into; ids are their places in the list, which is in order of time."""
    clusters = Clusters()
    moments = np.array([int(one.at.timestamp()) for one in told])
    made = signatures([(one.title, one.text) for one in told])
    shelf = SignatureWindow(np.arange(len(told)), moments, made, np.ones(len(told), dtype=bool))
    join_pairs(pairs_of(shelf), lambda ids: {i: _words(told[i]) for i in ids}, clusters)
    return clusters


def _words(one: Told) -> tuple[str, str, int]:
    return one.title, one.text, int(one.at.timestamp())


def judge(told: list[Told]) -> dict:
    """Precision and recall over pairs, recall for each kind of edit, and which labels were put together wrongly."""
    told = sorted(told, key=lambda one: one.at)
    clusters = put(told)
    together = [pair for group in clusters for pair in combinations(group, 2)]
    right = sum(told[one].piece == told[other].piece for one, other in together)
    pieces = defaultdict(list)
    for place, one in enumerate(told):
        pieces[one.piece].append(place)
    kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for places in pieces.values():
        for one, other in combinations(places, 2):
            found = kinds[_kind(told[one], told[other])]
            found[0] += clusters.together(one, other)
            found[1] += 1
    pairs = sum(count for _, count in kinds.values())
    wrong = defaultdict(int)
    for one, other in together:
        if told[one].piece != told[other].piece:
            wrong[" / ".join(sorted({told[one].kind, told[other].kind}))] += 1
    return {
        **{"articles": len(told), "pairs": pairs, "precision": right / max(len(together), 1)},
        **{"recall": right / max(pairs, 1), "kinds": dict(kinds), "wrong": dict(wrong)},
    }


def _kind(one: Told, other: Told) -> str:
    kinds = {one.kind, other.kind} - {"original"}
    return kinds.pop() if len(kinds) == 1 else "two edits apart"


def print_quality(count: int, seeds: tuple[int, ...]) -> list[dict]:
    results = [judge(labelled(corpus(), count, seed)) for seed in seeds]
    names = sorted({name for result in results for name in result["kinds"]})
    rows = []
    for name in names:
        found, all_ = (sum(result["kinds"].get(name, (0, 0))[part] for result in results) for part in (0, 1))
        rows.append((name, all_, f"{found / all_:.3f}"))
    for result, seed in zip(results, seeds, strict=True):
        said = f"precision {result['precision']:.4f}, recall {result['recall']:.4f}"
        rows.append((f"all, seed {seed}", result["pairs"], said))
    reporting.print_table(("edit", "pairs", "recall"), rows)
    wrong = defaultdict(int)
    for result in results:
        for kinds, pairs in result["wrong"].items():
            wrong[kinds] += pairs
    print("put together wrongly:", dict(wrong) or "none")
    return results


# ------------------------------------------------------------------ growth
def made_up(count: int, seed: int = 1) -> list[tuple[int, str, str]]:
    """(moment, title, text): a tenth serial notices, a twentieth retold with the lead cut, the rest all different."""
    rand, made = Random(seed), []
    prose = Prose(rand)
    while len(made) < count:
        moment = int(rand.random() * count / A_DAY * 86_400)
        if rand.random() < 0.1:
            day = FIRST_DAY + timedelta(seconds=moment)
            title, text = notice(rand, rand.randrange(len(TEMPLATES)), f"{day.month}月{day.day}日")
        else:
            sizes = rand.choices((1, 2, 2, 3, 4), k=rand.randint(3, 13))
            title, text = prose.title(), "\n".join("".join(prose.sentences(size)) for size in sizes)
            if rand.random() < 0.05:
                made.append((moment + 600, title, text.partition("\n")[2]))
        made.append((moment, title, text))
    return sorted(made[:count])


def grow(count: int) -> dict:
    """Processor seconds of each step for so many articles."""
    articles = made_up(count)
    began = time.process_time()
    made = signatures([(title, text) for _, title, text in articles])
    sketching = time.process_time() - began
    clusters, finding, comparing = in_slices(articles, made)
    return {
        **{"articles": count, "characters": sum(len(text) for _, _, text in articles) // count},
        **{"sketching": sketching, "finding": finding, "comparing": comparing},
        **{
            "an_article_us": (sketching + finding + comparing) / count * 1e6,
            "sketch_us": sketching / count * 1e6,
        },
        **{"groups": len(list(clusters)), "mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024},
    }


def in_slices(articles: list[tuple[int, str, str]], made: np.ndarray) -> tuple[Clusters, float, float]:
    """Group slice by slice, as the portal does it: the groups, and the seconds of finding and of comparing."""
    moments = np.array([moment for moment, _, _ in articles])
    count, since = len(articles), 0
    clusters, finding, comparing = Clusters(), 0.0, 0.0
    for end in range(SLICE, count + SLICE, SLICE):
        span = slice(since, min(end, count))
        began = time.process_time()
        new = np.ones(span.stop - since, dtype=bool)
        pairs = pairs_of(SignatureWindow(np.arange(count)[span], moments[span], made[span], new))
        found = time.process_time()
        join_pairs(pairs, lambda ids: {i: (*articles[i][1:], articles[i][0]) for i in ids}, clusters)
        finding, comparing = finding + found - began, comparing + time.process_time() - found
        since = int(np.searchsorted(moments, moments[span.stop - 1] - WINDOW))
    return clusters, finding, comparing


def print_growth(sizes: tuple[int, ...]) -> list[dict]:
    results = [grow(size) for size in sizes]
    head = (
        "articles",
        "sketching s",
        "finding s",
        "comparing s",
        "µs a sketch",
        "µs an article",
        "groups",
        "MiB",
    )
    reporting.print_table(head, [_row(result) for result in results])
    return results


def _row(one: dict) -> tuple:
    seconds = (f"{one[step]:.2f}" for step in ("sketching", "finding", "comparing"))
    each = (f"{one[name]:.0f}" for name in ("sketch_us", "an_article_us"))
    return (f"{one['articles']:,}", *seconds, *each, f"{one['groups']:,}", one["mib"])


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the grouping of stories.")
    parser.add_argument("--quick", action="store_true", help="a tenth of it")
    parser.add_argument("--only", choices=("quality", "growth"))
    asked = parser.parse_args()
    result = {"machine": machine.describe()}
    reporting.print_machine(result["machine"])
    if asked.only != "growth":
        if corpus().is_dir():
            result["quality"] = print_quality(*((800, (1,)) if asked.quick else (6_000, (1, 2, 3))))
        else:
            print(f"quality left out: {corpus()} is no folder (NEWSPORTAL_CORPUS names another)")
    if asked.only != "quality":
        result["growth"] = print_growth(tuple(size // 10 for size in SIZES) if asked.quick else SIZES)
    print(reporting.write_json("stories", result))


if __name__ == "__main__":
    main()
