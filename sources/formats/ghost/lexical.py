"""Lexical, the format of Ghost's present editor, as HTML. Pure."""

from collections.abc import Iterator
from html import escape

from sources.formats.ghost.cards import FOR_SOME, card

DEEPEST = 60  # nesting; a real post has about six
_FORMATS = {1: "strong", 2: "em", 4: "s", 8: "u", 16: "code", 32: "sub", 64: "sup"}
_BLOCKS = {"paragraph": "p", "quote": "blockquote", "aside": "blockquote", "listitem": "li"}


def html_of(document: object, doubts: list[str]) -> str:
    """Return a Lexical document as HTML. What is not known, or not for all readers, is named in `doubts`; the words in
    it stay."""
    root = document.get("root") if isinstance(document, dict) else None
    if not isinstance(root, dict):
        doubts.append("lexical 里没有 root")
        return ""
    return "\n".join(_node(one, doubts, 0) for one in _children(root))


def _children(node: dict) -> Iterator[dict]:
    children = node.get("children")
    return (one for one in (children if isinstance(children, list) else ()) if isinstance(one, dict))


def _node(node: dict, doubts: list[str], depth: int) -> str:
    kind = str(node.get("type"))
    if kind in ("text", "extended-text", "tk"):
        return _text(node)
    if kind == "linebreak":
        return "<br>"
    if depth >= DEEPEST:
        doubts.append("嵌套太深的一段")
        return ""
    inner = "".join(_node(one, doubts, depth + 1) for one in _children(node))
    if kind in ("link", "autolink"):
        url = node.get("url")
        return f'<a href="{escape(url)}">{inner}</a>' if isinstance(url, str) else inner
    if kind in ("heading", "extended-heading"):
        tag = node.get("tag") if node.get("tag") in ("h1", "h2", "h3", "h4", "h5", "h6") else "h3"
        return f"<{tag}>{inner}</{tag}>"
    if kind == "list":
        tag = "ol" if node.get("listType") == "number" or node.get("tag") == "ol" else "ul"
        return f"<{tag}>{inner}</{tag}>"
    if tag := _BLOCKS.get(kind) or _BLOCKS.get(kind.removeprefix("extended-")):
        return f"<{tag}>{inner}</{tag}>"
    if kind in FOR_SOME:
        doubts.append(kind)
        return ""
    if kind == "markdown":
        doubts.append(kind)
        return "\n".join(
            f"<p>{escape(line, quote=False)}</p>" for line in str(node.get("markdown") or "").split("\n")
        )
    made = card(kind, node)
    if made is None:
        doubts.append(kind[:30])
        return f"<p>{inner}</p>" if inner else ""
    return made


def _text(node: dict) -> str:
    words = node.get("text")
    html = escape(words, quote=False) if isinstance(words, str) else ""
    bits = node.get("format")
    for bit, tag in _FORMATS.items() if isinstance(bits, int) and html else ():
        if bits & bit:
            html = f"<{tag}>{html}</{tag}>"
    return html
