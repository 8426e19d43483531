"""The same few odd cases of every call each time; `make fuzz` tries many more, as everybody."""

from . import table
from .fuzz import MODES, described, fuzz


def test_a_few_odd_cases_of_every_call(callers, world):
    for call, operation in described().items():
        row = table.working_row(call)
        caller, thing_id = callers[row.allowed()], world.ids[row.thing]
        options = {"examples": 2, "modes": MODES[:1], "derandomize": True}
        fuzz(caller, call, operation, thing_id, **options)
