"""The READMEs and the handbook name what there is, and what they show is what happens."""

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
HANDBOOK = [*sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "docs" / "zh").glob("*.md"))]
PAGES = [ROOT / "README.md", ROOT / "README.zh.md", *HANDBOOK]
LINK = re.compile(r"\]\((?!https?:)([^)#\s]+)(?:#[^)\s]*)?\)")
SETTINGS = set(
    re.findall(r"\"(NEWSPORTAL_[A-Z_]+|DATABASE_URL)\"", (ROOT / "newsportal" / "settings.py").read_text())
)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_in_the_readme(name):
    assert f"`{name}`" in README


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_is_in_the_handbook(name):
    assert f"`{name}`" in (ROOT / "docs" / "settings.md").read_text()


def test_settings_were_found_at_all():
    assert len(SETTINGS) >= 7


def test_the_commands_of_the_chapter_on_importing_print_what_it_says(tmp_path):
    told = told_by(readme_commands.CHAPTER)
    assert len(told) >= 14
    printed = readme_commands.printed([command for command, _ in told], tmp_path)
    for (command, said), output in zip(told, printed, strict=True):
        assert readme_commands.settled(output) == said, command


def test_the_chinese_chapter_shows_the_same_commands_and_outputs():
    assert told_by(readme_commands.TRANSLATION) == told_by(readme_commands.CHAPTER)


@pytest.mark.parametrize(("name", "heading"), readme_commands.READMES.items())
def test_a_readme_shows_the_first_of_them(name, heading):
    told = told_by(name, heading)
    assert len(told) >= 6
    assert told == told_by(readme_commands.CHAPTER)[: len(told)]


def told_by(name: str, heading: str = "") -> list[tuple[str, str]]:
    """The commands that a page, or one chapter of it, shows, each with its output less what varies."""
    text = (ROOT / name).read_text()
    part = readme_commands.chapter(text, heading) if heading else text
    return [(command, readme_commands.settled(said)) for command, said in readme_commands.shown(part)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_a_file(page):
    missing = [link for link in LINK.findall(page.read_text()) if not (page.parent / link).exists()]
    assert missing == []


def test_every_page_of_the_handbook_is_linked_from_a_readme():
    linked = {link for page in PAGES[:2] for link in LINK.findall(page.read_text())}
    assert {str(page.relative_to(ROOT)) for page in HANDBOOK} <= linked


def test_the_drills_can_be_asked_for_from_a_bare_shell():
    env = {
        name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "NEWSPORTAL_"))
    }
    asked = subprocess.run(
        [sys.executable, "-m", "bench.drills", "--help"], cwd=ROOT, env=env, capture_output=True, text=True
    )
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "growth" in asked.stdout
