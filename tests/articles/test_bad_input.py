"""The hostile import set, where it is there: nothing lost, nothing planted, every outcome with its reason."""

import subprocess
import sys

import pytest
from django.core.management import call_command

MEANS = {
    **dict.fromkeys(["created", "updated", "unchanged"], "imported"),
    **dict.fromkeys(["review", "conflict", "duplicate"], "needs_review"),
    "skipped": "rejected",
}


@pytest.fixture
def hostile(corpus, tmp_path):
    """The tree as its own script writes it: symlinks, odd names and bombs do not survive in a repository."""
    made = corpus.parent / "badinput"
    if not (made / "make_badinput.py").exists():
        pytest.skip(f"no hostile import set: {made} is not there")
    subprocess.run([sys.executable, made / "make_badinput.py", tmp_path], check=True, capture_output=True)
    return made, tmp_path


@pytest.mark.django_db
def test_every_hostile_input_ends_as_it_should(hostile, capsys):
    made, folder = hostile
    report = folder / "report.jsonl"
    with pytest.raises(SystemExit) as ended:
        call_command("import_articles", str(folder / "files"), "--json", "--report", str(report))
    assert ended.value.code == 1
    (folder / "errors").write_text(capsys.readouterr().err)
    judge = [sys.executable, made / "compare.py", report, "--expected", folder / "expected.jsonl"]
    judge += ["--root", folder / "files", "--stderr", folder / "errors", "--rc", "1", "--skip", "uploads/"]
    for theirs, ours in MEANS.items():
        judge += ["--map", f"{theirs}={ours}"]
    judged = subprocess.run(judge, capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout
