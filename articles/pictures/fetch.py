"""Fetch the pictures of articles one after the other, and store a re-encoded copy of each."""

import os
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from articles.models.picture import Picture
from articles.pictures.record import file_of
from articles.pictures.redraw import NotAPicture, Redrawn, redraw
from sources.net.fetch import Failed, Policy, Refused, fetch
from sources.reading.limits import OverLimit
from sources.reading.reading_process import apart

State = Picture.State
FOR_GOOD = {
    404: "没有这张图",
    410: "图已经删了",
    403: "服务器不让别处取",
    401: "要登录才能看",
    451: "因法律原因不能看",
}
ACCEPT = {"Accept": "image/webp,image/png,image/jpeg,image/gif"}


def fetch_pictures(
    pictures: QuerySet[Picture], policy: Policy, tell: Callable[[Picture], None] = lambda picture: None
) -> Counter:
    """Fetch each and save its state at once, so that an interruption loses nothing. Returns counts by state.

    Raises OSError if our disk is full, and database errors.
    """
    counts: Counter = Counter()
    for pk in list(pictures.values_list("pk", flat=True)):
        picture = Picture.objects.filter(pk=pk).first()
        if picture is None:
            continue  # its import was undone meanwhile
        fetch_picture(picture, policy)
        counts[picture.state] += 1
        tell(picture)
    return counts


def fetch_picture(picture: Picture, policy: Policy) -> None:
    """Fetch one and save its new state: fetched, failed (again later) or refused (never, unless asked for)."""
    if known := Picture.objects.filter(url_key=picture.url_key, url=picture.url, state=State.FETCHED).first():
        picture.got(**{name: getattr(known, name) for name in Picture.FILE})
        return
    at = timezone.now()
    try:
        answer = fetch(picture.url, policy, ACCEPT)
        if answer.status in FOR_GOOD:
            raise Refused(f"{FOR_GOOD[answer.status]}（{answer.status}）")
        if answer.status != 200:
            picture.fail(f"服务器回答 {answer.status}", at, answer.retry_after)
            return
        redrawn = apart(redraw, answer.body, size=len(answer.body))
    except (Refused, NotAPicture, OverLimit) as error:
        picture.refuse(str(error))
    except Failed as error:
        picture.fail(str(error), at)
    else:
        picture.got(**_kept(redrawn, len(answer.body)), fetched_at=at)


def _kept(redrawn: Redrawn, original_size: int) -> dict:
    """Store the file under its hash; returns the fields of its record."""
    name = sha256(redrawn.data).hexdigest()
    _store(file_of(name), redrawn.data)
    return {
        "sha256": name,
        "width": redrawn.width,
        "height": redrawn.height,
        "size": len(redrawn.data),
        "original_type": redrawn.original_type,
        "original_width": redrawn.original_width,
        "original_height": redrawn.original_height,
        "original_size": original_size,
    }


def _store(path: Path, data: bytes) -> None:
    """Write atomically: to a temporary name first."""
    if path.exists():
        return
    _make_folder(path.parent)
    with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            os.chmod(file.name, settings.FILE_UPLOAD_PERMISSIONS)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise


def _make_folder(folder: Path) -> None:
    """For whoever serves the files, whatever the umask is."""
    for one in (Path(settings.MEDIA_ROOT), folder):
        if not one.is_dir():
            one.mkdir(parents=True, exist_ok=True)
            one.chmod(settings.FILE_UPLOAD_DIRECTORY_PERMISSIONS)
