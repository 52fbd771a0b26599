"""Random lives of an object of each type; `support.life_machine` has the events of a life and its invariants, and
`support.integration_life` those of integrations.

The profile says how many lives there are, of all types together: 100 that are always the same (quick), or 2,000 new ones
(soak).
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test
from immuta_provider.model.fields import OBJECTS, Field, ResourceType, Routes
from immuta_provider.model.integrations.type import IntegrationType
from immuta_simulator.control import Control
from immuta_simulator.integrations.validation import check
from support.core import InProcess
from support.integration_life import IntegrationLife
from support.life_machine import LifeMachine, identities
from support.valid_configs import Path, all_fields, at, examples, repaired, request, set_valid
from table import ROWS
from table.row import Row

STEPS = 20


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_life_ends_with_one_object_as_configured_and_an_empty_plan(row: Row) -> None:
    transport = InProcess(Control())
    base: type[RuleBasedStateMachine] = LifeMachine if isinstance(row.type.life, Routes) else IntegrationLife
    machine = type("Life", (base,), {"row": row, "transport": transport})
    soak = settings.get_current_profile_name() == "soak"
    options: dict[str, Any] = {} if soak else {"derandomize": True, "database": None}
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=-(-settings().max_examples // len(ROWS)),
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            **options,
        ),
    )
    transport.close()


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_the_lives_reach_every_field_and_every_choice(row: Row) -> None:
    """A value that the machine sets stays set although rules repair the rest, and Immuta takes the configuration around it."""
    plain = repaired(row.type, identities(row)[0])
    for path, field in every_place(row.type):
        reached = set()
        for value in examples(field):
            config = set_valid(row.type, plain, path, value)
            if isinstance(row.type, IntegrationType):
                check(request(row.type, config), reject_unknown=True)
            reached.add(repr(at(config, path)))
        wanted = [v for v in (field.choices.values if field.choices else examples(field)) if v != ""]
        assert field.fields or reached >= {repr(v) for v in wanted}, path


def every_place(type: ResourceType) -> list[tuple[Path, Field]]:
    """Each field with its path, in which an object in a list is the first one. The natural key of a record comes from the
    table, and a text that begins with another one is made anew."""
    lists = {names for names, field in all_fields(type) if field.kind == OBJECTS}
    found = []
    for names, field in all_fields(type):
        if field.extends or (field.replace and isinstance(type.life, Routes)):
            continue
        path: Path = ()
        for i, name in enumerate(names):
            path = (*path, name, 0) if names[: i + 1] in lists and i < len(names) - 1 else (*path, name)
        found.append((path, field))
    return found
