"""Endpoint × person × thing: every cell of the declared table, and no call without a row."""

import pytest
from django.db import transaction

from . import table
from .description import UNDESCRIBED, operations


def test_every_call_has_a_row_and_every_row_a_call():
    declared = {row.call for row in table.rows()}
    assert table.calls_of_the_application() - declared == set(), "these have no row in rights.txt"
    assert declared - table.calls_of_the_application() == set(), "these don't exist"


def test_every_call_on_an_id_is_tried_with_missing_ones():
    lacking = {
        row.call
        for row in table.rows()
        if "{id}" in row.path
        and not any(other.call == row.call and other.thing == "missing" for other in table.rows())
    }
    assert lacking == set()


def test_somebody_gets_through_to_every_call():
    assert {row.call for row in table.rows() if table.working_row(row.call) is None} == set()


def test_every_call_of_the_api_is_described():
    calls = table.calls_of_the_application()
    assert {call for call in calls if call.split()[1] not in UNDESCRIBED} == set(operations())


@pytest.mark.parametrize("section", table.sections())
def test_each_person_gets_what_the_table_says(section, callers, world):
    deviations = []
    for row in table.sections()[section]:
        for person, expected in row.expected.items():
            for thing in row.ids():
                with transaction.atomic():
                    answer = table.send(callers[person], row, world, thing)
                    transaction.set_rollback(True)
                if answer.status_code != expected:
                    deviations.append(
                        f"{row.call} on {thing} by {person}: {answer.status_code}, "
                        f"declared {expected} {answer.content[:150]!r}"
                    )
    assert not deviations, "\n" + "\n".join(deviations)
