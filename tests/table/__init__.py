"""The test table: one row a resource type. Life, import, payload, rules, synthesis and rotation are parametrized from it.

`ROWS` has the rows of every family. A test of one family alone takes that family's module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from table import governance, integrations, metadata, people
from table.row import Case, Change, Example, Refusal, Request, Row, Scenario, changed, numbered

ROWS: tuple[Row, ...] = (*integrations.ROWS, *governance.ROWS, *people.ROWS, *metadata.ROWS)
BY_RESOURCE = {row.resource: row for row in ROWS}


def prepare(control: Any, rows: Iterable[Row] = ROWS) -> None:
    """Stores the objects that those of the rows need in the simulator's `Control`."""
    for planted in {id(row.planted): row.planted for row in rows}.values():
        for collection, objects in planted.items():
            for each in objects:
                control.plant(collection, each)


def cases(rows: Iterable[Row] = ROWS) -> Iterator[tuple[str, Row, Case]]:
    """Every case with its name: the small ones of all rows, and then the full ones."""
    rows = tuple(rows)
    for row in rows:
        for name, case in row.base.items():
            yield name, row, case
    for row in rows:
        for name, case in row.full.items():
            yield name, row, case


def examples(rows: Iterable[Row] = ROWS) -> list[Example]:
    """Every case as a valid configuration, each an object of its own."""
    return [
        Example(name, row, numbered(case.request, n)) for n, (name, row, case) in enumerate(cases(rows), 1)
    ]


def refusals(rows: Iterable[Row] = ROWS) -> list[Refusal]:
    """Every wrong configuration."""
    return [Refusal(row, bad) for row in rows for bad in row.bad]


def scenarios(rows: Iterable[Row] = ROWS) -> list[Scenario]:
    """Every change of every case except those in `alone`."""
    return _scenarios(
        rows,
        lambda case: (
            *((change, "update") for change in case.updates),
            *((change, "replace") for change in case.replaces),
            *((change, "none") for change in case.unchanged),
        ),
    )


def scenarios_alone(rows: Iterable[Row] = ROWS) -> list[Scenario]:
    """The changes of fields that stand beside others in an object."""
    return _scenarios(rows, lambda case: ((change, "update") for change in case.alone))


def _scenarios(
    rows: Iterable[Row], changes: Callable[[Case], Iterable[tuple[Change, str]]]
) -> list[Scenario]:
    found: list[Scenario] = []
    for _, row, case in cases(rows):
        for change, action in changes(case):
            number = len(found)
            before: Request = numbered(case.request, number)
            after = changed(before, numbered(change, number))
            found.append(Scenario(f"r{number}", row, before, after, action))
    return found


__all__ = [
    "BY_RESOURCE",
    "ROWS",
    "cases",
    "changed",
    "examples",
    "numbered",
    "prepare",
    "refusals",
    "scenarios",
    "scenarios_alone",
]
