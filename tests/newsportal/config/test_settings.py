"""Settings refuse nonsense at start, in words, and know a public site from a local one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsportal.config import public_site
from newsportal.databases import journal

ROOT = Path(__file__).parent.parent.parent.parent
PUBLIC = {
    "NEWSPORTAL_SITE_URL": "https://news.example.com",
    "NEWSPORTAL_SECRET_KEY": "k" * 25 + "0123456789-abcdefghijklmnopqrstuvwxyz",
    "NEWSPORTAL_ALLOWED_HOSTS": "news.example.com",
}


def manage(tmp_path, *args, **env):
    kept = {
        key: value for key, value in os.environ.items() if not key.startswith(("NEWSPORTAL_", "DATABASE_"))
    }
    home = {"NEWSPORTAL_HOME": str(tmp_path)}
    command = [sys.executable, "manage.py", *args]
    return subprocess.run(command, cwd=ROOT, env=kept | home | env, capture_output=True, text=True)


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"NEWSPORTAL_DEBUG": "perhaps"}, "NEWSPORTAL_DEBUG='perhaps' is neither yes nor no"),
        ({"NEWSPORTAL_SITE_URL": "news.example.com"}, "give the address readers type"),
        ({"NEWSPORTAL_SITE_URL": "http://x:notaport"}, "is no web address"),
        *(
            ({"NEWSPORTAL_PATH_PREFIX": path}, "such as /news")
            for path in ("news", "//news", "/a b", "/../x", "/新闻")
        ),
        ({"DATABASE_URL": "mysql://x/y"}, "only postgres:// and sqlite://"),
        ({"NEWSPORTAL_CACHE_URL": "memcached"}, "use redis://"),
        ({"NEWSPORTAL_TASKS": "celery"}, "NEWSPORTAL_TASKS='celery': use immediate or database."),
        ({"NEWSPORTAL_READ_SECONDS": "0"}, "give a whole number from 1 to 3600"),
        ({"NEWSPORTAL_READ_MEMORY": "512M"}, "give a whole number from 64 to 65536"),
        ({"NEWSPORTAL_PROXIES": "one"}, "NEWSPORTAL_PROXIES='one': give a whole number from 0 to 10"),
        ({"NEWSPORTAL_PROXIES": "-1"}, "give a whole number from 0 to 10"),
        ({"NEWSPORTAL_PROXIES": "１"}, "give a whole number from 0 to 10"),
        ({"NEWSPORTAL_PROXIES": "1.5"}, "give a whole number from 0 to 10"),
        ({"NEWSPORTAL_PROXIES": "99"}, "give a whole number from 0 to 10"),
        ({"NEWSPORTAL_SECRET_KEY": "short"}, "shorter than 32"),
        (PUBLIC | {"NEWSPORTAL_SECRET_KEY": ""}, "NEWSPORTAL_SECRET_KEY is not set"),
        (PUBLIC | {"NEWSPORTAL_ALLOWED_HOSTS": ""}, "NEWSPORTAL_ALLOWED_HOSTS is empty"),
    ],
)
def test_nonsense_is_refused_in_words(tmp_path, env, words):
    asked = manage(tmp_path, "check", **env)
    assert asked.returncode != 0
    assert words in asked.stderr


RANDOM = "q7Zk2vJx9LmT4wRb8HsY1nPd6FgC3eUa-_5oVtXiKzQlWjEyBrMhNcGf0ASDuO"


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("", "is not set"),
        (RANDOM[:49], "shorter than 50"),
        ("replace-this-with-at-least-fifty-characters-of-your-own-0123456789", "is an example"),
        ("django-insecure-" + RANDOM, "is an example"),
        ("CHANGEME" * 8, "is an example"),
        ("k" * 64, "repeats itself"),
        ("abcdefghijklmnop" * 4, "repeats itself"),
        ("0123456789" * 6, "repeats itself"),
    ],
)
def test_a_public_site_refuses_a_key_that_others_know(key, words):
    with pytest.raises(ImproperlyConfigured, match=words) as refused:
        public_site.require(False, key, ["news.example.com"])
    assert not key or key not in str(refused.value)


@pytest.mark.parametrize("host", ["*", "*.example.com", ".com", ".cn", ".com.cn", ".co.uk", "."])
def test_a_public_site_refuses_hosts_of_anybody(host):
    with pytest.raises(ImproperlyConfigured, match="lets anybody's name in"):
        public_site.require(False, RANDOM, ["news.example.com", host])


@pytest.mark.parametrize(
    "host", ["news.example.com", ".example.com", "203.0.113.5", "[2001:db8::1]", "例子.中国"]
)
def test_hosts_of_one_s_own_are_fine(host):
    public_site.require(False, RANDOM, [host])


def test_a_public_site_starts_neither_debugging_nor_with_such_a_key(tmp_path):
    for env, words in (
        ({"NEWSPORTAL_DEBUG": "1"}, "NEWSPORTAL_DEBUG is on at a public address"),
        ({"NEWSPORTAL_SECRET_KEY": "k" * 64}, "repeats itself"),
        ({"NEWSPORTAL_ALLOWED_HOSTS": "*"}, "lets anybody's name in"),
    ):
        asked = manage(tmp_path, "check", **PUBLIC | env)
        assert asked.returncode != 0
        assert words in asked.stderr


@pytest.mark.parametrize(
    ("argv", "environ", "expected"),
    [
        (["granian", "--host", "127.0.0.1"], {}, False),
        (["granian", "--host", "0.0.0.0"], {}, True),
        (["granian", "--host=::"], {}, True),
        (["granian", "--host", "192.168.1.7"], {}, True),
        (["granian", "--host", "localhost"], {}, False),
        (["granian"], {"GRANIAN_HOST": "0.0.0.0"}, True),
        (["granian", "--host"], {}, False),
        (["manage.py", "runserver", "0.0.0.0:8000"], {}, True),
        (["manage.py", "runserver", "[::1]:8000"], {}, False),
        (["manage.py", "runserver", "8000"], {}, False),
        (["manage.py", "runserver"], {}, False),
        (["manage.py", "import_articles", "a:b"], {}, False),
    ],
)
def test_a_server_that_strangers_can_reach_is_a_public_site(argv, environ, expected):
    assert public_site.is_public("http://127.0.0.1:8000", argv, environ) is expected


SECRET = "geheim/7@wort"
FAULTY = [
    {"DATABASE_URL": f"postgress://portal:{SECRET}@db/news"},
    {"DATABASE_URL": f"postgres://portal:{SECRET}@db:port/news"},
    {"DATABASE_URL": f"postgres://portal:{SECRET}@db/news"},
    {"DATABASE_URL": f"postgres:/portal:{SECRET}@db/news"},
    {"DATABASE_URL": f"portal:{SECRET}@db/news"},
    {"DATABASE_URL": f"postgres://portal:[{SECRET}@db/news"},
    {"NEWSPORTAL_CACHE_URL": f"redis:/:{SECRET}@cache"},
    {"NEWSPORTAL_CACHE_URL": f"rediss://:{SECRET}@cache:port/0"},
    {"NEWSPORTAL_CACHE_URL": f"redis://:[{SECRET}@cache/0"},
    {"NEWSPORTAL_CACHE_URL": SECRET},
    {"NEWSPORTAL_SITE_URL": f"https://editor:{SECRET}@news.example.com"},
    {"NEWSPORTAL_SITE_URL": f"https://editor:{SECRET}@news.example.com:port"},
    {"NEWSPORTAL_SECRET_KEY": SECRET},
]


@pytest.mark.parametrize("env", FAULTY, ids=lambda env: next(iter(env.values()))[:30])
def test_no_password_is_said_when_a_setting_is_refused(tmp_path, env):
    asked = manage(tmp_path, "check", **env)
    assert asked.returncode != 0
    assert next(iter(env)) in asked.stderr
    for part in (SECRET, "geheim", "7@wort", "wort"):
        assert part not in asked.stderr + asked.stdout


@pytest.mark.parametrize("command", [("migrate",), ("dbshell",), ("fetch_feeds",)])
def test_no_password_is_said_when_the_database_cannot_be_reached(tmp_path, command):
    url = "postgres://portal:geheim-7-wort@127.0.0.1:1/news?password=geheim-7-wort&connect_timeout=2"
    asked = manage(tmp_path, *command, DATABASE_URL=url)
    assert asked.returncode != 0
    assert "geheim" not in asked.stderr + asked.stdout


def test_debug_pages_show_no_secret(tmp_path):
    ask = (
        "from django.test import Client; from django.conf import settings; from django.db import connection\n"
        "def broken(request, *, conn='password=geheim-7-wort'):\n"
        "    where, url = dict(password='geheim-7-wort'), 'redis://:geheim-7-wort@cache/0'\n"
        "    raise RuntimeError('postgres://portal:geheim-7-wort@db/news')\n"
        "import articles.portal.views; from articles.portal import urls; urls.urlpatterns[0].callback = broken\n"
        "client = Client(raise_request_exception=False, SERVER_NAME='127.0.0.1', DATABASE_URL='postgres://u:geheim-7-wort@db/news')\n"
        "page = client.get('/').content.decode(); shown = 'geheim' in page or settings.SECRET_KEY in page\n"
        "print(len(page)); print(shown, 'RuntimeError' in page)"
    )
    env = {
        "NEWSPORTAL_DEBUG": "1",
        "NEWSPORTAL_SECRET_KEY": RANDOM,  # without one no server starts
        "NEWSPORTAL_CACHE_URL": "redis://:geheim-7-wort@127.0.0.1:1/0",
    }
    asked = manage(tmp_path, "shell", "-v0", "-c", ask, **env)
    assert asked.stdout.splitlines()[-1] == "False True", asked.stdout + asked.stderr
    assert "geheim" not in asked.stderr


def test_a_public_site_passes_the_deployment_check_without_a_warning(tmp_path):
    asked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PUBLIC)
    assert asked.returncode == 0, asked.stderr
    assert "no issues" in asked.stdout


def test_a_local_site_is_given_a_key_once_by_migrate_and_keeps_it_to_itself(tmp_path):
    home = tmp_path / "deep" / "home"
    key = home / "secret-key"
    for _ in range(2):
        asked = manage(home, "migrate", "-v0")
        assert asked.returncode == 0, asked.stderr
    made = key.read_text()
    assert len(made) >= 64
    assert manage(home, "migrate", "-v0").returncode == 0
    assert key.read_text() == made
    assert key.stat().st_mode & 0o077 == 0
    signed = manage(home, "shell", "-v0", "-c", "from django.core import signing; print(signing.dumps('a'))")
    assert signed.stdout.startswith("ImEi:")


@pytest.mark.parametrize("given", [{"NEWSPORTAL_SECRET_KEY": RANDOM}, PUBLIC], ids=["at home", "in public"])
def test_no_key_is_made_where_one_is_given(portals, given):
    with portals.migrated() as env:
        home = Path(env["NEWSPORTAL_HOME"])
        (home / "secret-key").unlink()
        assert manage(home, "migrate", "-v0", **given).returncode == 0
        assert not (home / "secret-key").exists()
        assert manage(home, "migrate", "-v0").returncode == 0
        assert (home / "secret-key").exists()


@pytest.mark.parametrize(
    "command",
    [
        ("check",),
        ("help",),
        ("makemigrations", "--check", "--dry-run"),
        ("shell", "-v0", "-c", "from django.conf import settings; settings.HOME"),
    ],
    ids=lambda command: command[0],
)
def test_reading_the_settings_leaves_nothing_behind(tmp_path, command):
    asked = manage(tmp_path / "deep" / "home", *command)
    assert asked.returncode == 0, asked.stderr
    assert list(tmp_path.iterdir()) == []


def test_static_files_are_collected_without_a_key(tmp_path):
    asked = manage(tmp_path / "home", "collectstatic", "--noinput", "-v0")
    assert asked.returncode == 0, asked.stderr
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["static"]


@pytest.mark.parametrize(
    "use",
    [
        "from django.core import signing; signing.dumps('a')",
        "import newsportal.wsgi",
        "from django.conf import settings; print(settings.SECRET_KEY)",
    ],
)
def test_a_missing_key_is_told_with_what_to_do_where_it_is_needed(tmp_path, use):
    asked = manage(tmp_path / "home", "shell", "-v0", "-c", use)
    assert asked.returncode != 0
    assert "There is no secret key: run `manage.py migrate`" in asked.stderr
    assert "set NEWSPORTAL_SECRET_KEY" in asked.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [("import_articles", "docs/examples/posts"), ("fetch_feeds",), ("fetch_images",), ("group_stories",)],
)
def test_commands_that_need_a_newsroom_say_that_there_is_none_and_make_none(tmp_path, command):
    asked = manage(tmp_path / "home", *command)
    assert asked.returncode == 2
    assert "manage.py migrate" in asked.stderr
    assert "Traceback" not in asked.stderr
    assert list(tmp_path.iterdir()) == []


def test_migrate_gives_its_own_process_the_key_it_makes(tmp_path):
    use = (
        "from django.core.management import call_command; from django.core import signing; "
        "call_command('migrate', verbosity=0); print(signing.loads(signing.dumps('signed')))"
    )
    asked = manage(tmp_path / "home", "shell", "-v0", "-c", use)
    assert asked.stdout.splitlines()[-1:] == ["signed"], asked.stderr


def test_processes_that_start_at_once_have_one_key(tmp_path):
    script = (
        "import sys; from pathlib import Path; from newsportal.config.secret_key import make, secret_key; "
        "path = Path(sys.argv[1]); print('ready', flush=True); sys.stdin.readline(); "
        "make(path); print(secret_key('NEWSPORTAL_NO_KEY', path))"
    )
    for number in range(5):
        command = [sys.executable, "-c", script, str(tmp_path / f"key{number}")]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        started = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(6)]
        assert {process.stdout.readline() for process in started} == {"ready\n"}
        for process in started:
            process.stdin.write("go\n")
            process.stdin.flush()
        keys = {process.communicate()[0].strip() for process in started}
        assert len(keys) == 1 and len(keys.pop()) >= 32
    assert len(list(tmp_path.iterdir())) == 5


@pytest.mark.parametrize(
    ("env", "sent"),
    [
        ({}, "max-age=63072000"),
        ({"NEWSPORTAL_HSTS_SUBDOMAINS": "1"}, "max-age=63072000; includeSubDomains"),
        (
            {"NEWSPORTAL_HSTS_SUBDOMAINS": "1", "NEWSPORTAL_HSTS_PRELOAD": "1"},
            "max-age=63072000; includeSubDomains; preload",
        ),
    ],
)
def test_browsers_are_held_to_https_by_answers_over_https_alone(tmp_path, env, sent):
    script = (
        "from django.test import Client; client = Client(headers={'host': 'news.example.com'}); "
        "path, name = '/healthz', 'Strict-Transport-Security'; "
        "print(client.get(path).headers.get(name), '|', client.get(path, secure=True).headers.get(name))"
    )
    asked = manage(tmp_path, "shell", "-v0", "-c", script, **PUBLIC, **env)
    assert asked.stdout.strip() == f"None | {sent}", asked.stderr


def test_a_public_site_under_a_path_keeps_its_cookies_to_it_and_leads_to_https_under_it(tmp_path):
    script = (
        "from django.test import Client; client = Client(headers={'host': 'news.example.com'}); "
        "print(client.get('/healthz').status_code, client.get('/sources/')['Location']); "
        "client.get('/admin/login/', secure=True); [cookie] = client.cookies.values(); "
        "print(cookie.key, cookie['path'], cookie['secure'])"
    )
    asked = manage(tmp_path, "shell", "-v0", "-c", script, **PUBLIC, NEWSPORTAL_PATH_PREFIX="/news/")
    assert asked.stdout.splitlines() == [
        "200 https://news.example.com/news/sources/",
        "__Secure-csrftoken /news/ True",
    ], asked.stderr


@pytest.mark.parametrize(
    ("version", "mode"),
    [((3, 40, 1), "truncate"), ((3, 51, 2), "truncate"), ((3, 51, 3), "wal"), ((3, 53, 0), "wal")],
)
def test_the_journal_is_one_that_the_library_cannot_corrupt(version, mode):
    assert journal.journal_mode(version) == mode
    assert f"journal_mode={mode};" in journal.options(version)["init_command"]
