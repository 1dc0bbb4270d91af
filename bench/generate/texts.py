"""Made-up articles whose words are as unevenly common as in real news, and the real items as they are.

Each is put together of parts of one or two real items where these are at hand, so that words, their neighbours and
their company come as often as they do; names and firms of our own are put in, most of them rare, so that the list of
words grows with the number of articles. Without the real items all is made of bench.generate.words: few words,
all common.
"""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import batched
from pathlib import Path
from random import Random

from bench.generate import words
from bench.generate.markup import Share, some_shares
from bench.generate.prose import OUTLETS, Prose
from sources.formats.table.columns import Columns
from sources.text.clean.boilerplate import clean_body

FILE = "xinwenlianbo.jsonl.gz"
BROADCAST = 0  # the outlet of the real items; the made-up ones have 1 to OUTLETS
SECTIONS = 12
FIRST_DAY = datetime(2021, 12, 1, tzinfo=UTC)
DAYS = 1700
_OPENING = re.compile(
    r"^央视网消息（新闻联播）："
)  # of nearly every item: no other corpus has a word in all of it
_CLAUSE = re.compile(r"[一-龥A-Za-z0-9·]{8,24}")
# Characters of made-up names, and what stands behind them in a sentence.
_SIGNS = (
    "安柏昌辰澄楚川岱鼎舵恩帆峰阜冈罡耿谷桂瀚禾泓鸿桦淮璟骏凯岚澜朗黎翎隆陇麓茂闽沐楠宁沛鹏圃岐启谦乔钦青衢泉榕瑞润飒森"
    "晟朔泗颂穗棠腾廷通同桐驼皖巍文汶熙祥骁翔欣星雄旭轩雅岩阳尧烨颐熠翊银英瀛邕渝屿钰源远岳云泽湛樟昭浙臻正钟舟珠竺卓"
)
_SPEAKS = ("负责人{}说", "分析师{}认为", "项目经理{}介绍", "据{}透露", "记者从{}获悉", "与{}签约", "由{}承建")
_FALL = 0.35  # of a Pareto draw: a tenth of all names is of the first few, the others go on without an end


@dataclass(frozen=True, slots=True)
class Piece:
    """An article to be: `outlet` and `section` are numbers (a section may be None), `number` the real item's line."""

    title: str
    paragraphs: list[str]
    at: datetime
    outlet: int
    section: int | None = None
    shares: tuple[Share, ...] = ()
    byline: str = ""
    number: int | None = None

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


def real(corpus: Path) -> Iterator[Piece]:
    """Each real item, also those that have no text; nothing if the file is not there."""
    if not (corpus / FILE).exists():
        return
    columns = Columns()
    with gzip.open(corpus / FILE, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            row = json.loads(line)
            # As the portal reads them, with whatever it fails to cut.
            paragraphs = clean_body(columns.values(row).body).text.split("\n")
            at = datetime.strptime(row["date"], "%Y%m%d").replace(tzinfo=UTC, hour=11)
            at += timedelta(seconds=number % 1800)
            yield Piece(row["title"].strip(), paragraphs, at, BROADCAST, number=number)


class Texts:
    """Makes one article after the other, the same ones for the same seed and the same real items."""

    def __init__(self, seed: int, corpus: Path):
        self.random = Random(seed)
        self.prose = Prose(self.random)
        self.items = [paragraphs for piece in real(corpus) if (paragraphs := _usable(piece.paragraphs))]

    def pieces(self, count: int) -> Iterator[Piece]:
        """So many made-up articles, of 1 to 12 paragraphs."""
        rand = self.random
        outlets = range(1, OUTLETS + 1)
        weights = [1 / (rank + 3) for rank in range(OUTLETS)]
        sections = [*range(SECTIONS), None]
        falling = [1 / (rank + 1) for rank in range(SECTIONS)]
        for _ in range(count):
            shares = tuple(some_shares(rand))
            paragraphs = self._body(shares)
            yield Piece(
                self._title(paragraphs),
                paragraphs,
                FIRST_DAY + timedelta(days=rand.randrange(DAYS), seconds=rand.randrange(86_400)),
                rand.choices(outlets, weights)[0],
                rand.choices(sections, [*falling, 1])[0],
                shares,
                self.name() if rand.random() < 0.4 else "",
            )

    def name(self) -> str:
        """A person or a firm; a few come often, most once or twice."""
        rank = int(self.random.paretovariate(_FALL)) % 2_000_000_000
        which = Random(rank)
        if rank % 2:
            return which.choice(words.FAMILY_NAMES) + "".join(
                which.choices(_SIGNS, k=which.choice((1, 2, 2)))
            )
        return "".join(which.choices(_SIGNS, k=2)) + which.choice(words.COMPANY_KINDS)

    def _body(self, shares: tuple[Share, ...]) -> list[str]:
        rand = self.random
        paragraphs = self._drawn() if self.items else [*map("".join, batched(self.prose.sentences(8), 2))]
        if rand.random() < 0.2:
            paragraphs.append(self.prose.sentences(1)[0])
        for place in range(0, len(paragraphs), 3):
            said = rand.choice(_SPEAKS).format(self.name())
            paragraphs[place] = f"{said}，{paragraphs[place]}"
        for share, place in zip(shares, range(len(paragraphs)), strict=False):
            paragraphs[place] = f"{share.name}({share.code})公告，{paragraphs[place]}"
        return paragraphs

    def _drawn(self) -> list[str]:
        """A run of the paragraphs of one item, or of two or three."""
        rand, drawn = self.random, []
        for _ in range(rand.choice((1, 2, 2, 3))):
            item = rand.choice(self.items)
            start = rand.randrange(len(item))
            drawn += item[start : start + rand.randint(1, 10)]
        return drawn

    def _title(self, paragraphs: list[str]) -> str:
        """A clause of its own text, or a headline of those that repeat themselves."""
        rand = self.random
        clauses = _CLAUSE.findall(rand.choice(paragraphs))
        if clauses and rand.random() < 0.7:
            return rand.choice(clauses)
        return f"{self.name()}：{self.prose.title()}"


def _usable(paragraphs: list[str]) -> list[str]:
    """What others can be made of: without the opening that nearly every item has."""
    return [bare for one in paragraphs if len(bare := _OPENING.sub("", one)) >= 20]
