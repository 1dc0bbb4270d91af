"""The house has one rule: newsportal → articles → sources, in imports and in foreign keys."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent.parent
# A room may import itself and these.
MAY_IMPORT = {"newsportal": {"articles", "sources"}, "articles": {"sources"}, "sources": set()}
FILES = [path for room in MAY_IMPORT for path in (ROOT / room).rglob("*.py")]
PURE = [path for path in FILES if "text" in path.relative_to(ROOT).parts]


def imported_by(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_import_runs_against_the_arrow(path):
    room = path.relative_to(ROOT).parts[0]
    rooms = {name.partition(".")[0] for name in imported_by(path)} & MAY_IMPORT.keys()
    assert rooms <= MAY_IMPORT[room] | {room}


@pytest.mark.parametrize("path", PURE, ids=lambda path: path.stem)
def test_the_text_room_is_pure(path):
    foreign = {
        name for name in imported_by(path) if name.startswith(("django", "sources.models", "os", "io"))
    }
    assert not foreign


def test_no_foreign_key_runs_against_the_arrow():
    for model in apps.get_app_config("sources").get_models():
        targets = {field.related_model._meta.app_label for field in model._meta.fields if field.related_model}
        assert targets <= {"sources", "auth"}


def test_a_reader_is_loaded_with_the_first_file_of_its_format():
    seen = (
        "import sys; from sources.formats import FORMATS, detect; "
        "loaded = lambda: {name for name in FORMATS if f'sources.formats.{name}' in sys.modules}; "
        "before = loaded(); detect('2024-01-02-1.md', b'---'); detect('page.html', b'<p>'); "
        "quiet = loaded(); list(FORMATS['scrape'](('标题 正文。' * 20).encode(), 'a.txt')); "
        "print(before, quiet, loaded())"
    )
    ran = subprocess.run([sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set() set() {'scrape'}"
