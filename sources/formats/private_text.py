"""Whether an input says of itself that it is not public: a draft, a status, a password, an embargo. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime

from sources.problem import Code, Problem
from sources.text.dates import SHANGHAI, read_date
from sources.text.lines import one_line

_SPACES = re.compile(r"[\s-]+")


def _words(said: str) -> frozenset[str]:
    return frozenset(said.split())


_NO = _words("false no n f off 0 0.0 null none nil undefined 否 不 假 无") | {""}
_NOT_YET = _words("未 未发布 未公开 不公开 不发布 未上线 不显示")
# Names whose yes means private, and names whose no does.
_PRIVATE_FLAGS = _words(
    "draft is_draft isdraft private is_private isprivate hidden is_hidden unlisted deleted is_deleted isdeleted"
    " deleted_at trashed embargoed members_only email_only 草稿 是否草稿 私密 是否私密 隐藏 是否隐藏"
    " 已删除 是否删除"
)
_PUBLIC_FLAGS = _words(
    "published is_published ispublished publish public is_public ispublic visible is_visible online is_online"
    " 公开 是否公开 已发布 是否发布 发布 上线 是否上线 显示 是否显示"
)
_STATES = _words(
    "status post_status poststatus article_status publish_status published_status publication_status visibility"
    " 状态 发布状态 稿件状态 文章状态 可见性 狀態 發布狀態"
)
# These names mean other things, too: only a word that is certainly private counts.
_OTHER_STATES = _words("state access 访问权限 权限")
_PASSWORDS = _words("password post_password passwd 密码 访问密码 密碼")
_EMBARGOES = _words(
    "embargo embargo_until embargo_date embargodate embargoed_until not_before publish_after"
    " 解禁时间 解禁日期 禁发至"
)
NAMES = _PRIVATE_FLAGS | _PUBLIC_FLAGS | _STATES | _OTHER_STATES | _PASSWORDS | _EMBARGOES

_PUBLIC_WORDS = _words(
    "publish published public live active online open visible released final ok success done normal approved true yes"
    " y 1 99 200 null none 已发布 发布 公开 正常 已公开 已上线 上线 在线 显示 已审核 审核通过 已审 已签发 有效"
    " 所有人可见 是 已發布 發布 公開"
)
_PRIVATE_WORDS = re.compile(
    r"draft|private|pending|future|scheduled|trash|inherit|hidden|unpublish|not.?publish|delete|archive|member|paid"
    r"|tiers|filter|internal|review|restrict|protect|password|embargo|offline|expired|withdrawn|retract|sent\Z"
    r"|草稿|待审|待審|待发|待發|待定|私密|私有|未|不|隐藏|隱藏|回收|删|刪|下线|下架|撤|定时|定時|会员|付费|内部|密码|加密|退稿|禁"
)


def says(name: str) -> bool:
    """Return True if a column or key of this name says whether a text is public."""
    return _flat(name) in NAMES


def unpublished(values: Mapping[str, str]) -> Problem | None:
    """Return the problem of an input that says it is not public; None if nothing says so.

    `values` is what it says, by lower-case key (draft, published, status, password, visibility …); other keys are
    ignored. A status that is neither known to be public nor private is one that an editor must see.
    """
    for name, value in values.items():
        key, said = _flat(name), one_line(value).strip("\"'").lower()
        if key not in NAMES or said in _NO and key not in _PUBLIC_FLAGS | _STATES:
            continue
        if key in _PASSWORDS:
            return Problem(Code.UNPUBLISHED, "来源标明不发布（要密码才能看）")
        if _is_private(key, said):
            return Problem(Code.UNPUBLISHED, f"来源标明不发布（{name}: {one_line(value)[:40]}）")
        if key in _STATES and said not in _PUBLIC_WORDS and said:
            return Problem(
                Code.UNPUBLISHED, f"不知道这个状态是不是已发布，请核对（{name}: {one_line(value)[:40]}）"
            )
    return None


def _is_private(key: str, said: str) -> bool:
    if key in _EMBARGOES:
        at = read_date(said.upper()).at
        return at is None or at > datetime.now(SHANGHAI)
    if key in _PRIVATE_FLAGS:
        return True
    if key in _PUBLIC_FLAGS:
        return bool(said) and (
            said in _NO or said in _NOT_YET or said in ("draft", "private", "草稿", "私密")
        )
    return said not in _PUBLIC_WORDS and _PRIVATE_WORDS.search(said) is not None


def _flat(name: str) -> str:
    return _SPACES.sub("_", name.strip().lower())
