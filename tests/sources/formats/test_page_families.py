"""Saved pages of twenty families of sites: what a reader sees is found, or waits for an editor, on every one."""

from collections import Counter

import pytest

from sources.formats.page import saved_page
from sources.problem import Code
from sources.text.dates import SHANGHAI
from tests.support.made_pages import COMMENT, NOTICE, TEASER, made_pages

PAGES = {page.name: page for page in made_pages()}
DOUBTS = {
    "title": {Code.DOUBTFUL_TITLE, Code.NO_TITLE},
    "day": {Code.DOUBTFUL_DATE, Code.NO_DATE},
    "outlet": {Code.DOUBTFUL_OUTLET, Code.NO_OUTLET},
}


def read(page):
    (found,) = saved_page.read(page.data, "saved.html")
    return found


def letters(text):
    return Counter("".join(text.split()))


def test_there_are_sixty_pages_of_twenty_families():
    assert len(PAGES) == 60 and len({name.split("/")[0] for name in PAGES}) == 20


@pytest.mark.parametrize("name", PAGES)
def test_headline_day_and_body_are_those_that_a_reader_sees(name):
    page = PAGES[name]
    found = read(page)
    assert found.title == page.title
    assert found.published_at.astimezone(SHANGHAI).date().isoformat() == page.day
    have, right = letters(found.plain.text), letters(page.body)
    assert 2 * (have & right).total() >= 0.95 * (have.total() + right.total())
    for foreign in (TEASER[:12], COMMENT[:12], NOTICE[:12]):
        assert foreign not in found.plain.text


@pytest.mark.parametrize("name", PAGES)
def test_an_outlet_is_right_or_waits_for_an_editor(name):
    page, found = PAGES[name], read(PAGES[name])
    codes = {problem.code for problem in found.problems}
    assert found.outlet == page.outlet or codes & DOUBTS["outlet"]


def test_nine_outlets_of_ten_are_found():
    right = sum(read(page).outlet == page.outlet for page in PAGES.values())
    assert right >= 0.9 * len(PAGES)


@pytest.mark.parametrize("name", [name for name, page in PAGES.items() if page.original_title])
def test_the_original_title_goes_to_its_field(name):
    found = read(PAGES[name])
    assert found.original_title == PAGES[name].original_title
    assert "原标题" not in found.plain.text


@pytest.mark.parametrize("name", PAGES)
def test_no_address_number_or_label_is_part_of_a_name(name):
    found = read(PAGES[name])
    for value in (found.outlet, found.byline):
        assert not any(sign in value for sign in ("@", "作者", "来源", "來源", ".com", "104363", "频道"))
