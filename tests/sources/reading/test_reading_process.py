"""The door to the processes that read for a server: what comes through, what does not, and how they end."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing import active_children
from pathlib import Path
from threading import Thread

import pytest

from sources.formats.raw_article import Unreadable
from sources.formats.table.table_header import read_header
from sources.models import FeedSubscription
from sources.reading.limits import MIB, Died, Limits, OutOfMemory, TooSlow
from sources.reading.reading_process import Answer, Call, all_apart, apart
from tests.support import unruly as faults

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PATIENCE = 60  # seconds after which a process that should have ended will not


def test_what_a_function_gives_and_raises_comes_back(unruly):
    assert apart(sorted, [3, 1, 2]) == [1, 2, 3]
    assert apart(os.getpid) != os.getpid()
    with pytest.raises(Unreadable, match="不是表格"):
        apart(read_header, b"", "a.txt")


def test_what_cannot_be_sent_is_told_in_words(unruly):
    with pytest.raises(RuntimeError, match="OddError: odd 1"):
        apart(faults.raise_oddly)
    with pytest.raises(AttributeError, match="give_oddly"):
        apart(faults.give_oddly)


def test_what_the_other_process_cannot_know_is_an_error_and_no_death(unruly):
    """It has no models: it is never given the database."""
    with pytest.raises(Exception, match="Apps aren't loaded"):
        apart(str, FeedSubscription.Format.FEED)
    assert apart(len, "字") == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [(faults.spin, TooSlow), (faults.sleep, TooSlow), (faults.eat, OutOfMemory), (faults.abort, Died)],
    ids=lambda one: one.__name__,
)
def test_what_breaks_its_limits_says_how_and_the_next_call_is_answered(unruly, fault, error):
    with pytest.raises(error, match="请"):
        apart(fault)
    assert apart(len, "字") == 1


def test_while_one_call_hangs_others_are_answered(unruly, settings):
    settings.READ_SECONDS = 5
    raised = []

    def hang():
        try:
            apart(faults.spin)
        except TooSlow as error:
            raised.append(error)

    thread = Thread(target=hang)
    thread.start()
    assert [apart(len, "字" * length) for length in range(50)] == list(range(50))
    assert thread.is_alive() and not raised
    thread.join()
    assert raised


def test_while_patient_calls_hang_somebody_at_a_page_is_answered(unruly, settings):
    """Two of either way to ask: as many as there are readers for pages."""
    settings.READ_SECONDS = 1
    raised = []

    def wait():
        try:
            apart(faults.sleep, waits=True)
        except TooSlow as error:
            raised.append(error)

    def wait_for_all():
        raised.extend(answer.error for _, answer in all_apart([Call(faults.sleep, ())] * 2))

    assert apart(len, "字") == 1
    threads = [Thread(target=target) for target in (wait, wait, wait_for_all)]
    for thread in threads:
        thread.start()
    assert [apart(len, "字" * length) for length in range(50)] == list(range(50))
    assert all(thread.is_alive() for thread in threads) and not raised
    for thread in threads:
        thread.join()
    assert [type(error) for error in raised] == [TooSlow] * 4


def test_both_kinds_of_readers_follow_the_settings(unruly, settings):
    before = [apart(os.getpid, waits=waits) for waits in (True, False)]
    assert before[0] != before[1]
    settings.READ_SECONDS = 3
    for waits in (True, False):
        assert apart(os.getpid, waits=waits) not in before
    _until_gone(before)


def test_closing_ends_both_kinds_of_readers_and_what_is_asked_next_begins_others(unruly):
    before = set(active_children())
    pids = [apart(os.getpid, waits=waits) for waits in (True, False)]
    unruly.close()
    _until_gone(pids)
    assert set(active_children()) <= before
    assert [apart(len, "字", waits=waits) for waits in (True, False)] == [1, 1]


def test_a_kind_of_readers_is_started_when_it_is_first_needed(unruly):
    unruly.close()
    before = set(active_children())
    assert apart(len, "字", waits=True) == 1
    one_kind = set(active_children()) - before
    assert apart(len, "字", waits=True) == 1
    assert set(active_children()) - before == one_kind
    assert apart(len, "字") == 1
    assert set(active_children()) - before > one_kind


def test_answers_keep_the_order_of_the_calls(unruly):
    calls = [Call(len, ("字" * number,)) for number in range(40)]
    calls[7], calls[20] = Answer("at hand"), Call(faults.leave, ())
    answers = [answer for _, answer in all_apart(calls)]
    assert isinstance(answers.pop(20).error, Died)
    assert [answer.result() for answer in answers] == [
        "at hand" if number == 7 else number for number in range(40) if number != 20
    ]


def test_a_process_that_is_killed_while_it_is_idle_is_replaced(unruly):
    pid = apart(os.getpid)
    os.kill(pid, signal.SIGKILL)
    _until_gone([pid])
    assert apart(os.getpid) != pid


def test_large_files_have_more_of_both():
    small, table = Limits(20, 512 * MIB).of("a.md", 0), Limits(20, 512 * MIB).of("a.jsonl", 20 * MIB)
    assert (small.seconds, small.memory) == (20, 512 * MIB)
    assert (table.seconds, table.memory) == (100, 1536 * MIB)
    workbook, largest = Limits().of("a.xlsx", MIB), Limits().of("b.xlsx", 20 * MIB)
    assert table.seconds == workbook.seconds < largest.seconds == 420


# ------------------------------------------------------------------ how they end
DOOR = """
from threading import Thread
from sources.reading.reading_process import apart
from tests.support import unruly
Thread(target=apart, args=(unruly.{fault},), daemon=True).start()
print(apart(os.getpid), apart(os.getppid), flush=True)
"""
FORKS = """
from sources.files.inputs import Found
from sources.reading.pool import BATCH, How, read_all
from tests.support.unruly_posts import post
import tests.support.unruly, multiprocessing
def say():
    print(*(one.pid for one in multiprocessing.active_children()), flush=True)
bad = [Found(f"{{n}}.md", "", data=post("坏", "{fault}").encode()) for n in range(BATCH + 1)]
list(read_all(iter(bad), How(), 2, say))
"""
HEAD = "import os, time, django\ndjango.setup()\n"


@pytest.mark.parametrize("fault", ["spin", "sleep"])
@pytest.mark.parametrize("script", [DOOR, FORKS], ids=["door", "forks"])
def test_all_end_when_their_parent_is_killed(tmp_path, script, fault):
    """Also one that is in the middle of what it cannot end."""
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "newsportal.settings", "NEWSPORTAL_HOME": str(tmp_path)}
    env["NEWSPORTAL_READ_SECONDS"] = "2"
    command = [sys.executable, "-c", HEAD + script.format(fault=fault) + "\ntime.sleep(60)"]
    parent = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    try:
        pids = [int(word) for word in parent.stdout.readline().split()]
        more = [pid for one in (parent.pid, *pids) for pid in _children(one)]
    finally:
        parent.kill()
        parent.communicate()
    assert pids
    _until_gone([*pids, *more])


def _children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(word) for word in listed.stdout.split()]


def _until_gone(pids: list[int]) -> None:
    until = time.monotonic() + PATIENCE
    while left := [pid for pid in pids if _is_there(pid)]:
        assert time.monotonic() < until, f"still there: {left}"
        time.sleep(0.05)


def _is_there(pid: int) -> bool:
    """A process that has ended and that nobody has asked for is gone, too."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
