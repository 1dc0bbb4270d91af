"""Where in a saved page its prose stands: the smallest element that holds nearly all of it. Pure."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Never shown, or never part of an article.
NOT_SHOWN = "script, style, noscript, template, nav, footer, aside, form, iframe"
NEARLY_ALL = 0.85  # of a page's prose: what else a page says in sentences is a notice or a comment
SHORTEST = 12  # characters of a sentence; shorter ones are labels
ASKED = 300  # passages that are looked for in a text; of more, every second, third …
LEAST = 30  # characters of prose that make a page an article

_SENTENCE = re.compile(r"[，。！？；]|, |\. ")
_WORD = re.compile(r"\w")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.I)
_SUBHEAD = re.compile(r"\s*<(strong|b)>[^<]{1,60}</\1>\s*", re.I)
_INDENT = ("\u3000\u3000", "\xa0\xa0", "&nbsp;&nbsp;", "&emsp;", "&#12288;&#12288;")
# What may stand in a paragraph, or is one: an article is never looked for inside of these.
_WITHIN = {
    *(
        "p",
        "span",
        "font",
        "b",
        "strong",
        "i",
        "em",
        "u",
        "a",
        "li",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "dt",
        "dd",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre"),
}
_LISTS = "ul, ol, dl, div"


@dataclass(slots=True)
class Prose:
    """The element as HTML, the passages of prose in it, and whether it is less than the page's whole body."""

    html: str = ""
    passages: list[str] = field(default_factory=list)
    is_part: bool = False

    def kept_in(self, text: str) -> float:
        """How much of the prose stands in a text, from 0 to 1."""
        have = letters(text)
        passages = [letters(passage) for passage in self.passages[:: len(self.passages) // ASKED + 1]]
        total = sum(map(len, passages))
        return sum(len(one) for one in passages if one in have) / total if total else 1.0


def letters(text: str) -> str:
    """A text by its letters and digits alone."""
    return "".join(_WORD.findall(text))


def find_prose(html: str) -> Prose:
    """Look for it in any HTML, however broken; with no prose to speak of, an empty one. Never raises."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(NOT_SHOWN.split(", "))
    if tree.body is None:
        return Prose()
    nodes = list(tree.body.traverse(include_text=True))
    weights = _weigh(nodes)
    if weights.prose.get(tree.body.mem_id, 0) < LEAST:
        return Prose()
    found = _smallest(tree.body, weights.prose)
    inside = {node.mem_id for node in found.traverse(include_text=True)}
    own = [text for at, text in weights.passages if at in inside]
    _drop_lists_of_links(found, weights)
    return Prose(found.html or "", own, found.mem_id != tree.body.mem_id)


@dataclass(slots=True)
class _Weights:
    """How many characters each element holds, by its id: of prose, in links, in all; and each passage of prose."""

    prose: dict[int, int] = field(default_factory=dict)
    linked: dict[int, int] = field(default_factory=dict)
    all: dict[int, int] = field(default_factory=dict)
    passages: list[tuple[int, str]] = field(default_factory=list)

    def is_list_of_links(self, at: int) -> bool:
        return not self.prose.get(at) and self.linked.get(at, 0) * 2 >= self.all.get(at, 0) > 0


def _weigh(nodes: list[LexborNode]) -> _Weights:
    found = _Weights()
    links: set[int] = set()
    above = [node.parent.mem_id if node.parent is not None else 0 for node in nodes]
    for node, parent in zip(nodes, above, strict=True):
        at = node.mem_id
        if node.tag == "a" or parent in links:
            links.add(at)
        if node.tag != "-text":
            continue
        words = (node.text_content or "").strip()
        found.all[at] = len(words)
        if parent in links:
            found.linked[at] = len(words)
        elif len(words) >= SHORTEST and _SENTENCE.search(words):
            found.prose[at] = len(words)
            found.passages.append((at, words))
    for node, parent in zip(reversed(nodes), reversed(above), strict=True):
        for held in (found.prose, found.linked, found.all):
            if one := held.get(node.mem_id):
                held[parent] = held.get(parent, 0) + one
    return found


def _smallest(body: LexborNode, weights: dict[int, int]) -> LexborNode:
    """Go down from the body as long as one child holds nearly all, and none beside it is of its kind."""
    node, total = body, weights[body.mem_id]
    while True:
        children = [child for child in node.iter() if weights.get(child.mem_id)]
        best = max(children, key=lambda child: weights[child.mem_id], default=None)
        if best is None or best.tag in _WITHIN or weights[best.mem_id] < NEARLY_ALL * total:
            return node
        if any(child.mem_id != best.mem_id and _alike(child, best) for child in children):
            return node
        node = best


def _alike(one: LexborNode, other: LexborNode) -> bool:
    return one.tag == other.tag and one.attributes.get("class") == other.attributes.get("class")


def _drop_lists_of_links(found: LexborNode, weights: _Weights) -> None:
    """What holds no prose and is mostly links leads elsewhere: related news, buttons, crumbs."""
    gone: set[int] = set()
    for node in found.css(_LISTS):
        if node.mem_id not in gone and node.mem_id != found.mem_id and weights.is_list_of_links(node.mem_id):
            gone |= {inner.mem_id for inner in node.css(_LISTS)}
            node.remove()


def paragraphs_at_breaks(html: str) -> str:
    """`html` with a paragraph's end at each line break that an indent, a second break or a subhead follows."""
    pieces = _BREAK.split(html)
    made = [pieces[0]]
    ends = False
    for piece in pieces[1:]:
        if not piece.strip():
            ends = True
            continue
        subhead = _SUBHEAD.fullmatch(piece) is not None
        ends = ends or subhead or piece.lstrip(" \t\r\n").startswith(_INDENT)
        made += ["</p><p>" if ends else "<br>", piece]
        ends = subhead
    return "".join(made)
