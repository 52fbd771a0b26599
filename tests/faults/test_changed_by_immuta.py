"""Immuta accepts a write and has another value afterwards: a warning names it, and the next plan shows it."""

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
def test_a_write_that_immuta_shows_with_another_value_is_reported_and_planned_again(
    transport: InProcess, verb: str
) -> None:
    world = Core("immuta_snowflake_integration", transport=transport, environment={**ENVIRONMENT, **TEARDOWN})
    request: dict[str, Any] = WRITTEN
    if verb == "update":
        assert world.apply(attributes(WRITTEN)).diagnostics == []
        request = UPDATED
    transport.fault(PATCH, operation="get", times=None)
    applied = world.apply(attributes(request))
    sent = request["config"]["warehouse"]
    assert (applied.action, applied.errors) == (verb, [])
    assert applied.texts == [
        (
            "Immuta changed what was written to the Snowflake integration",
            f"warehouse: sent {sent!r}, Immuta reports 'THEIR_WH'\n"
            "The state keeps the sent values, and the next plan shows the difference.",
        )
    ]
    assert world.state["warehouse"] == sent
    transport.control.clear_faults()
    transport.control.alter("integrations", "1", {"config": {"warehouse": "THEIR_WH"}})
    assert world.apply(attributes(request)).outcome == ("update", [])
    assert transport.control.stored_one("integrations", "1")["config"]["warehouse"] == sent
    assert world.apply(attributes(request)).action == "none"
