"""How the time of a function grows with its input, and the strings that make careless patterns slow.

Used by the tests marked `growth`, which run in one part of the suite only: what they ask does not touch a database.
"""

import signal
import time
from collections.abc import Callable, Iterator
from math import inf

ENOUGH = 0.008  # seconds of processor time: long enough to measure, short enough for thousands of pairs
SMALLEST, LARGEST = 1000, 64_000  # characters; the drill goes on to a million
FARTHER = 2  # times the largest, where a ratio is in doubt
DOUBLINGS = 3  # measured over three at once: a single one is at the mercy of the machine
MOST = 2.5  # times the time for twice the input
GIVEN_UP = 10  # seconds of processor time for one string: what is exponential would go on for years

# One of each class that some pattern repeats: spaces of every kind, digits, marks, letters, Han characters, controls.
RUNS = {
    "spaces": " ",
    "tabs": "\t",
    "ideographic spaces": "\u3000",
    "no-break spaces": "\u00a0",
    "zero-width spaces": "\u200b",
    "mixed spaces": " \u3000\u00a0\t",
    "newlines": "\n",
    "carriage returns": "\r\n",
    "blank lines": "\n \n",
    "digits": "1",
    "full-width digits": "１",
    "Chinese digits": "三",
    "amounts": "1,234.",
    "dots": ".",
    "dashes": "-",
    "em dashes": "—",
    "commas": "，",
    "full stops": "。",
    "colons": "：",
    "slashes": "/",
    "backslashes": "\\",
    "quotes": '"',
    "apostrophes": "'",
    "Chinese quotes": "“",
    "quote pairs": "“”",
    "brackets": "(",
    "Chinese brackets": "（",
    "bracket pairs": "（）",
    "lenticular brackets": "【",
    "square brackets": "[",
    "square pairs": "[]()",
    "braces": "{",
    "less-than signs": "<",
    "greater-than signs": ">",
    "ampersands": "&",
    "entities": "&amp;",
    "half entities": "&#",
    "hashes": "#",
    "asterisks": "*",
    "bold marks": "**a",
    "underscores": "_",
    "backticks": "`",
    "pipes": "|",
    "boxes": "■",
    "squares": "□",
    "letters": "a",
    "words": "ab ",
    "Han characters": "中",
    "names": "王小明 ",
    "reporters": "记者 ",
    "credits": "来源：",
    "sentences": "甲乙丙。",
    "lines": "甲乙丙丁\n",
    "line breaks": "<br>",
    "open paragraphs": "<p>",
    "paragraphs": "<p>中文。</p>",
    "open comments": "<!--",
    "open spans": "<span>",
    "nested divisions": "<div>",
    "open links": '<a href="',
    "tables": "<table><tr><td>",
    "addresses": "http://a.b/",
    "mail addresses": "a@b.",
    "dates": "2022-01-01 ",
    "Chinese dates": "1月1日",
    "emoji": "\U0001f4f0",
    "combining marks": "\u0301",
    "byte order marks": "\ufeff",
    "direction marks": "\u202e",
}


def family(also: dict[str, str] | None = None) -> Iterator[tuple[str, Callable[[int], str]]]:
    """Names and makers of strings of n characters: each run alone, between words, and with a tail that spoils a match.

    `also`: more runs, of what the function under test looks for.
    """
    for name, piece in (RUNS | (also or {})).items():
        yield name, lambda n, piece=piece: _filled(piece, n)
        yield f"{name}, spoilt", lambda n, piece=piece: "甲" + _filled(piece, n) + "\x01乙"


def growth(run: Callable[[str], object], make: Callable[[int], str], largest: int = LARGEST) -> float:
    """How many times longer `run(make(n))` takes for twice the n; 1.0 where it is never long enough to measure.

    Starts small and doubles, so that what is exponential or quadratic is noticed long before it is slow.
    """
    taken: list[float] = []
    n = SMALLEST
    while n <= largest:
        taken.append(seconds(run, make(n)))
        if taken[-1] == inf:
            return inf
        if taken[-1] > ENOUGH and len(taken) > DOUBLINGS:
            break
        n *= 2
    if taken[-1] <= ENOUGH:
        return 1.0
    rate = _rate(taken[-1], taken[-1 - DOUBLINGS])
    # A busy machine or a first call can make one figure too large: the best of some more tries counts. And from some
    # length on another way may be taken, or the processor's caches left, once; what grows too fast goes on doing so.
    farther = FARTHER * largest
    for size, doublings in ((n, DOUBLINGS), (farther, DOUBLINGS), (farther, 2 * DOUBLINGS)):
        for _ in range(3):
            if rate <= MOST:
                return rate
            small = min(seconds(run, make(size >> doublings)) for _ in range(3))
            large = min(seconds(run, make(size)) for _ in range(2))
            rate = min(rate, _rate(large, small, doublings))
    return rate


def assert_linear(run: Callable[[str], object], also: dict[str, str] | None = None) -> None:
    """Fail, naming every string at fault, unless `run` stays linear over the family."""
    rates = {name: growth(run, make) for name, make in family(also)}
    slow = {name: round(rate, 1) for name, rate in rates.items() if rate > MOST}
    assert not slow, f"twice the input takes so many times as long: {slow}"


def _filled(piece: str, n: int) -> str:
    return (piece * (n // len(piece) + 1))[:n]


class _GivenUpError(BaseException):
    """No Exception, which what is measured might take for its own."""


def seconds(run: Callable[[str], object], text: str, most: float = 0) -> float:
    """Processor time that `run` takes; inf where it is given up after `most` (else GIVEN_UP) seconds.

    For the main thread, which alone gets signals.
    """
    began, most = time.process_time(), most or GIVEN_UP

    def give_up(signum, frame):
        if time.process_time() - began > most:
            raise _GivenUpError

    before = signal.signal(signal.SIGALRM, give_up)
    # Not the timer of processor time: it makes process_time coarse on some machines.
    signal.setitimer(signal.ITIMER_REAL, most, most / 4)
    try:
        began = time.process_time()
        run(text)
        return time.process_time() - began
    except _GivenUpError:
        return inf
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _rate(large: float, small: float, doublings: int = DOUBLINGS) -> float:
    return (large / max(small, 1e-5)) ** (1 / doublings)
