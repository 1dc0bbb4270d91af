"""Sanitised HTML cut into its blocks, and a block into its sentences; joined they are what was cut."""

import re
from typing import NamedTuple

from sources.text.sanitize import BLOCKS, TABLES, VOID
from sources.text.sentences import sentences

# What stands in lines of its own, or is a part of what does; everything else runs on within a line.
BLOCK_TAGS = frozenset(f"{BLOCKS}|{TABLES}|hr".split("|"))
WHOLE = {"pre"}  # its line breaks and blanks are its meaning

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*+)[^<>]*+>")
_PARTS = re.compile(r"(<[^<>]*+>)")
_ELEMENT = re.compile(r"(\s*+<([a-z][a-z0-9]*+)[^<>]*+>)(.*)(</\2>\s*+)", re.S)
_CLOSING = re.compile(r"(?:</[a-z][a-z0-9]*+>)*+(?:<br>)?+\s*+")


class Opened(NamedTuple):
    """A block without its own tags, which stand beside it; both empty for words that lie in no block."""

    opening: str
    inner: str
    closing: str


def blocks(html: str) -> list[str]:
    """The outermost blocks, each with the blank that follows it; words that lie in none are a block, too."""
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
    """Take html[start:end] as a block, blank as the end of the one before; where the next begins."""
    piece = html[start:end]
    if found and not piece.strip():
        found[-1] += piece
    elif piece.strip():
        found.append(piece)
    else:
        return start
    return end


def opened(block: str) -> Opened | None:
    """The block's own tags and what is between them; None for one that must not be looked into."""
    match = _ELEMENT.fullmatch(block)
    if not match or match[2] not in BLOCK_TAGS:
        return Opened("", block, "") if not _has_blocks(block) else None
    return None if match[2] in WHOLE else Opened(match[1], match[3], match[4])


def parts(inner: str) -> list[str]:
    """What a block consists of: the blocks in it, or its sentences."""
    return blocks(inner) if _has_blocks(inner) else html_sentences(inner)


def _has_blocks(html: str) -> bool:
    return any(match[2] in BLOCK_TAGS for match in _TAG.finditer(html))


def html_sentences(inner: str) -> list[str]:
    """Words with inline markup, cut behind sentences and line breaks, never within an element."""
    words, ends = [], []  # for each character of the words: where in the HTML it ends, and how deep it lies
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
            if at < behind:  # among the blanks that the sentence before took along
                continue
            closing = _CLOSING.match(inner, at)
            behind = closing.end()
            if depth == closing[0].count("</"):
                cuts.append(behind)
    return cuts


def _cut_at(text: str, cuts: list[int]) -> list[str]:
    edges = sorted({0, *cuts, len(text)})
    return [text[a:b] for a, b in zip(edges, edges[1:], strict=False) if a < b]
