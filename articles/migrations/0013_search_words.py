"""Search aliases, with those a financial newsroom starts with; questions without an answer; who may see to both."""

from importlib import import_module

from django.db import migrations, models

newsroom = import_module("articles.migrations.0002_newsroom")
EDITOR = {"articles.searchalias": ["view"], "articles.unanswered": ["view"]}
CHIEF = {
    "articles.searchalias": ["add", "change", "delete", "view"],
    "articles.unanswered": ["delete", "view"],
}

# "=": any of them finds the others. ">": the first finds the others, which by themselves mean less than it or more.
ALIASES = """
    工行 = 工商银行 中国工商银行
    农行 = 农业银行 中国农业银行
    中行 = 中国银行
    建行 = 建设银行 中国建设银行
    交行 = 交通银行
    邮储 = 邮储银行 邮政储蓄银行 中国邮政储蓄银行
    招行 = 招商银行
    浦发 = 浦发银行 上海浦东发展银行
    兴业 > 兴业银行
    民生银行 = 中国民生银行
    中信银行 = 中信实业银行
    光大银行 = 中国光大银行
    广发行 = 广发银行 广东发展银行
    平安银行 > 深圳发展银行 深发展
    国开行 = 国家开发银行
    进出口行 = 进出口银行 口行
    农发行 = 农业发展银行
    六大行 > 国有大型商业银行 国有六大行
    四大行 > 国有四大行 国有大行
    股份行 = 股份制银行 股份制商业银行
    城商行 = 城市商业银行
    农商行 = 农村商业银行 农商银行
    农信社 = 农村信用社 农村信用合作社
    央行 > 中国人民银行 人民银行
    人行 > 中国人民银行 人民银行
    中国央行 > 中国人民银行 人民银行
    欧洲央行 = 欧央行 ECB
    英国央行 = 英格兰银行
    日本央行 = 日本银行 日银
    美联储 = 联邦储备委员会 联储局 美国联邦储备
    证监会 = 证券监督管理委员会
    银监会 = 银行业监督管理委员会
    保监会 = 保险监督管理委员会
    银保监会 = 银行保险监督管理委员会
    金融监管总局 = 国家金融监督管理总局 国家金融监管总局
    外汇局 = 国家外汇管理局 外管局
    发改委 = 国家发展和改革委员会 国家发展改革委 发展改革委
    国资委 = 国有资产监督管理委员会
    工信部 = 工业和信息化部
    人社部 = 人力资源和社会保障部 人力资源社会保障部
    住建部 = 住房和城乡建设部 住房城乡建设部
    自然资源部 > 国土资源部
    农业农村部 > 农业部
    生态环境部 > 环境保护部 环保部
    交通部 > 交通运输部
    文旅部 = 文化和旅游部
    卫健委 = 卫生健康委员会 卫生健康委
    市场监管总局 = 国家市场监督管理总局 市场监督管理总局
    税务总局 = 国家税务总局
    统计局 > 国家统计局
    海关总署 > 中国海关
    网信办 = 互联网信息办公室
    知识产权局 > 国家知识产权局
    社保基金会 = 全国社会保障基金理事会
    中央汇金 = 汇金公司 中央汇金投资
    中投公司 = 中国投资有限责任公司
    全国人大 > 全国人民代表大会
    全国政协 > 中国人民政治协商会议
    上交所 = 上海证券交易所 上证所
    深交所 = 深圳证券交易所
    北交所 = 北京证券交易所
    港交所 = 香港交易所 香港联合交易所 联交所
    上期所 = 上海期货交易所
    郑商所 = 郑州商品交易所
    大商所 = 大连商品交易所
    中金所 = 中国金融期货交易所
    纽交所 = 纽约证券交易所
    新三板 = 全国中小企业股份转让系统 全国股转系统
    沪指 = 上证指数 上证综指 上证综合指数
    深成指 = 深证成指 深证成份指数
    创业板指 = 创业板指数
    恒指 = 恒生指数
    道指 = 道琼斯指数 道琼斯工业平均指数
    纳指 = 纳斯达克指数 纳斯达克综合指数
    标普 > 标准普尔
    沪市 = 上海股市 上海证券市场
    深市 = 深圳股市 深圳证券市场
    长三角 = 长江三角洲
    珠三角 = 珠江三角洲
    大湾区 > 粤港澳大湾区
    雄安 = 雄安新区
    自贸区 = 自由贸易试验区 自贸试验区 自由贸易区
    海南自贸港 = 海南自由贸易港
    一带一路 > 丝绸之路经济带 海上丝绸之路
    欧盟 > 欧洲联盟
    东盟 > 东南亚国家联盟
    世贸组织 = 世界贸易组织 WTO
    国际货币基金组织 = IMF
    亚投行 = 亚洲基础设施投资银行
    世行 = 世界银行
    服贸会 = 中国国际服务贸易交易会 服务贸易交易会
    进博会 = 中国国际进口博览会 进口博览会
    广交会 = 中国进出口商品交易会
    国内生产总值 = GDP
    消费者价格指数 = 居民消费价格指数 CPI
    生产者价格指数 = 工业生产者出厂价格 PPI
    采购经理指数 = PMI
    贷款市场报价利率 = LPR
    中期借贷便利 = MLF 麻辣粉
    降准 > 下调存款准备金率 降低存款准备金率
    降息 > 下调利率
    存款准备金率 = 存准率
    首次公开募股 = 首次公开发行 IPO
    社融 = 社会融资规模
    科创板 > 科技创新板
"""


