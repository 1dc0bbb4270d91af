"""Three-way merge of bodies: what one side changed is taken, what both changed is shown, nothing is lost."""

import random
import re

import pytest

from sources.text.merge.align import key
from sources.text.merge.elements import blocks, html_sentences
from sources.text.merge.three_way import Choice, Kind, merge_bodies
from sources.text.sanitize import sanitize_html

LEAD = "<p>沧澜银行今日发布季报。净利润增长百分之三。董事会已审议通过。</p>"
MIDDLE = "<p>分析人士认为，利率下行压力仍在。</p>"
END = "<p>（完）</p>"
BASE = f"{LEAD}\n{MIDDLE}\n{END}"
ALPHABET = "银行利率债券市场增长下降公告季报董事会审议通过分析人士认为压力仍在沧澜渝州"


def kinds(merged) -> list[str]:
    return [hunk.kind for passage in merged.passages for hunk in passage if hunk.kind is not Kind.SAME]


# ------------------------------------------------------------------ cutting
@pytest.mark.parametrize(
    "html",
    [
        BASE,
        "字<strong>粗</strong>字<p>段</p>尾<br>行",
        "<ul>\n<li>甲。</li>\n<li>乙。</li>\n</ul>\n<table><tbody><tr><td>1</td></tr></tbody></table><hr><p>丙</p>",
        "<blockquote><p>甲。</p><p>乙。</p></blockquote>",
        "\n  <p>甲</p>  \n",
        "",
    ],
)
def test_what_is_cut_into_blocks_joins_to_what_it_was(html):
    assert "".join(blocks(html)) == html.lstrip() or "".join(blocks(html)) == html
    assert all(sanitize_html(block).strip() == block.strip() for block in blocks(html))


def test_a_sentence_is_never_cut_within_an_element():
    link = '<a href="https://example.com/" rel="noopener nofollow">己。庚</a>'
    inner = f"甲乙。<strong>丙。丁。</strong>戊{link}。辛“壬。癸。”。子<br>丑"
    pieces = html_sentences(inner)
    assert "".join(pieces) == inner
    assert pieces[0] == "甲乙。"
    assert pieces[1] == "<strong>丙。丁。</strong>"
    assert pieces[-2:] == ["子<br>", "丑"]
    assert all(sanitize_html(piece) == piece for piece in pieces)


# ------------------------------------------------------------------ merging
def test_changes_of_different_sentences_of_one_paragraph_are_both_taken():
    theirs = BASE.replace("百分之三", "百分之五")
    ours = BASE.replace("董事会已审议通过", "董事会昨日审议通过")
    merged = merge_bodies(BASE, theirs, ours)
    assert not merged.conflicts()
    assert "百分之五。董事会昨日审议通过。" in merged.html()


def test_neighbouring_changes_do_not_clash():
    merged = merge_bodies("<p>甲甲甲。乙乙乙。</p>", "<p>甲甲丁。乙乙乙。</p>", "<p>甲甲甲。乙乙戊。</p>")
    assert (merged.html(), merged.conflicts()) == ("<p>甲甲丁。乙乙戊。</p>", [])


def test_the_same_sentence_changed_in_two_ways_is_a_conflict_with_three_choices():
    theirs, ours = BASE.replace("百分之三", "百分之五"), BASE.replace("百分之三", "百分之八")
    merged = merge_bodies(BASE, theirs, ours)
    (clash,) = merged.conflicts()
    assert (clash.base, clash.theirs, clash.ours) == (
        *("净利润增长百分之三。", "净利润增长百分之五。", "净利润增长百分之八。"),
    )
    assert merged.html() == ours
    assert merged.html([Choice.THEIRS]) == theirs
    assert "百分之八。净利润增长百分之五。" in merged.html([Choice.BOTH])


def test_a_paragraph_that_one_deleted_and_the_other_reworded_is_a_conflict():
    merged = merge_bodies(BASE, BASE.replace(f"{MIDDLE}\n", ""), BASE.replace("仍在", "犹在"))
    (clash,) = merged.conflicts()
    assert (clash.theirs, "犹在" in clash.ours) == ("", True)
    assert merged.html([Choice.THEIRS]) == f"{LEAD}\n{END}"
    assert "犹在" in merged.html([Choice.OURS]) and "犹在" in merged.html([Choice.BOTH])


def test_paragraphs_added_by_both_in_one_place_are_a_conflict_but_equal_ones_stand_once():
    theirs = BASE.replace(END, f"<p>共同的一段。</p>\n<p>来源补充。</p>\n{END}")
    ours = BASE.replace(END, f"<p>共同的一段。</p>\n{END}")
    merged = merge_bodies(BASE, theirs, ours)
    assert (kinds(merged), merged.html()) == (["both", "theirs"], theirs)
    other = BASE.replace(END, f"<p>编辑另加的话。</p>\n{END}")
    clash = merge_bodies(BASE, BASE.replace(END, f"<p>来源补充。</p>\n{END}"), other)
    assert len(clash.conflicts()) == 1
    assert "编辑另加的话。</p>\n<p>来源补充。" in clash.html([Choice.BOTH])


