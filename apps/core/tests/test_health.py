"""What operators' machines ask."""

import pytest

pytestmark = pytest.mark.django_db


def test_up(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").json() == {"status": "ok"}


def test_ready_names_each_part(client):
    body = client.get("/readyz").json()
    assert (body["status"], body["database"], body["cache"], body["broker"]) == ("ok",) * 4


def test_not_ready_without_redis(client, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}
    }
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["cache"] == "unavailable" and answer.json()["database"] == "ok"


def test_metrics_are_for_known_addresses(client, settings):
    client.get("/healthz")
    text = client.get("/metrics").content.decode()
    assert (
        'eduplatform_http_request_seconds_count{method="GET",status="200",view="core:healthz"}'
        in text
    )
    assert "eduplatform_outbox_waiting 0.0" in text
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 404


def test_null_bytes_in_an_address_are_refused(client):
    assert client.get("/healthz?q=%00").status_code == 400


def test_metrics_of_processes_that_share_a_folder(client, db, tmp_path, monkeypatch):
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    text = client.get("/metrics").content.decode()
    assert "eduplatform_outbox_waiting 0.0" in text
    assert "eduplatform_http" not in text  # nobody has written figures there yet
