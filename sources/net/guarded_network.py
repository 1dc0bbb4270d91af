"""A network backend for httpcore that connects only to IP addresses that the policy allows.

A host is resolved once and connected to by the address that was checked, so a name server that answers differently the
second time (DNS rebinding) has no effect. TLS still verifies the host name.
"""

import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from queue import Empty, Queue
from threading import Thread
from typing import Any

import httpcore

from sources.net.policy import Failed, Policy


class Deadline:
    """The moment by which a fetch, with all its redirects, must be done."""

    def __init__(self, seconds: float):
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never negative."""
        return max(self._end - time.monotonic(), 0)


@dataclass(frozen=True, slots=True)
class GuardedNetwork(httpcore.NetworkBackend):
    """Resolves hosts, checks every address by the policy, and connects before the deadline."""

    policy: Policy
    deadline: Deadline
    network: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable | None = None,
    ) -> httpcore.NetworkStream:
        """A stream to the first of the host's addresses that accepts. Raises Refused, Failed or httpcore's errors."""
        failure: Exception = httpcore.ConnectTimeout("timed out")
        for address in self._checked_addresses(host, port):
            if not (left := self.deadline.left()):
                break
            try:
                stream = self.network.connect_tcp(address, port, left, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return TimedStream(stream, self.deadline)
        raise failure

    def _checked_addresses(self, host: str, port: int) -> list[str]:
        """All IP addresses of the host. A single forbidden one refuses the whole host."""
        addresses = self._resolved(host, port)
        if not addresses:
            raise Failed(f"找不到主机 {host}")
        for address in addresses:
            self.policy.check(host, address, port)
        return addresses

    def _resolved(self, host: str, port: int) -> list[str]:
        """Resolve in a thread, because the system's resolver has no time-out."""
        found: Queue[list[str]] = Queue()

        def resolve() -> None:
            try:
                found.put(self.policy.resolve(host, port))
            except (OSError, UnicodeError):
                found.put([])

        Thread(target=resolve, daemon=True).start()
        try:
            return found.get(timeout=self.deadline.left())
        except Empty:
            raise Failed(f"查找主机 {host} 超时") from None


@dataclass(frozen=True, slots=True)
class TimedStream(httpcore.NetworkStream):
    """A stream whose operations all end by the deadline, so a server that sends a byte a second cannot stall it."""

    stream: httpcore.NetworkStream
    deadline: Deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self.stream.read(max_bytes, self._left(httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self.stream.write(buffer, self._left(httpcore.WriteTimeout))

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._left(httpcore.ConnectTimeout)
        return TimedStream(self.stream.start_tls(ssl_context, server_hostname, left), self.deadline)

    def close(self) -> None:
        self.stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self.stream.get_extra_info(info)

    def _left(self, late: type[Exception]) -> float:
        """Seconds for this operation, never 0, which would make the socket non-blocking."""
        if left := self.deadline.left():
            return left
        raise late("timed out")
