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


def bare_credit(text: str) -> str:
    """Return the outlet that a text may name in brackets after its last words, without 来源: （财联社）. "" if none."""
    match = _BARE_CREDIT.search(text[-30:])
    name = match[1].strip() if match else ""
    return name if _OUTLET.search(name) and not _NO_OUTLET.search(name) else ""


def is_named_as_outlet(name: str) -> bool:
    """Return True if a name ends as those of outlets do (澜州日报, 渝州网), and not as a topic (互联网)."""
    return _NAMED_AS_OUTLET.search(name) is not None and not _TOPIC.search(name)
