"""What operates the platform agrees with the platform: variables, services, metrics, targets."""

import json
import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.urls import reverse

from apps.core import bus
from apps.media.api import FORM_OVERHEAD
from apps.media.services import LARGEST
from eduplatform.celery import app
from eduplatform.stack import serving

ROOT = settings.BASE_DIR
YAML = [
    ROOT / "docker-compose.yml",
    *sorted((ROOT / "ops").rglob("*.yml")),
    *sorted((ROOT / ".github").rglob("*.yml")),
]
ADR = ROOT / "docs" / "adr"
# Runs the settings and prints the name of every variable that they ask for.
SPY = """
import environ
asked = set()
real = environ.Env.get_value
def get_value(self, var, *args, **kwargs):
    asked.add(var)
    return real(self, var, *args, **kwargs)
environ.Env.get_value = get_value
environ.Env.read_env = lambda *args, **kwargs: None
import eduplatform.settings
print(*sorted(asked))
"""
OPENS_A_BRANCH = {
    "GOOGLE_CLIENT_ID": "x",
    "APPLE_CLIENT_ID": "x",
    "TELEGRAM_CLIENT_ID": "x",
    "EMAIL_URL": "consolemail://",
}


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_the_example_lists_every_variable_of_settings_and_compose():
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("PYTEST_VERSION", "DATABASE_URL", "REDIS_URL")
    }
    done = subprocess.run(
        [sys.executable, "-c", SPY],
        env={**environment, **OPENS_A_BRANCH},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    of_compose = re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())
    example = re.findall(r"^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)
    assert sorted(example) == sorted({*done.stdout.split(), *of_compose})


@pytest.mark.parametrize(
    "missing", ["SECRET_KEY", "ACCESS_TOKEN_KEY", "ALLOWED_HOSTS", "EMAIL_URL"]
)
def test_without_debug_what_is_missing_is_named(missing):
    needed = {
        "DEBUG": "false",
        "SECRET_KEY": "one",
        "ACCESS_TOKEN_KEY": "two",
        "ALLOWED_HOSTS": "school.example",
        "EMAIL_URL": "smtp://mail.example",
    }
    environment = {"PATH": os.environ["PATH"], **needed, missing: ""}
    done = subprocess.run(
        [sys.executable, "-c", SPY], env=environment, cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode != 0 and f"Set {missing}:" in done.stderr


def test_commands_may_take_longer_than_pages(monkeypatch):
    """Compose gives both the same environment."""
    monkeypatch.setenv("STATEMENT_TIMEOUT", "10000")
    monkeypatch.setattr("django.core.management.execute_from_command_line", lambda argv: None)
    runpy.run_path(str(ROOT / "manage.py"), run_name="__main__")
    assert os.environ["STATEMENT_TIMEOUT"] == "0"


@pytest.mark.parametrize("path", YAML, ids=lambda path: str(path.relative_to(ROOT)))
def test_yaml_can_be_read(path):
    assert yaml.safe_load(path.read_text())


def test_compose_has_every_part(compose):
    assert set(compose["services"]) == {
        *("proxy", "web", "sockets", "worker", "search", "jobs", "beat", "migrate"),
        *("postgres", "valkey", "prometheus", "grafana"),
    }


def test_compose_names_only_what_it_has(compose):
    for name, service in compose["services"].items():
        assert set(service.get("depends_on", [])) <= set(compose["services"]), name
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            known = (ROOT / source).exists() if source.startswith(".") else False
            assert known or source in compose["volumes"], f"{name}: {source}"
        tag = service["image"].partition(":")[2]
        assert tag not in ("latest", "main"), name
        assert tag or "build" in service, f"{name} has no pinned version"


def test_what_listens_to_the_world_is_the_proxy_alone(compose):
    open_ports = {
        name
        for name, service in compose["services"].items()
        for port in service.get("ports", [])
        if not port.startswith("127.0.0.1:")
    }
    assert open_ports == {"proxy"}


def test_sockets_have_a_process_of_their_own(compose):
    caddy = (ROOT / "ops/caddy/Caddyfile").read_text()
    assert re.search(r"@open path_regexp (\S+)", caddy)[1] == serving.KEPT_OPEN
    assert re.search(r"handle @open \{\s+reverse_proxy sockets:8000", caddy)
    assert compose["services"]["sockets"]["command"][-2:] == [
        "eduplatform.stack.serving",
        "sockets",
    ]
    assert (
        '["python", "-m", "eduplatform.stack.serving", "pages"]'
        in (ROOT / "Dockerfile").read_text()
    )


def test_what_streams_goes_to_the_process_of_sockets():
    """Whoever sends while the reader reads is named here, and routed by the proxies."""
    streaming = re.compile(r"tutor_stream\.response\(|[^f] streamed\(|StreamingHttpResponse\(")
    found = {
        str(path.relative_to(ROOT / "apps"))
        for path in (ROOT / "apps").rglob("*.py")
        if "tests" not in path.parts and streaming.search(path.read_text())
    }
    makers = {"learning/tutor_stream.py", "learning/views/downloads.py"}
    routes = {
        "learning/api/tutor.py": reverse("learning_api:tutor_messages", args=[7]),
        "learning/views/talk.py": reverse("learning:say", args=["a-course", 7]),
        "learning/views/acts.py": reverse("learning:statements", args=[7]),
    }
    assert found - makers == set(routes)
    assert all(serving.is_kept_open(path) for path in [*routes.values(), "/ws/"])


@pytest.mark.parametrize(
    "path",
    ["/", "/ws", "/ws/other/", "/api/lessons/7", "/learn/a/7/tutor/", "/learn/a/7/", "/api/x"],
)
def test_everything_else_goes_to_the_process_of_pages(path):
    assert not serving.is_kept_open(path)


def test_both_processes_end_within_the_time_that_compose_gives(compose):
    patience = int(serving.sockets("0.0.0.0", 8000)[-1])
    kill = int(serving.pages("0.0.0.0", 8000)[-1])
    grace = {name: compose["services"][name]["stop_grace_period"] for name in ("web", "sockets")}
    assert kill < int(grace["web"].rstrip("s")) and patience < int(grace["sockets"].rstrip("s"))


def test_the_proxy_lets_the_largest_upload_through():
    caddy = (ROOT / "ops/caddy/Caddyfile").read_text()
    allowed = int(re.search(r"max_size (\d+)MB", caddy)[1]) * 1000 * 1000
    assert LARGEST + FORM_OVERHEAD <= allowed <= 1.1 * (LARGEST + FORM_OVERHEAD)


def test_decisions_are_numbered_once():
    numbers = [int(path.name.split("-")[0]) for path in sorted(ADR.glob("*.md"))]
    headings = [int(path.read_text()[2:].split(".")[0]) for path in sorted(ADR.glob("*.md"))]
    assert numbers == headings == sorted(set(numbers))


def test_the_queues_of_the_code_have_workers(compose):
    workers = ("worker", "search", "jobs")
    commands = [" ".join(compose["services"][name]["command"]) for name in workers]
    routed = {route["queue"] for route in settings.CELERY_TASK_ROUTES.values()}
    queues = {settings.CELERY_TASK_DEFAULT_QUEUE} | routed | bus.queues()
    assert {re.search(r"--queues (\w+)", command)[1] for command in commands} == queues


def test_prometheus_may_read_what_it_scrapes(compose):
    scrape = yaml.safe_load((ROOT / "ops/prometheus/prometheus.yml").read_text())
    targets = scrape["scrape_configs"][0]["static_configs"][0]["targets"]
    environment = compose["services"]["web"]["environment"]
    for target in targets:
        assert target.split(":")[0] in compose["services"]
        assert target.split(":")[0] in environment["ALLOWED_HOSTS"].split(",")
    address = compose["services"]["prometheus"]["networks"]["default"]["ipv4_address"]
    assert environment["METRICS_ADDRESSES"] == address


def dashboard_expressions() -> list[str]:
    dashboard = json.loads((ROOT / "ops/grafana/dashboards/eduplatform.json").read_text())
    alerts = yaml.safe_load((ROOT / "ops/prometheus/alerts.yml").read_text())
    return [
        *[target["expr"] for panel in dashboard["panels"] for target in panel["targets"]],
        *[rule["expr"] for group in alerts["groups"] for rule in group["rules"]],
    ]


def test_dashboard_and_alerts_ask_for_metrics_that_exist(client, db):
    client.get("/healthz")
    exported = client.get("/metrics").content.decode()
    known = set(re.findall(r"^# TYPE (\S+)", exported, re.MULTILINE))
    asked = set(re.findall(r"\beduplatform_\w+", " ".join(dashboard_expressions())))
    assert {re.sub(r"_(bucket|count)$", "", name) for name in asked} <= known


def test_image_and_ci_use_targets_that_exist():
    targets = re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    used = re.findall(r"RUN make (\S+)", (ROOT / "Dockerfile").read_text())
    lanes = re.search(r"for lane in (.+);", (ROOT / ".ci/run").read_text())[1].split()
    assert len(used) == 3
    assert lanes == ["lint", "test", "browser", "test-real"]
    assert set(used + lanes) <= set(targets)


def test_help_lists_the_targets_a_person_types():
    told = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    for target in ("run", "test", "lint", "fmt", "seed", "worker", "bench", "clean", "browser"):
        assert re.search(rf"^  make {target}\b", told, re.MULTILINE), target


def test_the_workflow_runs_what_a_person_runs():
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    assert {"run": ".ci/run"} in workflow["jobs"]["check"]["steps"]


def test_requirements_are_pinned_with_hashes():
    for path in Path(ROOT).glob("requirements*.txt"):
        lines = path.read_text().replace("\\\n", "").splitlines()
        for line in lines:
            if line and not line.lstrip().startswith("#"):
                assert "==" in line and "--hash=sha256:" in line, f"{path.name}: {line[:60]}"


def test_what_runs_by_the_clock_and_on_queues_of_its_own_exists():
    app.loader.import_default_modules()
    named = {entry["task"] for entry in app.conf.beat_schedule.values()}
    assert named | set(settings.CELERY_TASK_ROUTES) <= set(app.tasks)
