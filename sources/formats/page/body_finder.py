"""Find the prose of a saved page: the smallest element that holds nearly all of it. Pure."""

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from sources.formats.page.page_lines import page_lines
from sources.text.substrings import standing_in

# Never shown, or never part of an article.
NOT_SHOWN = ["script", "style", "noscript", "template", "nav", "footer", "aside", "iframe"]
NEARLY_ALL = 0.85  # of a page's prose; other sentences are notices or comments
SHORTEST = 12  # characters of a sentence; shorter text is a label
ENOUGH = 0.9  # minimum share of an element's prose that an extracted article must have
MOST_COMPARED = 3000  # prose passages; a page with more is not a single article
MOST = 0.6  # of a page's prose; an article around its first words has as much
LEAST = 30  # characters of prose that make a page an article
LARGE_FORM = 200  # characters; a search box or a comment form has fewer

_SENTENCE = re.compile(r"[，。！？；]|, |\. ")
_WORD = re.compile(r"\w")
_BREAK = re.compile(r"<br\s{0,9}/?>", re.I)
_SUBHEAD = re.compile(r"\s*<(strong|b)>[^<]{1,60}</\1>\s*", re.I)
# Words that stand in a cell or division before its first paragraph: they are one, too.
_BEFORE_FIRST = re.compile(
    r"(<(?:td|div|body|section|article)(?:\s[^<>]*+)?>\s*+)"
    r"(?=[^\s<]|<[^/p])((?:[^<]++|</?(?:a|b|strong|em|i|u|span|font)\b[^<>]*+>)++)(</p>|(?=<p[ >]))"
)
_INDENT = ("\u3000\u3000", "\xa0\xa0", "&nbsp;&nbsp;", "&emsp;", "&#12288;&#12288;")
# Tags inside a paragraph, or a paragraph itself: an article is never searched for inside these.
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


def letters(text: str) -> str:
    """Return the letters and digits of a text."""
    return "".join(_WORD.findall(text))


def leave_out_what_is_not_shown(tree: LexborHTMLParser) -> None:
    """Remove code, menus and forms. A form around a whole page, as some programs write it, keeps its contents."""
    tree.strip_tags(NOT_SHOWN)
    for form in tree.css("form"):
        words = form.text()
        if len(words) < LARGE_FORM and "。" not in words:
            form.remove()
    tree.unwrap_tags(["form"])


def missed_prose(html: str, extracted: str) -> str:
    """Return the element, as HTML, that holds the page's prose, if the extracted text omits much of it; "" if it does
    not, or if the prose is spread over the whole page.

    Accepts any HTML, however broken. Never raises.
    """
    tree = LexborHTMLParser(html)
    leave_out_what_is_not_shown(tree)
    if tree.body is None:
        return ""
    nodes, body = list(tree.body.traverse(include_text=True)), tree.body.mem_id
    weights = _weigh(nodes)
    total = weights.prose.get(body, 0)
    if total < LEAST or (extracted and len(weights.passages) > MOST_COMPARED):
        return ""
    have = letters(extracted)
    bare = [(at, len(words), letters(words)) for at, words in weights.passages if have]
    there = standing_in(have, (words for _, _, words in bare))
    kept = {at: length for at, length, words in bare if words in there}
    if sum(kept.values()) * 2 >= total:
        # The extracted text is an article: only gaps within it count, not the rest of the page.
        _add_up(nodes, kept)
        found = _smallest(tree.body, kept)
        if kept[found.mem_id] >= ENOUGH * weights.prose[found.mem_id]:
            return ""
    else:
        found = _smallest(tree.body, weights.prose)
        if extracted and found.mem_id == body:
            return ""
    _drop_lists_of_links(found, weights)
    return found.html or ""


@dataclass(slots=True)
class _Weights:
    """Characters per element, by id: prose, links and total; and each prose passage."""

    prose: dict[int, int] = field(default_factory=dict)
    linked: dict[int, int] = field(default_factory=dict)
    all: dict[int, int] = field(default_factory=dict)
    passages: list[tuple[int, str]] = field(default_factory=list)

    def is_list_of_links(self, at: int) -> bool:
        return not self.prose.get(at) and self.linked.get(at, 0) * 2 >= self.all.get(at, 0) > 0


def _weigh(nodes: list[LexborNode]) -> _Weights:
    found = _Weights()
    links: set[int] = set()
    for node in nodes:
        at, parent = node.mem_id, node.parent.mem_id if node.parent is not None else 0
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
    _add_up(nodes, found.prose, found.linked, found.all)
    return found


def _add_up(nodes: list[LexborNode], *holdings: dict[int, int]) -> None:
    """Add what each element holds to its parent."""
    for node in reversed(nodes):
        parent = node.parent
        for held in holdings if parent is not None else ():
            if one := held.get(node.mem_id):
                held[parent.mem_id] = held.get(parent.mem_id, 0) + one


def _smallest(body: LexborNode, weights: dict[int, int]) -> LexborNode:
    """Descend from the body while one child holds nearly all the prose and no sibling has its tag and class."""
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
    """Remove lists without prose that are mostly links: related news, buttons, breadcrumbs."""
    gone: set[int] = set()
    for node in found.css(_LISTS):
        if node.mem_id not in gone and node.mem_id != found.mem_id and weights.is_list_of_links(node.mem_id):
            gone |= {inner.mem_id for inner in node.css(_LISTS)}
            node.remove()


def around(html: str, begins: str) -> str:
    """Return the smallest element, as HTML, that holds an article's first words and most of the page's prose; "" if it
    is the whole page, or the words are not there."""
    tree = LexborHTMLParser(html)
    leave_out_what_is_not_shown(tree)
    lines = [line for line in page_lines(tree.body) if line.is_prose] if tree.body is not None else []
    node = next((line.node for line in lines if line.text.startswith(begins)), None)
    if node is None or tree.body is None:
        return ""
    held: dict[int, int] = {}
    for line in lines:
        holder: LexborNode | None = line.node
        while holder is not None:
            held[holder.mem_id] = held.get(holder.mem_id, 0) + len(line.text)
            holder = holder.parent
    while node.parent is not None and held[node.mem_id] < MOST * held[tree.body.mem_id]:
        node = node.parent
    return "" if node.mem_id == tree.body.mem_id or node.tag == "html" else node.html or ""


def paragraphs_at_breaks(html: str) -> str:
    """Return `html` with paragraphs split at a line break before an indent, a second break or a subhead."""
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
    return _BEFORE_FIRST.sub(r"\1<p>\2</p>", "".join(made))
