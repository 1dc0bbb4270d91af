"""What the judged set says of a search: by kind, whether the aims are reached, and what went worst. Pure."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

LEAST, LEAST_OF_A_KIND, MOST_WRONG = (
    0.85,
    0.70,
    0.03,
)  # the aims: nDCG@10 of all, of each kind; wrong-first of all
WORST = 20
HEAD = ("judged", "queries", "nDCG@10", "success@5", "wrong first")


def means(told: Sequence[dict]) -> dict[str, tuple[float, float, float]]:
    """nDCG@10, success@5 and wrong-first, kind by kind, and of all; see `ask.ask`."""
    kinds = {kind: list(some) for kind, some in groupby(told, itemgetter("kind"))} | {"all": list(told)}
    return {
        kind: tuple(sum(one[name] for one in some) / len(some) for name in ("ndcg", "success", "wrong"))
        for kind, some in kinds.items()
        if some
    }


def rows(told: Sequence[dict]) -> list[tuple]:
    """Of the table under HEAD."""
    counts = {kind: sum(one["kind"] == kind for one in told) for kind in means(told)} | {"all": len(told)}
    found = [(kind, counts[kind], *(f"{one:.3f}" for one in some)) for kind, some in means(told).items()]
    aims = f"{LEAST:.3f}, a kind {LEAST_OF_A_KIND:.3f}"
    return [*found, ("aims", "", aims, "", f"{MOST_WRONG:.3f}")]


def reached(told: Sequence[dict]) -> bool:
    """Whether all aims are."""
    found = means(told)
    ndcg, _, wrong = found["all"]
    return (
        ndcg >= LEAST and wrong <= MOST_WRONG and all(one >= LEAST_OF_A_KIND for one, _, _ in found.values())
    )


def worst(told: Sequence[dict]) -> list[dict]:
    """The questions that were answered worst, the worst first."""
    return sorted(told, key=lambda one: (one["ndcg"], not one["wrong"]))[:WORST]
