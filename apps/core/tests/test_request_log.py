"""The request log names a request by id and route, and keeps keys out."""

import io
import logging.config

import pytest
import structlog
from django.conf import settings
from django.test import Client
from structlog.testing import capture_logs

from apps.core.logs import logging_config

pytestmark = pytest.mark.django_db


def test_keys_in_addresses_are_not_logged(client):
    with capture_logs() as lines:
        client.get("/notifications/stop/secret-token/?next=secret-query")
    requests = [line["request"] for line in lines if "request" in line]
    assert requests
    assert "secret" not in str(lines)
    assert requests[0] == "GET notifications/stop/<str:token>/"


def test_unknown_addresses_are_not_logged_either(client):
    with capture_logs() as lines:
        client.get("/no/such/secret")
    assert "secret" not in str([line.get("request") for line in lines])


def test_lines_of_a_request_carry_its_id(client):
    ids = []
    for _ in range(2):
        with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as lines:
            client.get("/healthz")
        ids.append({line["request_id"] for line in lines})
    assert len(ids[0]) == len(ids[1]) == 1 and ids[0] != ids[1]


@pytest.fixture
def printed():
    """What the log of production prints."""
    stream = io.StringIO()
    config = logging_config("json", "INFO", testing=True)
    config["handlers"]["console"]["stream"] = stream
    config["root"]["level"] = config["loggers"]["django"]["level"] = "INFO"
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(settings.LOGGING)


def test_lines_of_django_keep_keys_out_too(printed):
    Client(enforce_csrf_checks=True).post("/accounts/password/secret-key/", {"password": "x"})

    assert "CSRF" in printed.getvalue()
    assert "accounts/password/<str:key>/" in printed.getvalue()
    assert "secret" not in printed.getvalue()
