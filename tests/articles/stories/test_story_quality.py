"""How well stories are found in real pieces, as the bench measures it, on a small part of the corpus."""

import pytest

from bench.generate.serials import TEMPLATES
from bench.generate.story_set import labelled, mirror_posts
from bench.speed.stories import judge


@pytest.fixture(scope="module")
def told(corpus):
    return labelled(corpus, 700, seed=5)


def test_stories_are_found_with_the_precision_and_recall_we_promise(told):
    result = judge(told)
    assert result["precision"] >= 0.97
    assert result["recall"] >= 0.93


def test_every_kind_of_edit_is_found(told):
    for kind, (found, count) in judge(told)["kinds"].items():
        assert found >= 0.85 * count, kind


def test_the_labelled_set_holds_what_is_hard(told):
    kinds = {one.kind for one in told}
    assert kinds >= {
        "cut lead",
        "other headline",
        "added paragraph",
        "machine links",
        "other credit",
        "serial",
    }
    assert kinds >= {"real twin", "other figures", "three at once", "column"}
    assert sum(one.kind == "serial" for one in told) >= 10 * len(TEMPLATES)


def test_the_real_twins_are_one_story_each(corpus):
    posts = mirror_posts(corpus)
    result = judge(posts)
    assert result["kinds"]["real twin"][1] >= 4
    assert (result["precision"], result["recall"]) == (1, 1)
