"""Segment: texts and questions are folded and cut alike, and no piece of a text folds otherwise than within it."""

import random

from articles.search.index.tokens import (
    cut,
    cut_all,
    fold_all,
    paired,
    paired_all,
    pairs,
    squeezed_all,
    words,
)
from sources.text.folding import fold, fold_evenly, squeezed

RANGES = [(0x20, 0x3000), (0x3000, 0xA000), (0xF900, 0x10000), (0x10000, 0x20000), (0x4E00, 0x9FFF)]


def some_text(rand: random.Random) -> str:
    return "".join(chr(rand.randrange(*rand.choice(RANGES))) for _ in range(rand.randint(0, 12)))


def test_width_case_and_traditional_characters_are_no_difference():
    assert fold("ＡＢＣ１２３，國際商報") == "abc123,国际商报"
    assert fold("Straße ㎡ ……") == "strasse m2 ......"
    assert fold("工商銀行") == fold("工商银行")
    assert fold("发展") != fold("发布")


def test_a_piece_of_a_text_folds_to_a_piece_of_the_folded_text():
    rand = random.Random(7)
    for _ in range(3000):
        text = some_text(rand)
        cut = rand.randint(0, len(text))
        assert fold(text) == fold(text[:cut]) + fold(text[cut:]), ascii(text)
        assert fold(fold(text)) == fold(text), ascii(text)


def test_folding_evenly_keeps_every_place():
    rand = random.Random(8)
    for text in [*(some_text(rand) for _ in range(1000)), "第一……國㎡ﬁ"]:
        assert len(fold_evenly(text)) == len(text), ascii(text)
    assert fold_evenly("國……ＡＢ") == "国……ab"


def test_words_are_words_without_signs_and_spaces():
    assert words(fold("工商銀行2024年降準，Federal Reserve")) == [
        *("工商银行", "2024", "年", "降准", "federal", "reserve")
    ]
    assert words("，。 \n") == []
    assert words("a" * 100) == [], "an endless word is no word"


def test_pairs_are_every_two_neighbours_whatever_space_parts_them():
    assert pairs("银行 降准") == ["银行", "行降", "降准"]
    assert pairs("降\n准") == ["降准"]
    assert pairs("降") == ["降"]
    assert pairs(" ") == []
    rand = random.Random(9)
    for _ in range(1000):
        folded = fold(some_text(rand))
        assert paired(folded).split() == pairs(folded)
        assert (
            squeezed(folded) == "".join(pair[0] for pair in pairs(folded)) + (pairs(folded) or [""])[-1][1:]
        )


def test_many_texts_at_once_become_what_each_becomes_by_itself():
    rand = random.Random(10)
    texts = [some_text(rand) for _ in range(500)] + ["", " ", "降", "工商銀行2024年降準", "国…… ㎡"]
    for some in ([], texts[:1], texts, [*texts, "一个\x01怪字符"]):
        folded = fold_all(some)
        assert folded == [fold(text) for text in some]
        close = squeezed_all(folded)
        assert close == [squeezed(text) for text in folded]
        assert paired_all(close) == [paired(text) for text in folded]
        assert [text.split() for text in cut_all(folded)] == [cut(text).split() for text in folded]
