"""YAML of front matter as people and scripts write it: a line that is no YAML costs itself, never its neighbours."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml

from sources.formats.jekyll.front_values import BUILD, FrontMatter, fault
from sources.problem import Problem

LINE = re.compile(r"^([A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(.*))?$")
TEXT_KEYS = {"title", "date", "layout", "author", "permalink"}
# Keys that are certain even where the space after the colon is missing, or the colon is a Chinese one.
KNOWN_KEYS = TEXT_KEYS | {
    "tags",
    "categories",
    "category",
    "tag",
    "draft",
    "published",
    "status",
    "description",
}
KNOWN_KEYS |= {"source", "password", "keywords", "summary", "subtitle", "slug", "link", "url", "updated"}
_LOOSE_LINE = re.compile(r"^[\"']?([^\W\d][\w-]*+)[\"']?[ \t]*+(?::(?=[ \t]|$)|([:：]))[ \t]*+(.*)$")
_ITEM = re.compile(r"^[ \t]*-(?:[ \t]+(.*))?$")
_YAML_BEGINS = ("[", "{", "|", ">", "&", "*", "!")
# Values that are YAML on one line: a closed list or map, a block header, an anchor or tag before a value. The scripts
# quote nothing, so anything else with such a beginning is a name (`tags: [财]新新闻`, `categories: *ST`).
_IS_YAML = re.compile(
    r"(?:\[.*\]|\{.*\})[ \t]*(?:[ \t]#.*)?|[|>][-+\d]{0,2}|&[\w-]+[ \t]+\S.*|!(?:!|\S*[/:]).*", re.S | re.A
)
# Larger YAML is an attack or an accident; the parser is slow or recursive on it.
_LONGEST, _DEEPEST = 20_000, 20
_MOST_FAULTS = 20  # named one by one
# The scripts meant backslashes literally. YAML would decode these into characters that no title has: ask an editor.
_DANGEROUS = re.compile(r"\\(?:0|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})")
_CLOSED_QUOTE = re.compile(r"[\"'](?:(?<=\")([^\"\\]*+)\"|(?<=')([^']*+)')[ \t]++#.*")
_LONGEST_SHOWN = 40
# A listed company under risk warning (*ST临港, *ST GQY视讯): plainly a headline, no alias.
_LISTED = re.compile(r"\*S?ST ?[A-Z]{0,5}\d?[\u4e00-\u9fff]")


def read_block(block: str, first: int, front: FrontMatter) -> None:
    """Read the lines of YAML front matter, of which the first is line `first` of its file. Faults become problems."""
    lines = [(line, LINE.match(line)) for line in block.split("\n")]
    if all(read or not line.strip() for line, read in lines):
        _read_lines([read for _, read in lines], first, front)
    else:
        _read_yaml(block, first, front)


# ------------------------------------------------------------------ one line a key, as the scripts write it
def _read_lines(lines: list[re.Match | None], first: int, front: FrontMatter) -> None:
    anchors: set[str] = set()
    for number, match in enumerate(lines, first):
        if not match:
            continue
        key, value = match[1].lower(), (match[2] or "").rstrip(" \t")
        if key in front.values or value.startswith(_YAML_BEGINS):
            _take_line(key, value, number, anchors, front)
        else:
            front.values[key] = _scalar(key, value, number, front)
    if front.text("tags").startswith("[") and isinstance(front.values.get("categories"), list):
        # The pinyin of a bracketed name is not a list either: `categories: [caixin]` with `tags: [财]新新闻`.
        front.values["categories"] = next(m[2].strip() for m in lines if m and m[1].lower() == "categories")


def _take_line(key: str, value: str, number: int, anchors: set[str], front: FrontMatter) -> None:
    if key in front.values:
        front.problems.append(fault(f"第 {number} 行又写了一次 {key}", number))
    elif value.startswith(_YAML_BEGINS) and key not in TEXT_KEYS and _is_yaml(value, anchors):
        loaded = load(value, front, f"第 {number} 行 {key}", first=number, line=number)
        is_kept = isinstance(loaded, str | list) or (loaded and key in BUILD)
        front.take({key: loaded} if is_kept else {key: ""})
    else:
        front.values[key] = _scalar(key, value, number, front)


def _may_be_yaml(value: str) -> bool:
    """Return True if the value of a text key begins like an anchor, alias or tag, and is not plainly a headline."""
    return value.startswith(("&", "*", "!")) and not _LISTED.match(value)


def _is_yaml(value: str, anchors: set[str]) -> bool:
    """Return True if a value that begins like YAML is YAML. `anchors` are those set so far; an alias must name one."""
    if value.startswith("*"):
        return value[1:] in anchors
    if not _IS_YAML.fullmatch(value):
        return False
    if value.startswith("&"):
        anchors.add(value[1:].split(maxsplit=1)[0])
    return True


def _scalar(key: str, value: str, number: int, front: FrontMatter) -> str:
    """Return a one-line value. The scripts quote titles but escape nothing inside, so inner quotes are literal."""
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        quote, value = value[0], value[1:-1]
        if quote == '"' and '\\"' in value and '"' not in value.replace('\\"', ""):
            value = value.replace('\\"', '"')
        if quote == "'" and "''" in value and "'" not in value.replace("''", ""):
            value = value.replace("''", "'")
        if quote == '"' and _DANGEROUS.search(value):
            front.problems.append(fault(f"{key} 里有转义符，请核对"))
    elif value[:1] in ("'", '"') and (commented := _CLOSED_QUOTE.fullmatch(value)):
        value = commented[1] or commented[2] or ""
    elif value[:1] in ("'", '"') and value.count(value[0]) == 1:
        front.problems.append(fault(f"第 {number} 行 {key} 的引号没有结束，请核对", number))
        value = value[1:].strip()
    return value


# ------------------------------------------------------------------ YAML, else entry by entry
@dataclass(slots=True)
class _Entry:
    """A key at the beginning of a line, its value there, and the lines that belong to it. No key: a stray line."""

    number: int
    key: str
    value: str
    lines: list[str]

    @property
    def more(self) -> list[str]:
        return [line for line in self.lines[1:] if line.strip() and not line.lstrip().startswith("#")]


def _read_yaml(block: str, first: int, front: FrontMatter) -> None:
    """Read all as one YAML document if that finds every key that stands at the beginning of a line, else one by one:
    an unclosed quote can swallow the lines after it and still be YAML."""
    entries = list(_entries(block, first))
    keys = [entry.key for entry in entries if entry.key]
    whole = FrontMatter()
    loaded = load(block, whole, "front matter", first=first)
    is_whole = isinstance(loaded, dict) and len(set(keys)) == len(keys)
    if is_whole and {str(key).lower() for key in loaded}.issuperset(keys):
        front.take(loaded)
    elif keys:
        _read_entries(entries, front)
    elif loaded is None:
        front.problems += whole.problems
    else:
        front.problems.append(fault("front matter 不是“键: 值”"))


def _entries(block: str, first: int) -> Iterator[_Entry]:
    current = None
    for number, line in enumerate(block.split("\n"), first):
        if not line.strip() or line[0] in "# \t-]}":
            if current:
                current.lines.append(line)
                continue
            if not line.strip() or line[0] == "#":
                continue
        match = _LOOSE_LINE.match(line)
        if not match or (match[2] and match[1].lower() not in KNOWN_KEYS):
            yield _Entry(number, "", line.strip(), [line])
            continue
        if current:
            yield current
        current = _Entry(number, match[1].lower(), match[3].rstrip(), [line])
    if current:
        yield current


def _read_entries(entries: list[_Entry], front: FrontMatter) -> None:
    anchors: set[str] = set()
    problems, front.problems = front.problems, []
    for entry in entries:
        if not entry.key:
            shown = entry.value[:_LONGEST_SHOWN]
            front.problems.append(fault(f"第 {entry.number} 行不是“键: 值”，没有读：{shown}", entry.number))
        elif not entry.more:
            if entry.key in TEXT_KEYS and _may_be_yaml(entry.value):
                said = f"第 {entry.number} 行 {entry.key} 的值以 {entry.value[0]} 开头，请核对"
                front.problems.append(fault(said, entry.number))
            _take_line(entry.key, entry.value, entry.number, anchors, front)
        elif entry.key in front.values:
            front.problems.append(fault(f"第 {entry.number} 行又写了一次 {entry.key}", entry.number))
        else:
            _take_lines(entry, front)
    faults = front.problems
    if len(faults) > _MOST_FAULTS:
        more = fault(f"front matter 另有 {len(faults) - _MOST_FAULTS} 处读不了")
        faults = [*faults[:_MOST_FAULTS], more]
    front.problems = problems + faults


def _take_lines(entry: _Entry, front: FrontMatter) -> None:
    """Read an entry of more than one line: as YAML, else its list items or folded lines as they plainly stand."""
    alone = FrontMatter()
    lines = [f"{entry.key}: {entry.value}", *map(_indented, entry.lines[1:])]
    loaded = load("\n".join(lines), alone, f"{entry.key} ", first=entry.number)
    if isinstance(loaded, dict) and len(loaded) == 1:
        front.take(loaded)
        return
    items = [_ITEM.match(line) for line in entry.more]
    if not entry.value and all(items):
        read = (_scalar(entry.key, (item[1] or "").rstrip(), entry.number, alone) for item in items)
        front.values[entry.key] = [one for one in read if one]
    elif entry.key in TEXT_KEYS and not any(items):
        said = " ".join([entry.value, *(line.strip() for line in entry.more)]).strip()
        front.values[entry.key] = _scalar(entry.key, said, entry.number, alone)
    # A bracket or quote that nothing closes is noticed only at the end.
    named = [one for one in alone.problems if one.line and one.line < entry.number + len(lines)]
    front.problems.append(named[0] if named else _unread(entry))


def _unread(entry: _Entry) -> Problem:
    return fault(f"第 {entry.number} 行 {entry.key} 读不了", entry.number)


def _indented(line: str) -> str:
    """Return a line without tabs before its first character, where YAML forbids them."""
    rest = line.lstrip(" \t")
    return line[: len(line) - len(rest)].replace("\t", "  ") + rest


# ------------------------------------------------------------------ the parser, within limits
def load(block: str, front: FrontMatter, where: str, first: int = 2, line: int | None = None):
    """Load YAML with all scalars as text, without tags and aliases; else add a problem and return None.

    `first` is the line number of the block's first line in its file; `line` overrides the line that is named.
    """
    if len(block) > _LONGEST or block.count("[") > 10_000 or _depth(block) > _DEEPEST:
        front.problems.append(fault(f"{where}：YAML 太长或嵌套太深", line))
        return None
    try:
        for event in yaml.parse(block, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "tag", None):
                at = line or event.start_mark.line + first
                front.problems.append(fault(f"{where}：用了 YAML 的别名或类型标签，未读", at))
                return None
        return yaml.load(block, Loader=yaml.CBaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f"第 {mark.line + first} 行" if mark else ""
        line = line or (mark.line + first if mark else None)
        said = f"{where}{at}：不是有效的 YAML（{getattr(error, 'problem', error)}）"
        front.problems.append(fault(said, line))
        return None


def _depth(block: str) -> int:
    depth = deepest = 0
    for char in block:
        if char in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "]}":
            depth -= 1
    return deepest
