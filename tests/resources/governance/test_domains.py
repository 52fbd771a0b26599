"""A domain, whose id the provider chooses, so that its create may be repeated."""

from __future__ import annotations

import pytest
from support.worlds import MakeCore

RECOGNISED = "The domain was recognised after a lost answer"


@pytest.mark.parametrize(
    ("fault", "warnings"),
    [("reset-after", [RECOGNISED]), ("reset-before", [])],
    ids=["the answer", "the request"],
)
def test_a_create_whose_request_or_answer_was_lost_is_repeated(
    core: MakeCore, fault: str, warnings: list[str]
) -> None:
    world = core("immuta_domain")
    world.transport.fault(fault, operation="record-create")
    applied = world.apply({"name": "Sales"})
    assert (applied.errors, applied.warnings) == ([], warnings)
    assert [each["id"] for each in world.control.stored("domains")] == [world.state["id"]]
    assert len(world.transport.requests("record-create")) == 2


def test_domain_that_somebody_else_made_while_the_request_was_lost_is_not_taken_over(core: MakeCore) -> None:
    world = core("immuta_domain")

    def meanwhile(operation: str) -> None:
        if operation == "record-create" and not world.control.stored("domains"):
            world.control.plant("domains", {"name": "Sales", "type": "domain"})

    world.transport.fault("reset-before", operation="record-create")
    world.transport.before = meanwhile
    refused = world.apply({"name": "Sales"})
    assert (refused.errors, world.instance) == (["The domain exists already"], None)
    assert [each["name"] for each in world.control.stored("domains")] == ["Sales"]
