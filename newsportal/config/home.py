"""The folder with all the portal's data; no other user of the machine may open it."""

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
# A non-empty folder is ours if it contains one of these; otherwise somebody named it by mistake.
MARKS = FOLDERS | {"newsportal.sqlite3", "secret-key"}


def keep_to_ourselves() -> None:
    """Set the umask so that new files are for this user only, whatever the shell or the service set."""
    os.umask(OTHERS)


def make(path: Path) -> None:
    """Create the folder for this user only. Called by commands that set up a portal, never by reading settings."""
    path.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)


def private_home(name: str, path: Path) -> Path:
    """The folder, which need not exist yet. Removes other users' access if the folder is ours; raises
    ImproperlyConfigured for a shared one such as /tmp."""
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
    """(file mode, folder mode) of served files: world-readable if another program serves them."""
    return (PUBLIC_FILE, PUBLIC_FOLDER) if public else (PRIVATE_FILE, PRIVATE_FOLDER)


def is_ours(path: Path) -> bool:
    """Whether the folder is empty or contains something that the portal keeps there."""
    with os.scandir(path) as entries:
        names = {entry.name for entry in entries}
    return not names or bool(names & MARKS)


def keep_private(file: Path) -> None:
    """Remove other users' access from a file such as a database outside of the home folder, if it exists."""
    with suppress(OSError):
        mode = file.stat().st_mode
        if stat.S_ISREG(mode) and mode & OTHERS:
            file.chmod(stat.S_IMODE(mode) & ~OTHERS)


def _tighten(home: Path) -> None:
    """Tighten the folder and its direct entries, which also closes everything deeper. Symlinks are not followed."""
    for entry in [home, *home.iterdir()]:
        with suppress(OSError):  # another user's: the system check reports it
            mode = entry.lstat().st_mode
            if mode & OTHERS and (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                entry.chmod(stat.S_IMODE(mode) & ~OTHERS)  # only remove rights: a read-only home stays so


@register("security")
def say_who_may_look(app_configs, **kwargs):
    """A system check for what was not tightened: a folder with other contents, or of another user."""
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
