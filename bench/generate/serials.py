"""Notices of a series: word for word alike but for company, figures or day. The hard negatives of the labelled set."""

import re
from random import Random

from bench.generate import words

_NUMBER = re.compile(r"\d+(?:\.\d+)?")

# {co} a company, {code} its number, {n}… figures, {day} the day, {no} which of a series.
TEMPLATES = [
    (
        "{co}：融资净买入{n1}万元（{day}）",
        "{co}（{code}）融资融券信息显示，{day}融资净买入{n1}万元；融资余额{n2}亿元，较前一日增加{n3}%。\n融资方面，当日融资买入{n4}万元，"
        "融资偿还{n5}万元，融资净买入{n1}万元。融券方面，融券卖出{n6}股，融券偿还{n7}股，融券余额{n8}万元。融资融券余额合计{n9}亿元。",
    ),
    (
        "{co}：目前生产经营正常",
        "{co}在互动平台回答投资者提问时表示，公司目前生产经营一切正常，不存在应披露而未披露的重大信息，敬请广大投资者注意投资风险。",
    ),
    (
        "{co}：公司暂无相关业务",
        "有投资者在互动平台向{co}提问：请问公司有没有数据中心方面的业务？\n公司回答表示，您好，公司目前暂无相关业务，感谢您的关注，"
        "敬请以公司在指定信息披露媒体上发布的公告为准。",
    ),
    (
        "{product}日内{move}{n3}% 现报{n1}",
        "{product}日内{move}{n3}%，现报{n1}。",
    ),
    (
        "央行今日开展{m}亿元逆回购操作 中标利率{n3}%",
        "为维护银行体系流动性合理充裕，人民银行{day}以利率招标方式开展了{m}亿元7天期逆回购操作，中标利率{n3}%。"
        "鉴于今日有{m2}亿元逆回购到期，实现净投放{m3}亿元。",
    ),
    (
        "隔夜shibor报{n3}%",
        "上海银行间同业拆放利率{day}公布：隔夜shibor报{n3}%，上涨{n4}个基点；7天shibor报{n5}%，上涨{n6}个基点；3个月shibor报{n7}%。",
    ),
    (
        "{co}股东户数下降{n3}% 户均持股{n1}万元",
        "{co}最新股东户数{m}户，较上期减少{m2}户，降幅为{n3}%。\n{co}股东户数低于行业平均水平。根据统计，所属行业平均股东户数为{m3}户。"
        "\n股东户数与股价：本期{co}股价累计上涨{n5}%。",
    ),
    (
        "{broker}：维持{co}买入评级 目标价{n1}港元",
        "{broker}发表研究报告，维持{co}买入评级，目标价由{n2}港元上调至{n1}港元。该行认为公司业绩稳健增长，行业景气度持续上行，看好公司中长期发展空间。",
    ),
    (
        "{co}：董事会审议通过第{no}期员工持股计划",
        "{co}公告，公司董事会审议通过了关于第{no}期员工持股计划的议案，独立董事发表了同意的独立意见，监事会对持有人名单进行了核实，该议案尚需提交股东大会审议。",
    ),
    (
        "{co}公告筹划重大资产重组 股票停牌",
        "{co}公告，公司正在筹划重大资产重组事项，因有关事项尚存在不确定性，为了保证公平信息披露，维护投资者利益，避免造成公司股价异常波动，"
        "经公司申请，公司股票自{day}开市起停牌。停牌期间，公司将根据相关规定及时履行信息披露义务。",
    ),
    (
        "{place}举办第{no}场金融服务实体经济对接会",
        "{place}{day}举办第{no}场金融服务实体经济对接会，{m}家企业与银行现场签约。会议由{place}金融工作局主持，相关部门负责人介绍了最新政策，"
        "银行代表推介了信贷产品，企业代表作了交流发言。下一步，{place}将继续搭建平台，畅通政银企沟通渠道，推动更多金融资源流向实体经济。",
    ),
    (
        "北向资金{day}净流入{n1}亿元",
        "{day}，北向资金全天净流入{n1}亿元，其中沪股通净流入{n2}亿元，深股通净流入{n3}亿元。\n从个股看，{co}、{co2}、{co3}获净买入居前，"
        "分别为{n4}亿元、{n5}亿元、{n6}亿元。\n风险提示：以上内容根据公开数据整理，由算法自动生成，不构成投资建议，投资者据此操作，风险自担。"
        "市场有风险，投资需谨慎，过往数据不代表未来表现。",
    ),
]
# {list}, {list2} some companies: a column says the rest again every day.
COLUMNS = [
    (
        "今日龙虎榜机构买入名单",
        "以下为今日机构净买入名单，数据来自交易所公开信息，仅供投资者参考，不作为买卖依据。\n机构净买入：{list}。\n机构净卖出：{list2}。",
    ),
    (
        "早盘必读",
        "{list}发布重要公告；{list2}获机构调研。\n投资有风险，入市需谨慎。本栏目内容仅供参考，不构成任何投资建议。更多资讯请关注本栏目，每个交易日开盘前准时更新，"
        "欢迎把意见告诉编辑部。",
    ),
    (
        "收评：三大指数涨跌不一",
        "三大指数涨跌不一，个股跌多涨少。盘面上，{list}等涨幅居前，{list2}等跌幅居前，成交较前一日变化不大。",
    ),
    ("主要指数翻红", "主要指数盘中集体翻红，此前一度跌超1%。"),
]
ORDINALS = "一二三四五六七八九"


def notice(rand: Random, template: int, day: str) -> tuple[str, str]:
    """Title and text of one notice of a series (an index into TEMPLATES)."""
    values = {f"n{index}": f"{rand.uniform(1, 900):.2f}" for index in range(1, 10)}
    values |= {name: str(rand.randrange(100, 90_000)) for name in ("m", "m2", "m3")}
    values |= {
        name: rand.choice(words.COMPANIES) + rand.choice(words.COMPANY_KINDS) for name in ("co", "co2", "co3")
    }
    values |= {"code": f"{rand.randrange(600_000, 606_000)}", "no": rand.choice(ORDINALS), "day": day}
    values |= {"broker": rand.choice(words.COMPANIES) + "证券", "place": rand.choice(words.PLACES)}
    values |= {"product": rand.choice(words.PRODUCTS), "move": rand.choice(("上涨", "下跌"))}
    title, text = TEMPLATES[template]
    return title.format(**values), text.format(**values)


def column(rand: Random, template: int) -> tuple[str, str]:
    """Title and text of one day's issue of a column (an index into COLUMNS)."""

    def companies() -> str:
        return "、".join(name + rand.choice(words.COMPANY_KINDS) for name in rand.sample(words.COMPANIES, 4))

    title, text = COLUMNS[template]
    return title, text.format(list=companies(), list2=companies())


def with_other_figures(rand: Random, text: str) -> str:
    """Another issue of a real piece: every number in it is another one."""

    def other(match) -> str:
        old = match[0]
        new = f"{float(old) * rand.uniform(0.6, 1.7) + 1:.{len(old.partition('.')[2])}f}"
        return new if new != old else f"{new}1"

    return _NUMBER.sub(other, text)
