"""What happens to a piece on its way from outlet to outlet, and what merely looks like it: for the labelled set."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from bench.generate import markup, words
from sources.text.clean.boilerplate import clean_body

REWORDED = {
    "表示": "指出",
    "日前": "近日",
    "目前": "眼下",
    "同时": "与此同时",
    "进一步": "更加",
    "此外": "另外",
    "认为": "看来",
    "今年以来": "年初至今",
    "据了解": "记者获悉",
    "通过": "经由",
}
CITIES = ("北京", "上海", "广州", "深圳", "重庆", "杭州", "成都", "武汉")
AGENCIES = ("新华社", "中新社", "本报", "证券时报网", "财联社", "央视新闻客户端", "每经网")


@dataclass(frozen=True, slots=True)
class Told:
    """One telling of a piece. Tellings with the same `piece` belong into one story."""

    piece: int
    title: str
    text: str
    at: datetime
    kind: str = "original"


@dataclass(slots=True)
class Desk:
    """Whoever takes a piece over: draws what he does to it from one source of chance."""

    random: Random
    # Paragraphs of other pieces, for what is added.
    spare: list[str]

    def cut_lead(self, told: Told) -> Told:
        first, _, rest = told.text.partition("\n")
        if len(rest) < 120:
            sentences = told.text.split("。")
            rest = "。".join(sentences[1:]) if len(sentences) > 3 else told.text
        return replace(told, text=rest.strip())

    def cut_tail(self, told: Told) -> Told:
        paragraphs = told.text.split("\n")
        kept = paragraphs[: max(1, round(len(paragraphs) * self.random.uniform(0.5, 0.8)))]
        text = "\n".join(kept)
        return replace(told, text=text if len(text) > 80 else told.text)

    def other_headline(self, told: Told) -> Told:
        """The lead's first clause, half of the old headline, or the outlet's own way to begin one."""
        halves = told.title.replace("——", " ").replace("：", " ").split()
        body = told.text.partition("：")[2] or told.text
        clauses = [one for one in body.replace("。", "，").split("，") if 8 <= len(one.strip()) <= 40]
        call = self.random.choice(("快讯", "重磅", "最新", "关注"))
        ways = [f"{call}！{told.title}", max(halves, key=len, default=told.title)]
        if clauses:
            ways += [clauses[0].strip(), self.random.choice(clauses[:4]).strip()]
        return replace(told, title=self.random.choice(ways))

    def added_paragraph(self, told: Told) -> Told:
        paragraphs = told.text.split("\n")
        added = self.random.choice(self.spare)[: max(60, len(told.text) // 2)]
        place = self.random.choice((len(paragraphs), len(paragraphs), max(1, len(paragraphs) // 2)))
        return replace(told, text="\n".join([*paragraphs[:place], added, *paragraphs[place:]]))

    def machine_links(self, told: Told) -> Told:
        """The quote site's links and charts put in, then taken out again by our own cleaning, as an import does."""
        shares, text = markup.some_shares(self.random), told.text
        names = [text[at : at + 4] for at in (self.random.randrange(max(1, len(text) - 4)) for _ in range(4))]
        linked = [
            replace_share(share, name) for share, name in zip(shares, names, strict=False) if name.isalpha()
        ]
        html = markup.charts(self.random, shares) + markup.linked(
            "".join(f"<p>{line}</p>" for line in text.split("\n") if line), linked
        )
        return replace(told, text=clean_body(html + markup.credit("东财滚动新闻")).text)

    def other_credit(self, told: Told) -> Told:
        pick = self.random.choice
        body = told.text.removeprefix("央视网消息（新闻联播）：")
        who = pick(words.FAMILY_NAMES) + pick(words.GIVEN_NAMES)
        wired = f"{pick(AGENCIES)}{pick(CITIES)}{told.at.month}月{told.at.day}日电 "
        head = pick((wired, f"{pick(AGENCIES)}讯（记者 {who}）", ""))
        tail = pick(("", f"（来源：{pick(AGENCIES)}）", f"\n责任编辑：{who}"))
        return replace(told, text=f"{head}{body}{tail}")

    def reworded(self, told: Told) -> Told:
        text = told.text
        for word in self.random.sample(sorted(REWORDED), 4):
            text = text.replace(word, REWORDED[word])
        return replace(told, text=text)

    def several(self, told: Told) -> Told:
        ways = [self.cut_lead, self.other_headline, self.added_paragraph]
        ways += [self.other_credit, self.machine_links, self.reworded]
        for way in self.random.sample(ways, 3):
            told = way(told)
        return told

    def edits(self) -> dict[str, Callable[[Told], Told]]:
        """Every kind of edit by name."""
        return {
            **{"cut lead": self.cut_lead, "cut tail": self.cut_tail, "other headline": self.other_headline},
            **{"added paragraph": self.added_paragraph, "machine links": self.machine_links},
            **{"other credit": self.other_credit, "reworded": self.reworded, "three at once": self.several},
        }

    def retold(self, told: Told, kind: str) -> Told:
        """The piece as another outlet has it, up to a day and a half later."""
        later = timedelta(minutes=self.random.choice((0, 3, 20, 90, 600, 2000)))
        return replace(self.edits()[kind](told), at=told.at + later, kind=kind)


def replace_share(share: markup.Share, name: str) -> markup.Share:
    return markup.Share(name, share.market, share.code)
