"""Runs the whole suite: on SQLite, on a PostgreSQL of its own, in Chromium and behind nginx, two parts at a time.

This is `make test`.

    tests/run.py [-- ARGUMENTS FOR PYTEST]

NEWSPORTAL_TEST_REQUIRE=postgres,browser,nginx turns a part that was left out into a failure.
As a pytest plugin (addopts in pyproject.toml) it gives a bare `pytest` the same throw-away surroundings.
"""

import argparse
import atexit
import json
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
if __name__ == "__main__":
    sys.path[0] = str(ROOT)  # Python puts this file's folder there

from tests.support.nginx import find_nginx  # noqa: E402
from tests.support.parallel_part import beside  # noqa: E402
from tests.support.postgres_cluster import Unavailable, postgres_cluster, without_postgres_names  # noqa: E402

CHROMIUMS = ("chromium", "chromium-browser", "google-chrome")
MAY_REQUIRE = {"postgres", "browser", "nginx"}
# Of the developer's NEWSPORTAL_* variables only these reach the tests.
KEPT = {"NEWSPORTAL_CORPUS", "NEWSPORTAL_CHROMIUM", "NEWSPORTAL_TEST_REQUIRE"}
# Where pytest leaves its counts; set, it also says that the surroundings already stand.
REPORT = "NEWSPORTAL_TEST_REPORT"
COUNTS = ("passed", "failed", "skipped")
NO_TESTS_COLLECTED = 5


@dataclass
class Part:
    """What became of one part of the suite."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    left_out: str = ""
    broken: str = ""

    def __str__(self):
        if self.left_out:
            return f"{self.name:9} left out: {self.left_out}"
        counts = f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"
        return f"{self.name:9} {counts} in {self.seconds:.1f} s{self.broken and f' ({self.broken})'}"


def main(arguments: list[str]) -> int:
    """Run every part there are programs for, say what became of each, and answer with the exit code."""
    if arguments and arguments[0] != "--":
        print(__doc__, file=sys.stderr)
        return 0 if arguments[0] in ("-h", "--help") else 2
    required = {word.strip() for word in os.environ.get("NEWSPORTAL_TEST_REQUIRE", "").split(",")} - {""}
    if unknown := required - MAY_REQUIRE:
        print(
            f"NEWSPORTAL_TEST_REQUIRE: unknown {', '.join(sorted(unknown))}; use {', '.join(sorted(MAY_REQUIRE))}",
            file=sys.stderr,
        )
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    extra = arguments[1:]
    try:
        parts = in_two_lanes(extra)
    except KeyboardInterrupt:
        print("\nStopped; the throw-away database and folders are gone.", file=sys.stderr)
        return 128 + signal.SIGINT
    return sum_up(parts, required)


def in_two_lanes(extra: list[str]) -> list[Part]:
    """Every part of the suite; as soon as one of the two processes is free it takes the next."""
    waiting = multiprocessing.get_context("fork").SimpleQueue()
    for number in (*range(len(PARTS)), None, None):
        waiting.put(number)
    lost = [Part("others", failed=1, broken="their process ended without a word")]
    with beside(take_turns, (waiting, extra), lost) as others:
        parts = take_turns((waiting, extra))
        return [*parts, *others()]


def take_turns(given: tuple[multiprocessing.SimpleQueue, list[str]]) -> list[Part]:
    """Run parts by their numbers in the queue, up to the next None."""
    waiting, extra = given
    return [PARTS[number](extra) for number in iter(waiting.get, None)]


def on_sqlite(extra: list[str]) -> Part:
    """What has to do with a database, on the embedded one."""
    return run_pytest(Part("sqlite"), "not browser and not nginx and not once", extra)


def once(extra: list[str]) -> Part:
    """What has nothing to do with a database."""
    marks = "once and not reading and not browser and not nginx and not growth"
    return run_pytest(Part("once"), marks, extra)


def of_reading(extra: list[str]) -> Part:
    """What is read and cleaned without a database: a part of its own, so that the lanes end together."""
    return run_pytest(Part("reading"), "reading and not growth", extra, ["tests/sources"])


def of_growth(extra: list[str]) -> Part:
    """How the time of functions grows with their input."""
    return run_pytest(Part("growth"), "growth", extra, map(str, ROOT.glob("tests/**/test_growth.py")))


def on_postgres(extra: list[str]) -> Part:
    """The same on a cluster that is started for it and deleted after it."""
    part = Part("postgres")
    try:
        with postgres_cluster() as url:
            return run_pytest(part, "not browser and not nginx and not once", extra, DATABASE_URL=url)
    except Unavailable as reason:
        part.left_out = str(reason)
    except RuntimeError as error:  # the programs are there and do not work: no reason to leave it out
        part.failed, part.broken = part.failed + 1, f"its cluster failed: {error}"
    return part


def in_browser(extra: list[str]) -> Part:
    """The pages as Chromium shows them."""
    part = Part("browser")
    try:
        chromium()
    except LookupError as reason:
        part.left_out = str(reason.args[0])
        return part
    return run_pytest(part, "browser", extra, ["tests/browser"])


def behind_nginx(extra: list[str]) -> Part:
    """The portal as deploy/ sets it up, with Debian's nginx in front."""
    part = Part("nginx")
    try:
        find_nginx()
    except LookupError as reason:
        part.left_out = str(reason.args[0])
        return part
    return run_pytest(part, "nginx", extra, ["tests/deploy"])


