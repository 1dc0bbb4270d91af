"""The lines of a page as a reader sees them: each block's own words, with what their markup says of them. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit

from selectolax.lexbor import LexborNode

INLINE = {
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd"),
    *("label", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time"),
    *("tt", "u", "var", "wbr"),
}
_UNREAD = {
    "script",
    "style",
    "noscript",
    "template",
    "iframe",
    "textarea",
    "select",
    "svg",
    "object",
    "-comment",
}
_ASIDE = {"nav", "footer", "aside", "button"}
_HEADING = re.compile(r"h[1-6]")
_HIDDEN = re.compile(r"display\s{0,5}:\s{0,5}none", re.I)
_ROOT = re.compile(r"/?(?:index\.\w{2,5}|\.)?/?")
_SENTENCE = re.compile(r"[。！？；]|，[^，]{4}")
MOST_NAMES = 200  # characters of classes and ids
LONG = 28  # characters; a line that reads as prose has as many


class _Place(NamedTuple):
    """What holds for the words directly in an element."""

    block: int
    heading: int = 0
    names: str = ""
    own: str = ""
    linked: bool = False
    to_root: bool = False
    hidden: bool = False
    aside: bool = False


@dataclass(slots=True)
class Piece:
    """Words that stand in one element: the text, and the classes and ids of the nearest element that has any."""

    text: str
    names: str
    linked: bool
    node: LexborNode | None = None


@dataclass(slots=True)
class Line:
    """One block's words. `node` is the block, `heading` its level (0: none), `aside` that it is in a menu or footer.

    `text` are the words as they are read, `spaced` with a space between elements, which a style sheet often sets
    apart; `linked` says that all of it is a link, `is_prose` that it reads as a sentence of a text.
    """

    node: LexborNode
    heading: int
    names: str
    hidden: bool
    aside: bool
    to_root: bool
    pieces: list[Piece] = field(default_factory=list)
    text: str = ""
    spaced: str = ""
    linked: bool = False
    is_prose: bool = False

    def finish(self) -> None:
        """Set what follows from the pieces."""
        self.text = " ".join("".join(piece.text for piece in self.pieces).split())
        self.spaced = " ".join(" ".join(piece.text for piece in self.pieces).split())
        self.linked = all(piece.linked for piece in self.pieces)
        reads = not self.linked and not self.heading and len(self.text) >= LONG
        self.is_prose = reads and bool(_SENTENCE.search(self.text))


def page_lines(body: LexborNode) -> list[Line]:
    """Return all lines of a page's body, in order; the body is not changed."""
    places: dict[int, _Place | None] = {body.mem_id: _Place(body.mem_id)}
    blocks: dict[int, LexborNode] = {body.mem_id: body}
    lines: list[Line] = []
    block = 0
    for node in body.traverse(include_text=True):
        parent = node.parent
        place = places.get(parent.mem_id) if parent is not None else None
        if place is None:
            continue
        tag = node.tag
        if tag == "-text":
            words = node.text_content or ""
            if not words.strip():
                if lines and block == place.block and lines[-1].pieces:
                    lines[-1].pieces[-1].text += " "
                continue
            if block != place.block:
                block = place.block
                lines.append(_line(blocks[block], place))
            lines[-1].pieces.append(Piece(words, place.own, place.linked, node))
            lines[-1].to_root = lines[-1].to_root or place.to_root
        elif tag in _UNREAD:
            places[node.mem_id] = None
        elif tag == "br":
            block = 0
        else:
            places[node.mem_id] = inner = _inside(place, node)
            if inner.block != place.block:
                block = 0
                blocks[inner.block] = node
    for line in lines:
        line.finish()
    return lines


def _line(node: LexborNode, place: _Place) -> Line:
    return Line(node, place.heading, place.names, place.hidden, place.aside, place.to_root)


def _inside(place: _Place, node: LexborNode) -> _Place:
    tag, said = node.tag or "", node.attributes
    named = f"{said.get('class') or ''} {said.get('id') or ''}".lower().strip()[:MOST_NAMES]
    hidden = place.hidden or "hidden" in said or bool(_HIDDEN.search(said.get("style") or ""))
    if tag in INLINE:
        linked = tag == "a" or place.linked
        to_root = place.to_root or (tag == "a" and _is_root(said.get("href") or ""))
        if not named and linked == place.linked and hidden == place.hidden and to_root == place.to_root:
            return place
        return place._replace(
            names=f"{place.names} {named}".strip()[:MOST_NAMES],
            own=named or place.own,
            linked=linked,
            hidden=hidden,
            to_root=to_root,
        )
    heading = int(tag[1]) if _HEADING.fullmatch(tag) else place.heading
    aside = place.aside or tag in _ASIDE
    return _Place(node.mem_id, heading, named, named, place.linked, place.to_root, hidden, aside)


def _is_root(href: str) -> bool:
    try:
        return _ROOT.fullmatch(urlsplit(href.strip()).path) is not None
    except ValueError:
        return False


def before_prose(lines: list[Line], start: int, most: int = 40, letters: int = 900) -> Iterator[Line]:
    """Yield the lines from `start` up to the first prose, at most so many of them: what stands under a headline."""
    for line in lines[start : start + most]:
        if line.is_prose or letters < 0:
            return
        letters -= len(line.text)
        yield line
