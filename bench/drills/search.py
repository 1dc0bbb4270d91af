"""The index of search when its writers are killed, and when it is deleted: it answers or says what to run, and then
holds every published article."""

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.drills.ground import ROOT, Check, Ground, ask, manage, start
from bench.generate.posts import write_posts
from bench.harness.homes import fresh_home
from bench.harness.index_state import ASKED
from bench.harness.killing import kill

KILLS = 12


def drill(ground: Ground) -> Iterator[Check]:
    """Imports are killed one after the other, each of other posts, while somebody searches and withdraws articles all
    the time; the index is deleted; at last every import is run to its end."""
    chance = random.Random(ground.seed)
    trees = [_tree(ground, number) for number in range(KILLS + 1)]
    with fresh_home(ground.database) as env:
        usual = _imported(env, trees[0])
        reader = _reader(env)
        killed = [_killed(env, tree, chance.uniform(0.2, 1.2) * usual) for tree in trees[1:]]
        yield Check(
            f"after each of {KILLS} kills it answers or says what to run", _told(killed), _sound(killed)
        )
        yield _whole("after the kills, caught up", ask(env, "bench.harness.index_state", "--catch-up"))
        shutil.rmtree(Path(env["NEWSPORTAL_HOME"]) / "search")
        gone = ask(env, "bench.harness.index_state")
        # Who searches may have had it made anew by now: what an edit changes is followed at once.
        yield Check("deleted: says what to run", gone["says"] or "made anew", _sound([gone]))
        yield _whole("deleted, caught up", ask(env, "bench.harness.index_state", "--catch-up"))
        for tree in trees:
            _imported(env, tree)
        said = _end(reader)
        yield _whole("after imports to the end", ask(env, "bench.harness.index_state", "--catch-up"))
        yield Check("who searched and withdrew meanwhile never failed", said, said.startswith(ASKED))


def _tree(ground: Ground, number: int) -> Path:
    folder = ground.folder / f"tree{number}"
    write_posts(str(folder), max(200, ground.posts // KILLS), ground.seed * 1000 + number)
    return folder


def _imported(env: Mapping[str, str], tree: Path) -> float:
    """Seconds of an import that nobody kills; RuntimeError if it does not end well."""
    began = time.monotonic()
    ended = manage(env, "import_articles", str(tree))
    if ended.code:
        raise RuntimeError(f"an import ended with {ended.code}: {ended.errors[-1000:]}")
    return time.monotonic() - began


def _killed(env: Mapping[str, str], tree: Path, after: float) -> dict:
    """How search stands once an import was killed after so many seconds, or had ended before."""
    process = start(env, "import_articles", str(tree))
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        kill(process)
    except BaseException:
        kill(process)
        raise
    return ask(env, "bench.harness.index_state")


def _sound(standings: list[dict]) -> bool:
    """It may be behind: what was withdrawn since is not shown, since results are checked against the database."""
    return all("rebuild_search" in one["says"] or not (one["says"] or one["wrong"]) for one in standings)


def _told(standings: list[dict]) -> str:
    """At each kill how many of the published articles were in the index, or that there was none."""
    known = ("none" if one["says"] else f"{one['found']}/{one['published']}" for one in standings)
    wrong = "; ".join(title for one in standings for title in one["wrong"])
    return f"{wrong and f'not found: {wrong}; '}{', '.join(known)}"


def _whole(when: str, one: dict) -> Check:
    trouble = one["says"] or "; ".join(one["wrong"]) or "nothing wrong"
    seen = f"{one['found']:,} of {one['published']:,}, {one['more']} others, {trouble}"
    whole = one["found"] == one["published"] > 0 and not (one["more"] or one["says"] or one["wrong"])
    return Check(f"{when}: every published article is found", seen, whole)


def _reader(env: Mapping[str, str]) -> subprocess.Popen:
    """Somebody who searches, and now and then withdraws an article, until told to end."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.harness.index_state", "--search-on"]
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.PIPE, **said)


def _end(reader: subprocess.Popen) -> str:
    """The last line that it says."""
    return (reader.communicate("\n", timeout=60)[0].strip().splitlines() or ["nothing"])[-1]
