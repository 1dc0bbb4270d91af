"""What is the same piece and what merely looks like it, told from the words alone."""

import numpy as np
import pytest

from articles.stories.similarity.candidates import WINDOW, candidates
from articles.stories.similarity.clusters import Clusters
from articles.stories.similarity.comparable import Piece
from articles.stories.similarity.compare import similarity
from articles.stories.similarity.match import SignatureWindow, join_pairs, pairs_of
from sources.text.clean.boilerplate import clean_body
from sources.text.minhash import LAYOUT, read_signatures, signatures

TITLE = "沧澜银行县域网点今年新增一百二十家"
PARAGRAPHS = [
    "沧澜银行行长周宁三日在江城表示，今年以来该行在县域新增网点120家，重点覆盖此前没有银行机构的乡镇。",
    "据介绍，新设网点均配备懂农业、会方言的客户经理，农户足不出户便可办理五万元以下的信用贷款，平均审批时间缩短到两天。",
    "江城市农业农村局负责人说，网点下沉以后，当地种植大户购买农机的贷款申请数量明显增加，春耕备耕的资金缺口得到缓解。",
    "业内人士认为，县域市场竞争正在加剧，中小银行需要在控制风险的同时找到差异化的服务方式，避免简单的规模扩张。",
]
ADDED = "本报记者走访发现，不少乡镇的超市和卫生院也开通了助农取款点，老年人领取养老金不必再往返县城，来回车费省下不少。"
TEXT = "\n".join(PARAGRAPHS)

RETAIL = "统计部门今天公布，前七个月，网上零售额8.68万亿元，同比增长9.2%。其中，实物商品零售额7.08万亿元，增长6.3%。"
SAYINGS = (
    "我国银行业的底子好，周宁表示，下一步要把网点开到更远的乡镇。对我国农户来说，家门口就能办成事，李悦表示，这比什么都强。"
    "王海表示，运费降了三成，我国物流业还有余地；赵林表示，仓库修到村口，果子当天就能上车。"
)
WARNING = "江城气象台今日06时发布大雾黄色预警，预计未来24小时城区有能见度不足500米的浓雾，请市民注意安全。"
CLOSING = (
    "投资有风险，入市需谨慎。本栏目只供参考，不构成投资建议。每个交易日开盘以前准时更新，欢迎转告身边的朋友，"
    "也欢迎把意见告诉编辑部，我们会挑选有代表性的问题在下一期回答。"
)
NOON = 1_646_884_800  # 2022-03-10 12:00 in Beijing

RETOLD = {
    "cut lead": (TITLE, "\n".join(PARAGRAPHS[1:])),
    "cut tail": (TITLE, "\n".join(PARAGRAPHS[:2])),
    "other headline": ("农户足不出户便可办理贷款", TEXT),
    "added paragraph": (TITLE, f"{TEXT}\n{ADDED}"),
    "paragraph put in": ("县域网点新增一百二十家", "\n".join([*PARAGRAPHS[:2], ADDED, *PARAGRAPHS[2:]])),
    "other credit": (TITLE, f"本报江城3日电（记者 李悦）{TEXT}（责任编辑：王小明）"),
    "machine links": (
        TITLE,
        clean_body(
            "".join(f"<p>{line}</p>" for line in PARAGRAPHS).replace(
                "贷款",
                '<span id="Info.1"><a class="infokey" href="http://data.eastmoney.com/">贷款</a></span>',
            )
        ).text,
    ),
    "full-width figures and other marks": (TITLE, TEXT.replace("120", "１２０").replace("，", ", ")),
    "a word or two": (TITLE, TEXT.replace("据介绍", "记者了解到").replace("业内人士认为", "分析人士指出")),
}

