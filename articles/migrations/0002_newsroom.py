"""The newsroom a fresh portal starts with: two groups of people and ten sections with their keywords."""

from django.db import migrations

# Model: what the group may do with it. Rights already given or taken by hand are never touched again.
EDITOR = {
    "articles.article": ["add", "change", "view"],
    "articles.mention": ["add", "change", "delete", "view"],
    "articles.revision": ["view"],
    "articles.category": ["view"],
    "articles.security": ["view"],
    "sources.source": ["view"],
    "sources.sourcealias": ["view"],
    "sources.oldslug": ["view"],
    "sources.importrun": ["view"],
    "sources.importitem": ["view"],
}
CHIEF = EDITOR | {
    "articles.article": ["add", "change", "view", "publish"],
    "articles.category": ["add", "change", "view"],
    "articles.security": ["add", "change", "view"],
    "sources.source": ["add", "change", "view"],
    "sources.sourcealias": ["add", "change", "delete", "view"],
    "sources.oldslug": ["add", "change", "delete", "view"],
    "taggit.tag": ["change", "view"],
}
GROUPS = {"编辑": EDITOR, "主编": CHIEF}

SECTIONS = {
    ("银行", "yinhang"): """
        银行 银行业 商业银行 国有大行 股份制银行 城商行 农商行 村镇银行 民营银行 信用社 理财子公司
        信贷 贷款 存款 不良率 不良贷款 净息差 拨备覆盖率 资本充足率 普惠金融 网点 信用卡""",
    ("证券市场", "zhengquan-shichang"): """
        A股 港股 沪指 深成指 创业板 科创板 北交所 新三板 上交所 深交所 沪深两市 恒生指数 涨停 跌停
        涨幅 跌幅 成交额 北向资金 主力资金 融资融券 龙虎榜 IPO 新股 首发上市 再融资 可转债 券商 基金 研报 财报""",
    ("宏观经济", "hongguan-jingji"): """
        宏观经济 GDP 国内生产总值 CPI PPI PMI 通胀 社会融资 社融 M2 货币供应 固定资产投资 社会消费品零售总额
        规模以上工业 统计局 财政收入 就业 失业率 稳增长 高质量发展 经济运行""",
    ("监管政策", "jianguan-zhengce"): """
        监管 银保监会 证监会 人民银行 央行 外汇局 国务院 发改委 财政部 金融监管局 征求意见稿 管理办法
        指导意见 实施细则 印发 处罚 罚单 违规 合规 反洗钱 立案调查 降准 降息 逆回购 中期借贷便利""",
    ("数字金融", "shuzi-jinrong"): """
        数字金融 金融科技 数字人民币 数字化转型 数字经济 区块链 人工智能 大模型 大数据 云计算 移动支付
        第三方支付 开放银行 手机银行 智能投顾 监管沙盒 数据安全 数据要素 网络安全 互联网金融""",
    ("绿色金融", "lvse-jinrong"): """
        绿色金融 绿色债券 绿色信贷 绿色基金 绿色保险 绿债 碳中和 碳达峰 双碳 碳市场 碳交易 碳排放 碳减排支持工具
        转型金融 可持续 ESG 环境信息披露 新能源 光伏 风电 储能 节能 清洁能源""",
    ("服务贸易", "fuwu-maoyi"): """
        服务贸易 服贸会 服务外包 数字贸易 跨境电商 服务出口 服务进口 服务业扩大开放 进博会 广交会
        自贸试验区 自贸区 自贸港 RCEP 国际收支 旅行服务 运输服务 知识产权 技术贸易 商务部""",
    ("区域协同", "quyu-xietong"): """
        京津冀 协同发展 雄安新区 长三角 一体化 粤港澳大湾区 大湾区 成渝 双城经济圈 长江经济带 黄河流域
        城市副中心 通州 临港 横琴 前海 东北振兴 西部大开发 中部崛起 乡村振兴 都市圈 产业转移""",
    ("产业公司", "chanye-gongsi"): """
        上市公司 产业 制造业 龙头企业 专精特新 营收 净利润 业绩预告 并购 重组 收购 增持 减持 回购 分红 董事长 总经理
        产能 投产 订单 供应链 产业链 芯片 半导体 新能源汽车 房地产 医药 创始人""",
    ("国际", "guoji"): """
        美国 美联储 海外市场 欧洲 欧盟 欧元区 欧洲央行 英国 日本 韩国 俄罗斯 乌克兰 东盟 一带一路
        世界银行 国际货币基金组织 IMF 世贸组织 WTO 美元 欧元 美股 道指 纳指 标普 国际油价 原油""",
}


def open_newsroom(apps, schema_editor):
    """Make the groups and sections that are not there yet."""
    for name, rights in GROUPS.items():
        make_group(apps, name, rights)
    section = apps.get_model("articles", "Category")
    for position, ((name, slug), keywords) in enumerate(SECTIONS.items(), start=1):
        if not section.objects.filter(slug=slug).exists():
            fields = {"slug": slug, "keywords": "\n".join(keywords.split()), "position": position * 10}
            section.objects.get_or_create(name=name, defaults=fields)


def make_group(apps, name, rights):
    group, is_new = apps.get_model("auth", "Group").objects.get_or_create(name=name)
    if is_new:
        for label, actions in rights.items():
            group.permissions.add(*(permission(apps, label, action) for action in actions))


def permission(apps, label, action):
    """The permission as Django names it; Django itself only makes them after the last migration."""
    app, model = label.split(".")
    content_type, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app, model=model
    )
    meta = apps.get_model(app, model)._meta
    name = dict(meta.permissions).get(f"{action}_{model}", f"Can {action} {meta.verbose_name_raw}")
    made, _ = apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=f"{action}_{model}", defaults={"name": name}
    )
    return made


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0001_initial"),
        ("sources", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(open_newsroom, migrations.RunPython.noop)]
