"""Every cell of the table of faults through the provider's handlers, on a clock of the tests' own; and that none is left out."""

from __future__ import annotations

import pytest
from support.core import InProcess
from support.fault_cells import play
from support.fault_table import Cell, cells

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

# What can go wrong with each call, and which calls of its kind it befalls.
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


@pytest.mark.parametrize("cell", cells(), ids=lambda cell: cell.name)
def test_a_cell(cell: Cell, transport: InProcess) -> None:
    play(cell, transport)


def test_no_fault_of_no_call_is_left_out() -> None:
    wanted = {
        (verb, call, fault, which)
        for (verb, call), kinds in CALLS.items()
        for faults, choices in kinds
        for fault in faults
        for which in choices
    }
    made = {(cell.verb, cell.call, cell.fault, cell.which) for cell in cells() if cell.type == "snowflake"}
    assert sorted(wanted - made) == []
