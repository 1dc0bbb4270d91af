"""Values of JSON exports: MongoDB's typed values, and articles that an API's answer wraps. Pure."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from sources.formats.table.columns import Columns

DEEPEST, MOST_KEYS = 4, 1000  # of the objects around the articles
_SPACE = re.compile(r"[ \t\r\n]*+")
_TYPED = {"$oid", "$numberLong", "$numberInt", "$numberDouble", "$numberDecimal", "$symbol", "$uuid"}
_THOUSANDTHS = re.compile(r"-?\d{1,15}")


def decoder() -> json.JSONDecoder:
    """Return a decoder that keeps numbers as written: an id of 20 digits must not become a float."""
    return json.JSONDecoder(object_pairs_hook=_once, parse_int=str, parse_float=str, parse_constant=str)


def _once(pairs: list[tuple[str, object]]) -> dict:
    found = dict(pairs)
    if len(found) < len(pairs):
        times = Counter(name for name, _ in pairs)
        raise ValueError(f"“{next(name for name in times if times[name] > 1)[:40]}”写了不止一次")
    return found


def cells_of(value: object) -> dict[str, str | list[str]] | str:
    """Return the cells of an object; why there are none for any other value."""
    if not isinstance(value, dict):
        return "不是 JSON 对象（{…}）"
    try:
        return {name: _cell(one) for name, one in _hit(value).items()}
    except RecursionError:
        return "嵌套太深"


def wrapped_arrays(text: str, value: dict, columns: Columns) -> list[int]:
    """Return where in `text` the lists of articles begin that an object without a body wraps (`{"data": {"items":
    [...]}}`)."""
    own = _fields(value, columns)
    if "body" in own or "_source" in value:
        return []
    wanted = {"title", "body"} if "title" in own else set()
    paths = [path for path, items in _lists(value) if _are_articles(items, columns, wanted)]
    return [_place_of(text, path) for path in paths]


def _hit(value: dict) -> dict:
    """Return the document of an Elasticsearch hit; any other object as it is."""
    source = value.get("_source")
    return {"_id": value.get("_id", ""), **source} if isinstance(source, dict) else value


def _fields(value: dict, columns: Columns) -> set[str]:
    """Return the fields that an object gives as text or a list of texts."""
    return columns.fields_in(
        name
        for name, one in value.items()
        if isinstance(one, str) or (isinstance(one, list) and one and isinstance(one[0], str))
    )


def _are_articles(items: list, columns: Columns, wanted: set[str]) -> bool:
    """Return True if the first object of a list has a title or a body, and what else is wanted."""
    first = next((item for item in items if isinstance(item, dict)), None)
    if first is None:
        return False
    has = _fields(_hit(first), columns)
    return bool(has & {"title", "body"}) and wanted <= has


def _lists(value: dict) -> Iterator[tuple[tuple[str, ...], list]]:
    """Yield the lists inside an object, at any key but inside no other list, with their paths."""
    level: list[tuple[tuple[str, ...], dict]] = [((), value)]
    for _ in range(DEEPEST):
        inner: list[tuple[tuple[str, ...], dict]] = []
        for path, one in level:
            for name, held in list(one.items())[:MOST_KEYS]:
                if isinstance(held, list):
                    yield (*path, name), held
                elif isinstance(held, dict):
                    inner.append(((*path, name), held))
        level = inner[:MOST_KEYS]


def _place_of(text: str, path: tuple[str, ...]) -> int:
    """Return where the value at this path begins in a text that is one complete object."""
    at, reader = text.index("{"), decoder()
    for wanted in path:
        at = _SPACE.match(text, at + 1).end()
        while True:
            name, at = reader.raw_decode(text, at)
            at = _SPACE.match(text, text.index(":", at) + 1).end()
            if name == wanted:
                break
            _, at = reader.raw_decode(text, at)
            at = _SPACE.match(text, text.index(",", at) + 1).end()
    return at


def _cell(value: object) -> str | list[str]:
    """Return a value as text, a list as texts, an object as its name or as MongoDB means it."""
    if isinstance(value, list):
        return [text for one in value if isinstance(text := _cell(one), str)]
    if isinstance(value, dict):
        typed = _typed(value)
        return typed or (_cell(value["name"]) if isinstance(value.get("name"), str) else "")
    return value if isinstance(value, str) else ""


def _typed(value: dict) -> str:
    """Return the text of a typed value of MongoDB; "" for any other object."""
    if len(value) != 1:
        return ""
    ((kind, held),) = value.items()
    held = _typed(held) if isinstance(held, dict) else held
    if not isinstance(held, str):
        return ""
    if kind == "$date" and _THOUSANDTHS.fullmatch(held):
        try:
            return datetime.fromtimestamp(int(held) // 1000, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            return held
    return held if kind == "$date" or kind in _TYPED else ""
