"""Fill in a form of a rendered HTML page with values typed before. No Django."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

LEFT_ALONE = {"password", "file"}
BUTTONS = {"submit", "button", "image", "reset"}
TICKED = {"checkbox", "radio"}
Fields = Mapping[str, list[str]]


def fill(page: str, address: str, action: str, fields: Fields, notice: Callable[[Fields], str]) -> str:
    """The page with the form that posts to `action` filled in; above it, a notice about fields that have no place."""
    tree = LexborHTMLParser(page)
    form = next(_posting_to(tree, address, action), None)
    placed, left = set(), {name: list(values) for name, values in fields.items()}
    for field in _fields_of(tree, form):
        name = field.attributes.get("name") or ""
        # The pressed button is not worth a notice.
        if _is_button(field) or _set(field, left.get(name)):
            placed.add(name)
    unplaced = {name: values for name, values in fields.items() if name not in placed and any(values)}
    said = LexborHTMLParser(notice(unplaced)).body.first_child
    (form or tree.css_first("#content") or tree.body.first_child).insert_before(said)
    return tree.html


def _posting_to(tree: LexborHTMLParser, address: str, action: str) -> Iterator[LexborNode]:
    for form in tree.css("form"):
        where = urlsplit(urljoin(address, form.attributes.get("action") or "")).path
        if (form.attributes.get("method") or "").lower() == "post" and where == action:
            yield form


def _fields_of(tree: LexborHTMLParser, form: LexborNode | None) -> list[LexborNode]:
    """Fields inside the form, and those elsewhere with its id in `form`."""
    if form is None:
        return []
    inside = form.css("input, textarea, select, button")
    if not (known := form.attributes.get("id")):
        return inside
    return inside + [node for node in tree.css("[form]") if node.attributes.get("form") == known]


def _is_button(field: LexborNode) -> bool:
    kind = (field.attributes.get("type") or "").lower()
    return field.tag == "button" or (field.tag == "input" and kind in BUTTONS)


def _set(field: LexborNode, values: list[str] | None) -> bool:
    """Set the field; True if it took a value. Fields of the same name take the values in turn."""
    kind = (field.attributes.get("type") or "text").lower()
    if field.tag == "input" and kind in LEFT_ALONE:
        return False
    if field.attributes.get("name") == "csrfmiddlewaretoken":
        return False
    if field.tag == "input" and kind in TICKED:
        return _tick(field, values or [])
    if values is None:
        return False
    if field.tag == "select":
        return _choose(field, values)
    if field.tag == "textarea":
        # Browsers drop a line break right after the tag.
        field.inner_html = "\n" + escape(_next(values), quote=False)
    else:
        field.attrs["value"] = _next(values)
    return True


def _next(values: list[str]) -> str:
    return values.pop(0) if len(values) > 1 else values[0]


def _tick(field: LexborNode, values: list[str]) -> bool:
    """Browsers do not send unticked boxes: untick those without a value."""
    ticked = (field.attributes.get("value") or "on") in values
    if ticked:
        field.attrs["checked"] = ""
    elif "checked" in field.attributes:
        del field.attrs["checked"]
    return ticked


def _choose(field: LexborNode, values: list[str]) -> bool:
    """An autocomplete select has only the saved option: add the chosen one, with its id as label."""
    wanted = set(values)
    for option in field.css("option"):
        value = option.attributes.get("value")
        value = option.text() if value is None else value
        if value in values:
            option.attrs["selected"] = ""
            wanted.discard(value)
        elif "selected" in option.attributes:
            del option.attrs["selected"]
    for value in wanted - {""}:
        number = escape(value)
        added = LexborHTMLParser(f"<select><option value='{number}' selected>{number}</option></select>")
        field.insert_child(added.css_first("option"))
    return True
