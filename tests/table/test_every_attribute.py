"""The table of changes is complete: it has every attribute of the model without nested attributes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from immuta_provider.model.derived import derived_fields
from immuta_provider.model.fields import ResourceType

from table import ROWS, examples, scenarios, scenarios_alone
from table.row import Row, Scenario


def leaves(type: ResourceType) -> list[str]:
    return [
        *(field.name for field in derived_fields(type) if not field.state_only),
        *(
            ".".join(path)
            for path, field in type.walk()
            if not (field.fields or field.state_only or field.read_only)
        ),
    ]


def leaf(type: ResourceType, path: str) -> str:
    """The attribute that a value belongs to: that of a map is the whole."""
    return next((each for each in leaves(type) if path.startswith(f"{each}.")), path)


def values(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The values, each with its path. The elements of a list of objects have the same paths."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from values(inner, (*path, name))
    elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        for inner in value:
            yield from values(inner, path)
    else:
        yield ".".join(path), value


def changed_attributes(scenario: Scenario) -> set[str]:
    sides: tuple[dict[str, list[Any]], dict[str, list[Any]]] = ({}, {})
    for side, request in zip(sides, (scenario.before, scenario.after), strict=True):
        for path, value in values(scenario.row.attributes(request)):
            side.setdefault(path, []).append(value)
    return {
        leaf(scenario.row.type, path)
        for path in sides[0] | sides[1]
        if sides[0].get(path) != sides[1].get(path)
    }


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_attribute_changes_alone_in_a_scenario(row: Row) -> None:
    changes = [changed_attributes(each) for each in (*scenarios([row]), *scenarios_alone([row]))]
    alone = {path for change in changes if len(change) == 1 for path in change}
    unchanged = [path for path in leaves(row.type) if path not in alone]
    assert unchanged == [*row.only_one_value, *row.not_alone]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_attribute_is_set_at_a_creation(row: Row) -> None:
    created = {leaf(row.type, path) for each in examples([row]) for path, _ in values(each.config)}
    unset = [path for path in leaves(row.type) if path not in created]
    assert unset == list(row.only_one_value)
