"""Two versions side by side: nothing is lost between them, however repetitive they are."""

from random import Random

import pytest

from articles.revisions.diff import ADDED, REMOVED, SAME, compare_texts

BEFORE = "\n".join(f"第{n}段，服务贸易稳步增长。" for n in range(5))


def side(old, new, *kinds):
    """One of the two texts put together again from what is shown; every paragraph must be shown."""
    shown = compare_texts(old, new)
    return "".join(piece.words for pieces in shown for piece in pieces if piece.kind in kinds)


@pytest.mark.parametrize("alphabet", ["甲", "甲乙", "甲乙丙丁戊", "ab ", "1"])
@pytest.mark.parametrize("size", [1, 30, 190, 1490])
def test_what_is_shown_is_both_texts_whole(alphabet, size):
    chosen = Random(size)
    old, new = (
        "\n".join("".join(chosen.choices(alphabet, k=size)) + sign for _ in range(60)) for sign in "，。"
    )
    assert side(old, new, SAME, REMOVED) == old.replace("\n", "")
    assert side(old, new, SAME, ADDED) == new.replace("\n", "")


def test_alternating_paragraphs_keep_what_stands_once_on_either_side():
    """Where comparing in full would take too long, a paragraph that there is once still finds itself."""
    old = "\n".join(["甲", "乙"] * 70 + [BEFORE] + ["甲", "乙"] * 70)
    new = "\n".join(["乙", "甲"] * 69 + ["丙", BEFORE] + ["乙", "甲"] * 70)
    marked = [pieces for pieces in compare_texts(old, new) for piece in pieces if "第3段" in piece.words]
    assert all(piece.kind == SAME for pieces in marked for piece in pieces)


def test_a_reworded_paragraph_shows_its_words():
    shown = compare_texts(BEFORE, BEFORE.replace("第3段，服务", "第3段，数字服务"))
    assert [piece for pieces in shown for piece in pieces if piece.kind in (ADDED, REMOVED)] == [
        type(shown[0][0])(ADDED, "数字")
    ]
