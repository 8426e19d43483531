"""The request log names a request by id and route, and keeps keys out."""

import io
import json
import logging.config

import pytest
import structlog
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.utils.functional import SimpleLazyObject

from apps.core.logs import logging_config
from apps.core.metrics import EXCEPTIONS
from apps.core.request_log import RequestLogMiddleware

pytestmark = pytest.mark.django_db


@pytest.fixture
def log(caplog):
    """The request log so far, as facts."""
    with caplog.at_level("INFO", logger="eduplatform.requests"):
        yield caplog


def test_keys_in_addresses_are_not_logged(client, log):
    client.get("/notifications/stop/secret-token/?next=secret-query")
    [line] = log.records
    assert line.request == "GET notifications/stop/<str:token>/"
    assert "secret" not in str(line.__dict__)


def test_unknown_addresses_are_not_logged_either(client, log):
    client.get("/no/such/secret")
    [line] = log.records
    assert (line.code, line.levelname) == (404, "WARNING")
    assert "secret" not in str(line.__dict__)


def test_a_request_names_whom_its_view_knew(rf, log, student):
    def answered(user, view):
        request = rf.get("/healthz")
        request.user = user
        RequestLogMiddleware(view)(request)
        return log.records[-1].user_id

    assert answered(student, lambda request: HttpResponse()) == student.pk
    assert answered(AnonymousUser(), lambda request: HttpResponse()) is None
    unread = SimpleLazyObject(lambda: pytest.fail("a session was read for the log alone"))
    assert answered(unread, lambda request: HttpResponse()) is None
    read = SimpleLazyObject(lambda: student)
    assert answered(read, lambda request: HttpResponse(request.user.pk)) == student.pk


def test_what_is_logged_in_a_request_carries_its_id(rf):
    ids = []

    def view(request):
        ids.append(structlog.contextvars.get_contextvars()["request_id"])
        return HttpResponse()

    for _ in range(2):
        RequestLogMiddleware(view)(rf.get("/healthz"))
    assert ids[0] != ids[1]
    assert structlog.contextvars.get_contextvars() == {}


def test_a_view_that_breaks_is_counted_by_its_exception(client, monkeypatch, log):
    client.raise_request_exception = False
    monkeypatch.setattr("apps.core.health._ask_cache", lambda: 1 / 0)
    counted = EXCEPTIONS.labels("ZeroDivisionError")._value.get()
    assert client.get("/readyz").status_code == 500
    assert EXCEPTIONS.labels("ZeroDivisionError")._value.get() == counted + 1
    assert (log.records[-1].code, log.records[-1].levelname) == (500, "ERROR")


@pytest.fixture
def printed():
    """What the log of production prints."""
    stream = io.StringIO()
    config = logging_config("json", "INFO", testing=True)
    for handler in config["handlers"].values():
        handler["stream"] = stream
    config["root"]["level"] = config["loggers"]["django"]["level"] = "INFO"
    config["loggers"]["eduplatform.requests"]["level"] = "INFO"
    logging.config.dictConfig(config)
    yield stream
    logging.config.dictConfig(settings.LOGGING)


def test_lines_of_django_keep_keys_out_too(printed):
    Client(enforce_csrf_checks=True).post("/accounts/password/secret-key/", {"password": "x"})

    assert "CSRF" in printed.getvalue()
    assert "accounts/password/<str:key>/" in printed.getvalue()
    assert "secret" not in printed.getvalue()


def test_in_production_a_request_is_one_line_of_json(printed, client):
    client.get("/notifications/stop/secret-token/")

    [line] = [json.loads(each) for each in printed.getvalue().splitlines() if "request_f" in each]
    assert line.keys() == {
        *("event", "code", "request", "milliseconds", "user_id", "request_id"),
        *("logger", "level", "timestamp"),
    }
    assert line["request"] == "GET notifications/stop/<str:token>/"
