"""Every test of search has an index of its own, and a database in which others see what is committed."""

import pytest


@pytest.fixture(autouse=True)
def index_home(settings, tmp_path):
    settings.SEARCH_HOME = tmp_path / "search"
    return settings.SEARCH_HOME
