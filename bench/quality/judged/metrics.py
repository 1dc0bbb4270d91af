"""How good a list of answers is, of their grades from 0 to 3. Pure."""

from collections.abc import Mapping, Sequence
from math import log2

TOP, FIRST = 10, 5
GOOD = 2  # the least grade of an answer that a reader is content with


def ndcg(grades: Sequence[int], of_all: Sequence[int]) -> float:
    """Of the grades in the order of the answers; `of_all`: the grades of all articles, in any order, which make the
    best order there is. 1.0 if nothing answers the question and nothing is needed."""
    best = _gain(sorted(of_all, reverse=True))
    return _gain(grades) / best if best else 1.0


def _gain(grades: Sequence[int]) -> float:
    return sum((2**grade - 1) / log2(place + 1) for place, grade in enumerate(grades[:TOP], 1))


def succeeds(grades: Sequence[int], of_all: Sequence[int]) -> bool:
    """Whether a good answer is among the first five; where no article is good, one of the best that there are."""
    enough = min(GOOD, max(of_all, default=0))
    return any(grade >= enough for grade in grades[:FIRST]) or not enough


def is_wrong_first(grades: Sequence[int], of_all: Sequence[int]) -> bool:
    """Whether the first answer is none, or nothing is found although there are answers."""
    return not grades[0] if grades else any(of_all)


def scores(answers: Sequence[int], graded: Mapping[int, int]) -> tuple[float, bool, bool]:
    """nDCG@10, success@5 and wrong-first of the ids of answers; `graded`: of all articles that have a grade over 0."""
    grades, of_all = [graded.get(one, 0) for one in answers], list(graded.values())
    return ndcg(grades, of_all), succeeds(grades, of_all), is_wrong_first(grades, of_all)
