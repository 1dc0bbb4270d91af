"""The deployment files are true: the example environment is accepted, and the service starts what make run starts."""

from tests.test_settings import ROOT, manage

DEPLOY = ROOT / "deploy"


def example() -> dict[str, str]:
    lines = (DEPLOY / "newsportal.env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def test_the_example_environment_passes_the_deployment_check(tmp_path):
    env = example() | {"NEWSPORTAL_HOME": str(tmp_path)}
    asked = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **env)
    assert asked.returncode == 0, asked.stderr


def test_the_example_names_no_setting_that_is_not_there():
    settings = (ROOT / "newsportal" / "settings.py").read_text()
    assert [name for name in example() if f'"{name}"' not in settings] == []


def test_the_service_serves_as_make_run_does():
    service, makefile = (DEPLOY / "newsportal.service").read_text(), (ROOT / "Makefile").read_text()
    for word in ("--interface wsgi", "--blocking-threads 4", "--no-ws", "newsportal.wsgi:application"):
        assert word in service
        assert word in makefile
