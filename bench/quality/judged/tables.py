"""What is asked for, written by hand: words only. A line is a question; behind ` = ` stand the words that it is about,
the spellings of one with `|` between them. Without it, a question is about its own words. `*` is before an institution
that other countries have, too: ours is meant.
"""

COMPANIES = """
    中国石油 中国石化 国家电网 中国移动 国铁集团 中国中车 比亚迪 华为
"""

# Abbreviations with the full names that a reader means by them. All are of our own country where others have one, too.
ABBREVIATIONS = """
    人行 = 人行|央行|人民银行
    证监会 = 证监会|证券监督管理委员会
    发改委 = 发改委|发展改革委|发展和改革委员会
    国资委 = 国资委|国有资产监督管理委员会
    工信部 = 工信部|工业和信息化部
    人社部 = 人社部|人力资源和社会保障部|人力资源社会保障部
    住建部 = 住建部|住房城乡建设部|住房和城乡建设部
    卫健委 = 卫健委|卫生健康委
    外汇局 = 外汇局|外汇管理局
    统计局 = 国家统计局|统计局
    银保监会 = 银保监会|银行保险监督管理委员会
    中石油 = 中石油|中国石油
    中石化 = 中石化|中国石化
    工行 = 工行|工商银行
    农行 = 农行|农业银行
    建行 = 建行|建设银行
    国开行 = 国开行|国家开发银行
    亚投行 = 亚投行|亚洲基础设施投资银行
    世贸组织 = 世贸组织|世界贸易组织|wto
    上合组织 = 上合组织|上海合作组织
"""
OF_ALL_COUNTRIES = ("亚投行", "世贸组织", "上合组织")

QUESTIONS = """
    央行为什么降准 = *央行|人民银行 降准|下调存款准备金率|下调金融机构存款准备金率|降低存款准备金率
    美联储为什么加息 = 美联储|联邦储备委员会 加息|上调联邦基金利率|提高利率|上调利率
    美联储什么时候降息 = 美联储|联邦储备委员会 降息|下调联邦基金利率|下调利率
    粮食安全怎么保障 = 粮食安全 保障
    怎么申请个人养老金 = 个人养老金
    如何稳定房地产市场 = 房地产 稳定|平稳
    新能源汽车出口增长了多少 = 新能源汽车|新能源车 出口 增长
    谁出席了中央经济工作会议 = 中央经济工作会议
    今年高考有多少人报名 = 高考 报名|报考
    为什么要发展新质生产力 = 新质生产力 发展
    长江经济带如何发展 = 长江经济带 发展
    什么是数字人民币 = 数字人民币
    怎样防范金融风险 = 金融风险 防范|化解
    国际油价为什么上涨 = 油价 上涨|上升|走高
    春运期间铁路发送多少旅客 = 春运 铁路 旅客
    小微企业贷款难怎么办 = 小微企业 贷款
    哪些商品降低了关税 = 关税 降低|下调
    进博会在哪里举行 = 进博会|进口博览会 举行|举办|开幕
    农民工工资拖欠如何解决 = 农民工 工资 拖欠|欠薪
    大学毕业生就业形势怎么样 = 毕业生 就业
"""

# As they are mistyped: of the same sound, or alike to look at.
MISSPELLINGS = """
    证卷 = 证券
    银行帐户 = 银行账户
    人民弊汇率 = 人民币汇率
    国务员常务会议 = 国务院常务会议
    新能原汽车 = 新能源汽车
    乡村震兴 = 乡村振兴
    货币政测 = 货币政策
    房地厂市场 = 房地产市场
    中囯人民银行 = 中国人民银行
    长江经济代 = 长江经济带
    粮食按全 = 粮食安全
    外汇储倍 = 外汇储备
"""
# A word, and as it is mistyped: by sound, then by shape.
TYPING = """
    部署 布署
    建设 建没
    经济 经挤
    合作 合做
    企业 企叶
    国际 国既
    会议 会仪
    贸易 贸意
    市场 市厂
    工作 工做
    投资 投姿
    银行 银形
    科技 科枝
    保障 保章
    增长 曾长
    推进 推近
"""

TRADITIONAL = """
    帳戶 = 账户
    經濟復甦 = 经济复苏|经济 复苏
    證券 = 证券
    國務院常務會議 = 国务院常务会议
    貨幣政策 = 货币政策
    鄉村振興 = 乡村振兴
    人民幣匯率 = 人民币汇率
    著力點 = 着力点
    數據中心 = 数据中心
    製造業 = 制造业
"""

PINYIN = """
    yanghang = *央行|人民银行
    zhongguorenminyinhang = 中国人民银行
    fagaiwei = *发改委|发展改革委|发展和改革委员会
    guowuyuan = *国务院
    zhengjianhui = *证监会|证券监督管理委员会
    renminbi = 人民币
    xinnengyuan = 新能源
    xinnengyuanqiche = 新能源汽车
    liangshi = 粮食
    fangdichan = 房地产
    jiangzhun = 降准
    jiangxi = 降息|江西
    gupiao = 股票
    xiangcunzhenxing = 乡村振兴
    changjiang = 长江
    guangfu = 光伏
    daikuan = 贷款
    yanglaojin = 养老金
    jinbohui = 进博会
    waihuichubei = 外汇储备
"""

# The word that is wanted and the one that is not.
EXCLUSIONS = """
    粮食 进口
    新能源汽车 出口
    利率 美联储
    *央行 欧洲央行
    国务院常务会议 李强
    油价 上涨
    房地产 保障性住房
    光伏 美国
    贷款 小微企业
    高铁 春运
    人民币 美元
    关税 特朗普
    就业 毕业生
    煤炭 电力
    消费 春节
    股市 美国
    芯片 台湾
    天然气 俄罗斯
    地震 土耳其
    养老金 调整
"""

# Each with the days in which "the latest" of it lies.
TOPICS = """
    央行 365 = *央行|人民银行
    国务院常务会议 92
    财政部 365 = *财政部
    证监会 365 = *证监会|证券监督管理委员会
    商务部 365 = *商务部
    国家统计局 365 = *国家统计局|统计局
    美联储 365
    人民币 365
    股市 365
    新能源汽车 365
    粮食安全 365
    乡村振兴 365
    一带一路 365
    中央经济工作会议 365
    房地产 365
    养老 365
    关税 365
    就业 365
    油价 365
    进博会 365 = 进博会|进口博览会
"""

# What is asked for of an outlet or a section.
SUBJECTS = """
    光伏 粮食 贷款 旅游 煤炭 汽车 航运 铁路 医疗 就业 消费 外贸 台风 航天 科技 水利 能源 高铁 养老 教育 生态 乡村
    企业 投资 改革 银行 钢铁 港口 民航 零售 白酒 保险业 证券业 房地产 人工智能 数据中心 新能源汽车 数字人民币
"""

# What tells nothing of a title or a text.
IDLE = """
    一个 以及 我们 他们 这个 可以 进行 对于 关于 其中 今天 昨天 记者 本台 消息 表示 新闻 联播 快讯 简讯 报道
"""
