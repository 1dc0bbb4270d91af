"""The database is taken away, locked, frozen and cut off under a server: how soon readers are told, and are back."""

import re
import threading
import time
from collections import Counter
from collections.abc import Iterator

from bench.drills.ground import Check, Ground, manage
from bench.harness.running import clean_env
from tests.support.faulty_database import PostgresFaults, faulty_database
from tests.support.portal_server import PortalServer, portal_server

PAGES = ("/", "/articles/2/", "/sources/", "/feed.xml", "/search/?q=%E9%93%B6%E8%A1%8C", "/admin/")
TOLD, BACK = 3.0, 5.0  # seconds
READERS, CUT_FOR, CUT_EVERY = 6, 20.0, 0.2  # seconds
AT_ONCE = 40  # readers who come while it lasts


def drill(ground: Ground) -> Iterator[Check]:
    """Each fault lasts as long as it takes to ask for every page twice, and then for many at once."""
    home = ground.folder / "home"
    with faulty_database("sqlite" if ground.database == "sqlite" else "postgresql", home) as database:
        env = clean_env(**database.env)
        opened = manage(env, "open_newsroom")
        if opened.code:
            raise RuntimeError(opened.errors[-1000:])
        with portal_server(env, ground.folder / "log") as server:
            server.sign_in("admin", re.search("密码：(\\S+)", opened.out)[1])
            for path in PAGES:
                server.get(path)
            for fault in database.faults:
                yield from _hold(server, database, fault)
            if isinstance(database, PostgresFaults):
                yield _cut(server, database)


def _hold(server: PortalServer, database, fault: str) -> Iterator[Check]:
    with getattr(database, fault)():
        alone = [server.get(path) for path in (*PAGES, *PAGES)]
        crowd = _crowd(server)
        ready, alive = server.get("/readyz"), server.get("/healthz")
    for who, answers in (("one by one", alone), (f"{AT_ONCE} at once", crowd)):
        slowest = max(answer.seconds for answer in answers)
        seen = f"{dict(Counter(answer.status for answer in answers))}, slowest {slowest:.2f} s"
        holds = all(answer.status == 503 for answer in answers) and slowest <= TOLD
        yield Check(f"{fault}, {who}: 503 within {TOLD:g} s", seen, holds)
    seen = f"readyz {ready.status} in {ready.seconds:.2f} s, healthz {alive.status}"
    holds = (ready.status, alive.status) == (503, 200) and ready.seconds <= TOLD
    yield Check(f"{fault}: not ready, but alive", seen, holds)
    back = max(server.until(path, 200) for path in PAGES)
    yield Check(f"{fault} is over: pages are back within {BACK:g} s", f"{back:.2f} s", back <= BACK)


def _crowd(server: PortalServer) -> list:
    answers: list = []
    readers = [
        threading.Thread(target=lambda at=at: answers.append(server.get(PAGES[at % len(PAGES)])))
        for at in range(AT_ONCE)
    ]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    return answers


def _cut(server: PortalServer, database: PostgresFaults) -> Check:
    stop, seen = threading.Event(), Counter()

    def read(at: int) -> None:
        while not stop.is_set():
            at += 1
            seen[server.get(PAGES[at % len(PAGES)]).status] += 1

    readers = [threading.Thread(target=read, args=[at]) for at in range(READERS)]
    for reader in readers:
        reader.start()
    cut, until = 0, time.monotonic() + CUT_FOR
    while time.monotonic() < until:
        cut += database.cut()
        time.sleep(CUT_EVERY)
    stop.set()
    for reader in readers:
        reader.join()
    return Check("connections cut every 0.2 s: no server error", f"{cut} cut, {dict(seen)}", not seen[500])
