"""Input that nobody means well with: every call refuses it by the contract, and stores nothing.

Driven by the OpenAPI description, so that a new call is tried as soon as it exists.
"""

import base64
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from . import table
from .caller import Caller, signed_in
from .description import faults, json_body, operation_at, operations, resolved
from .world import BODIES, HUGE, MISSING

LONG = "x" * 100_000
NOT_JSON = [b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": Infinity}', b"[" * 100_000]
NOT_JSON += [b'{"a":' * 100_000, b"9" * 5000, b"{'a': 1}"]
NOT_JSON += [b"null", b"[]", b'"text"', b"5", b"true"]
STRINGS = ["a\x00b", "\ud800", [], ["a"], {}, {"a": 1}, True, LONG]
NUMBERS = ["x", "", [], {}, True, -1, 2**31, 2**63, -(2**63) - 1, 10**400, 1.5, LONG]
FLAGS = ["maybe", "", 2, -1, [], {}, LONG]
LISTS = ["x", 5, {}, True, [None], [[]], [{}], [LONG], ["a\x00b"], ["x"] * 2000]
OF_NUMBERS = [["x"], [2**63], [-1], [0], [True]]
OBJECTS = ["x", 5, [], True, {"\x00": 1}, {LONG: {}}, {"a": "x"}, {"a": {"b": []}}]
ABSURD = {
    "string": STRINGS,
    "integer": NUMBERS,
    "number": NUMBERS,
    "boolean": FLAGS,
    "array": LISTS,
    "object": OBJECTS,
}
# numbers that name no row: 0 is one of them, or they mean "so far" and are cut to what there is
NO_IDS = {
    "duration_minutes",
    "duration_ms",
    "number",
    "rating",
    "revision",
    "sequence",
    "slow_mode_seconds",
}
# counted or noted whatever becomes of the request
COUNTED = {"core_limitcounter", "core_idempotencyclaim", "accounts_device"}
TAKING_JSON = [call for call, found in operations().items() if json_body(found)]
READING = [call for call in operations() if call.startswith("GET")]


def stored() -> dict[str, str]:
    """Table → a digest of its rows."""
    names = {model._meta.db_table for model in apps.get_models() if model._meta.managed} - COUNTED
    parts = [
        f"SELECT '{name}', md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t"
        for name in sorted(names)
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts))
        return dict(cursor.fetchall())


def types_of(schema: dict[str, Any]) -> list[str]:
    schema = resolved(schema)
    if "oneOf" in schema or "anyOf" in schema:
        choices = schema.get("oneOf") or schema["anyOf"]
        return [found for choice in choices for found in types_of(choice)]
    declared = schema.get("type", [])
    return [declared] if isinstance(declared, str) else list(declared)


def absurd_values(schema: dict[str, Any]) -> Iterator[Any]:
    """Values that a field of this schema can't take."""
    types = types_of(schema)
    candidates = [value for kind in types for value in ABSURD.get(kind, [])]
    if types_of(resolved(schema).get("items", {})) == ["integer"]:
        candidates += OF_NUMBERS
    if "null" not in types:
        candidates.append(None)
    for value in candidates:
        if isinstance(value, str) and ("\x00" in value or "\ud800" in value):
            yield value
        elif faults(schema, value):
            yield value


def spoilt(schema: dict[str, Any], body: Any) -> Iterator[tuple[str, Any]]:
    """A right body with one thing wrong: where, and the body."""
    schema = resolved(schema)
    for name, field in schema.get("properties", {}).items():
        if field.get("readOnly"):
            continue
        for value in absurd_values(field):
            yield f"{name}={value!r}"[:80], {**body, name: value}
        inner = resolved(field)
        if isinstance(body.get(name), list) and body[name] and "items" in inner:
            first = body[name][0]
            if isinstance(first, dict):
                for where, item in spoilt(inner["items"], first):
                    yield f"{name}[0].{where}", {**body, name: [item, *body[name][1:]]}
        for id in (MISSING, 0, HUGE) if "integer" in types_of(field) else ():
            if name not in NO_IDS:
                yield f"{name}={id}", {**body, name: id}
    for name in schema.get("required", []):
        yield f"no {name}", {key: value for key, value in body.items() if key != name}


@pytest.fixture
def attack(callers, world):
    """Make a call as somebody who may; what it answers, or the fault that it should have foreseen.

    What is let through is undone again.
    """

    def send(call: str, address: str = "", body: Any = None, **headers: str) -> int | str:
        row = table.working_row(call)
        address = address or address_of(call, world)
        with transaction.atomic():
            try:
                answer = callers[row.allowed()].send(row.method, address, body, **headers)
            except Exception as error:  # noqa: BLE001
                transaction.set_rollback(True)
                return f"{type(error).__name__}: {error}"[:600]
            if answer.status_code < 300:
                transaction.set_rollback(True)
        return answer.status_code

    return send


def address_of(call: str, world: Any) -> str:
    row = table.working_row(call)
    return table.address(row.path, world.ids[row.thing])


def right_body(call: str, world: Any) -> Any:
    row = table.working_row(call)
    return BODIES[call](world, world.ids[row.thing]) if call in BODIES else {}


def is_refusal(found: int | str) -> bool:
    return isinstance(found, int) and found >= 400


@pytest.mark.parametrize("section", table.sections())
def test_a_body_with_one_thing_wrong_is_refused_and_nothing_stored(section, attack, world):
    faulty = []
    calls = {row.call for row in table.sections()[section]}.intersection(TAKING_JSON)
    for call in sorted(calls):
        before = stored()
        for what, body in spoilt(json_body(operations()[call]), right_body(call, world)):
            found = attack(call, body=body)
            if not is_refusal(found):
                faulty.append(f"{call} with {what}: {found}")
        if stored() != before:
            faulty.append(f"{call} has stored something")
    assert not faulty, "\n" + "\n".join(faulty)


def test_what_is_no_json_object_is_refused(attack, world):
    faulty = []
    before = stored()
    for call in TAKING_JSON:
        found = {str(body[:20]): attack(call, body=body) for body in NOT_JSON}
        for kind in ("text/plain", "application/xml", "multipart/form-data", "x" * 300, "\u00e9/j"):
            found[kind] = attack(call, body=b'{"a": 1}', Content_Type=kind)
        faulty += [f"{call} with {k}: {v}" for k, v in found.items() if not is_refusal(v)]
    assert not faulty, "\n" + "\n".join(faulty)
    assert stored() == before


def test_too_large_a_body_is_told(callers):
    body = b'{"title": "' + b"x" * 3_000_000 + b'"}'
    assert callers["owner"].send("POST", "/api/courses", body).status_code == 413


def test_odd_idempotency_keys_break_nothing(attack, world):
    faulty = []
    for call in TAKING_JSON:
        if call.startswith("POST"):
            for key in ("", "x" * 201, "a\x01b", "\u00e9" * 300):
                found = attack(call, body=right_body(call, world), Idempotency_Key=key)
                faulty += [f"{call}, key {key!r}: {found}"] if isinstance(found, str) else []
    assert not faulty, "\n" + "\n".join(faulty)


# ── Addresses ─────────────────────────────────────────────────────────────────────────────────
IDS = ["0", "-1", "x", "%00", "9" * 5000, str(2**31), str(2**63), "%ED%A0%80", "1/.."]


def test_odd_ids_in_addresses_are_not_found(attack):
    faulty = []
    for call in operations():
        path = call.split()[1]
        odd = [table.address(path, id) for id in IDS]
        if "{number}" in path:
            odd += [path.replace("{id}", "1").replace("{number}", id) for id in IDS]
        for address in sorted({found for found in odd if "{" in path and found != path}):
            found = attack(call, address, {})
            if found not in {400, 404, 405}:
                faulty.append(f"{call} at {address[:80]}: {found}")
    assert not faulty, "\n" + "\n".join(faulty)


QUERY = ["", "x", "-1", "9" * 40, "1e400", "NaN", "%00", "%ED%A0%80", "x" * 5000, "[]"]
UNKNOWN = ["format=html", "format=json", "unknown=1", "ordering=password", "page=2"]


def test_odd_parameters_are_refused_and_unknown_ones_change_nothing(attack, world):
    faulty = []
    for call in READING:
        address = address_of(call, world)
        parameters = operations()[call].get("parameters", [])
        names = [found["name"] for found in parameters if found["in"] == "query"]
        odd = [f"{name}={value}" for name in names for value in QUERY]
        for query in odd + UNKNOWN:
            found = attack(call, f"{address}?{query}")
            if found not in ({200} if query in UNKNOWN else {200, 400}):
                faulty.append(f"{call}?{query[:60]}: {found}")
    assert not faulty, "\n" + "\n".join(faulty)


PAGED = [
    call
    for call in READING
    if any(found["name"] == "cursor" for found in operations()[call].get("parameters", []))
]
EDGES: list[Any] = [None, True, 5, -1, 1.5, 1e400, "x", "", "\x00", [], {}, 2**63, 2**400, -(2**63)]
EDGES += [{"t": "x"}, {"t": 5}, {"t": "2020-01-01"}, {"t": "2020-01-01T00:00:00"}, {"t": None}]
EDGES += [{"t": "0001-01-01T00:00:00+23:59"}, {"t": "9999-12-31T23:59:59-23:59"}, {"x": 1}]
EDGES += [{"d": "NaN"}, {"d": "Infinity"}, {"d": "1e999999"}, {"d": "-0"}, {"d": [5]}, {"d": True}]
EDGES += [{"t": "2020-01-01T00:00:00Z"}, float("nan"), float("-inf"), "9" * 5000, "\ud800"]
NO_CURSORS = ["%20", "W10", "bnVsbA", "e30", "=", "a", "%D0%B6"]


def cursor_of(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def parts_of(cursor: str) -> list[Any]:
    return json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))


