"""Articles that tell the same piece, put together pair by pair, with what editors have decided held fast. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence


class Clusters:
    """Sets of articles (ids) that only grow.

    Two groups that are settled never become one. Nothing
    brings two articles `apart` from one another together, not by way of a third either.
    """

    def __init__(self, apart: Iterable[tuple[int, int]] = ()):
        self._members: dict[int, list[int]] = {}
        self._of: dict[int, int] = {}
        self._settled: set[int] = set()
        self._apart: dict[int, set[int]] = defaultdict(set)
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def settle(self, group: Sequence[int]) -> None:
        """Make these a settled group. None of them may have been joined to anything before."""
        first = min(group)
        self._members[first] = sorted(group)
        self._of |= dict.fromkeys(group, first)
        self._settled.add(first)

    def together(self, one: int, other: int) -> bool:
        return one == other or self._of.get(one, one) == self._of.get(other, other)

    def may_join(self, one: int, other: int) -> bool:
        """Whether no decision stands between these two and those they are with; False where they are together."""
        mine, theirs = self._of.get(one, one), self._of.get(other, other)
        if mine == theirs or (mine in self._settled and theirs in self._settled):
            return False
        few, many = sorted((self.with_(one), self.with_(other)), key=len)
        return not self._apart or not any(self._apart.get(member, set()) & set(many) for member in few)

    def join(self, one: int, other: int) -> None:
        """Put two articles together, with all that are with them. Only what `may_join`."""
        keep, drop = sorted(
            (self._of.get(one, one), self._of.get(other, other)), key=lambda c: (c not in self._settled, c)
        )
        moved = self._members.pop(drop, [drop])
        self._members.setdefault(keep, [keep]).extend(moved)
        self._of |= dict.fromkeys([keep, *moved], keep)

    def with_(self, one: int) -> list[int]:
        """The article and all that are with it."""
        return self._members.get(self._of.get(one, one), [one])

    def __iter__(self) -> Iterator[list[int]]:
        """Every set of two or more, each in order, the one with the lowest id first."""
        return iter(sorted(sorted(members) for members in self._members.values() if len(members) > 1))
