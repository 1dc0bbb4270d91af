"""Which outlets may be the same one: similar names, found through indexes instead of comparing all pairs."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from sources.models import OldSlug, Source, SourceAlias
from sources.models.outlet_history import Unlike
from sources.text.outlet_names import name_key

AT_MOST = 5  # similar outlets shown with each
# Suffixes that say where an outlet is read, not which one it is.
_ENDS = re.compile(
    "(?:新闻网?|网站?|官网|官方网站|在线|客户端|app|(?:微信)?公众号|微信|微博|电子[版报]|数字报|手机[版报]|"
    "杂志社?|报社|编辑部|股份有限公司|有限公司)$"
)
_NO_WORD = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"-\d+$")
SHORTEST = 3  # characters; a shorter name is part of too many others
LONG = 6  # characters; shorter names that differ in one are mostly different outlets: 北京日报 and 南京日报


@dataclass(slots=True)
class Outlet:
    """An outlet prepared for comparison: its row, the keys of all its names, the pinyin of all its addresses."""

    source: Source
    keys: set[str] = field(default_factory=set)
    pinyins: set[str] = field(default_factory=set)
    stems: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        front = getattr(self.source, "front", None)
        return front.count if front else 0


@dataclass(frozen=True, slots=True)
class Similarity:
    """Another outlet that may be the same, and why."""

    outlet: Outlet
    why: str
    weight: int


@dataclass(slots=True)
class PossibleMatch:
    """An outlet to be checked, with similar ones, the most similar first."""

    outlet: Outlet
    like: list[Similarity]


def stem(key: str) -> str:
    """A key without punctuation and without suffixes that only say where the outlet is read."""
    bare = _NO_WORD.sub("", key)
    while (shorter := _ENDS.sub("", bare)) != bare and len(shorter) >= 2:
        bare = shorter
    return bare


def one_apart(a: str, b: str) -> bool:
    """Whether the edit distance of two strings is exactly one."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return False
    short, long = sorted((a, b), key=len)
    same = next((i for i, char in enumerate(short) if char != long[i]), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


class SimilarOutlets:
    """All outlets, read once in four queries, and the similar ones among them."""

    def __init__(self):
        self.outlets = {s.pk: Outlet(s) for s in Source.objects.select_related("front").defer("note")}
        self.unlike = Unlike.objects.pairs()
        for pk, key in SourceAlias.objects.values_list("source", "key"):
            self.outlets[pk].keys.add(key)
        for pk, slug in OldSlug.objects.values_list("source", "slug"):
            self.outlets[pk].pinyins.add(_letters(slug))
        self.by_stem, self.by_pinyin = defaultdict(list), defaultdict(list)
        # The busiest first, as they are shown: of thousands of similar ones only the first are looked at.
        for pk, outlet in sorted(self.outlets.items(), key=lambda one: -one[1].count):
            self._file(pk, outlet)

    def _file(self, pk: int, outlet: Outlet) -> None:
        outlet.keys.add(name_key(outlet.source.name))
        outlet.pinyins.add(_letters(_NUMBERED.sub("", outlet.source.slug)))
        outlet.stems = set(map(stem, outlet.keys)) - {""}
        for one in outlet.stems:
            self.by_stem[one].append(pk)
        for one in outlet.pinyins - {""}:
            self.by_pinyin[one].append(pk)

    def doubts(self) -> list[PossibleMatch]:
        """Every outlet that nobody has checked: those with a clear match first, then the busiest."""
        waiting = [o for o in self.outlets.values() if o.source.standing != Source.Standing.CHECKED]
        clear = [PossibleMatch(outlet, self._ranked(outlet, self._clear(outlet))) for outlet in waiting]
        return sorted(clear, key=lambda doubt: (not doubt.like, -doubt.outlet.count, doubt.outlet.source.pk))

    def compare_closely(self, doubts: Iterable[PossibleMatch]) -> None:
        """Add the matches that need a comparison with every outlet to some of them (one page)."""
        for doubt in doubts:
            found = [*self._clear(doubt.outlet), *self._faint(doubt.outlet)]
            doubt.like = self._ranked(doubt.outlet, found)

    def _clear(self, outlet: Outlet) -> Iterator[Similarity]:
        for why, weight, index, keys in (
            ("写法只差标点或“网”“客户端”之类", 4, self.by_stem, outlet.stems),
            ("拼音相同", 3, self.by_pinyin, outlet.pinyins),
        ):
            for key in keys:
                others = (pk for pk in index.get(key, ()) if not self._is_unlike(outlet, self.outlets[pk]))
                yield from (Similarity(self.outlets[pk], why, weight) for pk in islice(others, AT_MOST))

    def _faint(self, outlet: Outlet) -> Iterator[Similarity]:
        mine = [key for key in outlet.keys if len(key) >= SHORTEST]
        for other in self.outlets.values():
            for key in other.keys:
                if len(key) < SHORTEST:
                    continue
                for my in mine:
                    if key in my or my in key:
                        yield Similarity(other, "一个名称含着另一个", 2)
                    elif one_apart(my, key) and (len(my) != len(key) or len(my) >= LONG):
                        yield Similarity(other, "只差一个字", 1)

    def _is_unlike(self, one: Outlet, other: Outlet) -> bool:
        """Whether an editor said that the two are different, or both are the same row."""
        return one is other or tuple(sorted((one.source.pk, other.source.pk))) in self.unlike

    def _ranked(self, outlet: Outlet, found: Iterable[Similarity]) -> list[Similarity]:
        best: dict[int, Similarity] = {}
        for likeness in found:
            pk = likeness.outlet.source.pk
            if self._is_unlike(outlet, likeness.outlet):
                continue
            if pk not in best or best[pk].weight < likeness.weight:
                best[pk] = likeness
        return sorted(best.values(), key=lambda like: (-like.weight, -like.outlet.count))[:AT_MOST]


def _letters(slug: str) -> str:
    return _NO_WORD.sub("", slug).casefold()
