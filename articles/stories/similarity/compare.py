"""Whether two articles are near-duplicates, by comparing their words. Pure.

Who takes a piece over cuts it, adds to it, gives it another headline and credit: what is left stands word for word.
A serial notice keeps the words too, but puts other figures, another company or other names in their places, and a
column comes again another day with the same frame. So it is not how much differs that decides, but how: what was
left out or added weighs little, what was put in place of something else weighs much, and the more so on another day.
"""

import re
from collections import Counter
from difflib import SequenceMatcher

import numpy as np

from articles.stories.similarity.comparable import Piece, Replaced, grown, replaced, twos
from sources.text.substrings import standing_in

ANOTHER = -1.0  # the same form, about something else

LEAST_CONTAINED = 0.6  # of the shorter text's shingles must be in the longer one
ENOUGH = 0.75  # from here on the headlines may differ
MUCH_SHORTER = 0.4  # of the other's length: an excerpt, or one item of a round-up; the headlines decide
LEAST_OF_EXCERPT = 0.9
NEARLY_ALL = 0.9  # of a long text: different headlines then only stress different points
LEAST_OF_TITLE = 0.5  # of the shorter headline's pairs of letters
SAME_END = 3  # letters: headlines of one form, even if names are most of them
FEW_LETTERS = 12  # in so short a text only equality counts
SHORT = 200  # letters: may be only boilerplate of the site, so the headlines must match the text
LEAST_ABOUT = 0.35  # of a headline's pairs of letters
QUOTED = 0.9  # of them: the headline is taken from the text
EXACT = 20  # digits: longer ones are not figures
WORDS = 24  # letters: a replacement up to this length is a word, a name or a figure
WORDS_APART = 50  # letters: replacements closer together than that are not rewording
OFTEN = 3  # times: the same word replaced by the same other one means another subject,
OFTEN_APART = 100  # letters, if they are no further apart
CREDIT = 30  # letters: a credit at the beginning or the end
NO_MORE = 4  # letters beside a credit: a date
LIST = 0.03  # of the shorter text: if so much of a list is replaced, it is another list

A_DAY, BEIJING = 86_400, 8 * 3_600  # seconds
NEXT_ISSUE = 14 * 3_600  # seconds: articles closer than that are not issues of two days, even across midnight
FLASH = 60  # letters: so short a text repeated on another day reports another event
TODAY = 120  # letters: the same, if the text refers to its day without naming it
LEAST_OF_ISSUE = 0.06  # of the shorter text is replaced: another day's issue
MOST_OF_OTHER_WORDS = 0.2  # of it, in shingles, that only one of the two has

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?|第[一二三四五六七八九十百零〇]+")
_DATE = re.compile(r"(?:[0-9]{1,2}月)?[0-9]{1,2}日")
_OF_THE_DAY = re.compile("今日|现报|日内|盘中|盘面|早盘|午后|开盘|收盘|未来[0-9]+小时|[0-9]时")
_CREDIT = re.compile(
    "^.{0,20}?(?:日电|新闻联播|讯|记者获悉)(?:记者.{2,3})?|(?:责任编辑|编辑|文章来源|来源|记者|作者).{0,12}$"
)
_CALL = re.compile(
    r"\s*(?:【[^】]{1,12}】|[^！!|｜]{1,4}[！!|｜]|[^：:]{0,6}(?:快讯|重磅|最新|关注|突发|独家|聚焦|社|网|报|讯)[：:]|关于对?)"
)
# Synonyms that newsrooms use for each other.
_ORDINARY = frozenset(
    re.findall(
        r"\S+",
        """
        表示 指出 认为 看来 强调 透露 称 说 介绍 介绍说 坦言 告诉记者 表示称 我 中 我国 中国 全国 天 日 今 当 昨
        今天 今日 当日 当天 昨日 昨天 日前 近日 近期 目前 眼下 当前 现在 此外 另外 同时 与此同时 进一步 更加
        据 据了解 据悉 据介绍 记者从 记者获悉 记者了解到 获悉 通过 经由 今年以来 年初至今 将 会 已 已经 由于 因为
        但 但是 不过 其中 以及 和 与 及 并 约 大约 左右 超过 逾
        """,
    )
)