def test_a_paragraph_that_became_a_head_keeps_the_editors_words():
    base = "<p>甲乙丙丁戊己。庚辛壬癸子丑。</p>"
    merged = merge_bodies(base, base.replace("p>", "h3>"), base.replace("子丑", "寅卯"))
    assert (merged.html(), merged.conflicts()) == ("<h3>甲乙丙丁戊己。庚辛壬癸寅卯。</h3>", [])


def test_items_of_a_list_merge_one_by_one():
    base = "<ul>\n<li>甲银行降息三个基点</li>\n<li>乙银行利率维持不变</li>\n</ul>"
    theirs, ours = base.replace("三个", "五个"), base.replace("维持不变", "小幅上调")
    merged = merge_bodies(base, theirs, ours)
    assert not merged.conflicts()
    assert "五个" in merged.html() and "小幅上调" in merged.html()
    assert sanitize_html(merged.html()) == merged.html()


def test_a_paragraph_left_without_a_sentence_is_gone():
    base = "<p>甲甲甲甲甲甲甲甲甲甲。乙。</p>\n<p>丙</p>"
    merged = merge_bodies(
        base, base.replace("乙。", ""), base.replace("甲甲甲甲甲甲甲甲甲甲。", "甲甲甲甲甲甲甲。")
    )
    assert merged.html() == "<p>甲甲甲甲甲甲甲。</p>\n<p>丙</p>"


# ------------------------------------------------------------------ properties
def sentence(dice: random.Random) -> str:
    words = "".join(dice.choices(ALPHABET, k=dice.randint(1, 12)))
    return dice.choice([f"{words}。", f"<strong>{words}</strong>。", f"“{words}。”", f"{words}<br>", words])


def body(dice: random.Random) -> str:
    made = []
    for _ in range(dice.randint(0, 6)):
        inner = "".join(sentence(dice) for _ in range(dice.randint(1, 4)))
        made.append(
            dice.choice(
                [f"<p>{inner}</p>", f"<ul><li>{inner}</li><li>{inner}</li></ul>", f"<h3>{inner}</h3>"]
            )
        )
    return sanitize_html("\n".join(made))


def edited(dice: random.Random, html: str) -> str:
    """As an editor or a source would: sentences reworded, put in, taken out, blocks moved."""
    pieces = blocks(html)
    for _ in range(dice.randint(0, 3)):
        at = dice.randint(0, len(pieces))
        what = dice.choice(["put in", "take out", "reword", "reword", "swap"])
        if what == "put in":
            pieces.insert(at, f"<p>{sentence(dice)}</p>\n")
        elif pieces and what == "take out":
            pieces.pop(at % len(pieces))
        elif len(pieces) > 1 and what == "swap":
            pieces[0], pieces[-1] = pieces[-1], pieces[0]
        elif pieces:
            at %= len(pieces)
            pieces[at] = re.sub("[银行利率债券]", dice.choice(ALPHABET), pieces[at], count=1)
    return sanitize_html("\n".join(piece.strip() for piece in pieces))


@pytest.mark.parametrize("seed", range(300))
def test_merging_any_three_bodies_keeps_the_laws_of_merging(seed):
    dice = random.Random(seed)
    base = body(dice)
    theirs, ours = edited(dice, base), edited(dice, base)
    assert merge_bodies(base, base, ours).html() == ours
    assert merge_bodies(base, theirs, base).html() == theirs
    assert merge_bodies(base, ours, ours).html() == ours
    merged = merge_bodies(base, theirs, ours)
    for side in ("base", "theirs", "ours"):
        told = "".join(getattr(hunk, side) for passage in merged.passages for hunk in passage)
        assert key(told).replace(" ", "") == key(getattr(merged, side)).replace(" ", "")
    for choice in Choice:
        html = merged.html([choice] * len(merged.conflicts()))
        assert key(sanitize_html(html)).replace(" ", "") == key(html).replace(" ", "")
    for hunk in (hunk for passage in merged.passages for hunk in passage):
        if hunk.kind is not Kind.THEIRS and key(ours) != key(base):
            assert re.sub("<[^>]*>", "", hunk.ours).strip() in re.sub("<[^>]*>", "", merged.html())


@pytest.mark.parametrize("seed", range(60))
def test_without_conflicts_it_does_not_matter_who_is_called_ours(seed):
    dice = random.Random(1000 + seed)
    base = body(dice)
    theirs, ours = edited(dice, base), edited(dice, base)
    one, other = merge_bodies(base, theirs, ours), merge_bodies(base, ours, theirs)
    assert len(one.conflicts()) == len(other.conflicts())
    if not one.conflicts():
        assert key(one.html()).replace(" ", "") == key(other.html()).replace(" ", "")


def test_a_body_of_any_size_is_merged_in_bounded_work():
    many = "<p>的</p>" * 1400
    merged = merge_bodies(many, many.replace("的", "了", 700), f"<p>首</p>{many}")
    assert merged.html().startswith("<p>首</p>") or merged.conflicts()
    huge = "<p>的</p>" * 9000
    assert len(merge_bodies(huge, f"{huge}<p>甲</p>", f"{huge}<p>乙</p>").conflicts()) == 1
