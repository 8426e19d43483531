"""The request log names a request by id and route, and keeps keys out."""

import pytest
import structlog
from structlog.testing import capture_logs

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