NOTICE = (
    "{co}在互动平台回答投资者提问时表示，公司目前生产经营一切正常，"
    "不存在应披露而未披露的重大信息，敬请投资者注意风险。"
)
MARGIN = (
    "{co}融资融券信息显示，{day}融资净买入{a}万元；融资余额{b}亿元，较前一日增加{c}%。当日融资买入{d}万元，"
    "融资偿还{a}万元。融券方面，融券卖出{c}万股，融券余额{d}万元，融资融券余额合计{b}亿元。"
)
ALIKE = {
    "other figures in a notice": (
        (
            "恒远股份：融资净买入12.5万元",
            MARGIN.format(co="恒远股份", day="3月1日", a="12.5", b="3.10", c="0.45", d="88.1"),
        ),
        (
            "恒远股份：融资净买入97.3万元",
            MARGIN.format(co="恒远股份", day="3月2日", a="97.3", b="3.41", c="1.07", d="91.6"),
        ),
    ),
    "another company in a notice": (
        ("恒远股份：目前生产经营正常", NOTICE.format(co="恒远股份")),
        ("瑞丰科技：目前生产经营正常", NOTICE.format(co="瑞丰科技")),
    ),
    "another price of one thing": (
        ("原油期货日内下跌1.00% 现报71.32", "原油期货日内下跌1.00%，现报71.32美元/桶。"),
        ("原油期货日内下跌1.10% 现报71.22", "原油期货日内下跌1.10%，现报71.22美元/桶。"),
    ),
    "a figure that has another within it": (
        (
            "央行今日继续开展逆回购操作",
            "人民银行以利率招标方式开展了50亿元7天期逆回购操作，中标利率与此前持平。",
        ),
        (
            "央行今日继续开展逆回购操作",
            "人民银行以利率招标方式开展了150亿元7天期逆回购操作，中标利率与此前持平。",
        ),
    ),
    "the next issue of a series": (
        ("江城举办第三场银企对接会", TEXT.replace("三日", "三日第三场银企对接会")),
        ("江城举办第四场银企对接会", TEXT.replace("三日", "五日第四场银企对接会")),
    ),
    "one item of a round-up": (
        ("沧澜银行新设网点", PARAGRAPHS[1]),
        (
            "早报：今天你要知道的十件事",
            "\n".join([*PARAGRAPHS, ADDED, MARGIN.format(co="甲", day="1", a="1", b="2", c="3", d="4")]),
        ),
    ),
    "nothing but the site's own words": (
        ("沧澜银行公布季报", "请登录本网站查看全文，客户端用户请升级到最新版本后打开阅读。"),
        ("江城地铁三号线开通", "请登录本网站查看全文，客户端用户请升级到最新版本后打开阅读。"),
    ),
    "another list of names": (
        ("龙虎榜净买入名单", f"净买入：恒远股份、瑞丰科技、博衡控股、凯盛港口。{CLOSING}"),
        ("龙虎榜净买入名单", f"净买入：东立能源、江城商行、沧澜证券、云州水泥。{CLOSING}"),
    ),
    "the same words under another company's name": (
        ("恒远股份股票交易异常波动公告", CLOSING * 3),
        ("瑞丰科技股票交易异常波动公告", CLOSING * 3),
    ),
    "the same words about another company": (
        ("关于恒远股份的监管函", CLOSING * 3),
        ("关于瑞丰科技的监管函", CLOSING * 3),
    ),
    "a headline that names what the other has something else for": (
        (
            "周宁会见云州客人",
            "周宁三日在江城会见来访的云州客人，双方就加强合作交换了意见，并共同出席了签约仪式。",
        ),
        (
            "周宁在江城会见客人",
            "周宁三日在江城会见来访的海门客人，双方就加强合作交换了意见，并共同出席了签约仪式。",
        ),
    ),
    "other pieces": ((TITLE, TEXT), ("助农取款点进超市", ADDED * 3)),
}


COPIED = {
    "a headline with another figure of the same text": (
        ("前七个月网上零售额8.68万亿元", RETAIL),
        ("前七个月实物商品零售额7.08万亿元", RETAIL),
    ),
    "a headline with a rounded figure": (
        ("前七个月网上零售额达8.7万亿元", RETAIL),
        ("前七个月网上零售额8.68万亿元", RETAIL),
    ),
    "another call before the headline": (
        ("快讯：沧澜证券开业", CLOSING * 3),
        ("最新：沧澜证券开业", CLOSING * 3),
    ),
    "the lead's first words for a headline": (
        ("县域生意经", PARAGRAPHS[1]),
        ("新设网点均配备懂农业、会方言的客户经理", PARAGRAPHS[1]),
    ),
    "we and they, said and told, again and again": (
        ("网点下沉", SAYINGS),
        ("网点下沉", SAYINGS.replace("表示", "称").replace("我国", "中国")),
    ),
    "a credit where the other has its lead": (
        (TITLE, f"到11月30日，{TEXT}"),
        (TITLE, "\n".join(["新华社江城12月3日电（记者 李悦）", *PARAGRAPHS[1:]])),
    ),
}
AN_HOUR, A_DAY = 3_600, 86_400
NEXT_DAY = {  # the same frame another day, alone or with other contents
    "a flash": (
        ("沧澜指数翻红", "沧澜指数翻红，此前一度跌超1%。"),
        ("沧澜指数翻红", "沧澜指数翻红，此前一度跌超1%。"),
    ),
    "a warning": (("江城发布大雾黄色预警", WARNING), ("江城发布大雾黄色预警", WARNING)),
    "a column with a closing of its own": (
        ("早间必读", f"江城出台楼市新规；沧澜银行上调存款利率；外贸企业获专项贷款支持。{CLOSING}"),
        ("早间必读", f"多地推进老旧小区改造；两家券商合并获批；秋粮收购进度过半价格平稳。{CLOSING}"),
    ),
    "a column of short items": (
        ("晚间公告", f"恒远股份：拟回购股份。瑞丰科技：董事辞职。博衡控股：中标项目。{CLOSING}"),
        ("晚间公告", f"凯盛港口：拟回购股份。瑞丰科技：董事辞职。东立能源：中标项目。{CLOSING}"),
    ),
    "what rose today": (
        (
            "三大指数集体收涨",
            "三大指数集体收涨，个股涨多跌少。盘面上，煤炭板块领涨，传媒板块领跌，成交较前一日放大。",
        ),
        (
            "三大指数集体收涨",
            "三大指数集体收涨，个股涨多跌少。盘面上，白酒板块领涨，军工板块领跌，成交较前一日放大。",
        ),
    ),
}


