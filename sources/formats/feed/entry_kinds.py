"""Entries that are no articles: a backup of Blogger has comments, pages and settings beside posts. Pure."""

from collections import Counter
from collections.abc import Sequence

from sources.formats.raw_article import LeftOut
from sources.text.lines import one_line

_SCHEME = "http://schemas.google.com/g/2005#kind"
_KINDS = {"comment": "读者评论", "settings": "网站设置", "template": "网页模板", "page": "独立页面"}

Posts = tuple[list[dict], list[bytes], Sequence[int], LeftOut | None]


def is_kind(tag: dict) -> bool:
    """Return True for a category that says what an entry is, which is no tag."""
    return tag.get("scheme") == _SCHEME


def posts_only(entries: list[dict], raws: list[bytes]) -> Posts:
    """Return the entries that are articles, their bytes and numbers, and the others, counted by kind and listed."""
    kinds = [_other_kind(entry) for entry in entries]
    if not any(kinds):
        return entries, raws, range(1, len(entries) + 1), None
    kept = [number for number, kind in enumerate(kinds) if not kind]
    counts = Counter(filter(None, kinds))
    said = f"不是文章，没有导入：{'、'.join(f'{kind} {count}' for kind, count in counts.most_common())}"
    listed = (
        "\t".join((kind, one_line(entry.get("id") or ""), one_line(entry.get("title") or "")))
        for entry, kind in zip(entries, kinds, strict=True)
        if kind
    )
    left_out = LeftOut(said, "\n".join([said, *listed, ""]).encode("utf-8", "replace"))
    return [entries[at] for at in kept], [raws[at] for at in kept], [at + 1 for at in kept], left_out


def _other_kind(entry: dict) -> str:
    """Return the kind of an entry in words if it is no post; "" for a post."""
    said = [tag.get("term") or "" for tag in entry.get("tags", []) if is_kind(tag)]
    kind = said[0].rpartition("#")[2] if said else (entry.get("blogger_type") or "").strip()
    kind = kind.lower()
    if kind == "post":
        return ""
    if kind:
        return _KINDS.get(kind, f"{kind[:30]} 类型")
    return _KINDS["comment"] if "thr_in-reply-to" in entry else ""
