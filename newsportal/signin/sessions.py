"""Session length: two hours without activity, twelve in total."""

from datetime import datetime, timedelta

from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

IDLE = timedelta(hours=2)
LONGEST = timedelta(hours=12)
STEP = timedelta(minutes=1)  # sessions are saved at most this often
BEGAN = "signed_in_at"


def begin(sender, request: HttpRequest, **kwargs) -> None:
    """At sign-in: set a fixed end, which other saves of the session do not move."""
    request.session[BEGAN] = timezone.now().timestamp()
    request.session.set_expiry(_end(request))


def extend(request: HttpRequest, at_least: timedelta = STEP) -> None:
    """After activity: two hours from now, within the twelve. `at_least`: smallest extension worth saving."""
    if not request.user.is_authenticated:
        return
    # A session without a start, or with one in the future (the clock was set back).
    now = timezone.now().timestamp()
    if request.session.get(BEGAN, now + 1) > now:
        request.session[BEGAN] = now
    end = _end(request)
    if end - request.session.get_expiry_date() >= at_least:
        request.session.set_expiry(end)


def _end(request: HttpRequest) -> datetime:
    began = datetime.fromtimestamp(request.session[BEGAN], timezone.get_current_timezone())
    return min(timezone.now() + IDLE, began + LONGEST)


def told(request: HttpRequest) -> dict[str, int | str]:
    """For the page's script: user id, seconds left without activity, seconds left at most; zeros if not signed in."""
    if not request.user.is_active or not request.user.is_staff:
        return {"user": "", "left": 0, "most": 0}
    now = timezone.now()
    began = request.session.get(BEGAN, now.timestamp())
    left = int((request.session.get_expiry_date() - now).total_seconds())
    most = int(began + LONGEST.total_seconds() - now.timestamp())
    return {"user": str(request.user.pk), "left": max(0, left), "most": max(0, most)}


@never_cache
@csrf_protect
@require_http_methods(["GET", "POST"])
def state(request: HttpRequest) -> HttpResponse:
    """JSON for the script of an open page: time left. POST (a click on 继续) extends the session."""
    if request.method == "POST":
        extend(request, at_least=timedelta(0))
    # Sign-in changes the CSRF token; forms of pages opened before need the new one.
    token = get_token(request) if request.user.is_authenticated else ""
    return JsonResponse(told(request) | {"token": token})


def connect() -> None:
    """Connect the signals; called once when the apps are ready."""
    user_logged_in.connect(begin, dispatch_uid="newsportal.signin.sessions")
