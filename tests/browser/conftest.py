"""Chromium for the tests in this folder: `page` is a fresh tab on the live server."""

import pytest
from playwright.sync_api import sync_playwright

from tests.run import chromium as find_chromium

SWITCHES = [
    "--no-sandbox",  # Chromium refuses to start as root with it
    "--disable-gpu",
    "--no-first-run",
    # Nothing leaves this machine.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
# Chromium may word or fold its own message; the event always names the rule and what broke it.
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
    `CSP: ${event.violatedDirective} refused ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`
));
"""


@pytest.fixture(scope="session", autouse=True)
def database_before_server(django_db_setup):
    """The live server's threads share a database in memory only if it is there before they are."""


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for the session."""
    try:
        program = find_chromium()
    except LookupError as reason:
        pytest.skip(str(reason.args[0]))
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, so Django would take our ORM calls for async ones.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the page's console complained of, CSP violations included: `assert complaints == []`."""
    return []


def complaint(said) -> list[str]:
    """An error of the console and its place; none for the icon, which Chromium, not the page, asks for."""
    place = said.location.get("url", "")
    if said.type != "error" or place.endswith("/favicon.ico"):
        return []
    return [f"{said.text} ({place})"]


@pytest.fixture
def context(chromium, live_server, complaints):
    """A reader with no cookies yet, in Shanghai; paths such as "/sources/" lead to the live server."""
    context = chromium.new_context(
        base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)  # ms
    context.add_init_script(TELL_VIOLATIONS)
    context.on("console", lambda said: complaints.extend(complaint(said)))
    context.on("weberror", lambda said: complaints.append(str(said.error)))
    yield context
    context.close()


@pytest.fixture
def page(context):
    """A fresh tab of that reader."""
    return context.new_page()
