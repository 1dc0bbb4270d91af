"""The rules by which an article is graded for a question, from 0 to 3. They read titles, texts and fields, and ask no
search. 3: what the reader wants; 2: good; 1: holds what is asked for, no more; 0: it is not what is asked for. Pure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from bench.quality.judged.papers import Listed, Paper, without_commas
from bench.quality.judged.standing import Term
from sources.text.folding import fold, squeezed

Grade = Callable[[Paper], int]
OFTEN = 3  # times in a text: it is about it
MOST_LATEST = 20  # articles that are the latest, at least
_EDGE = re.compile(r"[0-9]")


def told(terms: Sequence[Term]) -> Grade:
    """By words, each as a word. 3: the title holds all. 2: title and lead hold all; or one sentence holds all of
    several, or the text says the only one three times. 1: title and text hold all. One less, but 1, where it is only
    the institution of a province or a town. 0: one is missing, or stands only across words, or means the institution
    of another country."""
    if not any(one.own for one in terms):
        return _told(terms)
    ours, also_of_towns = _told(terms), _told([replace(one, towns=True) for one in terms])

    def grade(paper: Paper) -> int:
        found = also_of_towns(paper)
        return max(ours(paper), found - 1, 1) if found else 0

    return grade


def _told(terms: Sequence[Term]) -> Grade:
    def grade(paper: Paper) -> int:
        if not all(one.may_be_in(paper.head) or one.may_be_in(paper.body) for one in terms):
            return 0
        rest = [one for one in terms if not one.in_text(paper.head)]
        if not rest:
            return 3
        if all(one.in_text(paper.lead) for one in rest):
            return 2
        if not all(one.in_text(paper.body) for one in rest):
            return 0
        if len(terms) == 1:
            return 2 if terms[0].count(paper.body) >= OFTEN else 1
        return 2 if any(_all_in(terms, one) for one in paper.sentences()) else 1

    return grade


def _all_in(terms: Sequence[Term], text: str) -> bool:
    return all(one.may_be_in(text) for one in terms) and all(one.in_text(text) for one in terms)


def latest(only: Term, days: int, papers: Sequence[Paper]) -> Grade:
    """A topic. As `told`, but 3 is only for the latest of those whose title holds it: of the last `days` days before
    the newest of them, and the 20 newest in any case. Older ones are 2."""
    by_words = told([only])
    held = sorted((one.at for one in papers if only.in_text(one.head)), reverse=True)
    since = min(held[0] - timedelta(days=days), held[:MOST_LATEST][-1]) if held else None

    def grade(paper: Paper) -> int:
        found = by_words(paper)
        return found if found < 3 or (since and paper.at >= since) else 2

    return grade


def without(terms: Sequence[Term], other: str) -> Grade:
    """As `told`; 0 if the other word stands anywhere in title or text."""
    by_words, unwanted = told(terms), squeezed(fold(other))

    def grade(paper: Paper) -> int:
        return 0 if unwanted in paper.close else by_words(paper)

    return grade


def of_security(share: Listed) -> Grade:
    """A code. 3: title or lead holds it or the security's name. 2: the article is filed under it, or the text holds
    the code. 1: the text holds the name only. 0: else, also where the code is part of a longer number."""
    code, name = share.code, fold(share.name)
    whole = re.compile(rf"(?<![0-9]){code}(?![0-9])")

    def grade(paper: Paper) -> int:
        is_filed = share in paper.listed
        if not is_filed and code not in paper.body and name not in paper.all:
            return 0
        near = f"{paper.head}\n{paper.lead}"
        if name in near or whole.search(near):
            return 3
        if is_filed or whole.search(paper.body):
            return 2
        return 1 if name in paper.all else 0

    return grade


def filed_under(share: Listed) -> Grade:
    """代码: and a code. 3: the article is filed under it; else 0. There are no words to prefer one for."""
    return lambda paper: 3 if share in paper.listed else 0


def of_company(name: Term) -> Grade:
    """A company's name. As `told`; an article that is filed under it is 2 at least."""
    by_words = told([name])

    def grade(paper: Paper) -> int:
        is_filed = any(fold(one.name) in name.forms for one in paper.listed)
        return max(by_words(paper), 2 if is_filed else 0)

    return grade


