"""The README names what there is."""

import re
from pathlib import Path

import pytest

from sources.formats import FORMATS

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
