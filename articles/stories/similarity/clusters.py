"""Clusters of near-duplicates, joined pair by pair under the constraints that editors have set. Pure."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice


class Clusters:
    """Sets of articles (ids) that only grow.

    Two settled groups are never merged, and two articles that are kept `apart` never share a set, through a third
    article either.
    """

    def __init__(self, apart: Iterable[tuple[int, int]] = ()):
        # By a cluster's number, which is one of its articles: its members, its name (the lowest id, or that of the
        # settled group), whether it is settled, and the articles that its members are kept apart from.
        self._members: dict[int, deque[int]] = {}
        self._called: dict[int, int] = {}
        self._settled: set[int] = set()
        self._apart: dict[int, set[int]] = defaultdict(set)
        self._of: dict[int, int] = {}
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def settle(self, group: Sequence[int]) -> None:
        """Make these a settled group. None of them may have been joined to anything before."""
        first = min(group)
        self._members[first] = deque(sorted(group))
        self._of |= dict.fromkeys(group, first)
        self._settled.add(first)
        self._apart[first] = set().union(*(self._apart.pop(one, ()) for one in group))

    def together(self, one: int, other: int) -> bool:
        return one == other or self._of.get(one, one) == self._of.get(other, other)

    def may_join(self, one: int, other: int) -> bool:
        """Whether no decision keeps the clusters of these two apart; False if they are one cluster already."""
        mine, theirs = self._of.get(one, one), self._of.get(other, other)
        if mine == theirs or (mine in self._settled and theirs in self._settled):
            return False
        sides = (self._apart.get(mine, ()), theirs), (self._apart.get(theirs, ()), mine)
        told, there = min(sides, key=lambda side: len(side[0]))
        return not any(self._of.get(one, one) == there for one in told)

    def join(self, one: int, other: int) -> None:
        """Merge the clusters of two articles. Only if `may_join`."""
        keep, drop = sorted((self._of.get(one, one), self._of.get(other, other)), key=self._rank)
        called, is_settled = self._called.get(keep, keep), keep in self._settled
        first = self._members.pop(keep, None) or deque([keep])
        then = self._members.pop(drop, None) or deque([drop])
        apart = self._apart.pop(keep, set()), self._apart.pop(drop, set())
        # The smaller is moved to the larger, or a story of thousands would be moved for each article that joins it.
        if len(first) < len(then):
            then.extendleft(reversed(first))
            number, members, moved = drop, then, first
        else:
            first.extend(then)
            number, members, moved = keep, first, then
        self._members[number], self._called[number] = members, called
        self._of[number] = number
        self._of |= dict.fromkeys(moved, number)
        self._settled -= {keep, drop}
        self._settled |= {number} if is_settled else set()
        few, many = sorted(apart, key=len)
        many |= few
        self._apart[number] = many

    def _rank(self, number: int) -> tuple[bool, int]:
        """Sort key: the first of two clusters gives its name to both."""
        return number not in self._settled, self._called.get(number, number)

    def with_(self, one: int, most: int | None = None) -> list[int]:
        """The article's cluster, itself included; at most `most` of it."""
        return list(islice(self._members.get(self._of.get(one, one), (one,)), most))

    def __iter__(self) -> Iterator[list[int]]:
        """Every set of two or more, each in order, the one with the lowest id first."""
        return iter(sorted(sorted(members) for members in self._members.values() if len(members) > 1))
