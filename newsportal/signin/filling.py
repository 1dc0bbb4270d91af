"""Fill in a form of a finished HTML page with the values that had been typed before. Knows nothing of Django."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

LEFT_ALONE = {"password", "file"}
BUTTONS = {"submit", "button", "image", "reset"}
TICKED = {"checkbox", "radio"}
Fields = Mapping[str, list[str]]


def fill(page: str, address: str, action: str, fields: Fields, notice: Callable[[Fields], str]) -> str:
    """The page with the form that posts to `action` filled in, and the notice on the unplaced fields before it."""
    tree = LexborHTMLParser(page)
    form = next(_posting_to(tree, address, action), None)
    placed, left = set(), {name: list(values) for name, values in fields.items()}
    for field in _fields_of(tree, form):
        name = field.attributes.get("name") or ""
        # Which button was pressed is nothing to be told.
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
    """Those inside the form, and those elsewhere that name it."""
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
    """Whether the field has taken a value; several fields of one name take the values one after the other."""
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
        # Browsers drop a line end right after the tag.
        field.inner_html = "\n" + escape(_next(values), quote=False)
    else:
        field.attrs["value"] = _next(values)
    return True


def _next(values: list[str]) -> str:
    return values.pop(0) if len(values) > 1 else values[0]


def _tick(field: LexborNode, values: list[str]) -> bool:
    """A box that was not ticked was not sent: it is unticked."""
    ticked = (field.attributes.get("value") or "on") in values
    if ticked:
        field.attrs["checked"] = ""
    elif "checked" in field.attributes:
        del field.attrs["checked"]
    return ticked


def _choose(field: LexborNode, values: list[str]) -> bool:
    """A box that fetches its choices has only the saved one: what was chosen is added by its number."""
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
