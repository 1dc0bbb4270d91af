"""Import uploaded files: a rehearsal first, then the import, in the request or in a worker."""

import time
from collections.abc import Iterator
from itertools import islice

from django.contrib.auth import get_user_model
from django.db import transaction
from django.tasks import task
from django.utils import timezone

from articles.importing.match import Decision
from articles.importing.run import Options, import_found
from sources.files.inputs import Found
from sources.models import ImportRun, Upload
from sources.reading.pool import IN_A_SERVER
from sources.run_control.import_lock import ImportUnderWay
from sources.run_control.stored_uploads import delete_files, has_files, inputs_of

# Larger uploads go to the tasks backend, in production a worker process.
AT_ONCE_INPUTS, AT_ONCE_BYTES = 500, 5 * 1024 * 1024
REHEARSED = 2000  # inputs
LONGEST_REHEARSAL = 30  # seconds after which no more inputs are begun
LISTED = 50
ENDED_BADLY = [ImportRun.State.INTERRUPTED, ImportRun.State.FAILED, ImportRun.State.STOPPED]


def rehearse(upload: Upload, hold: str) -> None:
    """Find out what the import would do, and store that with the upload. Writes no article."""
    counts: dict[str, int] = {}
    rows: list[dict] = []

    def tell(decision: Decision) -> None:
        counts[decision.outcome.value] = counts.get(decision.outcome.value, 0) + 1
        if len(rows) < LISTED:
            rows.append(_row(decision))

    inputs = inputs_of(upload)
    some = _in_time(islice(inputs, REHEARSED))
    result = import_found(some, _asked(upload, hold, dry_run=True), tell)
    is_cut = next(inputs, None) is not None
    total = result.counts.total()
    upload.rehearsal = {"counts": counts, "rows": rows, "total": total, "is_cut": is_cut}
    upload.save(update_fields=["rehearsal"])


def _in_time(inputs: Iterator[Found]) -> Iterator[Found]:
    """Inputs until LONGEST_REHEARSAL is over; the editor is waiting."""
    until = time.monotonic() + LONGEST_REHEARSAL
    for found in inputs:
        yield found
        if time.monotonic() > until:
            return


def _row(decision: Decision) -> dict:
    raw = decision.raw
    return {
        "name": decision.read.name.encode("utf-8", "backslashreplace").decode()[:300],
        "label": decision.outcome.label,
        "outcome": decision.outcome.value,
        "reason": decision.reason[:300],
        "title": raw.title if raw else "",
        "outlet": raw.outlet if raw else "",
        "date": raw.published_at.isoformat() if raw and raw.published_at else "",
    }


def can_start(upload: Upload) -> bool:
    """Whether it can be imported: not begun yet, or its run ended badly; and its files are still there."""
    if upload.discarded_at or not has_files(upload):
        return False
    return upload.started_at is None or (upload.run is not None and upload.run.state in ENDED_BADLY)


def start(upload: Upload, user, hold: str) -> bool:
    """Import it, now if it is small, else as a task. False if it had begun already: of two clicks one counts."""
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if not can_start(upload):
            return False
        upload.started_at, upload.message, upload.run = timezone.now(), "", None
        upload.save(update_fields=["started_at", "message", "run"])
    small = upload.size <= AT_ONCE_BYTES and upload.rehearsal.get("total", 0) <= AT_ONCE_INPUTS
    small = small and not upload.rehearsal.get("is_cut")
    (import_upload.call if small else import_upload.enqueue)(upload.pk, user.pk, hold)
    return True


@task()
def import_upload(upload_pk: int, user_pk: int, hold: str) -> None:
    """Import an upload and delete its files when everything is in."""
    upload = Upload.objects.get(pk=upload_pk)
    user = get_user_model().objects.filter(pk=user_pk).first()

    def begun(run: ImportRun) -> None:
        Upload.objects.filter(pk=upload_pk).update(run=run)

    try:
        import_found(inputs_of(upload), _asked(upload, hold), user=user, on_start=begun)
    except ImportUnderWay as why:
        Upload.objects.filter(pk=upload_pk).update(started_at=None, message=f"没有导入：{why}")
        return
    delete_files(upload)


def _asked(upload: Upload, hold: str, dry_run: bool = False) -> Options:
    asked = Options(format=upload.format, source=upload.source, dry_run=dry_run, workers=IN_A_SERVER)
    asked.hold = hold
    asked.kind, asked.origin = ImportRun.Kind.UPLOAD, upload.origin
    return asked
