"""The OpenAPI description as tests use it: what is asked, and whether an answer keeps to it."""

import json
import re
from functools import cache
from http import HTTPStatus
from typing import Any

from django.utils import translation
from drf_spectacular.settings import spectacular_settings
from jsonschema import Draft202012Validator, FormatChecker
from rest_framework.renderers import JSONRenderer

UNDESCRIBED = {"/healthz", "/readyz", "/metrics", "/api/schema", "/api/docs"}
METHODS = ("get", "post", "put", "patch", "delete")
REFUSALS = {400, 401, 402, 403, 404, 405, 406, 409, 413, 415, 429}
UTC_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


@cache
def document() -> dict[str, Any]:
    """What /api/schema serves."""
    with translation.override("en"):
        made = spectacular_settings.DEFAULT_GENERATOR_CLASS().get_schema(request=None, public=True)
    found: dict[str, Any] = json.loads(JSONRenderer().render(made))
    return found


@cache
def operations() -> dict[str, dict[str, Any]]:
    """ "GET /api/courses/{id}" → its description."""
    return {
        f"{method.upper()} {path}": item[method]
        for path, item in document()["paths"].items()
        for method in METHODS
        if method in item
    }


def json_body(operation: dict[str, Any]) -> dict[str, Any] | None:
    """The schema of the JSON that the operation takes."""
    content = operation.get("requestBody", {}).get("content", {})
    found: dict[str, Any] | None = content.get("application/json", {}).get("schema")
    return found


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema itself, where it is a reference or a single `allOf`."""
    while True:
        if "$ref" in schema:
            schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        elif len(schema.get("allOf", [])) == 1:
            schema = {**schema["allOf"][0], **{k: v for k, v in schema.items() if k != "allOf"}}
        else:
            return schema


@cache
def _closed_components() -> dict[str, Any]:
    components: dict[str, Any] = _closed(document()["components"])
    return components


def _closed(node: Any) -> Any:
    """The same with no property allowed that isn't named: what isn't described isn't answered."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    found = {key: _closed(value) for key, value in node.items()}
    if isinstance(node.get("properties"), dict) and "additionalProperties" not in node:
        found["additionalProperties"] = False
    return found


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    """In what the value differs from the schema."""
    found = _validator(json.dumps(schema)).iter_errors(value)
    return [f"{error.json_path}: {error.message[:300]}" for error in found]


@cache
def _validator(schema: str) -> Draft202012Validator:
    whole = {**_closed(json.loads(schema)), "components": _closed_components()}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def path_pattern(path: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path)))


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    paths = sorted(document()["paths"], key=lambda path: path.count("{"))
    return [(path, path_pattern(path)) for path in paths]


def operation_at(method: str, address: str) -> dict[str, Any] | None:
    """The description of what answers at an address; None where nothing is described."""
    for path, pattern in _patterns():
        if pattern.fullmatch(address):
            return operations().get(f"{method} {path}")
    return None


def check_answer(method: str, address: str, response: Any) -> None:
    """Fail unless the answer is one that the contract and the description allow."""
    told = f"{method} {address} answered {response.status_code}: {response.content[:500]!r}"
    if response.status_code >= HTTPStatus.BAD_REQUEST:
        check_problem(response, told)
        return
    if address in UNDESCRIBED:
        return
    operation = operation_at(method, address)
    assert operation is not None, f"{told}, which isn't described"
    described = operation["responses"].get(str(response.status_code))
    assert described is not None, f"{told}, described are {list(operation['responses'])}"
    assert "no-store" in response["Cache-Control"] or "public" in response["Cache-Control"], told
    assert response["X-Content-Type-Options"] == "nosniff"
    if "content" not in described:
        assert response.content == b"", told
        return
    kind = response["Content-Type"].split(";")[0]
    assert kind in described["content"], told
    if kind != "application/json":  # a file
        return
    body = response.json()
    found = faults(described["content"]["application/json"]["schema"], body)
    assert not found, f"{told}\n" + "\n".join(found)
    for time in _times(body):
        assert UTC_TIME.fullmatch(time), f"{told}: {time} isn't ISO 8601 in UTC"


def check_problem(response: Any, told: str = "") -> None:
    """Fail unless the answer is a refusal of the contract, as problem+json."""
    status = response.status_code
    assert status in REFUSALS, told
    assert response["Content-Type"].split(";")[0] == "application/problem+json", told
    body = response.json()
    assert not faults({"$ref": "#/components/schemas/Problem"}, body), told
    assert body["status"] == status, told
    assert body["title"], told
    assert body["detail"], told
    if status == HTTPStatus.UNAUTHORIZED:
        assert response["WWW-Authenticate"].startswith("Bearer"), told
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        assert int(response["Retry-After"]) > 0, told


def _times(node: Any, key: str = "") -> list[str]:
    if isinstance(node, dict):
        return [time for name, value in node.items() for time in _times(value, name)]
    if isinstance(node, list):
        return [time for value in node for time in _times(value, key)]
    return [node] if key.endswith("_at") and isinstance(node, str) else []
