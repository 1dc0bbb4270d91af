"""The rooms of the house and the arrows between them; each rule is also shown failing on a made-up tree."""

import ast
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).parent.parent
MOST_FILES = 14  # Python files directly in a folder
MOST_LINES = 400
SAME_NAME = 3  # how often a base name may stand in the project, unless it is a convention
CONVENTIONS = {"__init__", "__main__", "apps", "urls", "views", "feeds"}

# What each room may import, besides itself. A room is the longest prefix named here.
MAY_IMPORT = {
    "sources.problem": set(),
    "sources.text": {"sources.problem"},
    "sources.files": set(),
    "sources.net": {"sources.text"},
    "sources.formats": {"sources.files", "sources.problem", "sources.text"},
    "sources.models": {"sources.files", "sources.problem", "sources.text"},
    "sources.reading": {
        *("sources.files", "sources.formats", "sources.models", "sources.problem", "sources.text"),
    },
    "sources.run_control": {"sources.files", "sources.models", "sources.reading"},
    "sources": {"sources.models"},
    "articles.addresses": set(),
    "articles.db": set(),
    "articles.models": {"articles.addresses", "articles.db", "sources.models", "sources.text"},
    "articles.revisions": {"articles.db", "articles.models", "sources"},
    "articles.pictures": {"articles.db", "articles.models", "sources"},
    "articles.stories": {"articles.db", "articles.models", "articles.revisions", "sources"},
    "articles.taxonomy.public_names": {"articles.models", "sources.models"},
    "articles.taxonomy": {"articles.db", "articles.models", "articles.revisions", "sources"},
    "articles.search.index": {"articles.models", "sources.formats", "sources.text"},
    "articles.search.query": {
        *("articles.addresses", "articles.models", "articles.search.index", "articles.taxonomy.public_names"),
        *("sources.models", "sources.text"),
    },
    "articles.search": {"articles.models", "articles.search", "sources.text"},
    "articles.importing": {
        *("articles.db", "articles.models", "articles.pictures", "articles.revisions", "articles.stories"),
        *("articles.taxonomy", "articles.search.index", "sources"),
    },
    "articles.review": {
        *("articles.db", "articles.models", "articles.pictures", "articles.revisions", "articles.stories"),
        *("articles.taxonomy", "articles.importing", "articles.search.index", "sources"),
    },
    "articles.undo": {
        *("articles.db", "articles.models", "articles.revisions", "articles.stories", "articles.importing"),
        *("articles.review", "sources"),
    },
    "articles.reclean": {
        "articles.db",
        "articles.models",
        "articles.revisions",
        "articles.importing",
        "sources",
    },
    "articles.portal": {
        *("articles.addresses", "articles.models", "articles.pictures", "articles.search"),
        *("articles.taxonomy.public_names", "sources.models", "sources.text"),
    },
    "articles.templatetags": {"articles.addresses", "articles.models", "sources.text"},
    "articles.admin": {
        *("articles.models", "articles.revisions", "articles.importing", "articles.undo", "articles.reclean"),
        *("articles.stories", "articles.taxonomy", "articles.pictures", "articles.search", "articles.review"),
        *("articles.db", "sources"),
    },
    "articles.management": {
        *("articles.models", "articles.revisions", "articles.importing", "articles.undo", "articles.reclean"),
        *("articles.stories", "articles.taxonomy", "articles.pictures", "articles.search", "articles.review"),
        *("articles.db", "sources"),
    },
    "articles": {"articles.db", "articles.models", "articles.search"},
    "newsportal": {"articles", "sources"},
}
PROJECT = ("newsportal", "articles", "sources")