def similarity(one: Piece, other: Piece) -> float:
    """The share of the shorter text that is in the longer one, LEAST_CONTAINED to 1, if they are near-duplicates.

    0 if they are not, ANOTHER if they are told apart by what they speak of, so that no third may bring them together.
    """
    small, large = (one, other) if len(one.text) <= len(other.text) else (other, one)
    titles_meet = _titles_meet(one, other)
    subjects = _other_subjects(one, other)
    if subjects and (titles_meet or len(small.text) < SHORT) or _other_titles(one, other, titles_meet):
        return ANOTHER
    if one.text == other.text and one.title == other.title or len(small.text) < FEW_LETTERS:
        same = one.text == other.text and one.title == other.title
        return float(same and not _happened_again(small, large))
    places = small.places_in(large)
    contained = float(np.mean(places >= 0))
    if subjects and contained < NEARLY_ALL:
        return ANOTHER
    is_excerpt = len(small.text) < MUCH_SHORTER * len(large.text)
    if contained < (LEAST_OF_EXCERPT if is_excerpt else LEAST_CONTAINED):
        return 0.0
    if not titles_meet and (is_excerpt or contained < ENOUGH):
        return 0.0
    if one.title != other.title and _is_background(small, large):
        return 0.0
    if len(small.text) < SHORT and not _heads_fit(one, other):
        return 0.0
    passages = replaced(small, large, places)
    # 5% that became 15%: nothing was replaced, yet it is another figure.
    if _speaks_of_another(small, large, passages) or any(map(_other_figures, grown(large, small))):
        return ANOTHER
    if _happened_again(small, large) or titles_meet and _is_next_issue(small, large, passages):
        return 0.0
    return contained


# ------------------------------------------------------------------ replacements
def _speaks_of_another(small: Piece, large: Piece, passages: list[Replaced]) -> bool:
    """Whether other figures or another name were filled in, as in a serial."""
    passages = [one for one in passages if not (_is_wording(one) or _is_credit(one))]
    if any(map(_other_figures, passages)):
        return True
    words = [one for one in passages if one.long <= WORDS]
    if len(words) * WORDS_APART > len(small.text) and len(words) > 1:
        return True
    times = max(Counter((one.ours, one.theirs) for one in words).values(), default=0)
    if times >= OFTEN and times * OFTEN_APART > len(small.text):
        return True
    listed = sum(one.short for one in passages if one.is_list)
    if listed >= 4 and listed > LIST * len(small.text):
        return True
    return _takes_the_place(words, small, large)


def _takes_the_place(passages: list[Replaced], small: Piece, large: Piece) -> bool:
    """Whether the subject of one headline was replaced in the other article."""
    mine, yours = small.title_twos - large.title_twos, large.title_twos - small.title_twos
    told = [(one, twos(one.ours) & mine, twos(one.theirs) & yours) for one in passages]
    if any(ours and theirs for _, ours, theirs in told):
        return True
    # One search per text for all passages: a long text may have thousands.
    known = standing_in(large.text, set().union(*(ours for _, ours, _ in told)))
    gone = [one.theirs for one, ours, _ in told if not ours <= known]
    known = standing_in(small.text, set().union(*(theirs for _, _, theirs in told)))
    new = [one.ours for one, _, theirs in told if not theirs <= known]
    return not standing_in(small.text, gone).issuperset(gone) or not standing_in(large.text, new).issuperset(
        new
    )


def _is_wording(passage: Replaced) -> bool:
    """Whether both say the same in other words."""
    ours, theirs = passage.ours, passage.theirs
    while ours and theirs and ours[-1] == theirs[-1]:  # the rest of a number
        ours, theirs = ours[:-1], theirs[:-1]
    return ours in _ORDINARY and theirs in _ORDINARY


def _is_credit(passage: Replaced) -> bool:
    """Whether at its beginning or end one text has only a credit, and the other its own, a lead or a closing."""
    if not passage.is_edge or passage.short > CREDIT:
        return False
    return passage.long > 2 * CREDIT or any(
        len(left) < NO_MORE and left != one for one in passage.both for left in [_CREDIT.sub("", one)]
    )


def _other_figures(passage: Replaced) -> bool:
    """In a few words one replaced figure is enough; in longer passages most must be replaced."""
    ours, theirs = set(_NUMBER.findall(passage.ours)), set(_NUMBER.findall(passage.theirs))
    if ours <= theirs or theirs <= ours:
        return False
    if passage.long <= WORDS:
        return True
    fewer = min(len(ours), len(theirs))
    return fewer > 1 and len(ours & theirs) <= fewer / 2


