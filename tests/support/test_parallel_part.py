"""The suite's two databases run at once; what the one says is printed when its turn has come."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
SCRIPT = """
import os, sys, time
from tests.support.parallel_part import beside

def other(word):
    print("said aside", flush=True)
    os.system("echo said by a child of it")
    if word == "die":
        os._exit(9)
    return word

with beside(other, sys.argv[1], "lost") as made:
    time.sleep(0.5)
    print("said first", flush=True)
    print("made:", made())
"""


def run(word: str) -> list[str]:
    command = [sys.executable, "-c", SCRIPT, word]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()


def test_what_is_said_aside_comes_when_its_turn_has_come():
    assert run("well") == ["said first", "said aside", "said by a child of it", "made: well"]


def test_one_that_dies_has_made_what_stands_for_a_loss():
    assert run("die")[-1] == "made: lost"
