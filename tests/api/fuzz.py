"""Schema-driven fuzzing of every call as every kind of person: `make fuzz`.

EXAMPLES= bounds how many each call gets per person and mode. Each request is undone afterwards.
"""

import os
from collections import Counter

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from requests import Request
from schemathesis import GenerationMode, openapi

from . import table
from .caller import Caller
from .description import check_answer, document, operations

EXAMPLES = int(os.environ.get("EXAMPLES", "15"))
ROLES = ("visitor", "student", "owner", "newcomer", "moderator", "admin")
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


def described():
    """Call → schemathesis' view of it."""
    schema = openapi.from_dict(document())
    found = (result.ok() for result in schema.get_all_operations())
    return {f"{operation.method.upper()} {operation.path}": operation for operation in found}


def attempt(caller: Caller, call: str, case, thing_id) -> int:
    """Send the case, on a thing that exists if one is given; the status of the answer."""
    if thing_id is not None and "id" in case.path_parameters:
        case.path_parameters["id"] = thing_id
    kwargs = case.as_transport_kwargs(base_url="http://testserver")
    asked = Request(**kwargs).prepare()
    headers = {k: v for k, v in asked.headers.items() if k.lower() not in {"content-length"}}
    content_type = headers.pop("Content-Type", "application/octet-stream")
    if caller.access:
        headers["Authorization"] = f"Bearer {caller.access}"
    with transaction.atomic():
        answer = caller.client.generic(
            asked.method, asked.path_url, asked.body or b"", content_type, headers=headers
        )
        transaction.set_rollback(True)
    path = asked.path_url.partition("?")[0]
    if answer.status_code >= 400 or path == table.address(call.split()[1], thing_id):
        check_answer(asked.method, path, answer)
    return answer.status_code


def fuzz(
    caller: Caller, call: str, operation, thing_id, *, examples: int, modes=MODES, **options
) -> Counter:
    statuses: Counter[int] = Counter()
    for mode in modes:
        cases = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            **options,
        )
        @given(cases, st.booleans())
        def one(case, real):
            statuses[attempt(caller, call, case, thing_id if real else None)] += 1

        one()
    return statuses


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ROLES)
def test_no_call_breaks(role, callers, world):
    broken, total = [], Counter()
    calls = described()
    assert set(calls) == set(operations())
    for call, operation in calls.items():
        thing_id = world.ids[table.working_row(call).thing]
        try:
            total += fuzz(callers[role], call, operation, thing_id, examples=EXAMPLES)
        except Exception as error:  # noqa: BLE001
            broken.append(f"{call}: {type(error).__name__}: {str(error)[:1500]}")
    print(f"\n{role}: {total.total()} requests, {dict(sorted(total.items()))}")
    assert not broken, "\n\n" + "\n\n".join(broken)
