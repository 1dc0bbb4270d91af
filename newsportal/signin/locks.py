"""Lockouts against password guessing. A try is counted before the password is checked, so parallel tries count too.

The counts are rows of django-axes's AccessAttempt, one for each Limit, whose name is in the column user_agent.
A browser known for the account (newsportal.signin.devices) has its own limits: tries from elsewhere do not lock it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from axes.backends import AxesStandaloneBackend
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone

from newsportal.signin.address import UNKNOWN, is_proxy
from newsportal.signin.devices import device_of
from newsportal.signin.log import escape, record

LONGEST_NAME = 150  # characters, as in auth.User
ROWS = 20_000  # at most, however many names are tried
# Name under which wrong old passwords are counted in a password change. It is no valid user name, so a lockout from
# sign-in does not block the change.
CHANGING = "{}（改密码）"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many wrong tries within a window that starts at the first try, or with `from_last` at the last."""

    name: str
    most: int
    window: timedelta
    from_last: bool = False


BY_ADDRESS = Limit("address", 50, timedelta(minutes=15))
BY_PAIR = Limit("user and address", 10, timedelta(minutes=15), from_last=True)
BY_NAME = Limit("user", 100, timedelta(days=1))
# For known browsers, instead of BY_NAME. Their rows are named "browser:" plus the number.
BY_DEVICE = Limit("browser", 10, timedelta(minutes=15), from_last=True)
BY_DEVICE_A_DAY = Limit("browser a day", BY_NAME.most, BY_NAME.window)
LIMITS = {limit.name: limit for limit in (BY_ADDRESS, BY_PAIR, BY_NAME, BY_DEVICE, BY_DEVICE_A_DAY)}
RESET_BY_SUCCESS = (BY_PAIR.name, BY_DEVICE.name)  # reset by the right password


@dataclass(slots=True)
class Try:
    """A counted try: user name, address, browser; and until when further ones are refused, by which limit."""

    name: str
    address: str
    device: str = ""
    until: datetime | None = None
    limit: str = ""


def count_try(name: str, address: str, device: str = "") -> tuple[bool, Try]:
    """True if the password may be checked; the try is then already counted as wrong."""
    now, keys, tried = timezone.now(), list(_keys(name, address, device)), Try(name, address, device)
    if locked := _locked(_rows(keys), now, tried):
        return False, locked
    _clean(now)
    with transaction.atomic():
        blank = {
            "failures_since_start": 0,
            "get_data": "",
            "post_data": "",
            "http_accept": "",
            "path_info": "",
        }
        AccessAttempt.objects.bulk_create(
            [AccessAttempt(**key, **blank) for key in keys], ignore_conflicts=True
        )
        rows = list(_rows(keys).select_for_update().order_by("pk"))
        if locked := _locked(rows, now, tried):
            return False, locked
        for row in rows:
            _add(row, now)
        AccessAttempt.objects.bulk_update(rows, ["failures_since_start", "attempt_time"])
    return True, _locked(rows, now, tried) or tried


def forgive(tried: Try) -> None:
    """The password was right: uncount the try, reset the counts of user and address and of the browser."""
    keys = list(_keys(tried.name, tried.address, tried.device))
    _rows([key for key in keys if _limit(key["user_agent"]).name in RESET_BY_SUCCESS]).delete()
    _rows(keys).filter(failures_since_start__gt=0).update(failures_since_start=F("failures_since_start") - 1)


def lift(names: Iterable[str]) -> None:
    """Delete all counts of these user names."""
    counted = [known_as(one) for name in names for one in (name, CHANGING.format(name))]
    AccessAttempt.objects.filter(username__in=counted).delete()


def known_as(name: str) -> str:
    """The name used for counting: printable, short, and unique per user name."""
    plain = escape(name)
    return plain if plain == name and len(name) <= LONGEST_NAME else f"{plain[:100]}…{_digest(name)}"


def _digest(name: str) -> str:
    return sha256(name.encode(errors="surrogatepass")).hexdigest()[:32]


