"""Which of many strings stand in a text: the same answer as asking for each, however many there are."""

from random import Random

import pytest

from sources.text.substrings import FEW, standing_in


@pytest.mark.parametrize("alphabet", ["甲", "甲乙", "甲乙丙丁戊己庚辛"])
def test_many_strings_are_found_as_each_by_itself_would_be(alphabet):
    chosen = Random(len(alphabet))
    text = "".join(chosen.choices(alphabet, k=9_000))
    places = [(at := chosen.randrange(len(text)), at + chosen.randrange(1, 40)) for _ in range(500)]
    asked = {text[start:end] for start, end in places}
    asked |= {"".join(chosen.choices(alphabet + "寅", k=chosen.randrange(1, 12))) for _ in range(500)}
    asked |= {text, text + "甲", "", *(alphabet[0] * n for n in range(1, 300))}
    long = text * (1 + FEW // (len(asked) * len(text)))
    assert len(asked) * len(long) > FEW
    assert standing_in(long, asked) == {one for one in asked if one in long}


def test_few_strings_are_found():
    assert standing_in("国际商报", ["国际", "商报", "际商", "报国", ""]) == {"国际", "商报", "际商", ""}
