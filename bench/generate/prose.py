"""Sentences, headlines and outlets, composed from bench.generate.words: pools of clauses, made once and drawn from."""

from dataclasses import dataclass
from itertools import product
from random import Random

from bench.generate import words
from bench.generate.markup import Share, named_share
from sources.text.outlet_names import pinyin

POOL = 3000  # clauses of each of a sentence's three parts: 27 billion sentences
OUTLETS = 300


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet as a post names it: its name, the address its list has, the tag its posts carry."""

    name: str
    pinyin: str
    tag: str


ROLL = Outlet("东财滚动新闻", "emnews", "东财滚动新闻")


def outlets() -> list[Outlet]:
    """About 300 outlets in a fixed order, the odd names among the busiest."""
    usual = [f"{place}{kind}" for kind, place in product(words.OUTLET_KINDS, words.PLACES)]
    names = [*usual[:5], *words.ODD_OUTLETS, *usual[5:]][:OUTLETS]
    return [Outlet(name, pinyin(name), f"{name}新闻") for name in names]


class Prose:
    """Draws sentences and what is made of them from one source of chance."""

    def __init__(self, rand: Random):
        self.random = rand
        self.leads = [self._lead() for _ in range(POOL)]
        self.facts = [self._fact() for _ in range(POOL)]
        self.ends = [self._end() for _ in range(POOL)]
        self.titles = [self._headline() for _ in range(POOL)]

    # ---------------------------------------------------------------- the pools
    def _lead(self) -> str:
        pick = self.random.choice
        who = f"{pick(words.PLACES)}{pick(words.BODIES)}{pick(words.SAYS)}"
        when = pick((pick(words.TIMES), pick(words.LINKS), f"{self.random.randint(1, 28)}日"))
        return pick((f"{when}，{who}，", f"{who}，{pick(words.TIMES)}", f"{when}，"))

    def _fact(self) -> str:
        pick, number = self.random.choice, self.random.uniform
        change = f"同比{pick(words.MOVES)}{number(0.1, 60):.1f}%"
        size = f"{number(1, 9000):.2f}{pick(('亿元', '万元', '亿美元', '万吨', '万户'))}"
        subject = f"{pick(words.TRADES)}{pick(words.MEASURES)}"
        return pick(
            (f"{subject}{change}，", f"{subject}达{size}，{change}，", f"{subject}{change}，达{size}，")
        )

    def _end(self) -> str:
        pick = self.random.choice
        act = f"{pick(words.ACTIONS)}{pick(words.OBJECTS)}"
        more = f"{pick(words.ACTIONS)}{pick(words.OBJECTS)}"
        return pick(
            (f"{act}，{pick(words.AIMS)}。", f"将{act}、{more}。", f"{act}，{more}，{pick(words.AIMS)}。")
        )

    def _headline(self) -> str:
        pick, number = self.random.choice, self.random.uniform
        who = pick(
            (pick(words.PLACES) + pick(words.BODIES), pick(words.COMPANIES) + pick(words.COMPANY_KINDS))
        )
        change = f"{pick(words.TRADES)}{pick(words.MEASURES)}同比{pick(words.MOVES)}{number(0.1, 90):.1f}%"
        rate = f"{pick(words.PRODUCTS)}日内下跌{number(0.1, 3):.2f}%"
        plan = f"{pick(words.ACTIONS)}{pick(words.OBJECTS)} {pick(words.AIMS)}"
        return pick((f"{who}：{change}", f"{rate} 现报{number(1, 900):.2f}", plan, f"{who}{plan}", change))

    # ---------------------------------------------------------------- what is drawn from them
    def sentences(self, count: int) -> list[str]:
        """So many sentences, each of a beginning, a fact and an end."""
        draw = self.random.choices
        parts = zip(
            draw(self.leads, k=count), draw(self.facts, k=count), draw(self.ends, k=count), strict=True
        )
        return ["".join(three) for three in parts]

    def title(self) -> str:
        """A headline; a few carry quotes, brackets, full-width spaces, or bare double quotes as scripts leave them."""
        rand = self.random
        title = rand.choice(self.titles)
        kind = rand.random()
        if kind < 0.1:
            mark = rand.choice(words.HEADLINE_MARKS)
            word = rand.choice(words.OBJECTS)
            return mark.format(word) + title if mark else title
        return f'"{rand.choice(words.OBJECTS)}"再提速 {title}' if kind < 0.105 else title

    def flash(self) -> list[str]:
        """One to three paragraphs of plain text; a bare `<` stands in some."""
        rand = self.random
        lines = ["".join(self.sentences(rand.randint(1, 3))) for _ in range(rand.choice((1, 1, 1, 2, 3)))]
        if rand.random() < 0.05:
            lines[0] += "测量精度满足<1%的要求。"
        if rand.random() < 0.3:
            lines[-1] += f"（{rand.choice(words.PLACES)}新闻）"
        return lines

    def blocks(self, count: int, shares: list[Share]) -> list[str]:
        """So many paragraphs of HTML, among them perhaps a subhead, a table or a picture; the last may be signed."""
        rand = self.random
        sizes = rand.choices((1, 2, 2, 3, 4), k=count)
        drawn = iter(self.sentences(sum(sizes)))
        paragraphs = ["".join(next(drawn) for _ in range(size)) for size in sizes]
        for share, place in zip(shares, range(count), strict=False):
            paragraphs[place] = f"{share.name}({share.code})公告，{paragraphs[place]}"
        if rand.random() < 0.3:
            paragraphs[0] = f"本报记者 {self.person()} {rand.choice(words.PLACES)}报道 {paragraphs[0]}"
        if rand.random() < 0.3:
            paragraphs[-1] += self._signature()
        blocks = [f"<p>{text}</p>" for text in paragraphs]
        self._put_in(blocks)
        return blocks

    def person(self) -> str:
        return self.random.choice(words.FAMILY_NAMES) + self.random.choice(words.GIVEN_NAMES)

    def share(self) -> Share:
        return named_share(self.random)

    def _signature(self) -> str:
        kind = self.random.choice(("（责任编辑：{}）", "(作者：{})", " 文/{}", "（记者 {}）"))
        return kind.format(self.person())

    def _put_in(self, blocks: list[str]) -> None:
        """Put subheads, a table and a picture between the first paragraph and the last."""
        rand = self.random
        if len(blocks) > 6 and rand.random() < 0.4:
            for place in (len(blocks) * 2 // 3, len(blocks) // 3):
                blocks.insert(place, f"<p><strong>{rand.choice(words.SUBHEADS)}</strong></p>")
        if rand.random() < 0.06:
            blocks.insert(1, self._table())
        if rand.random() < 0.12:
            blocks.insert(1, self._picture())

    def _table(self) -> str:
        rand = self.random
        rows = [("行业", *rand.sample(words.MEASURES, 3))]
        rows += [
            (trade, *(f"{rand.uniform(1, 999):.1f}" for _ in range(3)))
            for trade in rand.sample(words.TRADES, 6)
        ]
        lines = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
        return f'<table border="1"><tbody>{"".join(f"<tr>{line}</tr>" for line in lines)}</tbody></table>'

    def _picture(self) -> str:
        rand = self.random
        name = f"D2{rand.getrandbits(64):016X}{rand.getrandbits(64):016x}_w{rand.randint(400, 900)}h433.jpg"
        image = (
            f'<img src="https://np-newspic.dfcfw.com/download/{name}" style="border:#d1d1d1 1px solid;" />'
        )
        caption = f'<p style="text-align:center;">图片来源：{rand.choice(words.PLACES)}资料图</p>'
        return f"<center>{image}</center>\n{caption}"
