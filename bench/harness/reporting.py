"""Tables for people, JSON for programs."""

import json
from collections.abc import Sequence
from pathlib import Path

OUT = Path(__file__).parent.parent / "out"


def print_table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print a Markdown table, the first column to the left and the others to the right."""
    lines = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    marks = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    for line in [lines[0], marks, *lines[1:]]:
        cells = [line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))]
        print(f"| {' | '.join(cells)} |")


def print_machine(machine: dict) -> None:
    print(" · ".join(f"{name} {value or 'none'}" for name, value in machine.items()))


def write_json(name: str, result: dict) -> Path:
    """Write bench/out/<name>.json (not kept by git) and return where."""
    OUT.mkdir(exist_ok=True)
    path = OUT / f"{name}.json"
    path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    return path
