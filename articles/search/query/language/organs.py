"""Names of state bodies that other countries have too: 央行 alone is China's, 欧洲央行 and 美国财政部 are not. Pure."""

# Bodies that news names without their country when they are China's.
_ORGANS = (
    "央行 中央银行 财政部 商务部 外交部 国防部 教育部 农业部 卫生部 交通部 交通运输部 司法部 "
    "环境部 能源部 科技部 文化部 旅游部 国土安全部 统计局 国家统计局 税务局 证监会 银监会 "
    "证券监管机构 海关 最高法院 最高检 议会 国会 外长 防长 财长 总理 国家安全委员会 气象局 药监局 "
    "移民局 航天局 能源局 情报局 军方 海军 空军 陆军 警方"
)
ORGANS = frozenset(_ORGANS.split())
_LANDS = (
    "美国 美 英国 英 法国 法 德国 德 日本 日 韩国 韩 朝鲜 俄罗斯 俄 乌克兰 欧洲 欧 欧盟 "
    "欧元区 意大利 西班牙 葡萄牙 荷兰 比利时 瑞士 瑞典 挪威 丹麦 芬兰 冰岛 奥地利 波兰 匈牙利 "
    "捷克 希腊 罗马尼亚 保加利亚 塞尔维亚 爱尔兰 土耳其 以色列 伊朗 伊拉克 叙利亚 黎巴嫩 约旦 "
    "沙特 沙特阿拉伯 阿联酋 卡塔尔 科威特 埃及 南非 尼日利亚 肯尼亚 埃塞俄比亚 摩洛哥 加拿大 "
    "墨西哥 巴西 阿根廷 智利 秘鲁 哥伦比亚 委内瑞拉 古巴 澳大利亚 澳洲 新西兰 印度 巴基斯坦 "
    "孟加拉国 斯里兰卡 尼泊尔 阿富汗 哈萨克斯坦 蒙古国 泰国 越南 老挝 柬埔寨 缅甸 马来西亚 新加坡 "
    "印尼 印度尼西亚 菲律宾 各国 多国 全球 外国 境外 海外 该国 他国 两国 邻国 国际 香港 台湾"
)
LANDS = tuple(_LANDS.split())
_LONGEST = max(map(len, LANDS))
_OF = "的"


def is_foreign(before: str, word: str) -> bool:
    """Return True if the name of a state body is another country's, by the characters that stand before it."""
    if word not in ORGANS:
        return False
    return before.removesuffix(_OF)[-_LONGEST:].endswith(LANDS)
