"""Describe a search in words. Pure."""

from collections.abc import Callable, Sequence

from articles.search.query.parse import BYLINE, TITLE, Either, Part, Question
from articles.search.query.terms import Aliases, Unit, expansions, key, left_idle, open_parts


def describe(
    question: Question, aliases: Aliases, units_of: Callable[[str], Sequence[Unit]] | None = None
) -> list[str]:
    """A sentence for each part of a question, for its aliases, and for what was left out. `units_of`: what the index is
    asked for a part."""
    words = [_said(part) for part in question.parts]
    idle = [word for part in open_parts(question) for word in left_idle(part.words, aliases)]
    if idle:
        words.append(f"没有算：{'、'.join(dict.fromkeys(idle))}")
    for part in open_parts(question) if units_of else ():
        some = [unit.word for unit in units_of(part.words)]
        words += [f"“{one}” 只在标题里算" for one in some if len(one) == 1 < len(some)]
    by_word: dict[str, list[str]] = {}
    for other, word in expansions(question, aliases).items():
        by_word.setdefault(word, []).append(other)
    words += [f"也找了：{'、'.join(others)}（“{word}”的别名）" for word, others in by_word.items()]
    return [*words, question.left_out] if question.left_out else words


def _said(part: Part | Either) -> str:
    if isinstance(part, Either):
        joined = " 或 ".join("、".join(map(_said, some)) for some in part.choices)
        return f"不含（{joined}）" if part.excluded else joined
    quoted = f"“{part.words}”"
    if part.excluded:
        return f"不含 {quoted}" if part.field != TITLE else f"标题不含 {quoted}"
    if part.field == BYLINE:
        return f"作者：{part.words}"
    if part.field == TITLE:
        return f"标题含 {quoted}"
    if len(key(part.words)) == 1:
        return f"{quoted} 按标题里的字" if not part.exact else f"标题含 {quoted}"
    return f"{quoted} 按原文" if part.exact else f"{quoted} 按词和原文"