def test_cursors_that_were_made_up(attack, callers, world):
    faulty = []
    for call in PAGED:
        row = table.working_row(call)
        address = address_of(call, world)
        following = callers[row.allowed()].get(f"{address}?limit=1").json()["next"]
        real = parse_qs(urlsplit(following or "").query).get("cursor", [cursor_of(0, 5, 5)])[0]
        parts = parts_of(real)
        made_up = [
            cursor_of(*parts[:place], edge, *parts[place + 1 :])
            for edge in EDGES
            for place in range(len(parts))
        ]
        for cursor in [*made_up, cursor_of(*parts, 5), cursor_of(), *NO_CURSORS]:
            found = attack(call, f"{address}?cursor={cursor}")
            if found not in ({400} if cursor in NO_CURSORS else {200, 400}):
                faulty.append(f"{call}?cursor={cursor[:60]}: {found}")
    assert not faulty, "\n" + "\n".join(faulty)


def test_a_limit_is_a_number_from_1_to_100(attack, world):
    for call in PAGED:
        for limit in ("0", "101", "-1", "x", "1.5", "9" * 5000, "%D9%A1", "+5", "1e1"):
            assert attack(call, f"{address_of(call, world)}?limit={limit}") == 400, (call, limit)
        for limit in ("1", "100"):
            assert attack(call, f"{address_of(call, world)}?limit={limit}") == 200


