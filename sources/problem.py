"""What is wrong with an input: a code that programs match on, a sentence for the editor, the line it stands at."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Kinds of problems. They are stored with import items: add to them, never rename one."""

    # The input cannot be read: nothing of it, or of this part of it, becomes an article.
    NOT_OPENED = "not-opened"  # the file, or its place in an archive
    EMPTY = "empty"
    TOO_LARGE = "too-large"  # the file, or what it holds too much of
    OVER_LIMIT = "over-limit"  # of time or memory while it was read
    WRONG_FORMAT = "wrong-format"
    DAMAGED = "damaged"  # truncated, encrypted, a broken workbook
    BAD_HEADER = "bad-header"  # of a table
    BAD_PART = "bad-part"  # a row or an entry
    NO_ARTICLES = "no-articles"
    READER_FAILED = "reader-failed"  # a fault of ours
    HASH_COLLISION = "hash-collision"
    REFUSED_BY_DATABASE = "refused-by-database"
    READ_DIFFERENTLY = "read-differently"  # today's reader makes another thing of it
    NOT_KEPT = "not-kept"  # the bytes, or not whole
    SPLIT_ARTICLE_GONE = "split-article-gone"

    # The article was read, and an editor must look before it is public.
    TO_CHECK = "to-check"  # whatever its format always leaves uncertain
    HELD = "held"  # whoever brings it may not publish
    UNPUBLISHED = "unpublished"  # its source says so itself
    NO_TITLE = "no-title"
    NO_BODY = "no-body"
    NO_DATE = "no-date"
    NO_OUTLET = "no-outlet"
    DOUBTFUL_TITLE = "doubtful-title"
    DOUBTFUL_BODY = "doubtful-body"
    DOUBTFUL_DATE = "doubtful-date"
    DOUBTFUL_OUTLET = "doubtful-outlet"
    BAD_LINK = "bad-link"
    BAD_FRONT_MATTER = "bad-front-matter"
    TOO_LONG = "too-long"  # a value that was cut
    LOST_CHARACTERS = "lost-characters"  # by the source itself
    BAD_BYTES = "bad-bytes"  # in an encoding that is certain
    GUESSED_ENCODING = "guessed-encoding"
    GUESSED_WITH_FAULTS = "guessed-with-faults"  # bad bytes in a guessed encoding

    # Known from the whole file only, so that a part that is read again by itself cannot show it.
    REPEATED_ID = "repeated-id"
    BROKEN_XML = "broken-xml"

    # Recorded before codes were, in a sentence that the migration did not know.
    OTHER = "other"


OF_THE_FILE = frozenset({Code.REPEATED_ID, Code.BROKEN_XML})
SAYS_BAD_BYTES = frozenset({Code.BAD_BYTES, Code.GUESSED_WITH_FAULTS})


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `line` counts lines of the file from 1; None where the problem has no place."""

    code: Code
    text: str
    line: int | None = None

    def __str__(self):
        return self.text


def in_words(problems: Iterable[Problem]) -> str:
    """All problems as one sentence."""
    return "；".join(problem.text for problem in problems)


NO_TITLE = Problem(Code.NO_TITLE, "没有标题，请补上再发布")
NO_BODY = Problem(Code.NO_BODY, "没有正文，请对照原文补上")
NO_DATE = Problem(Code.NO_DATE, "没有日期，请对照原文补上")
NO_OUTLET = Problem(Code.NO_OUTLET, "不知道是哪个来源，请选定")
EMPTY = Problem(Code.EMPTY, "文件是空的，没有可导入的内容")
NOT_TEXT = Problem(Code.WRONG_FORMAT, "不是文本文件")


def no_outlet(detail: str) -> Problem:
    """NO_OUTLET with what is known nevertheless."""
    return Problem(Code.NO_OUTLET, f"{NO_OUTLET.text}（{detail}）")
