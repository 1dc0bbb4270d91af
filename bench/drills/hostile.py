"""The hostile import set (trust R5): nothing lost, nothing planted, no crash, in bounds of time and memory."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench.drills.ground import ROOT, Check, Ground, once
from bench.harness.homes import fresh_home, manage
from bench.harness.running import measure

# What our outcomes mean to its judge.
MEANS = {
    **dict.fromkeys(["created", "updated", "unchanged"], "imported"),
    **dict.fromkeys(["review", "conflict", "duplicate"], "needs_review"),
    "skipped": "rejected",
}


def the_set() -> Path | None:
    """The folder of the set's own programs, beside the corpus; None where it is not."""
    corpus = Path(os.environ.get("NEWSPORTAL_CORPUS") or ROOT.parent / "shared" / "corpus")
    folder = corpus.parent / "badinput"
    return folder if (folder / "make_badinput.py").exists() else None


def write(made: Path, folder: Path) -> Path:
    """Write the set as its own program does: links, odd names and bombs do not survive in a repository."""
    subprocess.run([sys.executable, made / "make_badinput.py", folder], check=True, capture_output=True)
    return folder / "files"


def judge(made: Path, folder: Path, report: Path, errors: str, code: int) -> subprocess.CompletedProcess:
    """What the set's own judge says of a report."""
    (folder / "errors").write_text(errors)
    command = [sys.executable, made / "compare.py", report, "--expected", folder / "expected.jsonl"]
    command += ["--root", folder / "files", "--stderr", folder / "errors", "--rc", str(code)]
    command += ["--skip", "uploads/"]
    for theirs, ours in MEANS.items():
        command += ["--map", f"{theirs}={ours}"]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def drill(ground: Ground) -> Iterator[Check]:
    """Import it, have it judged."""
    made = the_set()
    if made is None:
        yield Check("the hostile set is imported as it should be", "the set is not here", None)
        return
    files, report = write(made, ground.folder), ground.folder / "report.jsonl"
    with fresh_home(ground.database) as env:
        began = time.monotonic()
        ran = measure(manage("import_articles", str(files), "--json", "--report", str(report)), env, ROOT)
        yield Check("exit 0 or 1", str(ran.code), ran.code in (0, 1))
        yield once("time", time.monotonic() - began, 120, " s")
        yield once("memory", max(ran.memory or 0, ran.child_memory or 0), 1200, " MiB")
        judged = judge(made, ground.folder, report, ran.stderr, ran.code)
        said = " ".join(judged.stdout.split())
        yield Check("the set's judge agrees", said[-200:], judged.returncode == 0)
