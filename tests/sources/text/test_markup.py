"""Markup as text: what nests deeper than a parser has time for."""

import pytest

from sources.text.markup import DEEPEST, depth, shallow, without_tags
from sources.text.sanitize import IMPLIED_END

FAR = 30_000


@pytest.mark.parametrize(
    "deep",
    [
        "<div>" * FAR + "甲" + "</div>" * FAR,
        "<div>" * FAR + "甲",
        "<DIV CLASS='a'>" * FAR + "甲" + "</Div>" * FAR,
        "".join(f"<a{number}>" for number in range(FAR)) + "甲",
        "<div><b>" * FAR + "甲",
        "<div title='</div>'>" * FAR + "甲",
    ],
    ids=["closed", "open", "spelt otherwise", "of many names", "of two names", "ends in values"],
)
def test_tags_too_deep_are_removed_and_their_words_stay(deep):
    made = shallow(deep, IMPLIED_END)
    assert depth(made, IMPLIED_END) <= DEEPEST
    assert without_tags(made) == "甲"


def test_what_stands_beside_the_depth_keeps_its_tags():
    made = shallow(f"<p>前</p>{'<div>' * FAR}中{'</div>' * FAR}<section><h2>后</h2></section>", IMPLIED_END)
    assert made.startswith("<p>前</p><div>") and made.endswith("</div><section><h2>后</h2></section>")


@pytest.mark.parametrize(
    "usual",
    [
        "<div>" * DEEPEST + "甲" + "</div>" * DEEPEST,
        "<p>甲" * FAR,
        "<div>甲</div>" * FAR,
        "<!-- " + "<div>" * FAR + " --><p>甲</p><script>a</script>",
        "甲",
    ],
    ids=["as deep as may be", "paragraphs", "one after the other", "in a comment", "words"],
)
def test_other_markup_is_left_as_it_is(usual):
    assert shallow(usual, IMPLIED_END) == usual
