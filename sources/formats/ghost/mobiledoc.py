"""Mobiledoc 0.3, the format of Ghost's former editor, as HTML. Pure."""

from html import escape

from sources.formats.ghost.cards import FOR_SOME, card

_MARKUPS = {"strong", "b", "em", "i", "s", "u", "code", "sub", "sup", "a"}
_SECTIONS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "aside"}


def html_of(document: object, doubts: list[str]) -> str:
    """Return a Mobiledoc document as HTML. What is not known, or not for all readers, is named in `doubts`; the words
    in it stay."""
    if not isinstance(document, dict) or not isinstance(document.get("sections"), list):
        doubts.append("mobiledoc 里没有 sections")
        return ""
    return "\n".join(_section(one, document, doubts) for one in document["sections"])


def _section(section: object, document: dict, doubts: list[str]) -> str:
    match section:
        case [1, str(tag), list(markers), *_]:
            tag = {"aside": "blockquote"}.get(tag, tag) if tag in _SECTIONS else "p"
            return f"<{tag}>{_inline(markers, document, doubts)}</{tag}>"
        case [2, str(src), *_]:
            return card("image", {"src": src}) or ""
        case [3, str(tag), list(items), *_]:
            tag = "ol" if tag == "ol" else "ul"
            lines = (_inline(item, document, doubts) for item in items if isinstance(item, list))
            return f"<{tag}>{''.join(f'<li>{line}</li>' for line in lines)}</{tag}>"
        case [10, int(index), *_]:
            return _card(_at(document.get("cards"), index), doubts)
    doubts.append("一段不认识的内容")
    return ""


def _card(found: object, doubts: list[str]) -> str:
    match found:
        case [str(kind), dict(said), *_]:
            if kind in FOR_SOME:
                doubts.append(kind)
                return ""
            if kind in ("markdown", "card-markdown"):
                doubts.append("markdown")
                lines = str(said.get("markdown") or "").split("\n")
                return "\n".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)
            if (made := card(kind, said)) is not None:
                return made
            doubts.append(kind[:30])
            return ""
    doubts.append("一张不认识的卡片")
    return ""


def _inline(markers: list, document: dict, doubts: list[str]) -> str:
    """Return markers as HTML: each opens some markups, shows its words, and closes some of those that are open."""
    made, opened = [], []
    for marker in markers:
        match marker:
            case [int(kind), list(opens), int(closes), value, *_]:
                for index in opens:
                    tag, attributes = _markup(_at(document.get("markups"), index))
                    opened.append(tag)
                    made.append(f"<{tag}{attributes}>" if tag else "")
                made.append(_words(kind, value, document, doubts))
                for _ in range(min(closes, len(opened))):
                    tag = opened.pop()
                    made.append(f"</{tag}>" if tag else "")
            case _:
                doubts.append("一段不认识的文字")
    return "".join(made)


def _words(kind: int, value: object, document: dict, doubts: list[str]) -> str:
    if kind == 0 and isinstance(value, str):
        return escape(value, quote=False)
    match _at(document.get("atoms"), value):
        case ["soft-return", *_]:
            return "<br>"
        case [_, str(words), *_]:
            return escape(words, quote=False)
    doubts.append("一处不认识的文字")
    return ""


def _markup(found: object) -> tuple[str, str]:
    match found:
        case ["a", ["href", str(url), *_], *_]:
            return "a", f' href="{escape(url)}"'
        case [str(tag), *_] if tag in _MARKUPS - {"a"}:
            return tag, ""
    return "", ""


def _at(some: object, index: object) -> object:
    if isinstance(some, list) and isinstance(index, int) and 0 <= index < len(some):
        return some[index]
    return None
