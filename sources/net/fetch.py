"""Get one document from the web, as a stranger's address demands: only from the internet, briefly, not too much.

Whoever writes an article or a feed writes its addresses, and would like to have our own machines asked for them.
So every hop is checked on the address it really connects to; the name is not looked up a second time.
"""

import logging
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from http.client import HTTPException
from queue import Empty, Queue
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, LocationParseError
from urllib3.response import BaseHTTPResponse
from urllib3.util import Url, parse_url

from sources.net.decompress import Unpacker
from sources.net.public_addresses import is_public
from sources.text.lines import one_line

PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
CHUNK = 64 * 1024
LONGEST_URL = 2000
LONGEST_WAIT = 30 * 24 * 3600  # seconds; a Retry-After may say any number
logging.getLogger("urllib3.connection").setLevel(logging.ERROR)  # what a server gets wrong is said in words


class FetchError(Exception):
    """Nothing was got; the message says why."""


class Refused(FetchError):
    """We will not get it: the address, its size or its packing is not one we accept."""


class Failed(FetchError):
    """It could not be got this time: a later try may."""


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system finds them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(address[0] for *_, address in found))


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be got: (address, port) pairs allowed although not public, redirects, seconds in all, bytes."""

    allow: frozenset[tuple[str, int]] = frozenset()
    hops: int = 3
    seconds: float = 5.0
    most: int = 10 * 1024 * 1024
    resolve: Callable[[str, int], list[str]] = look_up
    # For hosts with certificates of their own; None trusts whom the system trusts.
    tls: ssl.SSLContext | None = None

    @classmethod
    def usual(cls) -> "Policy":
        """As the portal is set up: NEWSPORTAL_FETCH_ALLOW names what is allowed besides the internet."""
        return cls(allow=frozenset(settings.FETCH_ALLOW))


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: status, the address that answered in the end, headers in lower case, the body unpacked."""

    status: int
    url: str
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def retry_after(self) -> timedelta | None:
        """How long the server asks to be left alone (Retry-After in seconds or as a date); None if it does not."""
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
    """GET an http(s) address and follow its redirects, each checked anew. Raises Refused or Failed, nothing else.

    Any status may come back, 304 and 500 as well; a body only with 200. Proxies of the environment are not used.
    """
    began = url
    deadline = time.monotonic() + policy.seconds
    for _ in range(policy.hops + 1):
        answer = _Hop(_target(url), policy, deadline).get(headers or {})
        location = answer.headers.get("location")
        if answer.status not in REDIRECTS or not location:
            return answer
        url = _next(url, location)
    raise Refused(f"转了 {policy.hops} 次还没有到（{began[:200]}）")


def _next(url: str, location: str) -> str:
    try:
        return urljoin(url, location.strip())
    except ValueError as error:
        raise Refused("转去的网址读不懂") from error


def _target(url: str) -> Url:
    """The address in its parts, encoded. Raises Refused for what is no plain web address."""
    try:
        target = parse_url(_in_ascii(url.strip()))
    except (LocationParseError, ValueError) as error:
        raise Refused("网址读不懂") from error
    if target.scheme not in PORTS or not target.host:
        raise Refused("只抓取 http 和 https 网址")
    if target.auth is not None:
        raise Refused("网址里带有用户名或密码，不抓取")
    if len(target.url) > LONGEST_URL:
        raise Refused(f"网址超过 {LONGEST_URL} 个字符")
    return target


def _in_ascii(url: str) -> str:
    """The address with its host as name servers know it (新闻.中国 is xn--…). Raises ValueError."""
    parts = urlsplit(url)
    if parts.netloc.isascii():
        return url
    user, at, place = parts.netloc.rpartition("@")
    host, colon, port = place.partition(":")
    return parts._replace(netloc=f"{user}{at}{host.encode('idna').decode()}{colon}{port}").geturl()


def _host(target: Url) -> str:
    return target.host.strip("[]")


