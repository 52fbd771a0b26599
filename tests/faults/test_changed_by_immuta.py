"""Immuta takes a write and holds something else afterwards: a warning that says what, and a plan that shows it."""

from __future__ import annotations

from typing import Any

import pytest
from support.core import Core, InProcess
from support.faults.life import ENVIRONMENT
from table import changed, numbered
from table.integrations import BASES, TEARDOWN, attributes

WRITTEN: dict[str, Any] = numbered(BASES["snowflake"], 1)
UPDATED = changed(WRITTEN, {"config.warehouse": "OTHER_WH"})
PATCH = {"kind": "patch", "patch": {"config": {"warehouse": "THEIR_WH"}}}


@pytest.mark.parametrize("verb", ["create", "update"])
def test_a_write_that_reads_otherwise_is_reported_and_planned_again(transport: InProcess, verb: str) -> None:
    world = Core("immuta_snowflake_integration", transport=transport, environment={**ENVIRONMENT, **TEARDOWN})
    wanted: dict[str, Any] = WRITTEN
    if verb == "update":
        assert world.apply(attributes(WRITTEN)).diagnostics == []
        wanted = UPDATED
    transport.control.add_fault({"match": {"operation": "get"}, "action": PATCH, "times": None})
    applied = world.apply(attributes(wanted))
    sent = wanted["config"]["warehouse"]
    assert applied.action == verb
    assert [tuple(told) for told in applied.diagnostics] == [
        (
            "warning",
            "Immuta changed what was written to the Snowflake integration",
            f"warehouse: sent {sent!r}, Immuta reports 'THEIR_WH'\n"
            "The state keeps the sent values, and the next plan shows the difference.",
            (),
        )
    ]
    assert world.instance is not None
    assert world.instance.state["warehouse"] == sent
    transport.control.clear_faults()
    transport.control.alter("integrations", "1", {"config": {"warehouse": "THEIR_WH"}})
    again = world.apply(attributes(wanted))
    assert (again.action, again.diagnostics) == ("update", [])
    assert transport.control.stored_one("integrations", "1")["config"]["warehouse"] == sent
    assert world.apply(attributes(wanted)).action == "none"
