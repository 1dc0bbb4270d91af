"""Split sanitised HTML into blocks, and a block into sentences. Lossless: the parts join to the input."""

import re
from typing import NamedTuple

from sources.text.sanitize import BLOCKS, TABLES, VOID
from sources.text.sentences import sentences

# Tags that form lines of their own, or are part of one; all others are inline.
BLOCK_TAGS = frozenset(f"{BLOCKS}|{TABLES}|hr".split("|"))
WHOLE = {"pre"}  # line breaks and whitespace are significant

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*+)[^<>]*+>")
_PARTS = re.compile(r"(<[^<>]*+>)")
_ELEMENT = re.compile(r"(\s*+<([a-z][a-z0-9]*+)[^<>]*+>)(.*)(</\2>\s*+)", re.S)
_CLOSING = re.compile(r"(?:</[a-z][a-z0-9]*+>)*+(?:<br>)?+\s*+")


class Opened(NamedTuple):
    """A block split into opening tag, content and closing tag; the tags are "" for words outside any block."""

    opening: str
    inner: str
    closing: str


def blocks(html: str) -> list[str]:
    """Return the outermost blocks, each with the whitespace after it; words outside any block form a block too."""
    found: list[str] = []
    start = depth = 0
    for tag in _TAG.finditer(html):
        closes, name = tag[1], tag[2]
        step = 0 if name in VOID else -1 if closes else 1
        if depth == 0 and not closes and name in BLOCK_TAGS:
            start = _cut(found, html, start, tag.start())
        depth = max(depth + step, 0)
        if depth == 0 and step < 1 and name in BLOCK_TAGS:
            start = _cut(found, html, start, tag.end())
    _cut(found, html, start, len(html))
    return found


def _cut(found: list[str], html: str, start: int, end: int) -> int:
    """Append html[start:end] as a block, or to the last block if it is blank. Return where the next block starts."""
    piece = html[start:end]
    if found and not piece.strip():
        found[-1] += piece
    elif piece.strip():
        found.append(piece)
    else:
        return start
    return end


def opened(block: str) -> Opened | None:
    """Split a block into its own tags and its content; None if it must be kept whole."""
    match = _ELEMENT.fullmatch(block)
    if not match or match[2] not in BLOCK_TAGS:
        return Opened("", block, "") if not _has_blocks(block) else None
    return None if match[2] in WHOLE else Opened(match[1], match[3], match[4])


def parts(inner: str) -> list[str]:
    """Return the nested blocks, or the sentences if there are none."""
    return blocks(inner) if _has_blocks(inner) else html_sentences(inner)


def _has_blocks(html: str) -> bool:
    return any(match[2] in BLOCK_TAGS for match in _TAG.finditer(html))


def html_sentences(inner: str) -> list[str]:
    """Split words with inline markup after sentences and line breaks, never inside an element."""
    words, ends = [], []  # for each character of the words: its end in the HTML and its depth
    at = depth = 0
    for part in _PARTS.split(inner):
        if part.startswith("<"):
            tag = _TAG.match(part)
            depth += 0 if not tag or tag[2] in VOID else -1 if tag[1] else 1
            if part == "<br>":
                words.append("\n")
                ends.append((at + len(part), depth))
        else:
            words.append(part)
            ends.extend((at + n, depth) for n in range(1, len(part) + 1))
        at += len(part)
    return _cut_at(inner, _cuts(inner, "".join(words), ends))


def _cuts(inner: str, words: str, ends: list[tuple[int, int]]) -> list[int]:
    cuts, read, behind = [], 0, 0
    for line in words.splitlines(keepends=True):
        for sentence in sentences(line):
            read += len(sentence)
            at, depth = ends[read - 1]
            if at < behind:  # in the whitespace already added to the previous sentence
                continue
            closing = _CLOSING.match(inner, at)
            behind = closing.end()
            if depth == closing[0].count("</"):
                cuts.append(behind)
    return cuts


def _cut_at(text: str, cuts: list[int]) -> list[str]:
    edges = sorted({0, *cuts, len(text)})
    return [text[a:b] for a, b in zip(edges, edges[1:], strict=False) if a < b]
