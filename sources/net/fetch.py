"""Fetch one document from the web, from an untrusted URL.

URLs in articles and feeds are written by others and may point to our own machines (SSRF). So every hop connects to
public addresses only (guarded_network), and time, size and redirects are limited (Policy).
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urljoin, urlsplit

import httpcore
import httpx
from django.conf import settings

from sources.net.decompress import Unpacker
from sources.net.guarded_network import Deadline, GuardedNetwork
from sources.net.policy import PORTS, Failed, FetchError, Policy, Refused
from sources.text.lines import one_line

REDIRECTS = {301, 302, 303, 307, 308}
LONGEST_URL = 2000
LONGEST_WAIT = 30 * 24 * 3600  # seconds; a server may send any number as Retry-After
# Errors of servers and connections. ValueError: invalid compression, or a header that cannot be encoded.
_ERRORS = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException, OSError, ValueError)

__all__ = ["Answer", "Failed", "FetchError", "Policy", "Refused", "fetch"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer: status, the URL after all redirects, headers in lower case, the decompressed body."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def retry_after(self) -> timedelta | None:
        """How long the server asks to wait (Retry-After, in seconds or as a date); None if it does not."""
        said = self.headers.get("retry-after", "").strip()
        if said.isdecimal():
            return timedelta(seconds=min(int(said[:12]), LONGEST_WAIT))
        try:
            until = parsedate_to_datetime(said)
        except (ValueError, OverflowError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        return max(until - datetime.now(UTC), timedelta())


def fetch(url: str, policy: Policy, headers: Mapping[str, str] | None = None) -> Answer:
    """GET an http(s) URL and follow its redirects, checking each. Raises only Refused or Failed.

    Any status is returned, also 304 and 500; only 200 has a body. Proxies in the environment are ignored.
    """
    first = url
    deadline = Deadline(policy.seconds)
    for _ in range(policy.hops + 1):
        answer = _get(_parse(url), policy, deadline, headers or {})
        location = answer.headers.get("location")
        if answer.status not in REDIRECTS or not location:
            return answer
        url = _next(url, location)
    raise Refused(f"转了 {policy.hops} 次还没有到（{first[:200]}）")


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location.strip())
    except ValueError as error:
        raise Refused("转去的网址读不懂") from error


def _parse(url: str) -> httpx.URL:
    """The URL, encoded, without its fragment. Raises Refused for anything but a plain http(s) URL."""
    try:
        url = _in_ascii(url.strip())
        parts, parsed = urlsplit(url), httpx.URL(url)
        port = parts.port  # raises for a port that is not ASCII digits, which httpx accepts
    except (httpx.InvalidURL, ValueError) as error:
        raise Refused("网址读不懂") from error
    if parsed.scheme not in PORTS or not parsed.host:
        raise Refused("只抓取 http 和 https 网址")
    if "@" in parts.netloc:
        raise Refused("网址里带有用户名或密码，不抓取")
    if "%" in parsed.host or port == 0:
        raise Refused("网址读不懂")
    parsed = parsed.copy_with(raw_path=parsed.raw_path, fragment=None)
    if len(str(parsed)) > LONGEST_URL:
        raise Refused(f"网址超过 {LONGEST_URL} 个字符")
    return parsed


def _in_ascii(url: str) -> str:
    """The URL with its host in IDNA (新闻.中国 becomes xn--…). Raises ValueError."""
    parts = urlsplit(url)
    if parts.netloc.isascii():
        return url
    user, at, place = parts.netloc.rpartition("@")
    host, colon, port = place.partition(":")
    return parts._replace(netloc=f"{user}{at}{host.encode('idna').decode()}{colon}{port}").geturl()


def _get(url: httpx.URL, policy: Policy, deadline: Deadline, headers: Mapping[str, str]) -> Answer:
    """One request, without redirects."""
    network = GuardedNetwork(policy, deadline)
    try:
        with (
            httpcore.ConnectionPool(policy.tls or _system_tls(), network_backend=network) as pool,
            pool.stream(
                "GET",
                _target(url),
                headers=_request_headers(url, headers),
                extensions={"sni_hostname": url.host.rstrip(".")},
            ) as response,
        ):
            named = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers
            }
            body = _body(response, named, policy) if response.status == 200 else b""
            return Answer(response.status, str(url), named, body)
    except _ERRORS as error:
        late = isinstance(error, httpcore.TimeoutException) or not deadline.left()
        raise Failed(
            f"{deadline.seconds:g} 秒内没有传完" if late else f"连接出错（{_words(error)}）"
        ) from error


def _target(url: httpx.URL) -> httpcore.URL:
    port = url.port or PORTS[url.scheme]
    return httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=port, target=url.raw_path)


def _request_headers(url: httpx.URL, more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Raises ValueError for a value that cannot be a header."""
    usual = {"User-Agent": f"newsportal (+{settings.SITE_URL})", "Accept-Encoding": "gzip", "Accept": "*/*"}
    headers = {"Host": url.netloc.decode("ascii")} | usual | dict(more)
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _body(response: httpcore.Response, headers: Mapping[str, str], policy: Policy) -> bytes:
    """The decompressed body; its size is limited while it arrives, before and after decompression."""
    unpacker = Unpacker(headers.get("content-encoding", ""))
    if unpacker.unknown:
        raise Refused(f"不认识的压缩方式 {unpacker.unknown[:40]}")
    too_large = Refused(f"超过 {policy.most / 1024 / 1024:g} MB 的上限")
    declared = headers.get("content-length", "")
    if declared.isdecimal() and "transfer-encoding" not in headers and int(declared) > policy.most:
        raise too_large
    body, came = bytearray(), 0
    try:
        for chunk in response.iter_stream():
            came += len(chunk)
            body += unpacker.unpack(chunk, policy.most + 1 - len(body))
            if max(came, len(body)) > policy.most:
                raise too_large
    except httpcore.RemoteProtocolError as error:
        raise Failed(f"没有传完，只收到 {came} 字节") from error
    if not unpacker.is_whole:
        raise Failed(f"没有传完，只收到 {came} 字节")
    return bytes(body)


@cache
def _system_tls() -> ssl.SSLContext:
    """Cached: loading all certificates takes longer than many fetches."""
    return ssl.create_default_context()


def _words(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}")[:160]
