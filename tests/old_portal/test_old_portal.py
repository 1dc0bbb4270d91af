"""A portal made by the code before the rooms (make_portal.txt) opens under today's, with all its data and its index."""

import json
import subprocess
import sys
import tarfile
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.support.portals import manage

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
# What the code before the rooms said of it, on both databases alike.
FACTS = json.loads((HERE / "facts.json").read_text())
# Tables that migrations since have given rows, or that opening the portal writes to.
SINCE = {"articles_change", "articles_searchalias"}


@pytest.fixture(scope="module")
def facts(portals) -> dict:
    """What today's code says of the portal, once its migrations have run."""
    with portals.empty() as env, tarfile.open(HERE / f"{connection.vendor}.tar.xz") as archive:
        home = Path(env["NEWSPORTAL_HOME"])
        archive.extractall(home, filter="data")
        if connection.vendor == "postgresql":
            with psycopg.connect(env["DATABASE_URL"]) as restored:
                restored.execute((home / "portal.sql").read_text())
        manage(env, "migrate", "--verbosity=0")
        # As a server does by itself when it starts: the old portal's index is of an earlier version.
        manage(env, "rebuild_search")
        asked = env | {"PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "newsportal.settings"}
        command = [sys.executable, "-W", "ignore", str(HERE / "portal_facts.py")]
        said = subprocess.run(command, cwd=ROOT, env=asked, capture_output=True, text=True, check=True).stdout
        return json.loads(said)


def test_every_article_of_an_older_portal_is_there_word_for_word(facts):
    assert facts["articles"] == FACTS["articles"]


def test_every_version_and_who_made_it_is_there(facts):
    assert facts["revisions"] == FACTS["revisions"]


def test_what_became_of_every_input_is_there(facts):
    assert facts["items"] == FACTS["items"]


def test_no_table_has_lost_or_gained_a_row(facts):
    kept = {name: count for name, count in FACTS["rows"].items() if name not in SINCE}
    assert {name: count for name, count in facts["rows"].items() if name in kept} == kept


def test_every_address_answers_as_it_did(facts):
    assert facts["pages"] == FACTS["pages"]


def test_every_search_finds_what_it_found(facts):
    # But for 百分之二十一: then it found 百分之二十, which is another figure.
    assert facts["found"] == FACTS["found"]
    assert all(FACTS["found"][query] for query in ("出口", "雾港", '"新泊位"'))
