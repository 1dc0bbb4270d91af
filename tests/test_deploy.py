"""The deployment files are true: settings and paths agree, units start what there is, nginx has the portal's limits."""

import re
import secrets
import shutil
import subprocess
from configparser import RawConfigParser

import pytest
from django.core.management import get_commands, load_command_class

from newsportal.http.request_bodies import FORMS, MIB
from sources.run_control.stored_uploads import LARGEST
from tests.newsportal.config.test_settings import ROOT, manage

DEPLOY = ROOT / "deploy"
NGINX = (DEPLOY / "nginx.conf").read_text()
SERVICES = sorted(DEPLOY.glob("*.service"))
TIMERS = sorted(DEPLOY.glob("*.timer"))
PRIVATE = {
    "User": "newsportal",
    "UMask": "0077",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "EnvironmentFile": "/etc/newsportal.env",
    "WorkingDirectory": "/opt/newsportal",
    "StateDirectory": "newsportal",
}


def unit(path) -> RawConfigParser:
    """A unit's sections; of a setting that stands there several times the last."""
    parser = RawConfigParser(strict=False, delimiters=["="])
    parser.optionxform = str
    parser.read_string(path.read_text().replace("\\\n", " "))
    return parser


def example() -> dict[str, str]:
    lines = (DEPLOY / "newsportal.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_environment_passes_the_deployment_check_with_a_key_of_one_s_own(tmp_path):
    own = {"NEWSPORTAL_HOME": str(tmp_path / "home"), "NEWSPORTAL_PUBLIC_HOME": str(tmp_path / "public")}
    asked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **example() | own)
    assert asked.returncode != 0
    assert "NEWSPORTAL_SECRET_KEY is an example" in asked.stderr
    own["NEWSPORTAL_SECRET_KEY"] = secrets.token_urlsafe(64)
    asked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **example() | own)
    assert asked.returncode == 0, asked.stderr


def test_the_example_names_no_setting_that_is_not_there():
    settings = (ROOT / "newsportal" / "settings.py").read_text()
    assert [name for name in example() if f'"{name}"' not in settings] == []


def test_the_service_serves_as_make_run_does():
    service = unit(DEPLOY / "newsportal.service")["Service"]["ExecStart"].split()
    makefile = (ROOT / "Makefile").read_text().replace("\\\n", " ")
    run = re.search(r"@exec \.venv/bin/granian (.+)", makefile)[1].split()
    different = {"8000", "2", "$(PORT)", "$(WORKERS)"}
    assert [word for word in service[1:] if word not in different] == [
        word for word in run if word not in different
    ]
    assert "--respawn-failed-workers" in service


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_unit_runs_what_there_is_shut_off_from_the_rest(path):
    service = unit(path)["Service"]
    assert {name: service.get(name) for name in PRIVATE} == PRIVATE
    assert {"MemoryMax", "MemoryHigh", "LimitNOFILE", "RestrictAddressFamilies", "SystemCallFilter"} <= set(
        service
    )
    program, *words = service["ExecStart"].split()
    assert program.startswith(service["WorkingDirectory"] + "/.venv/bin/")
    if program.endswith("/python"):
        assert words[0] == "manage.py" and words[1] in get_commands()
    else:
        assert program.endswith("/granian")
        assert (ROOT / words[words.index("--log-config") + 1]).exists()


def test_a_command_of_a_unit_takes_its_words(settings):
    """As argparse sees them, in the example's environment: nothing is run."""
    assert example()["NEWSPORTAL_TASKS"] == "database"
    settings.TASKS = {"default": {"BACKEND": settings.DATABASE}}
    for path in SERVICES:
        _, *words = unit(path)["Service"]["ExecStart"].split()
        if words[0] == "manage.py":
            command = load_command_class(get_commands()[words[1]], words[1])
            assert command.create_parser("manage.py", words[1]).parse_args(words[2:])


@pytest.mark.parametrize("path", TIMERS, ids=lambda path: path.name)
def test_a_timer_starts_a_unit_that_ends_by_itself(path):
    started = path.with_suffix(".service")
    assert unit(started)["Service"]["Type"] == "oneshot"
    assert unit(path)["Timer"]["OnCalendar"]
    assert unit(path)["Install"]["WantedBy"] == "timers.target"


