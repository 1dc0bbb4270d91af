"""The nearest spellings of a word that no article has: characters that sound or look alike, as articles put them side
by side (证卷: 证券)."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from heapq import nlargest
from math import log

from sources.text.folding import fold

LONGEST = 8  # characters
MOST_ALIKE = 60  # characters that are tried in the place of one
KEPT = 24  # beginnings that are followed
CHANGED, LOOKS = (
    4.0,
    3.0,
)  # what a character that sounds or looks like the typed one costs, in natural logarithms
_HAN = re.compile("[一-鿿]+")
_PINYIN = re.compile("[a-z]{2,24}")
# Characters of one shape to a hurried eye, or next to each other in the lists of an input method by shape.
_SHAPED_ALIKE = (
    "券卷劵 未末 己已巳 戊戌戍 人入 货贷 折拆析 侯候 赢羸 辨辩辫 炒抄 崇祟 荼茶 冶治 士土 日曰目 刺剌 晴睛 "
    "博搏 享亨 壁璧 熟孰 暑署 概慨 副幅 型形 税锐悦 盈赢 购构沟 涨张胀 债偾 钢纲 银钗 证正 保堡 险检脸 微徵 "
    "股般 杠扛 拨拔 拍柏 汇江 帅师 天夭 大太 干千于 力刀 融隔"
)
_SHAPES = tuple(_SHAPED_ALIKE.split())
# Sounds that many readers do not tell apart.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"), ("n", "l"))
CountsOf = Callable[[str], int]


def nearest(word: str, count_of: CountsOf, most: int) -> list[str]:
    """Other spellings of a folded word, likeliest first, of pairs that `count_of` (the articles that hold one) knows.

    A word of Latin letters is read as pinyin.
    """
    if _PINYIN.fullmatch(word):
        places = [_of_sound(one) for one in _syllables(word)]
        return _likeliest(places, count_of, most) if len(places) > 1 else []
    if not _HAN.fullmatch(word) or not 2 <= len(word) <= LONGEST:
        return []
    places = [{one: 0.0} | _like(one) for one in word]
    return [one for one in _likeliest(places, count_of, most + 1) if one != word][:most]


def _likeliest(places: list[Mapping[str, float]], count_of: CountsOf, most: int) -> list[str]:
    """The best paths through the characters of each place: cheap ones, whose pairs are frequent."""
    known = cache(count_of)
    ends: list[tuple[float, str]] = [(-cost, one) for one, cost in places[0].items()]
    for place in places[1:]:
        more = [
            (score - cost + log(count), text + one)
            for score, text in ends
            for one, cost in place.items()
            if (count := known(text[-1] + one))
        ]
        ends = nlargest(KEPT, more)
    return [text for _, text in ends[:most]]


# ------------------------------------------------------------------ alike
def alike(char: str) -> list[str]:
    """The characters that sound or look like a folded one."""
    return sorted(_like(char))


def shaped_alike(char: str) -> list[str]:
    """The characters that only look like a folded one."""
    return sorted({one for shape in _SHAPES if char in shape for one in shape} - {char})


def _like(char: str) -> dict[str, float]:
    sounds = {sound for reading in _readings(char) for sound in (reading, *_confused(reading))}
    found = {one: CHANGED for sound in sounds for one in _by_sound().get(sound, ())[:MOST_ALIKE]}
    found |= dict.fromkeys(shaped_alike(char), LOOKS)
    found.pop(char, None)
    return found


def _of_sound(sound: str) -> dict[str, float]:
    return dict.fromkeys(_by_sound().get(sound, ()), 0.0)


def _confused(sound: str) -> list[str]:
    found = []
    for one, other in _ALIKE:
        for a, b in ((one, other), (other, one)):
            if len(one) > 2 or one == "in":
                changed = sound.removesuffix(a) + b if sound.endswith(a) else ""
            else:
                changed = b + sound.removeprefix(a) if sound.startswith(a) else ""
            if changed in _by_sound():
                found.append(changed)
    return found


@cache
def _by_sound() -> dict[str, str]:
    """The common characters of each sound, without tones."""
    found: dict[str, str] = defaultdict(str)
    for char in _common():
        for sound in _readings(char):
            found[sound] += char
    return dict(found)


@cache
def _readings(char: str) -> tuple[str, ...]:
    from pypinyin import Style, pinyin  # takes 0.3 s to load, and most processes never need it

    return tuple(dict.fromkeys(pinyin(char, style=Style.NORMAL, heteronym=True)[0]))[:3]


def _common() -> str:
    """The 3,755 characters of the first level of GB 2312, folded."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return "".join(dict.fromkeys(fold(b"".join(codes).decode("gb2312", "ignore"))))


def _syllables(letters: str) -> list[str]:
    """The syllables of pinyin without tones, the longest first; [] if it is none."""
    ways: list[list[str] | None] = [[]]
    for end in range(1, len(letters) + 1):
        fitting = (
            [*way, letters[start:end]]
            for start in range(max(0, end - 6), end)
            if (way := ways[start]) is not None and letters[start:end] in _by_sound()
        )
        ways.append(min(fitting, key=len, default=None))
    return ways[-1] or []