def _keys(name: str, address: str, device: str) -> Iterable[dict[str, str]]:
    """Keys of the rows that count a try, in a fixed order. An address that all users share is not locked by itself."""
    known = known_as(name)
    if not is_proxy(address):
        yield {"username": "", "ip_address": address, "user_agent": BY_ADDRESS.name}
    yield {"username": known, "ip_address": address, "user_agent": BY_PAIR.name}
    for limit in (BY_DEVICE, BY_DEVICE_A_DAY) if device else (BY_NAME,):
        written = f"{limit.name}:{device}" if device else limit.name
        yield {"username": known, "ip_address": UNKNOWN, "user_agent": written}


def _limit(written: str) -> Limit:
    """The limit of a row, from its user_agent."""
    return LIMITS[written.partition(":")[0]]


def _rows(keys: list[dict[str, str]]):
    wanted = Q()
    for key in keys:
        wanted |= Q(**key)
    return AccessAttempt.objects.filter(wanted)


def _locked(rows: Iterable[AccessAttempt], now: datetime, tried: Try) -> Try | None:
    """The try with the end of the longest lock, or None."""
    for row in rows:
        limit = _limit(row.user_agent)
        # If the clock was set back, a lock must not outlast its window.
        until = min(row.attempt_time, now) + limit.window
        if row.failures_since_start >= limit.most and until > now and until >= (tried.until or now):
            tried.until, tried.limit = until, limit.name
    return tried if tried.until else None


def _add(row: AccessAttempt, now: datetime) -> None:
    limit = _limit(row.user_agent)
    if row.attempt_time + limit.window <= now:
        row.failures_since_start = 0
    if limit.from_last or row.failures_since_start == 0 or row.attempt_time > now:
        row.attempt_time = now
    row.failures_since_start += 1


def _clean(now: datetime) -> None:
    """Delete expired rows, then the least used beyond ROWS."""
    over = Q()
    for limit in LIMITS.values():
        of_limit = Q(user_agent=limit.name) | Q(user_agent__startswith=f"{limit.name}:")
        over |= of_limit & Q(attempt_time__lte=now - limit.window)
    _delete(AccessAttempt.objects.filter(over).order_by("pk"))
    if (excess := AccessAttempt.objects.count() - ROWS) > 0:
        _delete(AccessAttempt.objects.order_by("failures_since_start", "attempt_time")[: excess + ROWS // 10])


def _delete(rows) -> None:
    """Skip rows locked by another try: waiting for them could deadlock."""
    with transaction.atomic():
        pks = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
        if pks:
            AccessAttempt.objects.filter(pk__in=pks).delete()


def failed(request: HttpRequest) -> None:
    """Log a wrong try; if it was the last allowed one, the response is a lockout."""
    tried = request.sign_in_try
    record("failed", tried.name, tried.address)
    if tried.until:
        request.axes_locked_out = True
        record(
            "locked", tried.name, tried.address, f'by="{tried.limit}" until={tried.until:%Y-%m-%dT%H:%M:%SZ}'
        )


class LockHandler(AxesDatabaseHandler):
    """The handler of django-axes; its commands (axes_reset …) work on the same rows."""

    def is_allowed(self, request: HttpRequest, credentials: dict | None = None) -> bool:
        name = str((credentials or {}).get("username") or "")
        allowed, request.sign_in_try = count_try(name, request.axes_ip_address, device_of(request, name))
        request.axes_locked_out = not allowed
        return allowed

    def user_login_failed(self, sender, credentials, request=None, **kwargs) -> None:
        if hasattr(request, "sign_in_try") and not request.axes_locked_out:
            failed(request)

    def user_logged_in(self, sender, request, user, **kwargs) -> None:
        if tried := getattr(request, "sign_in_try", None):
            forgive(tried)

    def user_logged_out(self, sender, request, user, **kwargs) -> None:
        """Nothing to count."""


class LockBackend(AxesStandaloneBackend):
    """First of the authentication backends: refuses before the password is checked."""

    def authenticate(self, request: HttpRequest | None = None, **credentials) -> None:
        # No request: a command or a test client.
        if request is not None:
            super().authenticate(request, **credentials)