def alike(one, other, later=0) -> float:
    return similarity(*Piece.all_of([(*one, NOON), (*other, NOON + later)]))


@pytest.mark.parametrize("retold", RETOLD.values(), ids=RETOLD)
def test_a_piece_that_another_outlet_made_its_own_is_the_same_piece(retold):
    assert alike((TITLE, TEXT), retold) > 0
    assert alike(retold, (TITLE, TEXT)) == alike((TITLE, TEXT), retold)
    assert alike((TITLE, TEXT), retold, later=20 * AN_HOUR) > 0


@pytest.mark.parametrize("pair", COPIED.values(), ids=COPIED)
def test_another_choice_of_words_or_figures_for_the_same_piece_changes_nothing(pair):
    assert alike(*pair) > 0
    assert alike(*reversed(pair)) > 0


@pytest.mark.parametrize("pair", ALIKE.values(), ids=ALIKE)
def test_what_merely_looks_like_it_is_not(pair):
    assert alike(*pair) <= 0
    assert alike(*reversed(pair)) <= 0


@pytest.mark.parametrize("pair", NEXT_DAY.values(), ids=NEXT_DAY)
def test_the_next_days_issue_is_another_piece(pair):
    for later in (19 * AN_HOUR, A_DAY, 2 * A_DAY):
        assert alike(*pair, later) <= 0
        assert alike(*reversed(pair), later) <= 0


def test_a_flash_that_names_its_day_or_comes_again_within_hours_is_the_same():
    flash = ("沧澜指数翻红", "沧澜指数翻红，此前一度跌超1%。")
    assert alike(flash, flash, 3 * AN_HOUR) > 0
    night = NOON + 11 * AN_HOUR
    assert similarity(*Piece.all_of([(*flash, night), (*flash, night + 2 * AN_HOUR)])) > 0
    dated = ("沧澜指数翻红", "3月10日，沧澜指数翻红，此前一度跌超1%。")
    assert alike(dated, dated, 22 * AN_HOUR) > 0


def test_what_came_of_the_news_is_not_the_news():
    """The whole of a short piece stands, as the background, in the longer one of a later day."""
    more = "\n".join([ADDED, ADDED[::-1], *PARAGRAPHS])
    first, then = ("沧澜银行增设网点", "\n".join(PARAGRAPHS[:2])), ("沧澜银行县域网点带来的变化", more)
    assert alike(first, then, 2 * A_DAY) <= 0
    assert alike(first, (first[0], TEXT), A_DAY) > 0


def test_flashes_with_the_same_words_are_one_with_and_without_a_full_stop():
    flash = "离岸人民币兑美元升破6.36关口，现报6.3565，日内涨0.2%。"
    assert alike(("离岸人民币现报6.3565", flash), ("离岸人民币现报6.3565。", flash.rstrip("。"))) > 0


@pytest.mark.parametrize("texts", [("", ""), ("短讯", "短讯"), ("", TEXT), ("\ud800", "😀"), ("1", "1.")])
def test_odd_and_empty_texts_are_compared_without_a_word(texts):
    one, other = Piece.all_of([("", texts[0], NOON), ("", texts[1], NOON)])
    assert similarity(one, other) in (0, 1)


def test_texts_with_emoji_and_rare_characters_are_compared_like_all_others():
    """Each is two units of UTF-16: places counted in units would lie behind the end of the text."""
    told = f"{TEXT}\n周𠮷说📰网点会更多。"
    assert alike((TITLE, told), (TITLE, f"{told}📰📰📰完")) > 0


