"""The README names what there is."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from sources.formats import FORMATS
from tests.support import readme_commands

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
SETTINGS = set(
    re.findall(r"\"(NEWSPORTAL_[A-Z_]+|DATABASE_URL)\"", (ROOT / "newsportal" / "settings.py").read_text())
)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_in_the_readme(name):
    assert f"`{name}`" in README


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_is_in_the_readme(name):
    assert f"`{name}`" in README


def test_settings_were_found_at_all():
    assert len(SETTINGS) >= 7


def test_the_commands_of_the_chapter_on_importing_print_what_it_says(tmp_path):
    told = readme_commands.shown(readme_commands.chapter(README, readme_commands.CHAPTERS["README.md"]))
    assert len(told) >= 14
    printed = readme_commands.printed([command for command, _ in told], tmp_path)
    for (command, said), output in zip(told, printed, strict=True):
        assert readme_commands.settled(output) == readme_commands.settled(said), command


def test_the_chinese_readme_shows_the_same_commands_and_outputs():
    chapters = [
        readme_commands.chapter((ROOT / page).read_text(), head)
        for page, head in readme_commands.CHAPTERS.items()
    ]
    told = [
        [(command, readme_commands.settled(said)) for command, said in readme_commands.shown(one)]
        for one in chapters
    ]
    assert told[0] == told[1]


def test_the_drills_can_be_asked_for_from_a_bare_shell():
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "NEWSPORTAL_"))
    }
    asked = subprocess.run(
        [sys.executable, "-m", "bench.drills", "--help"], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "growth" in asked.stdout
