"""No text takes more time than its length: twice the text, about twice the time, whatever stands in it."""

from math import inf

import pytest

from bench.drills.doors import TEXT
from tests.support.growth import SMALLEST, assert_linear, growth

pytestmark = pytest.mark.growth


@pytest.mark.parametrize("name", TEXT)
def test_no_text_takes_more_than_its_length(name):
    assert_linear(*TEXT[name])


def test_what_is_not_linear_is_noticed():
    assert growth(lambda text: [text.startswith("甲") for _ in text], "甲".__mul__) <= 2.5
    assert growth(lambda text: [text.replace("甲", "乙") for _ in text], "甲".__mul__, 8 * SMALLEST) > 2.5


def test_what_never_ends_is_given_up(monkeypatch):
    monkeypatch.setattr("tests.support.growth.GIVEN_UP", 0.2)

    def for_ever(text):
        while True:
            pass

    assert growth(for_ever, lambda n: "甲" * n) == inf
