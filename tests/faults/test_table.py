"""The table of faults through the provider's handlers, on a clock of the tests' own; and that nothing is left out of it.

The profile says how much of it: the chosen cells (quick), or every fault of every request of every type (soak).
"""

from __future__ import annotations

import pytest
from hypothesis import settings
from support.core import InProcess
from support.faults.cell import Cell, life
from support.faults.kinds import ACTIONS, LOST
from support.faults.player import play
from support.faults.table import cells, chosen
from table import BY_RESOURCE, ROWS

CHOSEN = chosen(cells())
PLAYED = cells() if settings.get_current_profile_name() == "soak" else CHOSEN

REQUEST = [
    *(
        "refused",
        "reset-before",
        "reset-after",
        "slow",
        "truncated",
        "redirect",
        "401",
        "403",
        "404",
        "html-404",
    ),
    *("429", "429-after", "500", "502", "malformed", "wrong-shape"),
]
LIST = [*REQUEST, "empty-list"]
WRITE = [*REQUEST, "busy", "exists", "422", "500-after"]
ERRORS = ["createError", "editError", "deleteError", "recurringValidationError"]
ENDS = [*ERRORS, "disabled", "stuck", "hibernating"]
TWICE = ("1", "again", "every")
# In a wait each look is a call of its own.
LOOKS = ("1", "2", "every")

# The faults of each call, and the calls of its kind that they befall.
CALLS: dict[tuple[str, str], list[tuple[list[str], tuple[str, ...]]]] = {
    ("create", "list"): [(LIST, TWICE)],
    ("create", "create"): [(WRITE, TWICE), (ENDS, ("1",))],
    ("create", "create+list"): [(LIST, ("2", "2+"))],
    ("create", "get"): [(REQUEST, (*LOOKS, "4", "4+"))],
    ("create", "status"): [(REQUEST, LOOKS)],
    ("update", "list"): [(LIST, TWICE)],
    ("update", "update"): [(WRITE, TWICE), (ENDS, ("1",))],
    ("update", "get"): [(REQUEST, (*LOOKS, "4", "4+"))],
    ("update", "status"): [(REQUEST, LOOKS)],
    ("delete", "list"): [(LIST, (*TWICE, "2", "2+"))],
    ("delete", "delete"): [(WRITE, TWICE), (ENDS, ("1",))],
    ("delete", "get"): [(REQUEST, LOOKS)],
    ("read", "list"): [(LIST, TWICE)],
    ("read", "list+get"): [(REQUEST, TWICE)],
    ("read", "server"): [([*ENDS, "deleted", "removed"], ("1",))],
    ("import", "list"): [(LIST, TWICE)],
    ("import", "list+get"): [(REQUEST, TWICE)],
    ("import", "server"): [([*ENDS, "deleted", "removed"], ("1",))],
}


@pytest.mark.parametrize("cell", PLAYED, ids=lambda cell: cell.name)
def test_a_verb_under_a_fault_ends_as_the_table_says_and_recovers(cell: Cell, transport: InProcess) -> None:
    play(cell, transport)


def test_each_call_of_an_integration_meets_each_fault() -> None:
    expected = {
        (verb, call, fault, which)
        for (verb, call), kinds in CALLS.items()
        for faults, choices in kinds
        for fault in faults
        for which in choices
    }
    row = BY_RESOURCE["immuta_snowflake_integration"]
    made = {(cell.verb, cell.call, cell.fault, cell.which) for cell in cells() if cell.row is row}
    assert sorted(expected - made) == []


def test_each_fault_befalls_a_type() -> None:
    assert {cell.fault for cell in CHOSEN} >= {*ACTIONS, "refused"}


def test_the_chosen_cells_have_each_fault_for_each_verb_of_each_life() -> None:
    every = {(life(cell.row), cell.verb, cell.fault, cell.error) for cell in cells()}
    assert {(life(cell.row), cell.verb, cell.fault, cell.error) for cell in CHOSEN} == every


def test_the_chosen_cells_have_each_lost_answer_for_each_type() -> None:
    lost = [cell for cell in CHOSEN if cell.verb == "create" and cell.writes and cell.fault in LOST]
    assert {(cell.row.resource, cell.fault) for cell in lost} == {
        (row.resource, fault) for row in ROWS for fault in LOST
    }
