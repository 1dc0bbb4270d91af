"""Guessing passwords over the network: answers tell nothing, forged headers and trying at once do not help (S8)."""

import http.client
import re
import statistics
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.drills.ground import Check, Ground, manage, once
from bench.harness.homes import fresh_home
from bench.harness.serving import granian

PASSWORD, WRONG = "沧澜江边第七棵柳树正在发芽", "沧澜江边第八棵柳树正在发芽"
USERS = [f"bianji{number}" for number in range(8)]
TRIES = 200  # at known names, and as many at unknown ones
EACH = 50  # tries a name: below its daily hundred
FORGED = 1000
TOGETHER = 50
LIMIT = 10


def drill(ground: Ground) -> Iterator[Check]:
    with fresh_home(ground.database) as env:
        for user in USERS:
            _create(env, user)
        with _server(env | {"NEWSPORTAL_PROXIES": "1"}, ground.folder / "proxied.log") as address:
            yield from _timing(address)
        with _server(env, ground.folder / "direct.log") as address:
            yield from _forging(address)
            yield from _together(address)
        log = (ground.folder / "direct.log").read_text()
        yield Check("no password in the log", str(PASSWORD in log or WRONG in log), PASSWORD not in log)
        lines = sum("locked user=" in line for line in log.splitlines())
        yield Check("each lock is one line of the log", str(lines), lines == 2)


def _create(env: Mapping[str, str], user: str) -> None:
    given = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD, "DJANGO_SUPERUSER_EMAIL": "x@example.com"}
    made = manage(env | given, "createsuperuser", "--noinput", "--username", user)
    if made.code:
        raise RuntimeError(made.errors)


def _server(env: Mapping[str, str], log: Path):
    return granian("newsportal.wsgi:application", env, log)


def _timing(address: str) -> Iterator[Check]:
    """Known and unknown names in turns, each try from an address of its own, as a proxy would tell it."""
    taken: dict[bool, list[float]] = {True: [], False: []}
    for number in range(TRIES):
        for known in (True, False):
            name = USERS[number // EACH] if known else f"nobody{number // EACH}"
            form, began = Form(address), time.perf_counter()
            status = form.send(name, WRONG, f"198.51.{number // 250 + 100 * known}.{number % 250}")
            taken[known].append(time.perf_counter() - began)
            if status != 200:
                raise RuntimeError(f"a wrong password was answered with {status}")
    known, unknown = (statistics.median(taken[key]) * 1000 for key in (True, False))
    seen = f"{known:.1f} ms and {unknown:.1f} ms"
    yield Check(f"{TRIES} tries each: medians differ < 10 ms", seen, abs(known - unknown) < 10)


def _forging(address: str) -> Iterator[Check]:
    name = USERS[6]
    form = Form(address)
    answers = [form.send(name, WRONG, f"10.{n // 250}.{n % 250}.1") for n in range(FORGED)]
    looked_at = answers.count(200)
    yield once(f"{FORGED} forged X-Forwarded-For: passwords looked at", looked_at + 1, LIMIT)
    yield Check("all others answered 429", str(answers.count(429)), answers.count(429) == FORGED - looked_at)
    yield Check(
        "the right password from there", str(form.send(name, PASSWORD)), form.send(name, PASSWORD) == 429
    )
    elsewhere = Form(address, "127.0.0.2").send(name, PASSWORD)
    yield Check("the owner gets in from elsewhere", str(elsewhere), elsewhere == 302)


def _together(address: str) -> Iterator[Check]:
    forms = [Form(address, "127.0.0.3") for _ in range(TOGETHER)]
    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(lambda form: form.send(USERS[7], WRONG), forms))
    yield once(f"{TOGETHER} tries at once: passwords looked at", answers.count(200) + 1, LIMIT + 2)
    # 503 is the front door's "too many at once" (newsportal.http.request_bodies), before any password is looked at.
    others = len(answers) - sum(answers.count(status) for status in (200, 429, 503))
    yield Check("all others are answered 429, or 503 and when to come again", str(others), others == 0)


class Form:
    """The sign-in form as a browser holds it: its token and its cookie."""

    def __init__(self, address: str, source: str = "127.0.0.1"):
        self.host, self.source = urlsplit(address).netloc, source
        answer, page = self._ask("GET")
        self.cookie = answer.headers["Set-Cookie"].partition(";")[0]
        self.token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]

    def send(self, name: str, password: str, forwarded: str = "") -> int:
        """The status of the answer."""
        fields = {"csrfmiddlewaretoken": self.token, "username": name, "password": password}
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        headers |= {"X-Forwarded-For": forwarded} if forwarded else {}
        return self._ask("POST", urlencode(fields), headers)[0].status

    def _ask(self, method: str, body: str | None = None, headers: Mapping[str, str] | None = None):
        connection = http.client.HTTPConnection(self.host, timeout=120, source_address=(self.source, 0))
        try:
            connection.request(method, "/admin/login/", body, headers or {})
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()
