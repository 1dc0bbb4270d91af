"""Decide from address, method and headers which requests may send a body, and how large, before reading any of it.

Django looks for the CSRF token in the body of every POST: without this, it would parse and store what strangers send.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.template.loader import get_template

from newsportal.signin.devices import known_editor
from sources.run_control.stored_uploads import LARGEST

READS, SAFE = ("GET", "HEAD"), ("GET", "HEAD", "OPTIONS")
KIB, MIB = 1024, 1024 * 1024
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data"
LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)
# A worker has four threads, and a thread waits for a slow body without a limit: keep half of them free.
OPEN_AT_ONCE = 2
WAIT_FOR_TURN = 0.05  # seconds


@dataclass(frozen=True, slots=True)
class Form:
    """URLs that accept a POST of at most `largest` bytes; `open` to people who are not signed in."""

    path: re.Pattern
    largest: int
    open: bool = False

    @property
    def largest_of_returning(self) -> int:
        """For a browser whose session has ended: its sign-in page carries the form that was posted too late."""
        return settings.DATA_UPLOAD_MAX_MEMORY_SIZE if self.open else self.largest


# The first match counts; other URLs accept no body. Keep in step with the limits in deploy/nginx.conf.
FORMS = (
    Form(re.compile(r"/admin/(?:login|logout|password_reset|reset)/"), 16 * KIB, open=True),
    # 20 MB of files, and some room for multipart boundaries and headers.
    Form(re.compile(r"/admin/sources/(?:upload|columnmapping)/add/$"), LARGEST + MIB),
    # Whole texts: an article, a corrected raw text, the split of a page.
    Form(re.compile(r"/admin/articles/article/"), settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    Form(re.compile(r"/admin/sources/(?:shelveditem|columnmapping)/"), settings.DATA_UPLOAD_MAX_MEMORY_SIZE),
    Form(re.compile(r"/admin/"), MIB),
)


@dataclass(frozen=True, slots=True)
class Refusal:
    status: int
    heading: str
    words: str
    headers: tuple[tuple[str, str], ...] = ()

    def page(self, request: HttpRequest) -> HttpResponse:
        """The response, from a template that needs neither database nor cache."""
        words = {"code": self.status, "heading": self.heading, "words": self.words}
        page = get_template("alone.html").render(words)
        answer = HttpResponse(page, status=self.status, headers=dict(self.headers))
        answer.headers["Cache-Control"] = "no-store"
        return answer


AGAIN = "请返回上一页检查后再试；填写的内容请先复制保存。"
NO_FORM = "这个地址只供阅读，不接收提交的内容。"
UNCLEAR = Refusal(400, "看不懂的请求", "请求的长度写得不对。")
NO_LENGTH = Refusal(411, "没有说明长度", "提交的内容要先说明有多长。")
PACKED = Refusal(415, "格式不接收", "提交的内容请不要压缩。")
UNEXPECTED = Refusal(417, "请求不能照办", "请求头 Expect 只认 100-continue。")
NOT_A_FORM = Refusal(415, "格式不接收", "这里只接收网页表单。")
TOO_LARGE = Refusal(413, "提交的内容太大", f"超过了这个页面接收的大小，没有保存。{AGAIN}")
NOT_SIGNED_IN = Refusal(
    403,
    "没有登录，或登录已过期",
    "提交的内容没有保存。请用浏览器的“后退”回到刚才的页面并复制填写的内容，另开一个窗口登录，再提交一次。",
)
BROKEN_OFF = Refusal(400, "没有收到完整的内容", AGAIN)
BUSY = Refusal(503, "正忙", "同时登录的人太多，请过几秒再试。", (("Retry-After", "5"),))


def form_at(path: str) -> Form | None:
    return next((form for form in FORMS if form.path.match(path)), None)


class BodyRulesMiddleware:
    """Refuses requests by URL, method and headers alone; must precede everything that could read a body."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.method in READS:
            return self.get_response(request)
        refusal = refused(request)
        return refusal.page(request) if refusal else self.get_response(request)


class FormSessionMiddleware:
    """Reads no form before it knows that a staff member sends it; must follow the session and user middleware.

    The CSRF token is checked later, when the view is called.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.turns = BoundedSemaphore(OPEN_AT_ONCE)

    def __call__(self, request):
        if request.method in SAFE or not _brings_body(request):
            return self.get_response(request)
        if form_at(request.path_info).open or _was_staff(request):
            refusal = None if _is_staff(request) else self._read(request)
        else:
            refusal = None if _is_staff(request) else NOT_SIGNED_IN
        return refusal.page(request) if refusal else self.get_response(request)

    def _read(self, request: HttpRequest) -> Refusal | None:
        """Read a stranger's small form, at most OPEN_AT_ONCE at a time, so that slow senders occupy few threads."""
        with self._turn() as mine:
            if not mine:
                return BUSY
            try:
                complete = len(request.body) == int(request.META["CONTENT_LENGTH"])
            except UnreadablePostError:
                complete = False
        return None if complete else BROKEN_OFF

    @contextmanager
    def _turn(self) -> Iterator[bool]:
        mine = self.turns.acquire(timeout=WAIT_FOR_TURN)
        try:
            yield mine
        finally:
            if mine:
                self.turns.release()


def refused(request: HttpRequest) -> Refusal | None:
    """Why this request, which is not a GET or HEAD, is refused; None if it may go on to its view."""
    kind, form = request.content_type or "", form_at(request.path_info)
    if form is None:  # a page for readers, whatever is sent to it and by whom
        return Refusal(405, "不能这样打开", NO_FORM, (("Allow", "GET, HEAD"),))
    if request.method == "OPTIONS":
        return None
    if kind.startswith("multipart/") and (settings.SESSION_COOKIE_NAME not in request.COOKIES or form.open):
        return NOT_SIGNED_IN
    if request.method != "POST":
        return Refusal(405, "不能这样打开", NO_FORM, (("Allow", "GET, HEAD, OPTIONS, POST"),))
    return _wrong_length(request.META, _largest(request, form)) or _wrong_kind(request, kind)


def _largest(request: HttpRequest, form: Form) -> int:
    is_returning = form.open and known_editor(request)
    return form.largest_of_returning if is_returning else form.largest


def _wrong_length(headers: dict, largest: int) -> Refusal | None:
    if headers.get("HTTP_TRANSFER_ENCODING"):
        return NO_LENGTH
    given = headers.get("CONTENT_LENGTH") or "0"
    if not LENGTH.fullmatch(given):
        return UNCLEAR
    return TOO_LARGE if int(given) > largest else None


def _wrong_kind(request: HttpRequest, kind: str) -> Refusal | None:
    if not _brings_body(request):
        return None
    if request.META.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in ("", "identity"):
        return PACKED
    if request.META.get("HTTP_EXPECT", "100-continue").strip().lower() not in ("", "100-continue"):
        return UNEXPECTED
    return None if kind in (URLENCODED, MULTIPART) else NOT_A_FORM


def _brings_body(request: HttpRequest) -> bool:
    return (request.META.get("CONTENT_LENGTH") or "0").strip("0") != ""


def _was_staff(request: HttpRequest) -> bool:
    """Whether this browser was signed in before: a form it posts now is kept until the next sign-in."""
    return request.content_type == URLENCODED and known_editor(request) is not None


def _is_staff(request: HttpRequest) -> bool:
    return request.user.is_active and request.user.is_staff
