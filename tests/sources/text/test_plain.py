"""The plain room: words out of clean HTML."""

import pytest

from sources.text.plain import fingerprint, lead, plain_text


def test_blocks_become_lines_and_entities_are_decoded_once():
    html = "<p>涨幅&lt;1%，&amp;lt;不是标签</p>\n<h3>小标题</h3><ul><li>一</li><li>二</li></ul>"
    assert plain_text(html) == "涨幅<1%，&lt;不是标签\n小标题\n一\n二"


def test_table_cells_do_not_run_together():
    assert plain_text("<table><tbody><tr><td>资产</td><td>三千亿</td></tr></tbody></table>") == "资产 三千亿"


def test_a_lead_ends_with_a_sentence_where_one_ends_late_enough():
    text = "第一句话在这里说完了。" * 12
    assert lead(text).endswith("。")
    assert len(lead(text)) <= 120


def test_a_lead_without_a_sentence_end_is_cut_with_an_ellipsis():
    assert lead("长" * 500) == "长" * 118 + "……"


def test_a_short_text_is_its_own_lead():
    assert lead("一句话。") == "一句话。"


def test_copies_that_differ_in_blanks_and_punctuation_share_a_fingerprint():
    assert fingerprint("离岸人民币 报6.35", "甲，乙。\n丙") == fingerprint("离岸人民币报6.35", "甲乙丙")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(
            ("增长1.25%", "增长12.5%"),
            ("回报-5%", "回报5%"),
            ("目标5-8倍", "目标58倍"),
            ("比分3:1", "比分31"),
        ),
        *(("比分3：1", "比分31"), ("目标5—8倍", "目标58倍"), ("增长1．5％", "增长15％"), ("占2/3", "占23")),
        *(("升5%", "升5"), ("约5~8倍", "约58倍")),
    ],
)
def test_a_figure_that_differs_by_its_point_sign_or_ratio_is_another_text(one, other):
    assert fingerprint("甲", one) != fingerprint("甲", other)
    assert fingerprint(one, "乙") != fingerprint(other, "乙")


def test_title_and_text_do_not_flow_into_each_other():
    assert fingerprint("甲", "乙丙") != fingerprint("甲乙", "丙")