# ------------------------------------------------------------------ on another day
def _on_another_day(one: Piece, other: Piece) -> bool:
    days = {(piece.at + BEIJING) // A_DAY for piece in (one, other)}
    return len(days) > 1 and abs(one.at - other.at) >= NEXT_ISSUE


def _is_background(small: Piece, large: Piece) -> bool:
    """Whether the whole text of one day is half or less of the text of another day."""
    is_later = large.at > small.at and _on_another_day(small, large)
    return is_later and len(small.text) <= len(large.text) / 2


def _happened_again(small: Piece, large: Piece) -> bool:
    """Whether a short text reports another day's event in the same words."""
    if len(small.text) >= TODAY or not _on_another_day(small, large):
        return False
    if any(date in large.text for date in _DATE.findall(small.text)):
        return False
    return len(small.text) < FLASH or _OF_THE_DAY.search(small.text) is not None


def _is_next_issue(small: Piece, large: Piece, passages: list[Replaced]) -> bool:
    """Whether it is another day's issue with the same template."""
    if not _on_another_day(small, large):
        return False
    put = (one for one in passages if not (_is_wording(one) or _is_credit(one)))
    if sum(one.short for one in put) > LEAST_OF_ISSUE * len(small.text):
        return True
    lacking = [np.count_nonzero(places < 0) for places in (small.places_in(large), large.places_in(small))]
    return min(lacking) > MOST_OF_OTHER_WORDS * len(small.text)


# ------------------------------------------------------------------ headlines
def _titles_meet(one: Piece, other: Piece) -> bool:
    """Whether most of the shorter headline is in the longer one."""
    mine, theirs = one.title_twos, other.title_twos
    return len(mine & theirs) >= LEAST_OF_TITLE * max(min(len(mine), len(theirs)), 1)


def _other_titles(one: Piece, other: Piece, titles_meet: bool) -> bool:
    """Whether two headlines of one form have other figures, or begin with other names that no text explains."""
    if one.title == other.title:
        return False
    explained = _has_figures(one, other) and _has_figures(other, one)
    if titles_meet and not explained and _other_figures(Replaced(one.title, other.title)):
        return True
    same_end = one.title[-SAME_END:] == other.title[-SAME_END:]
    return (titles_meet or same_end) and any(start == 0 for start in _unexplained(one, other))


def _has_figures(one: Piece, other: Piece) -> bool:
    """Whether both texts contain the figures, possibly rounded, that only this headline has."""
    own = set(_NUMBER.findall(one.title)) - set(_NUMBER.findall(other.title))
    return _hold(one.text, own) and _hold(other.text, own)


def _hold(text: str, figures: set[str]) -> bool:
    said = set(_NUMBER.findall(text))
    exact = [number for number in said if "." in number and len(number) < EXACT]
    return all(figure in said or any(_is_rounded(figure, number) for number in exact) for figure in figures)


def _is_rounded(figure: str, number: str) -> bool:
    places = len(figure.partition(".")[2])
    return number.startswith(figure + ".") or f"{float(number):.{places}f}" == figure


def _unexplained(one: Piece, other: Piece) -> list[int]:
    """The positions at which one headline replaces a word of the other that neither text has."""
    mine, theirs = _without_call(one), _without_call(other)
    blocks = SequenceMatcher(None, mine, theirs, autojunk=False).get_matching_blocks()
    start = left = 0
    found = []
    for end, right, size in blocks:
        if size == 1:  # by chance
            continue
        ours, others = mine[start:end], theirs[left:right]
        if min(len(ours), len(others)) > 1 and ours not in other.text and others not in one.text:
            found.append(start)
        start, left = end + size, right + size
    return found


def _without_call(one: Piece) -> str:
    """The headline's letters without 【快讯】, 重磅！, 中新社： or 关于 before it."""
    call = _CALL.match(one.headline)
    if call is None:
        return one.title[:100]
    skipped = sum(char.isalnum() for char in call[0])
    return one.title[skipped : skipped + 100] or one.title[:100]


def _other_subjects(one: Piece, other: Piece) -> bool:
    """Whether each headline has a word that its own text has and neither the other headline nor the other text."""
    return _has_its_own(one, other) and _has_its_own(other, one)


def _has_its_own(one: Piece, other: Piece) -> bool:
    return any(two in one.text and two not in other.text for two in one.title_twos - other.title_twos)


def _heads_fit(one: Piece, other: Piece) -> bool:
    """For short texts: a headline quoted from both, or each headline matching the other's text, and one subject."""
    if _is_quoted(one, other) or _is_quoted(other, one):
        return True
    if not (_is_about(one, other) and _is_about(other, one)):
        return False
    return not (_titles_meet(one, other) and _unexplained(one, other))


def _is_quoted(one: Piece, other: Piece) -> bool:
    found = sum(two in one.text and two in other.text for two in one.title_twos)
    return len(one.title) >= 6 and found >= QUOTED * len(one.title_twos)


def _is_about(one: Piece, other: Piece) -> bool:
    """Whether the other's headline and text contain enough of this one's headline."""
    found = sum(two in other.text or two in other.title_twos for two in one.title_twos)
    return found >= LEAST_ABOUT * len(one.title_twos)
