"""The labelled set: real pieces, what outlets made of them, and what only looks like it. The same for the same seed."""

import gzip
import json
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from bench.generate.serials import COLUMNS, TEMPLATES, column, notice, with_other_figures
from bench.generate.story_edits import Desk, Told
from sources.formats.jekyll import posts
from sources.formats.raw_article import NotAnArticle, RawArticle

SHORTEST = 60  # characters: below stand only notes that a broadcast item has no text
_FURNITURE = re.compile(r"\[查看原文\]\(.*|^-{3,}$.*", re.S | re.M)
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")


def broadcast_items(corpus: Path) -> list[Told]:
    """The corpus' broadcast items that have a text, each a piece of its own."""
    told = []
    with gzip.open(corpus / "xinwenlianbo.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            text = re.sub(r"\n+", "\n", _FURNITURE.sub("", row["text"])).strip()
            if len(text) >= SHORTEST and len(row["title"]) > 5:
                at = datetime.strptime(row["date"], "%Y%m%d").replace(tzinfo=UTC, hour=11)
                told.append(Told(number, row["title"], text, at + timedelta(seconds=number % 1800)))
    return told


def mirror_posts(corpus: Path) -> list[Told]:
    """The corpus' posts; the same id in two folders, and with and without NW, is one piece (its real twins)."""
    told, known = [], {}
    for path in sorted(corpus.glob("finews*/**/*.md")):
        try:
            found = list(posts.read(path.read_bytes(), str(path)))
        except NotAnArticle:
            continue
        for one in found:
            if isinstance(one, RawArticle) and one.published_at:
                number = int(re.sub(r"\D", "", one.external_id)[-15:] or 0)
                # One flash went out twice under two headlines: the words tell.
                number = known.setdefault(one.plain.text, number)
                told.append(Told(-number, one.title, one.plain.text, one.published_at, "real twin"))
    return told


def labelled(corpus: Path, count: int, seed: int = 1) -> list[Told]:
    """`count` real pieces with about as many retellings and serials, in no particular order."""
    rand = Random(seed)
    items = broadcast_items(corpus)
    start = rand.randrange(max(1, len(items) - count))
    items = items[
        start : start + count
    ]  # a stretch of days: what is near in time is the harder to tell apart
    desk = Desk(rand, [line for told in items for line in told.text.split("\n") if 60 < len(line) < 300])
    told = items + mirror_posts(corpus)
    for item in items:
        if rand.random() < 0.5:
            kinds = rand.sample(sorted(desk.edits()), rand.choice((1, 1, 1, 2, 3)))
            told += [desk.retold(item, kind) for kind in kinds]
        elif rand.random() < 0.1 and len(_NUMBERS.findall(item.text)) > 2:
            told.append(_next_issue(rand, item))
    return told + serials(rand, items) + columns(rand, items)


def _next_issue(rand: Random, item: Told) -> Told:
    """The same words with other figures is another piece: the next day's."""
    changed = with_other_figures(rand, f"{item.title}\0{item.text}").split("\0")
    later = item.at + timedelta(days=1)
    return replace(
        item, piece=_fresh(rand), title=changed[0], text=changed[1], at=later, kind="other figures"
    )


def serials(rand: Random, items: list[Told]) -> list[Told]:
    """As many notices of series as a quarter of the items, each a piece of its own, some told twice word for word."""
    made = []
    for number in range(len(items) // 4):
        day = items[rand.randrange(len(items))].at
        title, text = notice(rand, number % len(TEMPLATES), f"{day.month}月{day.day}日")
        made.append(Told(_fresh(rand), title, text, day, "serial"))
    return made


def columns(rand: Random, items: list[Told]) -> list[Told]:
    """Every column on each day of the items, at about the same hour, each issue a piece of its own."""
    made = []
    for day in sorted({item.at.replace(hour=0, minute=0, second=0) for item in items}):
        for template in range(len(COLUMNS)):
            title, text = column(rand, template)
            at = day + timedelta(hours=template, minutes=rand.randrange(40))
            made.append(Told(_fresh(rand), title, text, at, "column"))
    return made


def _fresh(rand: Random) -> int:
    return 10**9 + rand.getrandbits(60)
