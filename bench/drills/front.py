"""Those who try the door, of nginx and of the portal without it: how fast home is meanwhile, at most 300 ms."""

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bench.drills.ground import Check, Ground
from tests.support import front_door
from tests.support.front_door import MIB, UPLOAD, ask
from tests.support.nginx import find_nginx, free_port, nginx_in_front
from tests.support.postgres_cluster import postgres_cluster

ASKED = 60  # times home is asked for, ten a second
AT_MOST = 300  # milliseconds


def drill(ground: Ground) -> Iterator[Check]:
    """Each attack goes on while home is asked for; the figures are the median and the slowest."""
    with _portal(ground) as (nginx, portal):
        for name, port in (("nginx", nginx), ("no nginx", portal)):
            if port is None:
                yield Check("home behind nginx", "nginx is not installed", None)
                continue
            _home("warming up", port)
            for attack, hold in ATTACKS.items():
                with hold(port):
                    yield _home(f"{name}, {attack}", port)
            status, taken = front_door.pour(port, UPLOAD, 600 * MIB)
            said = f"{status} after {taken / MIB:.1f} MiB"
            yield Check(
                f"{name}: 600 MB of nobody's are refused early",
                said,
                status in (0, 403, 413) and taken < 16 * MIB,
            )
        if nginx is not None:
            refused = sum(answer.status == 429 for answer in front_door.hammer(nginx, 40))
            yield Check("nginx: 40 sign-ins at once, most answered 429", str(refused), refused >= 20)


@contextmanager
def _portal(ground: Ground) -> Iterator[tuple[int | None, int]]:
    """The ports of nginx (None where it is not installed) and of the portal."""
    with tempfile.TemporaryDirectory(prefix="newsportal-bench-front-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)  # nginx' workers are other users
        settings = {
            "NEWSPORTAL_PUBLIC_HOME": str(folder / "public"),
            "NEWSPORTAL_SITE_URL": f"http://127.0.0.1:{port}",
        }
        with _database(ground.database) as url, front_door.served(folder, **settings, **url) as portal:
            try:
                find_nginx()
            except LookupError:
                yield None, portal.port
                return
            with nginx_in_front(portal.port, folder / "public", port):
                yield port, portal.port


@contextmanager
def _database(name: str) -> Iterator[dict[str, str]]:
    if name == "sqlite":
        yield {}
        return
    with postgres_cluster("newsportal_bench") as url:
        yield {"DATABASE_URL": url}


def _home(attack: str, port: int) -> Check:
    """Ask for home time and again; an answer that is none counts as for ever."""
    took = []
    for _ in range(ASKED):
        began = time.monotonic()
        try:
            well = ask(port, "/").status == 200
        except OSError:
            well = False
        took.append((time.monotonic() - began) * 1000 if well else float("inf"))
        time.sleep(0.1)
    said = f"median {statistics.median(took):.0f} ms, max {max(took):.0f} ms (load {os.getloadavg()[0]:.1f})"
    return Check(f"home, {attack}: ≤ {AT_MOST} ms", said, max(took) <= AT_MOST)


@contextmanager
def _again_and_again(act: Callable[[], object]) -> Iterator[None]:
    """Do it without a pause beside what goes on in the block."""
    over = threading.Event()

    def go_on() -> None:
        while not over.is_set():
            act()

    busy = threading.Thread(target=go_on, daemon=True)
    busy.start()
    try:
        yield
    finally:
        over.set()
        busy.join()


def _pouring(port: int) -> AbstractContextManager:
    return _again_and_again(lambda: front_door.pour(port, UPLOAD, 600 * MIB))


def _hammering(port: int) -> AbstractContextManager:
    return _again_and_again(lambda: front_door.hammer(port, 1))


ATTACKS: dict[str, Callable[[int], AbstractContextManager]] = {
    "nobody else": lambda port: _again_and_again(lambda: time.sleep(0.1)),
    "9 slow forms": lambda port: front_door.slow_forms(port, 9),
    "300 slow headers": lambda port: front_door.slow_headers(port, 300),
    "600 MB poured in": _pouring,
    "passwords guessed": _hammering,
}
