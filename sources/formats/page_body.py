"""Where in a saved page its prose stands: the smallest element that holds nearly all of it. Pure."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

# Never shown, or never part of an article.
NOT_SHOWN = "script, style, noscript, template, nav, footer, aside, form, iframe"
NEARLY_ALL = 0.85  # of a page's prose: what else a page says in sentences is a notice or a comment
SHORTEST = 12  # characters of a sentence; shorter ones are labels
LEAST = 30  # characters of prose that make a page an article

_SENTENCE = re.compile(r"[，。！？；]|, |\. ")
_WORD = re.compile(r"\w")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.I)
_INDENT = ("\u3000\u3000", "\xa0\xa0", "&nbsp;&nbsp;", "&emsp;", "&#12288;&#12288;")
# What may stand in a paragraph, or is one: an article is never looked for inside of these.
_WITHIN = set("p span font b strong i em u a li td th tr tbody thead dt dd h1 h2 h3 h4 h5 h6 blockquote pre".split())
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
        passages = [letters(passage) for passage in self.passages]
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
    nodes = [node for node in tree.body.traverse(include_text=True)]
    weights, passages, linked = _weigh(nodes)
    total = weights.get(tree.body.mem_id, 0)
    if total < LEAST:
        return Prose()
    found = _smallest(tree.body, weights, total)
    inside = {node.mem_id for node in found.traverse(include_text=True)}
    own = [text for at, text in passages if at in inside]
    _drop_lists_of_links(found, weights, linked)
    return Prose(found.html or "", own, found.mem_id != tree.body.mem_id)


def _weigh(nodes: list[LexborNode]) -> tuple[dict[int, int], list[tuple[int, str]], dict[int, int]]:
    """How many characters of prose and how many in links each element holds, and each passage of prose."""
    weights: dict[int, int] = {}
    linked: dict[int, int] = {}
    passages: list[tuple[int, str]] = []
    links: set[int] = set()
    for node in nodes:
        parent = node.parent
        above = parent.mem_id if parent is not None else 0
        if node.tag == "a" or above in links:
            links.add(node.mem_id)
        if node.tag != "-text":
            continue
        words = (node.text_content or "").strip()
        if above in links:
            linked[node.mem_id] = len(words)
        elif len(words) >= SHORTEST and _SENTENCE.search(words):
            weights[node.mem_id] = len(words)
            passages.append((node.mem_id, words))
    for node in reversed(nodes):
        if node.parent is not None:
            for held in (weights, linked):
                if one := held.get(node.mem_id):
                    held[node.parent.mem_id] = held.get(node.parent.mem_id, 0) + one
    return weights, passages, linked


def _smallest(body: LexborNode, weights: dict[int, int], total: int) -> LexborNode:
    """Go down from the body as long as one child holds nearly all, and none beside it is of its kind."""
    node = body
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


def _drop_lists_of_links(found: LexborNode, weights: dict[int, int], linked: dict[int, int]) -> None:
    """What holds no prose and is mostly links leads elsewhere: related news, buttons, crumbs."""
    for node in found.css(_LISTS):
        at = node.mem_id
        if at == found.mem_id or weights.get(at) or not linked.get(at):
            continue
        if linked[at] * 2 >= len((node.text() or "").strip()):
            node.remove()


def paragraphs_at_breaks(html: str) -> str:
    """`html` with a paragraph's end at each line break that an indent or a second break follows."""
    pieces = _BREAK.split(html)
    made = [pieces[0]]
    empty = False
    for piece in pieces[1:]:
        if not piece.strip():
            empty = True
            continue
        made += ["</p><p>" if empty or piece.lstrip(" \t\r\n").startswith(_INDENT) else "<br>", piece]
        empty = False
    return "".join(made)
