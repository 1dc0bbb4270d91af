"""Names of outlets and people as other sites' exports write them: what is not part of a name. Pure."""

import re

_ENDINGS = "com|cn|net|org|gov|edu|info|cc|tv|io|me|hk|tw|co|biz|top|xyz|news|vip|site|online|app|dev|example"
_NOT_OF_A_NAME = (
    ("网址", re.compile(r"https?://[^\s\u4e00-\u9fff（）()<>]{1,2000}", re.I)),
    ("邮箱", re.compile(r"[<(（]?(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}[>)）]?", re.A)),
    (
        "网址",
        re.compile(
            rf"(?<![\w.-])(?:[\w-]{{1,63}}\.){{1,4}}(?:{_ENDINGS})(?![\w-])(?:/[^\s\u4e00-\u9fff]{{0,500}})?",
            re.A | re.I,
        ),
    ),
    (
        "用户编号",
        re.compile(
            r"(?<![a-z])(?:用户|网友|会员|游客|作者|user|member|author|u?id)\s?(?:名|编号|id)?\s?[_:：#-]?\s?\d{2,20}(?!\d)|\A\s*\d{4,20}\s*\Z",
            re.I,
        ),
    ),
)
_SIGNS = ("@", ".", "://")
_EMPTY = re.compile(r"[（(<【\[]\s*[）)>】\]]")
_BRACKETED = re.compile(r"[（(]([^（()）]*)[）)]")
_EDGES = " \t\u3000|｜/,，、;；:：-—·<>"

_NET = r"(?:网络|互联网|因特网|网路|網路|網絡|网上|internet|web)"
# What stands in a column of outlets where none is known. 网络日报 and 本站新闻网 are names.
_FILLS_IN = re.compile(
    rf"(?:文章)?(?:来源于?|來源|来自|來自|摘自|转自|源自|选自|转载自?|综合|整理自?)?{_NET}"
    r"(?:转载|整理|综合|收集|搜集|资料|素材|来源|來源|投稿|文章|公开资料)?"
    r"|本[站网報报刊台社](?:原创|原創|讯|訊|记者|编辑|综合|整理|自编|编辑部)?"
    r"|(?:原创|原創|转载|轉載|转帖|转发|自编|综合|綜合|整理|汇编|摘编|编辑|小编|投稿|匿名|佚名|未知|不详|不明|未注明|暂无|无|無)"
    r"(?:文章|内容|稿件|报道|整理|来源|出处|作者)?"
    r"|(?:来源|來源|出处)(?:不详|不明|未知|网络|暂无|无)|网友(?:投稿|提供|上传)?|管理员|系统管理员"
    r"|admin(?:istrator)?|editor|root|guest|test|anonymous|unknown|none|null|nil|nan|undefined|n/a|original|other|其他|其它",
    re.I,
)
_BARE_HOST = re.compile(
    r"(?:https?:)?(?://)?(?:www\.[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}|\d{1,3}(?:\.\d{1,3}){3}|localhost)(?::\d{1,5})?(?:/\S*)?",
    re.A | re.I,
)
_SPACES = re.compile(r"\s+")
_LONGEST_FILLER, _LONGEST_HOST = 40, 2000

_BARE_CREDIT = re.compile(r"[（(]([^（）()\n]{2,20})[）)]\s*\Z")
# What the names of outlets end in; a bracket at the end may also hold a reporter, an abbreviation or （完）.
_OUTLET = re.compile(
    r"(?:报|社|网|台|刊|周刊|杂志|新闻|财经|证券|在线|客户端|频道|通讯|快讯|资讯|研究院|电讯|时报|官微|APP)\Z",
    re.I,
)
# Narrower: names that are no topic. 互联网新闻 and 财报新闻 are.
_NAMED_AS_OUTLET = re.compile(r"(?:报|社|网|台|刊|杂志|客户端|APP)\Z", re.I)
_TOPIC = re.compile(
    r"(?:联网|电网|上网|财报|年报|季报|中报|月报|研报|公报|情报|预报|播报|简报|战报|旅行社|合作社|平台|舞台)\Z"
)
_NO_OUTLET = re.compile(r"[0-9，。、：:；;]|记者|编辑|作者|来源|摄|公告|日报道")


def only_name(value: str) -> tuple[str, str]:
    """Return a name without host names, e-mail addresses and user numbers, and what was left out, in words."""
    if not any(sign in value for sign in _SIGNS) and not any(map(str.isdigit, value)):
        return value, ""
    name, left_out = value, []
    for kind, pattern in _NOT_OF_A_NAME:
        shorter = pattern.sub(" ", name)
        if shorter != name:
            left_out.append(kind)
            name = shorter
    if not left_out:
        return value, ""
    name = " ".join(_EMPTY.sub(" ", name).split()).strip(_EDGES)
    bracketed = _BRACKETED.fullmatch(name)
    return bracketed[1].strip() if bracketed else name, "、".join(dict.fromkeys(left_out))


def only_outlet(value: str) -> tuple[str, str]:
    """Return an outlet's name as `only_name` does, and none for what merely fills the column: 网络, 本站原创, admin."""
    said = _SPACES.sub("", value[:_LONGEST_FILLER]).strip(_EDGES + "()（）[]【】")
    if _FILLS_IN.fullmatch(said) or (value and not said):
        return "", "占位的词"
    if _BARE_HOST.fullmatch(value[:_LONGEST_HOST]):
        return "", "网址"
    name, left_out = only_name(value)
    return (name if not left_out or any(map(str.isalpha, name)) else ""), left_out


def bare_credit(text: str) -> str:
    """Return the outlet that a text may name in brackets after its last words, without 来源: （财联社）. "" if none."""
    match = _BARE_CREDIT.search(text[-30:])
    name = match[1].strip() if match else ""
    return name if _OUTLET.search(name) and not _NO_OUTLET.search(name) else ""


def is_named_as_outlet(name: str) -> bool:
    """Return True if a name ends as those of outlets do (澜州日报, 渝州网), and not as a topic (互联网)."""
    return _NAMED_AS_OUTLET.search(name) is not None and not _TOPIC.search(name)
