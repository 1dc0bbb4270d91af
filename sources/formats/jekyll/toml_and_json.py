"""TOML and JSON of front matter; a line with a fault costs itself, and its problem names it."""

import json
import re
import tomllib

from sources.formats.jekyll.front_values import FrontMatter, fault

# Larger is no front matter; both parsers are recursive.
_LONGEST = 20_000
_MOST_FAULTS = 10
_TOML_AT = re.compile(r"\(at line (\d+), column")
_TOML_LINE = re.compile(r"^[ \t]*+[\"']?([^\W\d][\w-]*+)[\"']?[ \t]*+[=＝][ \t]*+(.*)$")
_JSON_LINE = re.compile(r"^[ \t]*+[{,]?+[ \t]*+\"([^\"\\]++)\"[ \t]*+:[ \t]*+(.*)$")
_STRUCTURED = ("[", "{", '"""', "'''")
_LONGEST_SHOWN = 40


def read_toml(block: str, first: int, front: FrontMatter) -> None:
    """Read the lines of TOML front matter, of which the first is line `first` of its file."""
    if len(block) > _LONGEST:
        front.problems.append(fault("front matter：TOML 太长"))
        return
    lines = block.split("\n")
    literal: dict[str, str] = {}
    error = _load_toml(lines, front)
    bad = _bad_lines(lines) if error else []
    for _ in range(_MOST_FAULTS):
        if not error:
            break
        at = _TOML_AT.search(str(error))
        bad = bad or [min(int(at[1]), len(lines)) - 1 if at else _last(lines)]
        for number in bad:
            said = f"第 {number + first} 行不是有效的 TOML，请核对：{lines[number].strip()[:_LONGEST_SHOWN]}"
            front.problems.append(fault(said, number + first))
            if match := _TOML_LINE.match(lines[number]):
                literal |= _as_it_stands(match)
            lines[number] = ""
        bad = []
        error = _load_toml(lines, front)
    if error:
        front.problems.append(fault("front matter：不是有效的 TOML，错误太多，没有全读"))
    front.take(literal)


def _load_toml(lines: list[str], front: FrontMatter) -> Exception | None:
    """Take the values of these lines, or return why they are no TOML."""
    try:
        front.take(tomllib.loads("\n".join(lines)))
    except (ValueError, OverflowError, RecursionError) as error:
        return error
    return None


def _bad_lines(lines: list[str]) -> list[int]:
    """Return the lines with a key and a simple value that are no TOML by themselves, such as one with an open quote:
    the parser finds that only at the end of the text."""
    bad, is_text = [], False
    for number, line in enumerate(lines):
        marks = line.count('"""') + line.count("'''")
        match = None if is_text or marks else _TOML_LINE.match(line)
        is_text ^= marks % 2 == 1
        if match and not match[2].startswith(_STRUCTURED) and _load_toml([line], FrontMatter()):
            bad.append(number)
    return bad


def _last(lines: list[str]) -> int:
    return max((number for number, line in enumerate(lines) if line.strip()), default=0)


def read_json(block: str, first: int, front: FrontMatter) -> None:
    """Read JSON front matter, of which the first line is line `first` of its file."""
    if len(block) > _LONGEST:
        front.problems.append(fault("front matter：JSON 太长"))
        return
    try:
        loaded = json.loads(block, strict=False)
    except RecursionError:
        front.problems.append(fault("front matter：JSON 嵌套太深"))
    except ValueError as error:
        at = getattr(error, "lineno", 1)
        front.problems.append(fault(f"第 {at + first - 1} 行不是有效的 JSON", at + first - 1))
        for line in block.split("\n"):
            if match := _JSON_LINE.match(line):
                front.take(_json_value(match))
    else:
        front.take(loaded)


def _json_value(match: re.Match) -> dict:
    try:
        return {match[1]: json.loads(match[2].strip().removesuffix(","), strict=False)}
    except (ValueError, RecursionError):
        return _as_it_stands(match)


def _as_it_stands(match: re.Match) -> dict[str, str]:
    """Return the value of a line that does not parse as text, if it is a text; {} else."""
    value = match[2].strip().removesuffix(",").rstrip()
    return {} if value.startswith(_STRUCTURED) else {match[1]: value.strip("\"'").strip()}
