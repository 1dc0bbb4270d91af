"""The index of search when its writers are killed, and when it is deleted: it answers or says what to run, and then
holds every published article."""

import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.drills.ground import ROOT, Check, Ground, ask, manage, start
from bench.finding.standing import ASKED
from bench.homes import fresh_home
from bench.killing import kill
from bench.posts import write_posts

KILLS = 12
FIRST, LAST = (
    0.5,
    9.0,
)  # seconds after which an import is killed: before it has written, and when it is all but done


def drill(ground: Ground) -> Iterator[Check]:
    """Imports are killed while somebody searches all the time; then the index is deleted; then an import ends."""
    chance, posts = random.Random(ground.seed), ground.folder / "posts"
    write_posts(str(posts), ground.posts, ground.seed)
    with fresh_home(ground.database) as env:
        reader = _reader(env)
        killed = [_killed(env, posts, chance.uniform(FIRST, LAST)) for _ in range(KILLS)]
        yield Check(
            f"after each of {KILLS} kills it answers or says what to run", _told(killed), _sound(killed)
        )
        yield _whole("after the kills, caught up", ask(env, "bench.finding.standing", "--catch-up"))
        shutil.rmtree(Path(env["NEWSPORTAL_HOME"]) / "search")
        gone = ask(env, "bench.finding.standing")
        yield Check("deleted: says what to run", gone["says"], "rebuild_search" in gone["says"])
        yield _whole("deleted, caught up", ask(env, "bench.finding.standing", "--catch-up"))
        ended = manage(env, "import_articles", str(posts))
        yield Check("the import ends well", ended.errors[-200:] or "so", ended.code == 0)
        standing = ask(env, "bench.finding.standing")
        yield _whole("as the import left it", standing)
        said = _end(reader)
        yield Check("who searched meanwhile never failed", said, said.startswith(ASKED))


def _killed(env: Mapping[str, str], posts: Path, after: float) -> dict:
    """How search stands once an import was killed after so many seconds, or had ended before."""
    process = start(env, "import_articles", str(posts))
    try:
        process.communicate(timeout=after)
    except subprocess.TimeoutExpired:
        kill(process)
    except BaseException:
        kill(process)
        raise
    return ask(env, "bench.finding.standing")


def _sound(standings: list[dict]) -> bool:
    return all(
        "rebuild_search" in one["says"] or not (one["says"] or one["more"] or one["wrong"])
        for one in standings
    )


def _told(standings: list[dict]) -> str:
    """At each kill how many of the published articles were in the index, or that there was none."""
    return ", ".join("none" if one["says"] else f"{one['found']}/{one['published']}" for one in standings)


def _whole(when: str, one: dict) -> Check:
    trouble = one["says"] or "; ".join(one["wrong"]) or "nothing wrong"
    seen = f"{one['found']:,} of {one['published']:,}, {one['more']} others, {trouble}"
    whole = one["found"] == one["published"] > 0 and not (one["more"] or one["says"] or one["wrong"])
    return Check(f"{when}: every published article is found", seen, whole)


def _reader(env: Mapping[str, str]) -> subprocess.Popen:
    """Somebody who searches until told to end."""
    command = [sys.executable, "-W", "ignore", "-m", "bench.finding.standing", "--search-on"]
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, env=env, cwd=ROOT, stdin=subprocess.PIPE, **said)


def _end(reader: subprocess.Popen) -> str:
    """The last line that it says."""
    return (reader.communicate("\n", timeout=60)[0].strip().splitlines() or ["nothing"])[-1]
