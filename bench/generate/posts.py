"""Writes made-up Jekyll posts in the real shapes of the mirror (formats.md §1), the same ones for the same seed.

`python -m bench.generate.posts FOLDER --posts N --seed S` fills a folder; benches call `write_posts`.
"""

import argparse
import os
import random
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate

from bench.generate import markup, prose
from bench.generate.prose import Outlet, Prose

FIRST_DAY = datetime(2021, 12, 1)
DAYS = 730
FIRST_NUMBER, NUMBERS_APART = 2206718253, 41
FOLDERS = ("_posts", "old_post")


@dataclass(frozen=True, slots=True)
class Mix:
    """The share of each kind of post, and of stories that stand twice (in the roll and at their outlet),
    files that stand in both folders, and bodies that were rewritten under the same id."""

    flashes: float = 0.30
    rolls: float = 0.30
    twins: float = 0.02
    repeats: float = 0.01
    rewrites: float = 0.005
    no_title: float = 0.001
    no_date: float = 0.001


@dataclass(slots=True)
class Story:
    """What a post tells, before it is given a shape. `blocks` are pieces of HTML (of text in a flash)."""

    number: str
    at: datetime
    outlet: Outlet
    title: str
    blocks: list[str]
    shares: list[markup.Share]
    folder: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to be written, and what an import should make of it."""

    path: str
    text: str
    outcome: str


def write_posts(
    folder: str, count: int, seed: int = 1, mix: Mix | None = None, valid: bool = False
) -> Counter:
    """Write `count` files into _posts/ and old_post/ of a folder; returns how many of each outcome to expect.

    `valid` writes the same posts with front matter that keeps the rules of YAML, for programs that insist.
    """
    for name in FOLDERS:
        os.makedirs(os.path.join(folder, name), exist_ok=True)
    maker, expected = Maker(seed, mix or Mix(), valid), Counter()
    while (left := count - expected.total()) > 0:
        for file in maker.next_files()[:left]:
            with open(os.path.join(folder, file.path), "xb", buffering=0) as out:
                out.write(file.text.encode())
            expected[file.outcome] += 1
    return expected


class Maker:
    """Makes one story after the other, each with the files it stands in."""

    def __init__(self, seed: int, mix: Mix, valid: bool = False):
        self.random = random.Random(seed)
        self.mix, self.valid = mix, valid
        self.prose = Prose(self.random)
        self.outlets = prose.outlets()
        self.weights = list(accumulate(1 / (rank + 3) for rank in range(len(self.outlets))))
        self.made = 0

    def next_files(self) -> list[File]:
        """The next story's files: one, or two where it stands twice."""
        kind, fate = self.random.random(), self.random.random()
        if fate < self.mix.twins:
            return self._twins()
        fate -= self.mix.twins
        if kind < self.mix.flashes:
            files = [self._flash(fate)]
        else:
            story = self._story()
            shape = self._roll if kind < self.mix.flashes + self.mix.rolls else self._own
            files = [shape(story)]
            if fate < self.mix.rewrites:
                files += self._rewritten(story, shape)
        if self.mix.rewrites <= fate < self.mix.rewrites + self.mix.repeats:
            files += self._repeated(files[0])
        return files

    # ---------------------------------------------------------------- stories
    def _story(self, paragraphs: int | None = None) -> Story:
        """A story of 4 to 14 paragraphs (or as many as asked for) with what an article may hold."""
        rand = self.random
        shares = markup.some_shares(rand)
        blocks = self.prose.blocks(paragraphs or rand.randint(4, 14), shares)
        return self._dated(self.prose.title(), blocks, shares)

    def _dated(self, title: str, blocks: list[str], shares: list[markup.Share]) -> Story:
        rand = self.random
        at = FIRST_DAY + timedelta(days=rand.randrange(DAYS), seconds=rand.randrange(6 * 3600, 86_400))
        number = f"{at:%Y%m%d}{FIRST_NUMBER + NUMBERS_APART * self.made}"
        self.made += 1
        outlet = rand.choices(self.outlets, cum_weights=self.weights)[0]
        folder = FOLDERS[rand.random() < 0.9]
        return Story(number, at, outlet, title, blocks, shares, folder)

    # ---------------------------------------------------------------- shapes
    def _flash(self, fate: float) -> File:
        """Plain text, one to three paragraphs, in the roll; some lack a title or a date and go to review."""
        rand = self.random
        story = self._dated(self.prose.title(), self.prose.flash(), [])
        broken = 1 - fate - self.mix.twins  # the far end of the same throw
        no_title = broken < self.mix.no_title
        no_date = not no_title and broken < self.mix.no_title + self.mix.no_date
        if no_title:
            story.title = ""
        body = "\n" + "\n".join(story.blocks) + "\n\n"
        zone = rand.choice(("", " +0800", " +0800"))
        text = (
            self._front(story, prose.ROLL, zone, no_date) + body + markup.tail(rand, story.number, prose.ROLL)
        )
        outcome = "review" if no_title or no_date else "created"
        name = f"-{story.number}.md" if no_date else f"{story.at:%Y-%m-%d}-{story.number}.md"
        return File(f"{story.folder}/{name}", self._line_ends(text), outcome)

    def _roll(self, story: Story, outcome: str = "created") -> File:
        """A digest, then the article as one line of HTML with the quote site's links and the credit."""
        rand = self.random
        digest = markup.words_of(story.blocks[0])[:200]
        quote = f"> {digest}（{story.outlet.name}）\n\n"
        body = markup.charts(rand, story.shares) + markup.linked("".join(story.blocks), story.shares)
        body += markup.credit(story.outlet.name)
        text = self._front(story, prose.ROLL, " +0800") + quote + body + "\n\n"
        text += markup.tail(rand, story.number, prose.ROLL)
        return self._file(story, story.number, text, outcome)

    def _own(self, story: Story, outcome: str = "created") -> File:
        """An outlet's post: HTML straight after the front matter."""
        rand = self.random
        body = markup.charts(rand, story.shares) if rand.random() < 0.25 else ""
        if rand.random() < 0.15:
            body = markup.filler(rand) + body
        body += "\n ".join(story.blocks) + markup.credit(story.outlet.name)
        text = self._front(story, story.outlet, " +0800") + body + "\n\n"
        text += markup.tail(rand, f"NW{story.number}", story.outlet)
        return self._file(story, f"NW{story.number}", text, outcome)

    def _front(self, story: Story, outlet: Outlet, zone: str, no_date: bool = False) -> str:
        title, date = story.title, f"{story.at:%Y-%m-%d %H:%M:%S}{zone}"
        if self.valid:
            title = title.replace('"', '\\"')
        elif no_date:
            date = " +0800"
        gap = "\n" if self.random.random() < 0.01 else ""
        return (
            f'{gap}---\nlayout: post\ntitle: "{title}"\ndate: {date}\n'
            f"categories: {outlet.pinyin}\ntags: {outlet.tag}\n---\n"
        )

    def _file(self, story: Story, slug: str, text: str, outcome: str) -> File:
        return File(f"{story.folder}/{story.at:%Y-%m-%d}-{slug}.md", self._line_ends(text), outcome)

    def _line_ends(self, text: str) -> str:
        """Some files have CRLF, some end without a newline."""
        kind = self.random.random()
        if kind < 0.02:
            return text.replace("\n", "\r\n")
        return text.rstrip("\n") if kind < 0.5 else text

    # ---------------------------------------------------------------- what stands twice
    def _twins(self) -> list[File]:
        story = self._story()
        return [self._roll(story), self._own(story, "duplicate")]

    def _repeated(self, file: File) -> list[File]:
        """The same file in the other folder, half of them with a line before the front matter or no zone."""
        text = file.text
        kind = self.random.random()
        if kind < 0.25:
            text = text.replace(" +0800\n", "\n", 1)
        elif kind < 0.5:
            text = "\n" + text
        return [File(_other_folder(file.path), text, "unchanged")]

    def _rewritten(self, story: Story, shape) -> list[File]:
        """The same id in the other folder with another last paragraph: the later one in name order wins."""
        story.blocks = [*story.blocks[:-1], *self.prose.blocks(2, [])]
        story.folder = _other_folder(f"{story.folder}/").rstrip("/")
        return [shape(story, "updated")]


def _other_folder(path: str) -> str:
    here, there = FOLDERS if path.startswith(FOLDERS[0]) else FOLDERS[::-1]
    return there + path.removeprefix(here)


def main() -> None:
    parser = argparse.ArgumentParser(description="Write made-up Jekyll posts into a folder.")
    parser.add_argument("folder")
    parser.add_argument("--posts", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--valid", action="store_true", help="front matter that keeps the rules of YAML")
    asked = parser.parse_args()
    began = time.perf_counter()
    expected = write_posts(asked.folder, asked.posts, asked.seed, valid=asked.valid)
    seconds = time.perf_counter() - began
    print(
        f"{asked.posts} posts in {seconds:.1f} s ({asked.posts / seconds:.0f}/s); expected: {dict(expected)}"
    )


if __name__ == "__main__":
    main()
