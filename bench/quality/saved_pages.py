"""How well articles are found in saved pages: `python -m bench.quality.saved_pages`, beside other extractors.

Reads the real pages of NEWSPORTAL_CORPUS (saved_pages.tar.gz with saved_pages.json) and the made-up ones of
tests.support.made_pages. Other extractors (trafilatura, gne, newspaper4k) are asked where they are installed. Exits
with 1 when ours misses an aim. "wrong and certain": a headline or day that is wrong, with no problem about it.
"""

import argparse
import json
import logging
import sys
import tarfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from bench.harness import machine, reporting
from bench.speed.stories import corpus
from sources.formats.fields import dated
from sources.formats.markup import decode_markup
from sources.formats.page import saved_page
from sources.formats.raw_article import UNKNOWN_OUTLET, NotAnArticle, Unreadable
from sources.problem import Code
from sources.text.dates import SHANGHAI
from tests.support.made_pages import MadePage, made_pages

HEAD = ("extractor", "pages", "headlines", "days", "wrong and certain", "outlets", "body F1", "ms a page")
MISSES = 4  # headlines or days not right, of the real pages
LEAST_OUTLETS, LEAST_BODY = 0.9, 0.95  # of the made-up pages


@dataclass(slots=True)
class Found:
    """What an extractor found; `doubted` are the parts that it says are uncertain."""

    title: str = ""
    day: str = ""
    outlet: str = ""
    body: str = ""
    doubted: set[str] = field(default_factory=set)


def ours(data: bytes) -> Found:
    try:
        (raw,) = saved_page.read(data, "a.html")
    except (NotAnArticle, Unreadable):
        return Found()
    codes = {problem.code for problem in raw.problems}
    doubts = {
        "title": {Code.DOUBTFUL_TITLE, Code.NO_TITLE},
        "day": {Code.DOUBTFUL_DATE, Code.NO_DATE},
        "outlet": {Code.DOUBTFUL_OUTLET, Code.NO_OUTLET},
    }
    day = raw.published_at.astimezone(SHANGHAI).date().isoformat() if raw.published_at else ""
    outlet = "" if raw.outlet == UNKNOWN_OUTLET else raw.outlet
    return Found(
        raw.title, day, outlet, raw.plain.text, {name for name, some in doubts.items() if some & codes}
    )


def _trafilatura() -> Callable[[bytes], Found]:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)

    def read(data: bytes) -> Found:
        found = trafilatura.bare_extraction(data, with_metadata=True)
        if found is None:
            return Found()
        return Found(found.title or "", found.date or "", found.sitename or "", found.text or "")

    return read


def _gne() -> Callable[[bytes], Found]:
    from gne import GeneralNewsExtractor

    def read(data: bytes) -> Found:
        found = GeneralNewsExtractor().extract(decode_markup(data).text)
        return Found(found["title"], _day(found["publish_time"]), "", found["content"])

    return read


def _newspaper() -> Callable[[bytes], Found]:
    import newspaper

    def read(data: bytes) -> Found:
        found = newspaper.Article("https://news.example.cn/a.html", language="zh")
        found.download(input_html=decode_markup(data).text)
        found.parse()
        day = found.publish_date.strftime("%Y-%m-%d") if found.publish_date else ""
        return Found(found.title or "", day, "", found.text or "")

    return read


def _day(text: str) -> str:
    at = dated(text).at
    return at.astimezone(SHANGHAI).date().isoformat() if at else ""


OTHERS = {"trafilatura": _trafilatura, "gne": _gne, "newspaper4k": _newspaper}


def real_pages() -> Iterator[MadePage]:
    """The pages of the corpus; title and day "" where a reader cannot tell."""
    right = json.loads((corpus() / "saved_pages.json").read_text())
    with tarfile.open(corpus() / "saved_pages.tar.gz") as archive:
        for name, seen in right.items():
            data = archive.extractfile(name)
            yield MadePage(name, data.read() if data else b"", seen["title"] or "", seen["day"] or "", "", "")


