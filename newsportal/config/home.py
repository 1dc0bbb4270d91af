"""The folder of everything the portal keeps: nobody else on the machine may look into it."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from django.core.checks import Warning as CheckWarning
from django.core.checks import register
from django.core.exceptions import ImproperlyConfigured

PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
PUBLIC_FOLDER, PUBLIC_FILE = 0o755, 0o644
OTHERS = 0o077
FOLDERS = {"search", "uploads", "media", "static"}
# What tells a folder of ours from one that somebody named by mistake.
MARKS = FOLDERS | {"newsportal.sqlite3", "secret-key"}


def keep_to_ourselves() -> None:
    """What this process makes is for its own user only, whatever the shell or the service was set to."""
    os.umask(OTHERS)


def make(path: Path) -> None:
    """Make the folder, for its user alone. Only commands that open a newsroom do; reading settings makes nothing."""
    path.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)


def private_home(name: str, path: Path) -> Path:
    """The folder, which need not be there yet. Takes others' rights from one that is ours; raises ImproperlyConfigured
    for one like /tmp."""
    if not path.exists():
        return path
    if path.stat().st_mode & stat.S_ISVTX or path == Path(path.anchor):
        raise ImproperlyConfigured(
            f"{name}={str(path)!r} is a folder that everybody shares: give the portal one of its own."
        )
    if is_ours(path):
        _tighten(path)
    return path


def modes(public: bool) -> tuple[int, int]:
    """Of the files that are served, and of their folders: everybody's to read where another program serves them."""
    return (PUBLIC_FILE, PUBLIC_FOLDER) if public else (PRIVATE_FILE, PRIVATE_FOLDER)


def is_ours(path: Path) -> bool:
    """Empty, or with something in it that the portal keeps there."""
    with os.scandir(path) as entries:
        names = {entry.name for entry in entries}
    return not names or bool(names & MARKS)


def keep_private(file: Path) -> None:
    """Take others' rights from a file of ours, such as a database that lies elsewhere, if it is there."""
    with suppress(OSError):
        mode = file.stat().st_mode
        if stat.S_ISREG(mode) and mode & OTHERS:
            file.chmod(stat.S_IMODE(mode) & ~OTHERS)


def _tighten(home: Path) -> None:
    """The folder and what stands in it; what lies deeper is behind a closed door. No link is followed."""
    for entry in [home, *home.iterdir()]:
        with suppress(OSError):  # another user's: the check says so
            mode = entry.lstat().st_mode
            if mode & OTHERS and (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                entry.chmod(stat.S_IMODE(mode) & ~OTHERS)  # only taken: a home made read-only stays so


@register("security")
def say_who_may_look(app_configs, **kwargs):
    """A system check for what could not be put right: a folder with other things in it, or another user's."""
    from django.conf import settings

    found = []
    for path in (settings.HOME, _database_file(settings)):
        if path and path.exists() and path.stat().st_mode & OTHERS:
            wide = f"{path}: other users of this machine may open it ({stat.filemode(path.stat().st_mode)})."
            hint = (
                f"chmod {'700' if path.is_dir() else '600'} {path}, or give the portal a folder of its own."
            )
            found.append(CheckWarning(wide, hint=hint, id="newsportal.W001"))
    return found


def _database_file(settings) -> Path | None:
    database = settings.DATABASES["default"]
    return Path(database["NAME"]) if "sqlite" in database["ENGINE"] else None
