"""Asks the portal's search the judged set: `python -m bench.quality.judged.ask --seed N`, in the environment of a
filled portal. Prints one JSON list (see `ask`). With `--set FILE` the graded set is kept there, and taken from there if
the file exists: grading reads every article for every question.
"""

import argparse
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import django

from bench.quality.judged.kinds import cases
from bench.quality.judged.metrics import scores
from bench.quality.judged.papers import Paper, published

SHOWN = 3  # first answers that are told of each question


@dataclass(frozen=True, slots=True)
class Graded:
    """A question of a kind, and the grades over 0 by the ids of their articles."""

    kind: str
    words: str
    grades: dict[int, int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--set", type=Path, help="a file")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsportal.settings")
    django.setup()
    print(json.dumps(ask(_kept(asked.set, asked.seed)), ensure_ascii=False))


def grade(papers: Sequence[Paper], seed: int = 1) -> list[Graded]:
    """The judged set of these articles."""
    return [
        Graded(one.kind, one.words, {paper.pk: found for paper in papers if (found := one.grade(paper))})
        for one in cases(papers, seed)
    ]


def ask(questions: Sequence[Graded]) -> list[dict]:
    """Of each question: kind, words, how many articles have a grade over 0, nDCG@10 (`ndcg`), success@5 (`success`),
    `wrong` first, and the ids and grades of its first answers."""
    from articles.search.query.results import (
        SearchRequest,
    )
    from articles.search.query.run import (
        search,
    )

    told = []
    for one in questions:
        found = [hit.id for hit in search(SearchRequest(q=one.words)).hits]
        ndcg, success, wrong = scores(found, one.grades)
        first = [[pk, one.grades.get(pk, 0)] for pk in found[:SHOWN]]
        told.append(
            {"kind": one.kind, "words": one.words, "graded": len(one.grades), "ndcg": round(ndcg, 4)}
            | {"success": success, "wrong": wrong, "first": first}
        )
    return told


def _kept(file: Path | None, seed: int) -> list[Graded]:
    if file and file.exists():
        kept = json.loads(file.read_text())
        return [Graded(kind, words, {int(pk): n for pk, n in some.items()}) for kind, words, some in kept]
    made = grade(published(), seed)
    if file:
        kept = [[one.kind, one.words, one.grades] for one in made]
        file.write_text(json.dumps(kept, ensure_ascii=False))
    return made


if __name__ == "__main__":
    main()