@dataclass(slots=True)
class _Hop:
    """One request to one address, all of it before the deadline."""

    target: Url
    policy: Policy
    deadline: float
    # Told to every socket at the deadline: a server that sends a byte a second never runs into a read's time-out.
    sockets: list[socket.socket] = field(default_factory=list)

    def get(self, headers: Mapping[str, str]) -> Answer:
        port = self.target.port or PORTS[self.target.scheme]
        addresses = self._checked(port)
        watch = threading.Timer(max(self._left(), 0), self._cut)
        watch.daemon = True
        watch.start()
        line = _open(self, addresses, port)
        try:
            return self._ask(line, headers)
        except (OSError, HTTPException, HTTPError, ValueError) as error:
            raise Failed(self._late() or f"连接出错（{_words(error)}）") from error
        finally:
            watch.cancel()
            line.close()
            self._close()

    def _checked(self, port: int) -> list[str]:
        """The host's addresses, every one of them allowed. Raises Refused, or Failed where there is none."""
        addresses = self._resolved(port)
        if not addresses:
            raise Failed(f"找不到主机 {_host(self.target)}")
        for address in addresses:
            if (address, port) in self.policy.allow:
                continue
            if not _is_public(address):
                raise Refused(f"{_host(self.target)} 在内部网络（{address}），不抓取")
            if port not in PORTS.values():
                raise Refused(f"只抓取 80 和 443 端口，不抓取 {port}")
        return addresses

    def _resolved(self, port: int) -> list[str]:
        """Looked up in a thread of its own, because the system's way knows no deadline."""
        found: Queue = Queue()

        def look() -> None:
            try:
                found.put(self.policy.resolve(_host(self.target), port))
            except (OSError, UnicodeError):
                found.put([])

        threading.Thread(target=look, daemon=True).start()
        try:
            return found.get(timeout=max(self._left(), 0))
        except Empty:
            raise Failed(f"查找主机 {_host(self.target)} 超时") from None

    def _ask(self, line: HTTPConnection, headers: Mapping[str, str]) -> Answer:
        own = {"User-Agent": f"newsportal (+{settings.SITE_URL})", "Accept-Encoding": "gzip", "Accept": "*/*"}
        line.request(
            "GET",
            self.target.request_uri,
            headers=own | dict(headers),
            preload_content=False,
            decode_content=False,
        )
        response = line.getresponse()
        named = {name.lower(): value for name, value in response.headers.items()}
        with closing(response):
            body = self._body(response, named) if response.status == 200 else b""
        return Answer(response.status, self.target.url, named, body)

    def _body(self, response: BaseHTTPResponse, headers: Mapping[str, str]) -> bytes:
        """The body, unpacked; counted as it comes, packed and unpacked."""
        declared = headers.get("content-length", "")
        declared = int(declared) if declared.isdecimal() and "transfer-encoding" not in headers else None
        unpacker = Unpacker(headers.get("content-encoding", ""))
        if unpacker.unknown:
            raise Refused(f"不认识的压缩方式 {unpacker.unknown[:40]}")
        body, came = bytearray(), 0
        if declared and declared > self.policy.most:
            raise self._too_large()
        while chunk := response.read1(CHUNK, decode_content=False):
            came += len(chunk)
            body += unpacker.unpack(chunk, self.policy.most + 1 - len(body))
            if max(came, len(body)) > self.policy.most:
                raise self._too_large()
            if self._left() <= 0:
                break
        if late := self._late():
            raise Failed(late)
        if (declared is not None and came < declared) or not unpacker.is_whole:
            raise Failed(f"没有传完，只收到 {came} 字节")
        return bytes(body)

    def _too_large(self) -> Refused:
        return Refused(f"超过 {self.policy.most / 1024 / 1024:g} MB 的上限")

    def _left(self) -> float:
        return self.deadline - time.monotonic()

    def _late(self) -> str:
        return f"{self.policy.seconds:g} 秒内没有传完" if self._left() <= 0 else ""

    def _cut(self) -> None:
        for one in self.sockets:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # closed already

    def _close(self) -> None:
        self._cut()
        for one in self.sockets:
            one.close()

    def connect(self, addresses: list[str], port: int) -> socket.socket:
        """A socket to the first of the checked addresses that takes one."""
        failure: OSError = TimeoutError("timed out")
        for address in addresses:
            if self._left() <= 0:
                break
            try:
                made = socket.create_connection((address, port), self._left())
            except OSError as error:
                failure = error
                continue
            self.sockets += [made, made.dup()]  # TLS takes the first one's place; the second stays ours
            return made
        raise failure


def _open(hop: _Hop, addresses: list[str], port: int) -> HTTPConnection:
    """A connection that names the host (Host, SNI, certificate) and goes to nothing but the checked addresses."""
    kind = HTTPSConnection if hop.target.scheme == "https" else HTTPConnection

    class Line(kind):
        def _new_conn(self) -> socket.socket:
            return hop.connect(addresses, port)

    timeout = max(hop._left(), 0.001)
    if kind is HTTPConnection:
        return Line(_host(hop.target), port, timeout=timeout)
    context = hop.policy.tls or _trusting_as_the_system_does()
    return Line(_host(hop.target), port, timeout=timeout, ssl_context=context)


@cache
def _trusting_as_the_system_does() -> ssl.SSLContext:
    """Once a process: reading all certificates takes longer than many a fetch."""
    return ssl.create_default_context()


def _is_public(address: str) -> bool:
    try:
        return is_public(address)
    except ValueError:
        return False


def _words(error: Exception) -> str:
    return one_line(f"{type(error).__name__}: {error}")[:160]
