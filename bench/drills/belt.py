"""Ten inputs that hang, eat memory or crash among two thousand posts: they are rejected by name, all others are in."""

import json
from collections.abc import Iterator
from pathlib import Path

from bench.drills.ground import ROOT, Check, Ground, once, whole
from bench.generate.posts import write_posts
from bench.harness.homes import fresh_home, manage
from bench.harness.running import measure
from tests.support.unruly import FAULTS
from tests.support.unruly_posts import post

POSTS = 2000
SECONDS, MEMORY = 5, 256  # of the limits, so that the drill is over soon
BAD = [*FAULTS, "spin", "abort"]
# One after the other each takes its time on the clock, those stuck in C three times that, and again when it is alone.
MOST_SECONDS = 60 + len(BAD) * 5 * SECONDS
MOST_MEMORY = 900  # MiB


def drill(ground: Ground) -> Iterator[Check]:
    """The faults are those of a reader that this drill brings along."""
    tree, report = ground.folder / "tree", ground.folder / "report.jsonl"
    expected = write_posts(str(tree), min(ground.posts, POSTS), ground.seed)
    names = _spoil(tree)
    with fresh_home(ground.database) as env:
        env |= {"DJANGO_SETTINGS_MODULE": "bench.drills.unruly_settings"}
        env |= {"NEWSPORTAL_READ_SECONDS": str(SECONDS), "NEWSPORTAL_READ_MEMORY": str(MEMORY)}
        ran = measure(manage("import_articles", str(tree), "--json", "--report", str(report)), env, ROOT)
        yield Check("exit 1, no traceback", str(ran.code), ran.code == 1 and "Traceback" not in ran.stderr)
        yield once("time", ran.seconds, MOST_SECONDS, " s")
        yield once("memory", max(ran.memory or 0, ran.child_memory or 0), MOST_MEMORY, " MiB")
        said, lines = json.loads(ran.stdout.splitlines()[-1]), report.read_text().splitlines()
        rejected = {
            line["file"]: line["why"] for line in map(json.loads, lines) if line["outcome"] == "rejected"
        }
        words = "; ".join(f"{name.rpartition('/')[2]}: {why[:14]}" for name, why in rejected.items())
        yield Check("these ten are rejected, by name", words, rejected.keys() == names)
        yield Check("each says why", words, all("没有读完" in why for why in rejected.values()))
        others = {word: said[word] for word in expected}
        yield Check("all others are in, as ever", str(others), others == dict(expected))
        yield Check("one line for each input", str(len(lines)), len(lines) == said["read"] + said["skipped"])
        yield whole(env)


def _spoil(tree: Path) -> set[str]:
    """Spread the bad ones over the batches; gives their names."""
    folder = tree / "_posts"
    good = sorted(path.name for path in folder.iterdir())
    for number, fault in enumerate(BAD):
        beside = good[number * len(good) // len(BAD)]
        (folder / f"{beside[:10]}-bad-{number}-{fault}.md").write_text(post(f"坏{number}", fault))
    return {f"_posts/{path.name}" for path in folder.glob("*-bad-*.md")}
