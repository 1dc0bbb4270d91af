"""Whether a source itself says that a text is not public: a draft, hidden, behind a password, not yet or no longer out.

One decision for all formats. What is unclear counts as private, because publishing cannot be taken back. Pure.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from unicodedata import normalize

from sources.formats.fields import dated
from sources.problem import Code, Problem
from sources.text.dates import SHANGHAI, read_date
from sources.text.lines import one_line

# Field names as `_key` gives them: without case, spaces, hyphens, underscores and colons.
_IS_PRIVATE = {"draft", "isdraft", "private", "isprivate", "hidden", "ishidden", "hide", "secret", "unlisted"}
_IS_PRIVATE |= {
    "encrypt",
    "encrypted",
    "protected",
    "unpublished",
    "trashed",
    "deleted",
    "isdeleted",
    "草稿",
    "私密",
}
_IS_PRIVATE |= {"trash", "embargoed", "membersonly", "emailonly", "是否草稿", "是否私密", "隐藏", "是否隐藏"}
_IS_PRIVATE |= {"已删除", "是否删除", "headless"}
# Of Hugo, Zola and Eleventy: whether a page is written, and where it is listed.
_BUILT = {"build.render", "build.list", "render", "permalink"}
_IS_PUBLIC = {
    "published",
    "ispublished",
    "publish",
    "public",
    "ispublic",
    "发布",
    "是否发布",
    "公开",
    "是否公开",
}
_IS_PUBLIC |= {"dgpublish", "obsidianpublish", "enabled", "isenabled", "启用", "是否启用"}
_IS_PUBLIC |= {"visible", "isvisible", "online", "isonline", "已发布", "上线", "是否上线", "显示", "是否显示"}
# Any value but a no means private: the moment at which it was deleted.
_GONE = {"deletedat", "trashedat", "删除时间"}
_STATUS = {"status", "poststatus", "wpstatus", "articlestatus", "publishstatus", "publicationstatus"}
_STATUS |= {"publishedstatus", "狀態", "發布狀態"}
_STATUS |= {"状态", "发布状态", "稿件状态", "文章状态"}
_FOR_WHOM = {"visibility", "postvisibility", "access", "audience", "权限", "访问权限", "可见性", "可见范围"}
# Fields that mostly say something else: only a word for a draft counts.
_OF_MANY_USES = {"state", "type", "posttype", "layout", "stage"}
_PASSWORD = {
    "password",
    "postpassword",
    "wppostpassword",
    "passwd",
    "pwd",
    "passcode",
    "密码",
    "访问密码",
    "密碼",
}
_NOT_BEFORE = {
    "publishdate",
    "publishat",
    "publishon",
    "publishtime",
    "embargo",
    "embargountil",
    "embargoeduntil",
}
_NOT_BEFORE |= {
    "embargodate",
    "scheduled",
    "scheduledat",
    "scheduledfor",
    "scheduledate",
    "releasedate",
    "releaseat",
}
_NOT_BEFORE |= {"notbefore", "publishafter", "定时发布", "定时发布时间", "解禁时间", "解禁日期", "禁发至"}
_NOT_AFTER = {"expirydate", "expires", "expiresat", "expiredate", "expirationdate", "expireson", "expireat"}
_NOT_AFTER |= {
    "unpublishdate",
    "unpublishat",
    "unpublishon",
    "validuntil",
    "过期时间",
    "失效时间",
    "下线时间",
}
# Dates that readers check and report themselves; here only a time to come counts.
_OWN_DATE = {
    "date",
    "publishedat",
    "publisheddate",
    "postdate",
    "wppostdate",
    "wppostdategmt",
    "pubdate",
    "发布时间",
}

_YES = {"true", "yes", "y", "on", "1", "1.0", "t", "是", "真", "对", "有", "开"}
_NO = {"false", "no", "n", "off", "0", "0.0", "f", "否", "假", "不", "不是", "无", "没有", "关", "未"}
_NOT_BUILT = {"never", "false", "no", "off", "link"}
_EMPTY = {"", "~", "null", "none", "nil", "undefined", "nan"}
_OUT = {
    "publish",
    "published",
    "public",
    "live",
    "posted",
    "online",
    "active",
    "released",
    "发布",
    "已发布",
    "公开",
}
_OUT |= {"已公开", "已上线", "上线", "已发表", "发表", "正式发布", "已發佈", "已發布"}
_OUT |= {
    "final",
    "ok",
    "success",
    "done",
    "normal",
    "approved",
    "visible",
    "open",
    "true",
    "yes",
    "y",
    "1",
    "99",
    "200",
}
_OUT |= {"正常", "在线", "显示", "已审核", "审核通过", "已审", "已签发", "有效", "是"}
_EVERYONE = {"public", "everyone", "all", "anyone", "open", "world", "visible", "公开", "所有人", "全部可见"}
_DRAFTS = {
    "draft",
    "drafts",
    "auto-draft",
    "post_draft",
    "page_draft",
    "private",
    "pending",
    "future",
    "scheduled",
    "trash",
    "hidden",
    "wip",
}
_DRAFTS |= {"unpublished", "草稿", "待审", "私密", "定时", "回收站"}
_PRIVATE_FOLDERS = {"_drafts", "_draft", "drafts", "_private", "_trash", "trash", "草稿", "草稿箱", "回收站"}
_PRIVATE_FOLDERS |= {
    ".trash",
    "_discarded",
    "discarded",
    "_unpublished",
    "unpublished",
    "_deleted",
    "_hidden",
}
_PRIVATE_FOLDERS |= {"_wip", "未发布", "未发表", "已删除", "废稿", "废稿箱"}
# Hexo builds no folder of `source` that begins with an underscore, but the posts.
_NEVER_BUILT = re.compile(r"(?:\A|[/!])source/(_(?!posts(?:/|\Z))[^/!]++)")

# The clock of a source may be ahead of ours.
_SKEW = timedelta(minutes=10)
_FAR = datetime(9990, 1, 1, tzinfo=SHANGHAI)
_SEPARATORS = re.compile(r"[\s_:-]++")
_COMMENT = re.compile(r"\s#")
_QUOTES = " \t\"'“”‘’"
_LONGEST, _LONGEST_READ = 40, 400  # characters of a value that are shown, and looked at


def private_reason(
    values: Mapping[str, object], name: str = "", now: datetime | None = None
) -> Problem | None:
    """Return why a text must not be published unseen (Code.UNPUBLISHED), or None if its source says nothing against it.

    `values` are the source's own fields by its own names (`draft`, `post_status`, `wp:post_password`, `expiryDate`,
    `状态` …; others are ignored): text, bool, number, date, list or None. `name` is the input's path, for `_drafts/`.
    `now` is aware. A value that is not understood is a reason; a password is never repeated.
    """
    found = [*_of_folders(name.rpartition("/")[0])] if "/" in name else []
    now = now or datetime.now(UTC) if values else now
    for key, value in values.items():
        judge = _judge(key)
        if judge and (said := judge(key, value, now)) and said not in found:
            found.append(said)
    return Problem(Code.UNPUBLISHED, "；".join(found)) if found else None


def says(name: str) -> bool:
    """Return True if a column or key of this name says whether a text is public, whatever else it may say."""
    return _judge(name) not in (None, _own_date)


@lru_cache(1000)
def _of_folders(path: str) -> tuple[str, ...]:
    folders = [one for one in re.split(r"[/!]", path) if one.lower() in _PRIVATE_FOLDERS]
    folders += _NEVER_BUILT.findall(path)
    return tuple(f"在来源的“{one}”文件夹里，没有发布" for one in dict.fromkeys(folders))


@lru_cache(1000)
def _judge(name: str) -> Callable[[str, object, datetime], str] | None:
    return _JUDGES.get(_key(name))


def _key(name: str) -> str:
    return _SEPARATORS.sub("", name.lower())


def _word(value: object) -> str:
    """Return a value as one lower-case word, without quotes and a comment of YAML."""
    if isinstance(value, list | tuple):
        value = " ".join(map(str, value))
    return _word_of("" if value is None else str(value)[:_LONGEST_READ])


@lru_cache(1000)
def _word_of(value: str) -> str:
    text = normalize("NFKC", one_line(value))
    if "#" in text:
        text = _COMMENT.split(text, maxsplit=1)[0]
    return text.strip(_QUOTES).casefold()


def _private(name: str, value: object, now: datetime) -> str:
    word = _word(value)
    if word in _NO or word in _EMPTY:
        return ""
    return f"来源标明不公开（{name}: {_shown(value)}）" if word in _YES else _unclear(name, value)


def _public(name: str, value: object, now: datetime) -> str:
    word = _word(value)
    if word in _YES or word in _OUT:
        return ""
    if word in _NO:
        return f"来源标明不发布（{name}: {_shown(value)}）"
    at = _time(value)
    if at is None:
        return _unclear(name, value)
    return _to_come(name, at, now)


def _built(name: str, value: object, now: datetime) -> str:
    word = _word(value)
    return f"来源的网站不生成它（{name}: {_shown(value)}）" if word in _NOT_BUILT else ""


def _status(name: str, value: object, now: datetime) -> str:
    word = _word(value)
    if word in _OUT or word in _EMPTY:
        return ""
    return f"来源标明的状态不是已发布（{name}: {_shown(value)}）"


def _for_whom(name: str, value: object, now: datetime) -> str:
    word = _word(value)
    return "" if word in _EVERYONE or word in _EMPTY else f"来源标明不是人人可见（{name}: {_shown(value)}）"


def _of_many_uses(name: str, value: object, now: datetime) -> str:
    return f"来源标明不发布（{name}: {_shown(value)}）" if _word(value) in _DRAFTS else ""


def _password(name: str, value: object, now: datetime) -> str:
    return "" if value is False or _word(value) in _EMPTY else f"来源给它设了密码（{name}），不是公开的"


def _gone(name: str, value: object, now: datetime) -> str:
    word = _word(value)
    return "" if word in _NO or word in _EMPTY else f"来源标明已删除（{name}: {_shown(value)}）"


def _not_before(name: str, value: object, now: datetime) -> str:
    word = _word(value)
    if word in _NO or word in _EMPTY:
        return ""
    at = _time(value)
    return _to_come(name, at, now) if at else _unclear(name, value)


def _not_after(name: str, value: object, now: datetime) -> str:
    word = _word(value)
    if word in _NO or word in _EMPTY:
        return ""
    at = _time(value)
    if at is None:
        return _unclear(name, value)
    return f"来源标明它已在 {at:%Y-%m-%d %H:%M} 下线（{name}）" if at <= now else ""


def _own_date(name: str, value: object, now: datetime) -> str:
    at = _time(value)
    return _to_come(name, at, now) if at else ""


_JUDGES = {
    key: judge
    for keys, judge in (
        (_IS_PRIVATE, _private),
        (_IS_PUBLIC, _public),
        (_BUILT, _built),
        (_STATUS, _status),
        (_FOR_WHOM, _for_whom),
        (_OF_MANY_USES, _of_many_uses),
        (_PASSWORD, _password),
        (_GONE, _gone),
        (_NOT_BEFORE, _not_before),
        (_NOT_AFTER, _not_after),
        (_OWN_DATE, _own_date),
    )
    for key in keys
}


def _to_come(name: str, at: datetime, now: datetime) -> str:
    if at.year < now.year - 1:  # nearly all; comparing times in zones is slow
        return ""
    return f"来源定于 {at:%Y-%m-%d %H:%M} 发布（{name}），时间还没到" if at > now + _SKEW else ""


def _unclear(name: str, value: object) -> str:
    return f"看不懂“{name}: {_shown(value)}”，不知道来源是否公开了它"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    values: Iterable[object] = value if isinstance(value, list | tuple) else [value]
    return one_line(" ".join("" if one is None else str(one) for one in values))[:_LONGEST]


def _time(value: object) -> datetime | None:
    """Return a value as an aware time, however far ahead; None if it is none."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=SHANGHAI)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=SHANGHAI)
    word = _word(value).upper()
    return dated(word).at or read_date(word, _FAR).at
