"""The API's kernel: closed by default, clear about bad input, errors as problem+json."""

import pytest

from apps.core.api import flatten

from .endpoints import ERRORS

pytestmark = [pytest.mark.django_db, pytest.mark.urls("apps.core.tests.endpoints")]


@pytest.mark.parametrize("name", ERRORS)
def test_a_refusal_is_a_problem(api, name):
    answer = api().get(f"/api/fail/{name}")
    body = answer.json()
    assert answer.status_code == body["status"] == ERRORS[name].status
    assert answer["Content-Type"] == "application/problem+json"
    assert {"type", "title", "detail"} <= set(body)


def test_words_follow_the_asker(api):
    english = api().get("/api/fail/TooMany", headers={"Accept-Language": "en"}).json()["detail"]
    russian = api().get("/api/fail/TooMany", headers={"Accept-Language": "ru-RU,ru;q=0.9"}).json()
    assert english == "Too many tries. Wait a little and try again."
    assert russian["detail"].startswith("Слишком много")


def test_too_many_says_when_to_come_back(api):
    assert api().get("/api/fail/TooMany")["Retry-After"] == "60"


def test_a_view_without_a_policy_is_closed(api, admin):
    assert api().get("/api/no-policy").status_code == 401
    assert api(admin).get("/api/no-policy").status_code == 403


@pytest.mark.parametrize(
    "body",
    ['{"text": "a\\u0000b"}', '{"text": "\\ud800"}', "{", "[" * 100_000, "", "null", '"x"', "[1]"],
)
def test_bodies_that_cannot_be_used_are_told(api, student, body):
    answer = api(student).post("/api/write", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_wrong_kind_of_body(api, student):
    answer = api(student).post("/api/write", "<x/>", content_type="text/xml")
    assert answer.status_code == 415


def test_the_field_and_the_reason(api, student):
    errors = api(student).post("/api/write", {"parts": [1, "x"]}).json()["errors"]
    assert errors == {
        "text": ["This field is required."],
        "parts.1": ["A valid integer is required."],
    }


def test_wrong_method(api, student):
    answer = api(student).delete("/api/write")
    assert answer.status_code == 405 and answer["Content-Type"] == "application/problem+json"


def test_nested_errors_are_flat():
    assert flatten({"a": {"b": ["x"]}, "c": [{}, {"d": ["y", "z"]}]}) == {
        "a.b": ["x"],
        "c.1.d": ["y", "z"],
    }


def test_an_account_has_a_limit_of_writes(api, student, settings):
    settings.ACCOUNT_WRITES_PER_MINUTE = 2
    client = api(student)
    codes = [client.post("/api/write", {"text": "x"}).status_code for _ in range(3)]
    assert codes == [201, 201, 429]


def test_without_redis_requests_pass(api, student, settings):
    settings.CACHES = {
        "default": {
            **settings.CACHES["default"],
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    assert api(student).post("/api/write", {"text": "x"}).status_code == 201
