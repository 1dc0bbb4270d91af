"""A web server on the loopback for tests of what fetches: answers as told, and remembers who asked for what."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from sources.net.fetch import Policy


@dataclass
class LocalServer:
    """`serve` gives a path its answer; `hits` are the requests that came, (path, headers)."""

    port: int
    answers: dict[str, Callable | tuple] = field(default_factory=dict)
    hits: list[tuple[str, dict]] = field(default_factory=list)

    def serve(self, path: str, body: bytes | str = b"", status: int = 200, **headers) -> str:
        """Answer with this; header names are written with underscores. Gives the address."""
        body = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = (status, named, body)
        return self.at(path)

    def perform(self, path: str, act: Callable[[BaseHTTPRequestHandler], None]) -> str:
        """Let `act` answer by hand. Gives the address."""
        self.answers[path] = act
        return self.at(path)

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def policy(self, **more) -> Policy:
        """One that allows this server and, besides the internet, nothing else."""
        return Policy(allow=frozenset({("127.0.0.1", self.port)}), **more)

    def paths(self) -> list[str]:
        return [path for path, _ in self.hits]


@contextmanager
def local_server() -> Iterator[LocalServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            server.hits.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answer = server.answers.get(self.path, (404, {}, b""))
            if callable(answer):
                return answer(self)
            status, headers, body = answer
            if status == 200 and self._is_known(headers):
                status, body = 304, b""
            self.send_response(status)
            for name, value in {"Content-Length": len(body), **headers}.items():
                self.send_header(name, str(value))
            self.end_headers()
            self.wfile.write(body)

        def _is_known(self, headers) -> bool:
            etag, day = headers.get("ETag"), headers.get("Last-Modified")
            return bool(
                (etag and self.headers.get("If-None-Match") == etag)
                or (day and self.headers.get("If-Modified-Since") == day)
            )

        def log_message(self, *args):
            """Quiet: pytest shows what matters."""

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            """A client that hangs up is what half of these tests are about."""

    running = Quiet(("127.0.0.1", 0), Handler)
    server = LocalServer(running.server_address[1])
    Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        running.shutdown()
        running.server_close()
