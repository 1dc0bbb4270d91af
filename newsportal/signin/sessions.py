"""How long somebody stays signed in: two hours without doing anything, twelve in all."""

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
STEP = timedelta(minutes=1)  # a session is written anew at most so often
BEGAN = "signed_in_at"


def begin(sender, request: HttpRequest, **kwargs) -> None:
    """At sign-in. The end is a fixed moment: saving the session for another reason does not move it."""
    request.session[BEGAN] = timezone.now().timestamp()
    request.session.set_expiry(_end(request))


def extend(request: HttpRequest, at_least: timedelta = STEP) -> None:
    """Somebody who is signed in did something: two hours from now, but never past the twelve."""
    if not request.user.is_authenticated:
        return
    # A session from before there was a limit, or one whose beginning lies in the future, as clocks are set back.
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
    """Whose session it is, in how many seconds it ends unless something is done, and whatever is done; or none."""
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
    """How long is left, for the script of an open page. GET changes nothing; POST is a click on 继续."""
    if request.method == "POST":
        extend(request, at_least=timedelta(0))
    # Signing in gives the browser another token; the forms of pages that were open before need it.
    token = get_token(request) if request.user.is_authenticated else ""
    return JsonResponse(told(request) | {"token": token})


def connect() -> None:
    """Once, when the applications are ready."""
    user_logged_in.connect(begin, dispatch_uid="newsportal.signin.sessions")
