"""Parse front matter as real scripts write it: line by line, with YAML only where a value needs it."""

import re
from dataclasses import dataclass, field

import yaml

from sources.problem import Code, Problem

_OPENED = re.compile(r"\A\s*---[ \t]*\n")
_CLOSED = re.compile(r"^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.M)
_LINE = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?$")
_YAML_BEGINS = ("[", "{", "|", ">", "&", "*", "!")
# Values that are YAML on one line: a closed list or map, a block header, an anchor or tag before a value. The scripts
# quote nothing, so anything else with such a beginning is a name (`tags: [财]新新闻`, `categories: *ST`).
_IS_YAML = re.compile(
    r"(?:\[.*\]|\{.*\})[ \t]*(?:[ \t]#.*)?|[|>][-+\d]{0,2}|&[\w-]+[ \t]+\S.*|!(?:!|\S*[/:]).*", re.S | re.A
)
# Larger YAML is an attack or an accident; the parser is slow or recursive on it.
_LONGEST, _DEEPEST = 20_000, 20
# The scripts meant backslashes literally. YAML would decode these into characters that no title has: ask an editor.
_DANGEROUS = re.compile(r"\\(?:0|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})")
TEXT_KEYS = {"title", "date", "layout", "author", "permalink"}


@dataclass(slots=True)
class FrontMatter:
    """Values by key (text, or a list of text where the source has a list), the body, and problems."""

    values: dict[str, str | list[str]] = field(default_factory=dict)
    body: str = ""
    problems: list[Problem] = field(default_factory=list)
    found: bool = True

    def text(self, key: str) -> str:
        value = self.values.get(key, "")
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> list[str]:
        value = self.values.get(key, [])
        return [value] if isinstance(value, str) and value else list(value)


def read_front_matter(text: str) -> FrontMatter:
    """Split a post into front matter and body. Line ends must be \\n. Never raises; errors are added to `problems`."""
    opened = _OPENED.match(text)
    closed = _CLOSED.search(text, opened.end()) if opened else None
    if not closed:
        what = "front matter 没有结束的 ---" if opened else "没有 front matter"
        return FrontMatter(body=text, problems=[Problem(Code.BAD_FRONT_MATTER, what)], found=False)
    front, block = FrontMatter(body=text[closed.end() :]), text[opened.end() : closed.start()]
    lines = [(line, _LINE.match(line)) for line in block.split("\n")]
    if all(read or not line.strip() for line, read in lines):
        _read_lines([read for _, read in lines], front)
    else:
        _read_yaml(block, front)
    return front


def _read_lines(lines: list[re.Match | None], front: FrontMatter) -> None:
    anchors: set[str] = set()
    for number, match in enumerate(lines, 2):
        if not match:
            continue
        key, value = match[1].lower(), (match[2] or "").rstrip(" \t")
        if key in front.values:
            front.problems.append(_fault(f"第 {number} 行又写了一次 {key}", number))
            continue
        if value.startswith(_YAML_BEGINS) and key not in TEXT_KEYS and _is_yaml(value, anchors):
            front.values[key] = _one_value(key, value, number, front)
        else:
            front.values[key] = _scalar(key, value, front)
    if front.text("tags").startswith("[") and isinstance(front.values.get("categories"), list):
        # The pinyin of a bracketed name is not a list either: `categories: [caixin]` with `tags: [财]新新闻`.
        front.values["categories"] = next(m[2].strip() for m in lines if m and m[1].lower() == "categories")


def _is_yaml(value: str, anchors: set[str]) -> bool:
    """Return True if a value that begins like YAML is YAML. `anchors` are those set so far; an alias must name one."""
    if value.startswith("*"):
        return value[1:] in anchors
    if not _IS_YAML.fullmatch(value):
        return False
    if value.startswith("&"):
        anchors.add(value[1:].split(maxsplit=1)[0])
    return True


def _scalar(key: str, value: str, front: FrontMatter) -> str:
    """Return a one-line value. The scripts quote titles but escape nothing inside, so inner quotes are literal."""
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        quote, value = value[0], value[1:-1]
        if quote == '"' and '\\"' in value and '"' not in value.replace('\\"', ""):
            value = value.replace('\\"', '"')
        if quote == "'" and "''" in value and "'" not in value.replace("''", ""):
            value = value.replace("''", "'")
        if quote == '"' and _DANGEROUS.search(value):
            front.problems.append(_fault(f"{key} 里有转义符，请核对"))
    return value


def _one_value(key: str, value: str, number: int, front: FrontMatter) -> str | list[str]:
    loaded = _load(value, front, f"第 {number} 行 {key}", number)
    if isinstance(loaded, list):
        return [item for item in loaded if isinstance(item, str) and item]
    return loaded if isinstance(loaded, str) else ""


def _read_yaml(block: str, front: FrontMatter) -> None:
    loaded = _load(block, front, "front matter")
    if loaded is None:
        return
    if not isinstance(loaded, dict):
        front.problems.append(_fault("front matter 不是“键: 值”"))
        return
    for key, value in loaded.items():
        if isinstance(key, str) and isinstance(value, str):
            front.values[key.lower()] = value
        elif isinstance(key, str) and isinstance(value, list):
            front.values[key.lower()] = [item for item in value if isinstance(item, str)]


def _load(block: str, front: FrontMatter, where: str, line: int | None = None):
    """Load YAML with all scalars as text, without tags and aliases; else add a problem and return None."""
    if len(block) > _LONGEST or block.count("[") > 10_000 or _depth(block) > _DEEPEST:
        front.problems.append(_fault(f"{where}：YAML 太长或嵌套太深", line))
        return None
    try:
        for event in yaml.parse(block, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
                front.problems.append(_fault(f"{where}：用了 YAML 的别名或类型标签，未读", line))
                return None
        return yaml.load(block, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f"第 {mark.line + 2} 行" if mark else ""
        line = line or (mark.line + 2 if mark else None)
        said = f"{where}{at}：不是有效的 YAML（{getattr(error, 'problem', error)}）"
        front.problems.append(_fault(said, line))
        return None


def _fault(said: str, line: int | None = None) -> Problem:
    return Problem(Code.BAD_FRONT_MATTER, said, line)


def _depth(block: str) -> int:
    depth = deepest = 0
    for char in block:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest
