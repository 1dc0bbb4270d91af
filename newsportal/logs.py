"""Log format: one line per record, in UTC, with the request's id; a record's text cannot imitate another line."""

import logging
import re
import time
from contextvars import ContextVar
from uuid import uuid4

from newsportal.config.masking import mask

HEADER = "X-Request-ID"
WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}", re.ASCII)
request_id: ContextVar[str] = ContextVar("request_id", default="-")
# Control characters (ESC, all line ends), characters that reorder or hide text, and lone surrogates.
_UNSAFE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


def spelt_out(text: str) -> str:
    """The text on one line with unsafe characters escaped, such as \\x1b and \\u202e."""
    return _UNSAFE.sub(_spell, text)


def _spell(match: re.Match) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


class LineFormatter(logging.Formatter):
    """`2026-03-01T08:00:00.123Z WARNING django.request [id] Not Found: /x`; tracebacks follow, indented."""

    converter = time.gmtime

    def formatTime(self, record, datefmt=None):
        return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z"

    def format(self, record):
        said, name = spelt_out(mask(record.getMessage())), spelt_out(record.name)
        # Django logs the end of a request after the middleware below has finished, so take the id from the request.
        about = getattr(getattr(record, "request", None), "id", None) or request_id.get()
        lines = [f"{self.formatTime(record)} {record.levelname} {name} [{about}] {said}"]
        if record.exc_info:
            lines += self._indented(self.formatException(record.exc_info))
        if record.stack_info:
            lines += self._indented(self.formatStack(record.stack_info))
        return "\n".join(lines)

    def _indented(self, text: str) -> list[str]:
        """A traceback may quote foreign text: indent its lines, so that none looks like a record."""
        return [f"    {spelt_out(line)}" for line in mask(text).split("\n")]


class SkipAlreadyLogged(logging.Filter):
    """Drop Django's line about a request that has one of its own: an outage, which would be a page of traceback for
    every reader, and a sign-in that a lock refused, which is logged once and not at every try."""

    def filter(self, record) -> bool:
        request, status = getattr(record, "request", None), getattr(record, "status_code", None)
        is_outage = status == 503 and getattr(request, "outage", None)
        return not (is_outage or (status == 429 and getattr(request, "axes_locked_out", False)))


class RequestIdMiddleware:
    """Gives every request an id, in the response header too: the proxy's if it is well-formed, else a new one."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        request.id = given if WELL_FORMED.fullmatch(given) else uuid4().hex
        token = request_id.set(request.id)
        try:
            response = self.get_response(request)
        finally:
            request_id.reset(token)
        response.headers[HEADER] = request.id
        return response
