"""More search aliases: state firms, offices and bodies whose short names the articles seldom spell out."""

from django.db import migrations

# As in 0013: "=": any of them finds the others. ">": the first finds the others.
ALIASES = """
    中石油 = 中国石油天然气集团 中国石油集团
    中石化 = 中国石化 中国石油化工集团
    中海油 = 中国海油 中国海洋石油集团
    国家管网 = 国家石油天然气管网集团
    国网 > 国家电网
    南网 > 南方电网
    中移动 > 中国移动
    中联通 > 中国联通
    中国铁塔 > 铁塔公司
    国铁集团 = 中国国家铁路集团
    中铁总 > 中国铁路总公司
    中船集团 = 中国船舶集团
    中核集团 = 中国核工业集团
    中广核 = 中国广核集团
    三峡集团 = 中国长江三峡集团
    国家能源集团 = 国家能源投资集团
    中粮 > 中粮集团
    宝武 > 中国宝武
    一汽 > 中国一汽 中国第一汽车集团
    中国商飞 = 中国商用飞机
    人保 > 中国人保 中国人民保险
    国寿 > 中国人寿
    邮储行 > 邮储银行 邮政储蓄银行
    中信保 = 中国出口信用保险公司 中国信保
    中科院 = 中国科学院
    工程院 > 中国工程院
    社科院 = 中国社会科学院 社会科学院
    国研中心 = 国务院发展研究中心
    中纪委 = 中央纪委 中央纪律检查委员会
    中组部 > 中央组织部
    中宣部 > 中央宣传部
    中财办 = 中央财经委员会办公室 中央财办
    中农办 = 中央农村工作领导小组办公室 中央农办
    最高法 = 最高人民法院
    最高检 = 最高人民检察院
    国新办 = 国务院新闻办
    国台办 = 国务院台湾事务办公室 国务院台办
    港澳办 > 国务院港澳事务办公室
    科技部 > 科学技术部
    应急部 = 应急管理部
    药监局 > 国家药品监督管理局 国家药监局
    医保局 > 国家医疗保障局 国家医保局
    疾控局 > 国家疾病预防控制局
    能源局 > 国家能源局
    数据局 > 国家数据局
    邮政局 > 国家邮政局
    气象局 > 中国气象局
    国防科工局 = 国家国防科技工业局
    乡村振兴局 > 国家乡村振兴局
    粮储局 = 国家粮食和物资储备局
    消协 > 消费者协会 中消协
    中汽协 = 中国汽车工业协会
    乘联会 = 乘用车市场信息联席会 乘联分会
    银行间交易商协会 = 银行间市场交易商协会
    世卫组织 = 世界卫生组织 WHO
    上合组织 = 上海合作组织
    亚太经合组织 = APEC 亚洲太平洋经济合作组织
    二十国集团 = G20
    石油输出国组织 = 欧佩克 OPEC
    北约 = 北大西洋公约组织
    联合国教科文组织 = UNESCO
    区域全面经济伙伴关系协定 = RCEP
    粮农组织 > 联合国粮食及农业组织 联合国粮农组织
    亚开行 = 亚洲开发银行 亚行
    金砖银行 > 新开发银行
    专项债 > 专项债券
    高铁 > 高速铁路
"""


def seed(apps, schema_editor):
    """Those that are not there yet."""
    alias = apps.get_model("articles", "SearchAlias")
    for line in filter(None, map(str.strip, ALIASES.splitlines())):
        word, sign, *others = line.split()
        fields = {"word": word, "expansions": "\n".join(others), "both_ways": sign == "="}
        alias.objects.get_or_create(key=word.casefold(), defaults=fields)


class Migration(migrations.Migration):
    dependencies = [("articles", "0023_former_slugs_and_tag_spellings")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