def test_every_unit_that_ends_by_itself_has_its_timer():
    once = {path.stem for path in SERVICES if unit(path)["Service"].get("Type") == "oneshot"}
    assert (
        once
        == {path.stem for path in TIMERS}
        == {
            "newsportal-changes",
            "newsportal-feeds",
            "newsportal-images",
            "newsportal-sessions",
        }
    )


def test_systemd_finds_nothing_amiss(tmp_path):
    """Where systemd is installed; the programs it would start are not where the units will have them."""
    if not (verify := shutil.which("systemd-analyze")):
        return
    for path in [*SERVICES, *TIMERS]:
        text = re.sub(r"^Documentation=.*\n", "", path.read_text(), flags=re.M)
        (tmp_path / path.name).write_text(re.sub(r"/opt/newsportal/\.venv/bin/\w+", "/bin/true", text))
    files = sorted(map(str, tmp_path.iterdir()))
    said = subprocess.run([verify, "verify", *files], capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


# ------------------------------------------------------------------ nginx and the portal agree
def locations() -> list[tuple[re.Pattern, int]]:
    """nginx' addresses with a size of their own: regular expressions first, as nginx takes them."""
    blocks = re.findall(r"location (~ )?(\S+) \{([^{}]*(?:\{[^{}]*\}[^{}]*)*)\}", NGINX)
    sized = [
        (tilde, path, re.search(r"client_max_body_size (\d+)([km])", body)) for tilde, path, body in blocks
    ]
    found = [(tilde, re.compile(path), size) for tilde, path, size in sized if size]
    found.sort(key=lambda one: not one[0])
    return [(path, int(size[1]) * {"k": 1024, "m": MIB}[size[2]]) for _, path, size in found]


def passed_on(address: str) -> int:
    """The largest body that nginx passes on."""
    return next((size for path, size in locations() if path.match(address)), 1024)


@pytest.mark.parametrize(
    "address",
    [
        *("/admin/", "/admin/login/", "/admin/password_reset/", "/admin/articles/article/5/change/"),
        *(
            "/admin/articles/article/add/",
            "/admin/sources/shelveditem/7/mend/",
            "/admin/auth/user/1/password/",
        ),
        *(
            "/admin/sources/upload/add/",
            "/admin/sources/columnmapping/add/",
            "/admin/sources/columnmapping/3/change/",
        ),
    ],
)
def test_nginx_passes_on_no_more_than_the_portal_takes(address):
    form = next(form for form in FORMS if form.path.match(address))
    assert passed_on(address) in (form.largest_of_returning, LARGEST if form.largest > LARGEST else 0)


def test_nginx_passes_on_twenty_megabytes_on_the_addresses_for_files_alone():
    assert [path.pattern for path, size in locations() if size > 5 * MIB] == [
        "^/admin/sources/(?:upload|columnmapping)/add/$"
    ]
    assert passed_on("/") == passed_on("/search/") == 1024


def test_paths_agree_everywhere():
    assert f"root {example()['NEWSPORTAL_PUBLIC_HOME']};" in NGINX
    for path in SERVICES:
        service = unit(path)["Service"]
        assert service["ReadWritePaths"].lstrip("-") == example()["NEWSPORTAL_PUBLIC_HOME"]
        assert f"/var/lib/{service['StateDirectory']}" == example()["NEWSPORTAL_HOME"]
    port = re.search(r"--port (\d+)", (DEPLOY / "newsportal.service").read_text())[1]
    assert f"server 127.0.0.1:{port} " in NGINX


def test_every_error_page_of_nginx_is_there_and_stands_alone():
    for name in re.findall(r"/_nginx/(\w+\.html)", NGINX):
        page = (DEPLOY / "nginx-errors" / name).read_text()
        assert '<html lang="zh-Hans">' in page
        assert not re.findall(r"<script|style=|<style|https?://|nginx", page), name


def test_the_guide_names_every_file_there_is():
    guide = (ROOT / "docs" / "operations.md").read_text()
    assert [path.name for path in TIMERS if path.name not in guide] == []
    for name in re.findall(r"`?(deploy/[\w./-]+\w)", guide):
        assert (ROOT / name).exists(), name
