"""What every test gets: quick passwords, plain static files, and the corpus where there is one."""

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import RequestFactory, override_settings
from django.test.client import MULTIPART_CONTENT
from django.utils.http import urlencode

from sources.formats import FORMATS
from sources.reading import reading_process
from sources.reading.limits import MIB
from tests.support import as_migrated
from tests.support.portals import Portals

ROOT = Path(__file__).resolve().parent.parent
BROWSER = ROOT / "tests" / "browser"
DEPLOY = ROOT / "tests" / "deploy"
PURE = ROOT / "tests" / "sources"
DATABASE = {"db", "transactional_db", "django_db_setup"}
# Rules about addresses, forms, settings and files that no database changes.
ONCE = {
    "test_bodies",
    "test_database_file",
    "test_deploy",
    "test_docs",
    "test_home",
    "test_logs",
    "test_next_page",
    "test_passwords",
    "test_path_prefix",
    "test_permission_matrix",
    "test_read_only_home",
    "test_settings",
}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark tests by folder and fixture, before -m chooses; browser tests go last.

    Playwright keeps an event loop running in the main thread, which other tests must not see.
    """
    for item in items:
        if BROWSER in item.path.parents:
            item.add_marker("browser")
        if DEPLOY in item.path.parents:
            item.add_marker("nginx")
        fixtures = set(getattr(item, "fixturenames", ()))
        if "corpus" in fixtures:
            item.add_marker("corpus")
        asks_database = fixtures & DATABASE or item.get_closest_marker("django_db")
        is_pure = PURE in item.path.parents and not asks_database
        is_growth = item.get_closest_marker("growth") is not None
        if is_growth != (item.path.stem == "test_growth"):
            raise pytest.UsageError(f"{item.nodeid}: tests of growth, and no others, are in a test_growth.py")
        if is_pure:
            item.add_marker("reading")
        if is_pure or item.path.stem in ONCE or is_growth:
            item.add_marker("once")
    result = yield
    items.sort(key=lambda item: "browser" in item.keywords)
    return result


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """pytest-django's; what the migrations put into the new database is remembered."""
    with django_db_blocker.unblock():
        as_migrated.remember()


@pytest.fixture(scope="session", autouse=True)
def light_settings(django_test_environment):
    """For the whole session, so that setUpTestData has them too; a test's own `settings` still wins."""
    static = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    with override_settings(
        # The real hasher takes its time on purpose.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        # Names with hashes would need collectstatic first.
        STORAGES=settings.STORAGES | static,
    ):
        yield


@pytest.fixture(scope="session", autouse=True)
def forms_as_browsers_send_them():
    """Django's test client packs every form as if files were in it; a browser does so only where the form says so."""
    post = RequestFactory.post

    def send(self, path, data=None, content_type=MULTIPART_CONTENT, *args, **more):
        if content_type is MULTIPART_CONTENT and not _holds_file(data or {}):
            data, content_type = urlencode(data or {}, doseq=True), "application/x-www-form-urlencoded"
        return post(self, path, data, content_type, *args, **more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(RequestFactory, "post", send)
        yield


def _holds_file(data: dict) -> bool:
    values = [one for value in data.values() for one in (value if isinstance(value, list) else [value])]
    return any(hasattr(value, "read") for value in values)


@pytest.fixture(autouse=True)
def index_home(settings, tmp_path_factory) -> Path:
    """Where a test's search index is, once it makes one: nothing is found here that another test has written."""
    settings.SEARCH_HOME = tmp_path_factory.getbasetemp() / "indexes" / uuid4().hex
    return settings.SEARCH_HOME


@pytest.fixture(scope="session")
def portals(tmp_path_factory) -> Iterator[Portals]:
    """Portals beside that of the tests, for commands and servers."""
    made = Portals(tmp_path_factory.mktemp("portals"))
    yield made
    made.close()


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder of real articles (NEWSPORTAL_CORPUS, else ../shared/corpus); a test is skipped without."""
    folder = Path(os.environ.get("NEWSPORTAL_CORPUS") or ROOT.parent / "shared" / "corpus")
    if not folder.is_dir():
        pytest.skip(f"no corpus: {folder} is no folder (NEWSPORTAL_CORPUS names another)")
    return folder


@pytest.fixture
def unruly(settings):
    """Posts and feeds are read by readers with faults (tests.support.unruly), within limits that a test can wait for.

    Gives the door to the other processes.
    """
    sound = dict(FORMATS)
    FORMATS.update(import_module("tests.support.unruly").READERS)
    settings.READING_MODULES = [*settings.READING_MODULES, "tests.support.unruly"]
    settings.READ_SECONDS, settings.READ_MEMORY = 1, 100 * MIB
    yield reading_process
    reading_process.close()
    FORMATS.update(sound)


@pytest.fixture(scope="session", autouse=True)
def no_process_left():
    """Those that read for a server end with it."""
    yield
    reading_process.close()