# ── Around the call ───────────────────────────────────────────────────────────────────────────
TOKENS = ["Bearer", "Bearer ", "Bearer x", "Bearer a b", "Bearer a.b.c", "Basic YTpi", "x" * 9000]
TOKENS += ["Bearer " + "a" * 9000, "Bearer \u00e9", "Token 1", "Bearer null", ""]
TOKENS += ["Bearer eyJhbGciOiJub25lIn0.eyJ1c2VyX2lkIjoxLCJkZXZpY2UiOjF9."]


@pytest.mark.parametrize("token", TOKENS)
def test_odd_credentials_are_no_credentials(token, db):
    assert Caller().get("/api/auth/me", Authorization=token).status_code == 401


@pytest.mark.parametrize(
    "language", ["", "xx", "ru;q=x", "\u00e9", "a" * 9000, "*;q=-1", "ru-" * 9]
)
def test_odd_languages_are_english_or_russian(language, db):
    answer = Caller().get("/api/auth/me", Accept_Language=language)
    assert answer.json()["detail"]
    assert answer["Content-Language"] in {"en", "ru"}


@pytest.mark.parametrize("address", ["/api/", "/api/no", "/api/courses/", "/api/%00", "/api/a/b/"])
def test_addresses_that_the_api_does_not_have(address, db):
    for method in ("GET", "POST", "DELETE"):
        assert Caller().send(method, address).status_code in {400, 404}


def test_methods_that_a_call_does_not_have(callers):
    for path in sorted({call.split()[1] for call in operations()}):
        address = table.address(path, "1")
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
            if operation_at(method, address) is None:
                answer = callers["admin"].send(method, address, {})
                assert answer.status_code in {403, 405}, (method, address)


# ── Uploads ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def uploader(student) -> Caller:
    return signed_in(student.email)


@pytest.mark.parametrize(
    ("content", "purpose", "status"),
    [
        (b"", "avatar", 400),
        (b"GIF89a", "avatar", 415),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "avatar", 415),
        (b"<svg onload=alert(1)>", "cover", 415),
        (b"MZ" + b"\x00" * 100, "attachment", 415),
        (b"text", "nothing", 400),
        (b"text", "", 400),
        (b"x" * (21 * 1024 * 1024), "avatar", 413),
    ],
)
def test_files_of_the_wrong_kind(content, purpose, status, uploader):
    before = stored()
    answer = uploader.upload(SimpleUploadedFile("a.png", content), purpose)
    assert answer.status_code == status
    assert stored() == before


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", "multipart/form-data"),
        (b"x", "multipart/form-data; boundary=x"),
        (b"--x\r\n\r\n", "multipart/form-data; boundary=x"),
        (b"--x--", "multipart/form-data; boundary=" + "x" * 500),
        (b"{}", "application/json"),
        (b"--\xff--", "multipart/form-data; boundary=\xff"),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\nnot a file\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="purpose"\r\n\r\na\x00b\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a\x00b\xff"\r\n\r\nx\r\n--x--',
            "multipart/form-data; boundary=x",
        ),
    ],
)
def test_forms_that_are_none(body, content_type, uploader):
    answer = uploader.send("POST", "/api/uploads", body, Content_Type=content_type)
    assert answer.status_code in {400, 415}
