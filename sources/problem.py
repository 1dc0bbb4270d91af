"""Problems of an input: a code that programs match on, a sentence for the editor, and the line number."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Kinds of problems. Import items store them: add new ones, never rename one."""

    # The input, or this part of it, cannot be read and becomes no article.
    NOT_OPENED = "not-opened"  # the file, or its place in an archive
    EMPTY = "empty"
    TOO_LARGE = "too-large"  # the file, or the number of items in it
    OVER_LIMIT = "over-limit"  # of time or memory while reading
    WRONG_FORMAT = "wrong-format"
    DAMAGED = "damaged"  # truncated, encrypted, a broken workbook
    BAD_HEADER = "bad-header"  # of a table
    BAD_PART = "bad-part"  # a row or an entry
    NO_ARTICLES = "no-articles"
    READER_FAILED = "reader-failed"  # a bug of ours
    HASH_COLLISION = "hash-collision"
    REFUSED_BY_DATABASE = "refused-by-database"
    READ_DIFFERENTLY = "read-differently"  # the present reader gives another result
    NOT_KEPT = "not-kept"  # the bytes were not stored, or not completely
    SPLIT_ARTICLE_GONE = "split-article-gone"

    # The article was read, but an editor must check it before publication.
    TO_CHECK = "to-check"  # something that is always uncertain in its format
    HELD = "held"  # the user who imports it may not publish
    UNPUBLISHED = "unpublished"  # marked so by its source
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
    TOO_LONG = "too-long"  # a value was cut
    LOST_CHARACTERS = "lost-characters"  # in the source already
    BAD_BYTES = "bad-bytes"  # in an encoding that is certain
    GUESSED_ENCODING = "guessed-encoding"
    GUESSED_WITH_FAULTS = "guessed-with-faults"  # bad bytes in a guessed encoding

    # Seen only in the whole file, so reading one part again cannot show it.
    REPEATED_ID = "repeated-id"
    BROKEN_XML = "broken-xml"

    # Recorded before there were codes, as a sentence that the migration did not know.
    OTHER = "other"


OF_THE_FILE = frozenset({Code.REPEATED_ID, Code.BROKEN_XML})
SAYS_BAD_BYTES = frozenset({Code.BAD_BYTES, Code.GUESSED_WITH_FAULTS})


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `line` is a line number in the file, from 1; None if the problem has no line."""

    code: Code
    text: str
    line: int | None = None

    def __str__(self):
        return self.text


def in_words(problems: Iterable[Problem]) -> str:
    """All problems in one sentence."""
    return "；".join(problem.text for problem in problems)


NO_TITLE = Problem(Code.NO_TITLE, "没有标题，请补上再发布")
NO_BODY = Problem(Code.NO_BODY, "没有正文，请对照原文补上")
NO_DATE = Problem(Code.NO_DATE, "没有日期，请对照原文补上")
NO_OUTLET = Problem(Code.NO_OUTLET, "不知道是哪个来源，请选定")
EMPTY = Problem(Code.EMPTY, "文件是空的，没有可导入的内容")
NOT_TEXT = Problem(Code.WRONG_FORMAT, "不是文本文件")


def no_outlet(detail: str) -> Problem:
    """NO_OUTLET with a detail."""
    return Problem(Code.NO_OUTLET, f"{NO_OUTLET.text}（{detail}）")
