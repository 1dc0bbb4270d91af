"""What front matter says: values by key, whichever language (YAML, TOML, JSON) it is written in."""

from dataclasses import dataclass, field
from datetime import date, datetime, time

from sources.problem import Code, Problem

# Tables whose keys are as good as those beside them (Zola, Hugo).
_SAME_LEVEL = {"taxonomies", "extra", "params"}
BUILD = {"build", "_build"}  # Hugo's: whether a page is written and listed
_DEEPEST = 20


@dataclass(slots=True)
class FrontMatter:
    """Values by key (text, or a list of text where the source has a list), the body, and problems."""

    values: dict[str, str | list[str]] = field(default_factory=dict)
    body: str = ""
    problems: list[Problem] = field(default_factory=list)
    found: bool = True
    first_line: int = 1  # of the body, in the file

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> list[str]:
        value = self.values.get(key, [])
        return [value] if isinstance(value, str) and value else list(value)

    def take(self, loaded: dict) -> None:
        """Add parsed values: nested lists become one list, numbers and dates text; what is given already stays."""
        for key, value in loaded.items():
            if isinstance(value, dict) and str(key).lower() in _SAME_LEVEL:
                self.take({inner: one for inner, one in value.items() if not isinstance(one, dict)})
            elif isinstance(value, dict) and str(key).lower() in BUILD:
                inside = ((f"build.{inner}".lower(), _text(one)) for inner, one in value.items())
                self.values |= {inner: one for inner, one in inside if one is not None}
            elif (read := _plain(value)) is not None:
                self.values.setdefault(str(key).lower(), read)


def fault(said: str, line: int | None = None) -> Problem:
    """Return a problem of the front matter."""
    return Problem(Code.BAD_FRONT_MATTER, said, line)


def _plain(value: object) -> str | list[str] | None:
    if isinstance(value, dict):
        # `author: {name: 林越}` is a name; a map of anything else is for the site's templates.
        return _text(value.get("name"))
    return list(_leaves(value)) if isinstance(value, list) else _text(value)


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else None


def _leaves(value: object, depth: int = 0):
    """Yield the texts of a list of lists in order. `- 央行: 下调` is a map to YAML, and a text to its author."""
    if isinstance(value, list):
        for one in value if depth < _DEEPEST else ():
            yield from _leaves(one, depth + 1)
    elif isinstance(value, dict):
        name = _text(value.get("name")) or _text(value.get("title"))
        pairs = ((key, _text(one)) for key, one in value.items())
        yield from [name] if name else [f"{key}: {one}" for key, one in pairs if one is not None]
    elif text := _text(value):
        yield text