def seed(apps, schema_editor):
    """Those that are not there yet."""
    # The key as articles.search.query.aliases.key_of makes it: these words have neither width, case nor old forms to fold
    # but the Latin letters.
    alias = apps.get_model("articles", "SearchAlias")
    for line in filter(None, map(str.strip, ALIASES.splitlines())):
        word, sign, *others = line.split()
        fields = {"word": word, "expansions": "\n".join(others), "both_ways": sign == "="}
        alias.objects.get_or_create(key=word.casefold(), defaults=fields)


def _each(apps):
    for name, rights in {"编辑": EDITOR, "主编": CHIEF}.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            made = [newsroom.permission(apps, label, one) for label, some in rights.items() for one in some]
            yield group, made


def give_rights(apps, schema_editor):
    """New rights for the two groups, where they still exist."""
    for group, made in _each(apps):
        group.permissions.add(*made)


def take_rights(apps, schema_editor):
    for group, made in _each(apps):
        group.permissions.remove(*made)


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_change"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.CreateModel(
            name="SearchAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "word",
                    models.CharField(
                        help_text="读者会输入的说法，至少两个字，如“工行”。", max_length=40, verbose_name="词"
                    ),
                ),
                (
                    "expansions",
                    models.TextField(
                        help_text="每行一个，最多 8 个，如“工商银行”。搜“工行”时，含有这些词的稿件也会找到。“中国工商银行”里已有“工商银行”，不必另写。",
                        verbose_name="也找",
                    ),
                ),
                (
                    "both_ways",
                    models.BooleanField(
                        default=True,
                        help_text="其中任何一个都能找到其余的：搜“工商银行”时，也找“工行”。",
                        verbose_name="双向",
                    ),
                ),
                ("enabled", models.BooleanField(default=True, verbose_name="启用")),
                ("key", models.CharField(editable=False, max_length=120, unique=True)),
            ],
            options={
                "verbose_name": "搜索别名",
                "verbose_name_plural": "搜索别名",
                "ordering": ["key"],
            },
        ),
        migrations.CreateModel(
            name="Unanswered",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("words", models.CharField(max_length=60, unique=True, verbose_name="查询")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="次数")),
                ("first_day", models.DateField(verbose_name="第一次")),
                ("last_day", models.DateField(verbose_name="最近一次")),
            ],
            options={
                "verbose_name": "没有结果的查询",
                "verbose_name_plural": "没有结果的查询",
                "default_permissions": ("view", "delete"),
                "ordering": ["-count", "-last_day", "pk"],
                "indexes": [models.Index(fields=["-count", "-last_day", "id"], name="unanswered_most")],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
        migrations.RunPython(give_rights, take_rights),
    ]
