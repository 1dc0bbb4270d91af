"""Values of JSON exports: MongoDB's typed values, and articles that an API's answer wraps. Pure."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from sources.formats.private_text import says
from sources.formats.table.columns import Columns

DEEPEST = 4  # objects around the articles, one in the other
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
        return {
            name: str(one).lower() if isinstance(one, bool) and says(name) else _cell(one)
            for name, one in _hit(value).items()
        }
    except RecursionError:
        return "嵌套太深"


def wrapped_arrays(text: str, value: dict, columns: Columns) -> list[int]:
    """Return where in `text` the lists of articles begin that an object without a body wraps (`{"data": {"items":
    [...]}}`)."""
    own = _fields(value, columns)
    if "body" in own or "_source" in value:
        return []
    wanted = {"title", "body"} if "title" in own else set()
    paths = {path for path, items in _lists(value) if _are_articles(items, columns, wanted)}
    return sorted(_Places(text, paths).found) if paths else []


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
            for name, held in one.items():
                if isinstance(held, list):
                    yield (*path, name), held
                elif isinstance(held, dict):
                    inner.append(((*path, name), held))
        level = inner


class _Places:
    """Where the values at these paths begin in a text that is one complete object. Each value is passed once."""

    def __init__(self, text: str, paths: set[tuple[str, ...]]) -> None:
        self.found: list[int] = []
        self._text, self._paths, self._reader = text, paths, decoder()
        self._around = {path[:end] for path in paths for end in range(1, len(path))}
        self._pass_object(text.index("{"), ())

    def _pass_object(self, at: int, here: tuple[str, ...]) -> int:
        """Go through the object at this place; return where it ends."""
        at = self._past_blanks(at + 1)
        while self._text[at] != "}":
            name, at = self._reader.raw_decode(self._text, at)
            at = self._past_blanks(self._text.index(":", at) + 1)
            path = (*here, name)
            if path in self._paths:
                self.found.append(at)
            if path in self._around:
                at = self._pass_object(at, path)
            else:
                _, at = self._reader.raw_decode(self._text, at)
            at = self._past_blanks(at)
            at = self._past_blanks(at + 1) if self._text[at] == "," else at
        return at + 1

    def _past_blanks(self, at: int) -> int:
        return _SPACE.match(self._text, at).end()


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