# The longest first, so that the two lanes end together.
PARTS = (on_postgres, on_sqlite, once, of_reading, in_browser, of_growth, behind_nginx)


def chromium() -> str:
    """The Chromium to test with; LookupError says why there is none."""
    if given := os.environ.get("NEWSPORTAL_CHROMIUM"):
        if program := shutil.which(given):
            return program
        raise LookupError(f"NEWSPORTAL_CHROMIUM={given} is no program")
    for name in CHROMIUMS:
        if program := shutil.which(name):
            return program
    raise LookupError(f"no Chromium found (NEWSPORTAL_CHROMIUM, or {', '.join(CHROMIUMS)} on PATH)")


def run_pytest(part: Part, marks: str, extra: list[str], places: Iterable[str] = (), **env: str) -> Part:
    """Run pytest over the tests with these marks, let it speak for itself, and count what it did.

    `places` are where they are, unless the caller names some: looking through all takes ten seconds.
    """
    marks, extra = both_marks(marks, extra)
    print(f"\n== {part.name}: pytest -m '{marks}' {' '.join(extra)}".rstrip(), flush=True)
    started = time.monotonic()
    with surroundings() as home:
        report = Path(home) / "report.json"
        command = [sys.executable, "-m", "pytest", "-m", marks, *(extra or places)]
        env = environment(home) | {REPORT: str(report)} | env
        code = wait_for(subprocess.Popen(command, cwd=ROOT, env=env))
        count(part, report, code, narrowed=bool(extra))
    part.seconds = time.monotonic() - started
    return part


def both_marks(marks: str, extra: list[str]) -> tuple[str, list[str]]:
    """Join the caller's own -m to ours: pytest would take the last one alone."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("-m", dest="marks")
    given, rest = parser.parse_known_args(extra)
    return (f"{marks} and ({given.marks})" if given.marks else marks), rest


def wait_for(process: subprocess.Popen) -> int:
    """Pytest's exit code; when we are stopped, pytest gets the time to put its things away."""
    try:
        return process.wait()
    except SystemExit:  # SIGTERM came to us alone; Ctrl-C reaches pytest from the terminal
        process.terminate()
        raise
    finally:
        try:
            process.wait(timeout=20)
        except (subprocess.TimeoutExpired, KeyboardInterrupt):
            process.kill()
            process.wait()


def count(part: Part, report: Path, code: int, narrowed: bool) -> None:
    """Read the counts that pytest_terminal_summary left; a pytest that ended without any has failed."""
    if report.exists():
        part.passed, part.failed, part.skipped = json.loads(report.read_text())
    if code == NO_TESTS_COLLECTED and narrowed:
        part.left_out = "none of its tests was chosen"
    elif code and not part.failed:
        part.failed, part.broken = 1, f"pytest ended with exit code {code}"


def pytest_terminal_summary(terminalreporter) -> None:
    """Inside pytest: leave the counts of passed, failed and skipped tests for the runner."""
    if report := os.environ.get(REPORT):
        kinds = (("passed", "xfailed"), ("failed", "error"), ("skipped",))
        counts = [sum(len(terminalreporter.getreports(kind)) for kind in group) for group in kinds]
        Path(report).write_text(json.dumps(counts))


def sum_up(parts: list[Part], required: set[str]) -> int:
    """Say which parts ran and which did not, close with one plain line, and answer with the exit code."""
    print("\n== what ran")
    for part in parts:
        print(f"   {part}")
    missing = [part.name for part in parts if part.left_out and part.name in required]
    if missing:
        print(f"   NEWSPORTAL_TEST_REQUIRE asks for what was left out: {', '.join(missing)}")
    passed, failed, skipped = (sum(getattr(part, key) for part in parts) for key in COUNTS)
    if not passed + failed:
        print("   no test ran")
    print(f"\ntests: {passed} passed, {failed} failed, {skipped} skipped", flush=True)
    return int(bool(failed or missing or not passed))


@contextmanager
def surroundings() -> Iterator[str]:
    """A folder for all that the portal and the tests keep, deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="newsportal-test-", ignore_cleanup_errors=True) as home:
        yield home


def environment(home: str) -> dict[str, str]:
    """The caller's environment less what would lead tests to real data, plus what tests need."""
    env = without_postgres_names(os.environ)
    kept = {name: value for name, value in env.items() if not name.startswith("NEWSPORTAL_") or name in KEPT}
    kept.pop("DATABASE_URL", None)
    return kept | {
        "NEWSPORTAL_HOME": home,
        "NEWSPORTAL_SECRET_KEY": "only-for-tests-0123456789-0123456789-0123456789",
    }


def isolate() -> None:
    """Give a pytest that was started by hand what the runner gives; its DATABASE_URL is its own choice."""
    home = tempfile.mkdtemp(prefix="newsportal-test-")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    chosen = {name: os.environ[name] for name in ("DATABASE_URL",) if name in os.environ}
    env = environment(home) | chosen
    os.environ.clear()
    os.environ.update(env)


# Settings are read before any conftest.py: the surroundings must stand when pytest loads this plugin.
if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
elif "_pytest.config" in sys.modules and REPORT not in os.environ:
    isolate()
