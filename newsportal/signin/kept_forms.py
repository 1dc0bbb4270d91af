"""A form posted after its session ended comes back after the next sign-in, filled in and not saved.

The sign-in page carries the posted data in one signed field. Only a POST that passed the CSRF check is signed, and the
signature is bound to the browser (by its CSRF cookie) and the account. The data is only shown in the form of a GET, so
nothing is saved unseen. Passwords and files are never carried.
"""

from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.contrib import admin, messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from newsportal.signin.devices import DAY, known_editor
from newsportal.signin.filling import fill

FIELD = "kept_form"
SALT = "newsportal.signin.kept_forms"
LONGEST = settings.DATA_UPLOAD_MAX_MEMORY_SIZE * 9 // 10  # more could not be posted with the sign-in form
NOT_KEPT = {"csrfmiddlewaretoken", FIELD}
OF_ANOTHER = "登录过期前填写的内容属于另一个账号，没有放回。"
LOST = "刚才填写的内容没能带过来，请重新填写。"


def keep(request: HttpRequest) -> tuple[str, str] | None:
    """The signed field with the posted data, and the page to return to.

    None if there is nothing to keep, or no staff has used this browser: signing for anybody would cost too much.
    """
    if (editor := known_editor(request)) is None:
        return None
    fields = {name: values for name, values in request.POST.lists() if _may_be_kept(name)}
    if not any(value for values in fields.values() for value in values):
        return None
    page = _came_from(request)
    kept = {"action": request.path, "page": page, "fields": fields, "csrf": request.META.get("CSRF_COOKIE")}
    kept["editor"] = editor
    signed = signing.dumps(kept, salt=SALT, compress=True)
    return (signed, page) if len(signed) <= LONGEST else None


def _may_be_kept(name: str) -> bool:
    return name not in NOT_KEPT and "password" not in name.lower()


def _came_from(request: HttpRequest) -> str:
    """The admin page with the form; the posted address itself may not answer a GET."""
    referer, admin_index = request.headers.get("Referer", ""), reverse("admin:index")
    if url_has_allowed_host_and_scheme(referer, {request.get_host()}, request.is_secure()):
        parts = urlsplit(referer)
        if parts.path.startswith(admin_index) and parts.path != reverse("admin:login"):
            return parts.path + (f"?{parts.query}" if parts.query else "")
    return request.get_full_path()


def take_over(request: HttpRequest, signed: str, csrf: str | None) -> str | None:
    """After sign-in: move the kept data into the session; returns the page that shows it."""
    try:
        kept = signing.loads(signed, salt=SALT, max_age=DAY)
    except signing.BadSignature:
        messages.warning(request, LOST)
        return None
    if kept["csrf"] != csrf:
        messages.warning(request, LOST)
        return None
    if kept["editor"] != str(request.user.pk):
        messages.warning(request, OF_ANOTHER)
        return kept["page"]
    request.session[FIELD] = kept
    return kept["page"]


def put_back(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Fill in the page's form with the kept data, once; values without a field are shown above it."""
    kept = request.session.get(FIELD)
    if not kept or request.method != "GET" or kept["page"] != request.get_full_path():
        return response
    if response.status_code in (301, 302):  # a redirect: the data follows
        request.session[FIELD] = kept | {"page": urljoin(kept["page"], response["Location"])}
        return response
    del request.session[FIELD]
    if hasattr(response, "render"):
        response.render()
    if response.status_code != 200 or not response.get("Content-Type", "").startswith("text/html"):
        return _show_for_copying(request, kept["fields"])
    response.content = fill(response.content.decode(), kept["page"], kept["action"], kept["fields"], _notice)
    return response


def _notice(unplaced: dict[str, list[str]]) -> str:
    return render_to_string("admin/kept_fields.html", {"unplaced": unplaced})


def _show_for_copying(request: HttpRequest, fields: dict[str, list[str]]) -> HttpResponse:
    """The form's page is gone (deleted, no permission): show the texts for copying."""
    words = admin.site.each_context(request) | {"title": "登录过期前填写的内容", "unplaced": fields}
    return render(request, "admin/kept_alone.html", words)