def python_files(root: Path) -> list[Path]:
    """The product's Python files, migrations aside."""
    found = (path for room in PROJECT for path in (root / room).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def module_of(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    """The room that a module lies in; "" for one of another project."""
    parts = module.split(".")
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((prefix for prefix in prefixes if prefix in MAY_IMPORT), "")


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """Every import in a file: the module, and the name taken from it ("" for a whole module)."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.module, alias.name) for alias in node.names)


def is_within(room: str, rooms: set[str]) -> bool:
    return any(room == one or room.startswith(f"{one}.") for one in rooms)


# ------------------------------------------------------------------ the rules: each names its breaches
def wrong_arrows(root: Path) -> list[str]:
    """Imports of a room that the importing one may not know."""
    modules = {module_of(path, root) for path in python_files(root)}
    found = []
    for path in python_files(root):
        home = room_of(module_of(path, root))
        for module, name in imports(path):
            target = room_of(f"{module}.{name}" if f"{module}.{name}" in modules else module)
            if target and not is_within(target, {home} | MAY_IMPORT[home]):
                found.append(f"{path.relative_to(root)}: {home} may not import {target}")
    return found


def borrowed_private_names(root: Path) -> list[str]:
    """Names with an underscore that another module takes."""
    return [
        f"{path.relative_to(root)}: {module}.{name}"
        for path in python_files(root)
        for module, name in imports(path)
        if module.split(".")[0] in PROJECT and name.startswith("_")
    ]


def commands_that_import_commands(root: Path) -> list[str]:
    commands = "articles.management.commands"
    return [
        f"{path.relative_to(root)}: {module}"
        for path in python_files(root)
        if module_of(path, root).startswith(commands)
        for module, _ in imports(path)
        if module.startswith(commands)
    ]


def strings_that_point_upward(root: Path) -> list[str]:
    """Strings under sources/ that name articles: models, admin pages, modules."""
    upward = re.compile(r"\Aarticles\.\w|admin:articles_")
    return [
        f"{path.relative_to(root)}:{node.lineno}: {node.value[:60]!r}"
        for path in python_files(root)
        if path.relative_to(root).parts[0] == "sources"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and upward.search(node.value)
    ]


def drawers(root: Path) -> list[str]:
    """Folders with more Python files than a person takes in at a glance."""
    files = Counter(path.parent for path in python_files(root))
    return [
        f"{folder.relative_to(root)}: {count} files" for folder, count in files.items() if count > MOST_FILES
    ]


def halls(root: Path) -> list[str]:
    """Files that hold more than one thing."""
    lengths = {path: len(path.read_text().splitlines()) for path in python_files(root)}
    return [
        f"{path.relative_to(root)}: {lines} lines" for path, lines in lengths.items() if lines > MOST_LINES
    ]


def common_names(root: Path) -> list[str]:
    names = Counter(path.stem for path in python_files(root))
    return [
        f"{name}: {count} files"
        for name, count in names.items()
        if count > SAME_NAME and name not in CONVENTIONS
    ]


RULES = {
    rule.__name__: rule
    for rule in (
        *(wrong_arrows, borrowed_private_names, commands_that_import_commands, strings_that_point_upward),
        *(drawers, halls, common_names),
    )
}
BREACHES = {
    "wrong_arrows": {"sources/models/outlet.py": "from articles.models import Article\n"},
    "borrowed_private_names": {"articles/portal/views.py": "from articles.portal.feeds import _entry\n"},
    "commands_that_import_commands": {
        "articles/management/commands/one.py": "from articles.management.commands.two import Command\n"
    },
    "strings_that_point_upward": {
        "sources/models/outlet.py": 'ADDRESS = "admin:articles_article_changelist"\n'
    },
    "drawers": {f"articles/portal/part{number}.py": "" for number in range(MOST_FILES + 1)},
    "halls": {"articles/portal/views.py": "pass\n" * (MOST_LINES + 1)},
    "common_names": {f"articles/{room}/merging.py": "" for room in ("db", "models", "undo", "stories")},
}


@pytest.mark.parametrize("rule", RULES)
def test_the_rooms_are_kept(rule):
    assert RULES[rule](ROOT) == []


@pytest.mark.parametrize("rule", RULES)
def test_a_breach_is_found(rule, tmp_path):
    for name, text in BREACHES[rule].items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    assert len(RULES[rule](tmp_path)) == 1


def test_every_room_is_there_and_every_module_has_one():
    places = {room: ROOT / room.replace(".", "/") for room in MAY_IMPORT}
    assert [
        room for room, place in places.items() if not (place.is_dir() or place.with_suffix(".py").is_file())
    ] == []
    assert [path for path in python_files(ROOT) if not room_of(module_of(path, ROOT))] == []


def test_the_arrows_form_no_circle():
    def reached(room: str, seen: set[str]) -> set[str]:
        for other in MAY_IMPORT:
            inner = is_within(other, MAY_IMPORT[room]) and not is_within(room, {other})
            if inner and other not in seen:
                seen.add(other)
                reached(other, seen)
        return seen

    assert [room for room in MAY_IMPORT if room in reached(room, set())] == []


def test_the_text_room_is_pure():
    foreign = {
        f"{path.name}: {module}"
        for path in (ROOT / "sources" / "text").rglob("*.py")
        for module, _ in imports(path)
        if module.split(".")[0] in ("django", "os", "io") or module.startswith("sources.models")
    }
    assert not foreign


def test_no_foreign_key_runs_against_the_arrow():
    for model in apps.get_app_config("sources").get_models():
        targets = {field.related_model._meta.app_label for field in model._meta.fields if field.related_model}
        assert targets <= {"sources", "auth"}


def test_a_reader_is_loaded_with_the_first_file_of_its_format():
    seen = (
        "import sys; from sources.formats import FORMATS, READERS, detect; "
        "loaded = lambda: {name for name in FORMATS if READERS[name] in sys.modules}; "
        "before = loaded(); detect('2024-01-02-1.md', b'---'); detect('page.html', b'<p>'); "
        "quiet = loaded(); list(FORMATS['scrape'](('标题 正文。' * 20).encode(), 'a.txt')); "
        "print(before, quiet, loaded())"
    )
    ran = subprocess.run([sys.executable, "-c", seen], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set() set() {'scrape'}"