# ------------------------------------------------------------------ sketches and candidates
def test_a_sketch_is_the_same_alone_and_among_others_and_survives_its_bytes():
    some = [(TITLE, TEXT), ("", ""), ("短", "短讯"), RETOLD["cut lead"], ("x", "甲乙丙丁😀" * 40)]
    together = signatures(some)
    assert [signatures([one])[0] for one in some] == list(together)
    assert list(read_signatures([one.tobytes() for one in together])) == list(together)
    assert len(together[0].tobytes()) == LAYOUT.itemsize <= 200


def shelf(articles, moments=None, new=None) -> SignatureWindow:
    count = len(articles)
    moments = np.array(moments or range(count), dtype=np.int64)
    is_new = np.ones(count, dtype=bool) if new is None else np.array([n in new for n in range(count)])
    return SignatureWindow(np.arange(count), moments, signatures(articles), is_new)


@pytest.mark.parametrize("retold", RETOLD.values(), ids=RETOLD)
def test_the_same_piece_is_found_among_others(retold):
    others = [(f"第{n}条", f"{n}号文件：" + PARAGRAPHS[n % 4][::-1] + str(n) * 5) for n in range(50)]
    assert (0, 51) in {tuple(sorted(pair)) for pair in pairs_of(shelf([(TITLE, TEXT), *others, retold]))}


def test_what_stands_further_apart_in_time_is_not_compared():
    both = [(TITLE, TEXT), (TITLE, TEXT)]
    assert pairs_of(shelf(both, [0, WINDOW]))
    assert not pairs_of(shelf(both, [0, WINDOW + 1]))


def test_what_was_there_before_is_not_compared_again():
    three = [(TITLE, TEXT)] * 3
    assert set(pairs_of(shelf(three, new={2}))) == {(0, 2), (1, 2)}


def test_a_template_that_everything_follows_makes_no_more_pairs_than_articles_allow():
    many = [("公告", NOTICE.format(co=f"公司{n}")) for n in range(2_000)]
    found = candidates(signatures(many), np.arange(2_000), np.ones(2_000, dtype=bool))
    assert len(found.one) < 2_000 * 60


# ------------------------------------------------------------------ putting together
def test_pairs_make_groups_by_way_of_one_another():
    clusters = Clusters()
    for pair in [(3, 1), (5, 4), (1, 5)]:
        clusters.join(*pair)
    assert list(clusters) == [[1, 3, 4, 5]]


def test_what_was_told_apart_is_not_brought_together_by_a_third():
    clusters = Clusters(apart=[(1, 3)])
    clusters.join(1, 2)
    assert not clusters.may_join(2, 3)
    assert clusters.may_join(2, 4)


def test_two_settled_groups_stay_two_and_both_may_grow():
    clusters = Clusters()
    clusters.settle([1, 2])
    clusters.settle([3, 4])
    assert not clusters.may_join(1, 3)
    clusters.join(5, 4)
    clusters.join(2, 6)
    assert list(clusters) == [[1, 2, 6], [3, 4, 5]]


def test_putting_together_reads_the_words_of_pairs_only():
    asked = []

    def words(ids):
        asked.extend(ids)
        return {pk: (*((TITLE, TEXT), RETOLD["cut lead"])[pk], NOON) for pk in ids}

    clusters = Clusters()
    join_pairs([(0, 1)], words, clusters)
    assert (list(clusters), sorted(asked)) == ([[0, 1]], [0, 1])


def test_a_text_that_names_nobody_does_not_bring_together_what_two_companies_announced():
    body = f"股票交易价格连续两日涨幅较大，公司没有应披露而未披露的信息。{CLOSING}"
    told = [
        ("恒远股份：股票交易异常波动", f"恒远股份公告，{body}"),
        ("瑞丰科技：股票交易异常波动", f"瑞丰科技公告，{body}"),
        ("股票交易异常波动", body),
    ]
    for order in ([(0, 2), (1, 2), (0, 1)], [(1, 2), (0, 2)], [(0, 1), (0, 2), (1, 2)]):
        clusters = Clusters()
        join_pairs(order, lambda ids: {pk: (*told[pk], NOON) for pk in ids}, clusters)
        assert not clusters.together(0, 1), order


def test_hostile_texts_are_compared():
    many = [
        ("、" * 1_000_000, "2.5、" * 200_000),
        ("！【" * 50_000, "电讯记者编辑来源" * 100_000),
        ("1" * 9_999, "1.1" * 300_000),
    ]
    for one in many:
        for other in many:
            assert similarity(*Piece.all_of([(*one, NOON), (one[0] + "9", "甲" + other[1], NOON)])) <= 1