def whole_figure(figure: str) -> re.Pattern[str]:
    """What finds a folded figure where no digit, point or letter of another one goes on: 12.5% not in 112.5%,
    1.2万亿 not in 21.2万亿; with or without commas between thousands (see Paper.plain_figures)."""
    bare = without_commas(figure)
    end = r"(?![0-9]|\.[0-9])" if _EDGE.match(bare[-1]) else ""
    return re.compile(rf"(?<![0-9])(?<![0-9][.,]){re.escape(bare)}{end}")


def holds_figure(figure: str) -> Grade:
    """A figure. 3: title or lead holds it whole. 2: the text does. 0: another figure."""
    bare, whole = without_commas(figure), whole_figure(figure)

    def grade(paper: Paper) -> int:
        if bare not in paper.plain_figures or not whole.search(paper.plain_figures):
            return 0
        return 3 if whole.search(without_commas(f"{paper.head}\n{paper.lead}")) else 2

    return grade


def figure_with(figure: str, word: Term) -> Grade:
    """A figure and a word. 3: one sentence holds both. 2: title and text do. 0: one is missing."""
    bare, whole = without_commas(figure), whole_figure(figure)

    def grade(paper: Paper) -> int:
        if bare not in paper.plain_figures or not whole.search(paper.plain_figures):
            return 0
        if not word.in_text(paper.all):
            return 0
        near = any(whole.search(without_commas(one)) and word.in_text(one) for one in paper.sentences())
        return 3 if near else 2

    return grade


def of_day(on: date) -> Grade:
    """A day in full. 3: title or lead names it. 2: the text does. 1: it was published on that day but does not say
    so (the pointer above the answers leads there). 0: it names another day, or none."""
    year, month, number = on.year, on.month, on.day
    named = re.compile(
        rf"(?<![0-9])(?:{year}年0?{month}月0?{number}日"
        rf"|(?:{year}(?P<sign>[-/.])0?{month}(?P=sign)0?{number}|{on:%Y%m%d})(?![0-9]))"
    )

    def grade(paper: Paper) -> int:
        if str(year) in paper.all and named.search(paper.all):
            return 3 if named.search(f"{paper.head}\n{paper.lead}") else 2
        return 1 if paper.day == on else 0

    return grade


def literally(phrase: str) -> Grade:
    """A phrase in quotes. 3: title or lead holds it, letter by letter (width, case, script and spaces aside). 2: the
    text does. 0: no."""
    close = squeezed(fold(phrase))

    def grade(paper: Paper) -> int:
        if close not in paper.close:
            return 0
        return 3 if close in squeezed(f"{paper.head}\n{paper.lead}") else 2

    return grade


def both(one: Term, other: Term) -> Grade:
    """Two words that stand far apart. 3: the title holds one of them and the article both, or one sentence holds
    both. 2: the article holds both. 0: one is missing."""

    def grade(paper: Paper) -> int:
        if not _all_in((one, other), paper.all):
            return 0
        in_title = one.in_text(paper.head) or other.in_text(paper.head)
        near = in_title or any(_all_in((one, other), some) for some in paper.sentences())
        return 3 if near else 2

    return grade


def of_person(name: str, only_byline: bool = False) -> Grade:
    """A name. 3: it is the byline, or the title holds it. 2: the text holds it. With `only_byline` (作者:name) only
    the byline counts."""
    close = fold(name)

    def grade(paper: Paper) -> int:
        if close in re.split(r"[\s、,，;；/]+", fold(paper.byline)):
            return 3
        if only_byline or close not in paper.all:
            return 0
        return 3 if close in paper.head else 2

    return grade


def of_place(word: Term, outlet: str = "", section: str = "", strictly: bool = True) -> Grade:
    """An outlet or a section, and a word. As `told`, in that outlet or section; without it 0. Unless `strictly`, one
    of another outlet that names this one is 1."""
    by_words, name = told([word]), fold(outlet)

    def grade(paper: Paper) -> int:
        if (outlet and paper.outlet == outlet) or (section and paper.section == section):
            return by_words(paper)
        return 1 if not strictly and name in paper.all and by_words(paper) else 0

    return grade
