"""The commands that the chapter on importing shows, and what it says they print.

`python tests/support/readme_commands.py` writes what they do print, there and in the READMEs.

A line `$ command` is followed by its output. Commands are run in the order of the page, in a portal of their own.
The READMEs show the first few.
"""

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)
CHAPTER, TRANSLATION = "docs/importing.md", "docs/zh/importing.md"
READMES = {"README.md": "## Import your own folder", "README.zh.md": "## 导入自己的稿件"}
# What differs from one time to the next.
VARIES = [
    (re.compile(r"[\d.]+ 秒，每秒 \d+ 个文件"), "0.1 秒，每秒 10 个文件"),
    (re.compile(r'"seconds": [\d.]+'), '"seconds": 0.1'),
]


def chapter(text: str, heading: str) -> str:
    """From a heading to the next of its rank."""
    return text.partition(f"{heading}\n")[2].partition("\n## ")[0]


def shown(text: str) -> list[tuple[str, str]]:
    """Each command of a text with the output shown below it."""
    found: list[tuple[str, str]] = []
    for block in BLOCK.findall(text):
        for one in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = one.partition("\n")
            found.append((command, output))
    return found


def printed(commands: list[str], home: Path) -> list[str]:
    """What the commands print in a portal that has been run once, as `make run` does."""
    env = {
        key: value for key, value in os.environ.items() if not key.startswith(("NEWSPORTAL_", "DATABASE_"))
    }
    env |= {"NEWSPORTAL_HOME": str(home)}
    return [_printed(command, env, home) for command in ["$ manage.py open_newsroom", *commands]][1:]


def _printed(command: str, env: dict, home: Path) -> str:
    command = command.replace("$ manage.py", ".venv/bin/python manage.py")
    command = command.replace(".venv/bin/python", f"'{sys.executable}'").replace("var/", f"{home}/")
    both = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run(["sh", "-c", command], cwd=ROOT, env=env, text=True, check=False, **both)
    return done.stdout


def settled(output: str) -> str:
    """An output without what varies."""
    for pattern, same in VARIES:
        output = pattern.sub(same, output)
    return output


def main() -> None:
    commands = [command for command, _ in shown((ROOT / CHAPTER).read_text())]
    with tempfile.TemporaryDirectory() as home:
        outputs = printed(commands, Path(home))
    for name in (CHAPTER, TRANSLATION, *READMES):
        text = (ROOT / name).read_text()
        part = chapter(text, READMES[name]) if name in READMES else text
        told = BLOCK.sub(partial(_filled, iter(outputs)), part)
        (ROOT / name).write_text(text.replace(part, told))


def _filled(outputs: Iterator[str], block: re.Match) -> str:
    commands = re.findall(r"^\$ .*\n", block[1], re.M)
    return "```console\n" + "".join(command + next(outputs) for command in commands) + "```"


if __name__ == "__main__":
    main()