def key(text: str) -> str:
    """A headline without what editors do not tell apart: spaces, widths of signs."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


def f1(found: str, right: str) -> float:
    """The harmonic mean of precision and recall, by characters."""
    one, other = Counter(key(found)), Counter(key(right))
    both = (one & other).total()
    return 2 * both / (one.total() + other.total()) if both else 0.0


@dataclass(slots=True)
class Score:
    pages: int = 0
    titles: int = 0
    days: int = 0
    wrong_and_certain: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    outlets: list[bool] = field(default_factory=list)
    bodies: list[float] = field(default_factory=list)
    seconds: float = 0.0

    def add(self, page: MadePage, found: Found, seconds: float) -> None:
        """Count one page. Where a reader cannot tell, nothing is wrong."""
        self.pages += 1
        self.seconds += seconds
        for name, right, got in (("title", key(page.title), key(found.title)), ("day", page.day, found.day)):
            if not right or right == got:
                self.titles += name == "title"
                self.days += name == "day"
                continue
            self.missed.append(f"{page.name} {name}: {got or 'none'}, not {right}")
            if got and name not in found.doubted:
                self.wrong_and_certain.append(f"{page.name} {name}")
        if page.body:
            self.bodies.append(f1(found.body, page.body))
            if page.outlet:
                self.outlets.append(key(found.outlet) == key(page.outlet))
                if not self.outlets[-1]:
                    self.missed.append(f"{page.name} outlet: {found.outlet or 'none'}, not {page.outlet}")
            if self.bodies[-1] < LEAST_BODY:
                self.missed.append(f"{page.name} body: {self.bodies[-1]:.2f}")

    def row(self, name: str) -> tuple:
        share = (
            f"{sum(self.outlets) / len(self.outlets):.2f}"
            if self.outlets and name not in ("gne", "newspaper4k")
            else "-"
        )
        body = f"{sum(self.bodies) / len(self.bodies):.3f}" if self.bodies else "-"
        each = f"{1000 * self.seconds / max(self.pages, 1):.0f}"
        return name, self.pages, self.titles, self.days, len(self.wrong_and_certain), share, body, each

    def reached(self) -> bool:
        """Whether ours reaches the aims."""
        if self.wrong_and_certain or min(self.titles, self.days) < self.pages - MISSES:
            return False
        mean = [sum(some) / len(some) if some else 1 for some in (self.outlets, self.bodies)]
        return mean[0] >= LEAST_OUTLETS and mean[1] >= LEAST_BODY


def judge(pages: list[MadePage], read: Callable[[bytes], Found]) -> Score:
    """Read all pages; an extractor that fails on one has found nothing."""
    score = Score()
    for page in pages:
        found, began = Found(), time.perf_counter()
        with suppress(Exception):
            found = read(page.data)
        score.add(page, found, time.perf_counter() - began)
    return score


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--ours", action="store_true", help="ask no other extractor")
    parser.add_argument("--missed", action="store_true", help="list what ours missed")
    asked = parser.parse_args()
    described = machine.describe()
    reporting.print_machine(described)
    extractors = {"ours": ours} | ({} if asked.ours else _installed())
    sets = {"made-up": list(made_pages())}
    if (corpus() / "saved_pages.json").exists():
        sets = {"real": list(real_pages())} | sets
    else:
        print(f"no real pages: {corpus()} has no saved_pages.json (NEWSPORTAL_CORPUS names a folder)")
    written, reached = {}, True
    ours(sets["made-up"][0].data)  # loads what is loaded on first use
    for kind, pages in sets.items():
        scores = {name: judge(pages, read) for name, read in extractors.items()}
        print(f"\n{kind} pages")
        reporting.print_table(HEAD, [score.row(name) for name, score in scores.items()])
        if asked.missed:
            print("\n".join(scores["ours"].missed))
        print("wrong and certain:", "; ".join(scores["ours"].wrong_and_certain) or "none")
        reached = reached and scores["ours"].reached()
        written[kind] = {name: score.row(name) for name, score in scores.items()}
    print(f"written to {reporting.write_json('saved-pages', {'machine': described} | written)}")
    sys.exit(not reached)


def _installed() -> dict[str, Callable[[bytes], Found]]:
    found = {}
    for name, load in OTHERS.items():
        try:
            found[name] = load()
        except ImportError as missing:
            print(f"without {name}: {missing}")
    return found


if __name__ == "__main__":
    main()
