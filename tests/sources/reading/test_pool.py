"""Reading outside the process: what cannot be read within its limits is told by itself, and all others are read."""

import os
import random
import signal
import time
from hashlib import sha256
from multiprocessing import active_children

import pytest

from sources.files.inputs import Found
from sources.files.raw_bytes import unpack
from sources.reading import reading_process
from sources.reading.pool import BATCH, IN_A_SERVER, How, read_all
from tests.support.unruly_posts import SLOW, post

FORKED = 2
WAYS = pytest.mark.parametrize("workers", [IN_A_SERVER, FORKED], ids=["in a server", "forked"])


def read(texts: list[str], workers: int, **how):
    inputs = [Found(f"2022-03-01-{n:05}.md", "", data=text.encode()) for n, text in enumerate(texts)]
    return [read for part in read_all(iter(inputs), How(**how), workers) for read in part.reads]


def titles(reads) -> list[str]:
    return [read.found[0].title if read.found else read.rejected.text[:7] for read in reads]


@WAYS
@pytest.mark.parametrize("fault", ["spin", "backtrack", "swallow", "sleep", "eat", "gulp", "abort", "leave"])
def test_one_unruly_input_is_rejected_and_its_neighbours_are_read(unruly, workers, fault):
    bad = post("坏", fault)
    first, culprit, last = read([post("前"), bad, post("后")], workers)
    assert titles([first, last]) == ["前", "后"]
    assert unpack(culprit.raw) == bad.encode() and culprit.sha256 == sha256(bad.encode()).hexdigest()
    assert culprit.found == [] and culprit.rejected
    why = "秒" if fault in SLOW else "内存" if fault in ("eat", "gulp") else "崩溃"
    assert why in culprit.rejected.text


@WAYS
def test_order_is_kept_and_nothing_is_lost_or_doubled(unruly, workers):
    """Several batches, and in each something that takes its reader along."""
    faults = {
        3: "abort",
        BATCH + 5: "eat",
        2 * BATCH: "leave",
        2 * BATCH + 1: "abort",
        3 * BATCH - 1: "abort",
    }
    count = 3 * BATCH + 7
    reads = read([post(str(n), faults.get(n, "")) for n in range(count)], workers)
    assert [read.name for read in reads] == [f"2022-03-01-{n:05}.md" for n in range(count)]
    assert {n for n, read in enumerate(reads) if read.rejected} == set(faults)
    assert all(read.found[0].title == str(n) for n, read in enumerate(reads) if n not in faults)


@WAYS
def test_what_needs_no_reading_keeps_its_place(unruly, workers):
    inputs = [
        Found("a.md", "", "符号链接，不跟随"),
        Found("b.md", "", data=post("乙").encode()),
        Found("c.md", "/nowhere/c.md"),
    ]
    reads = [read for part in read_all(iter(inputs), How(), workers) for read in part.reads]
    assert [(read.name, bool(read.rejected)) for read in reads] == [
        ("a.md", True),
        ("b.md", False),
        ("c.md", True),
    ]


def test_a_stop_ends_readers_that_are_stuck(unruly):
    def stop():
        """As if Ctrl-C came while the first batch is waited for."""
        raise KeyboardInterrupt

    before = set(active_children())
    inputs = [Found(f"{n}.md", "", data=post(str(n), "sleep").encode()) for n in range(BATCH + 1)]
    with pytest.raises(KeyboardInterrupt):
        next(read_all(iter(inputs), How(), FORKED, stop))
    assert set(active_children()) <= before


def long_posts() -> list[Found]:
    """Three batches of which each fills a pipe several times, so that giving one back takes a reader a while."""
    chance = random.Random(7)
    texts = (post(f"第 {n} 篇") + f"<p>{chance.randbytes(15_000).hex()}</p>" for n in range(3 * BATCH))
    return [Found(f"2022-03-01-{n:05}.md", "", data=text.encode()) for n, text in enumerate(texts)]


@pytest.mark.parametrize("seconds", [0.1, 0.2, 0.5])
def test_a_stop_ends_readers_that_are_giving_back_what_they_read(seconds):
    def stop():
        time.sleep(seconds)
        raise KeyboardInterrupt

    before = set(active_children())
    with pytest.raises(KeyboardInterrupt):
        next(read_all(iter(long_posts()), How(), FORKED, stop))
    assert set(active_children()) <= before


def test_a_reader_killed_while_it_gives_back_what_it_read_loses_nothing():
    before = set(active_children())

    def kill_one():
        time.sleep(0.5)
        os.kill((set(active_children()) - before).pop().pid, signal.SIGKILL)

    parts = read_all(iter(long_posts()), How(), FORKED, kill_one)
    assert titles([read for part in parts for read in part.reads]) == [f"第 {n} 篇" for n in range(3 * BATCH)]
    reading_process.close()
    assert set(active_children()) <= before


@WAYS
def test_no_process_is_left_behind(unruly, workers):
    before = set(active_children())
    read([post("前"), post("坏", "abort")], workers)
    unruly.close()
    assert set(active_children()) <= before
