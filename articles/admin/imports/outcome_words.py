"""Texts shared by all pages that import."""

from sources.models import Outcome

HELD = "由没有发布权的编辑导入，请主编核对后发布"


def outcome_words(counts: dict[str, int]) -> str:
    """Counts by outcome as a phrase: 新建 3 条，退回 1 条."""
    return (
        "，".join(f"{label} {counts[name]} 条" for name, label in Outcome.choices if counts.get(name))
        or "没有条目"
    )
