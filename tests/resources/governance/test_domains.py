"""A domain, whose id the provider chooses, so that its create may be repeated."""

from __future__ import annotations

from support.worlds import MakeCore


def test_domain_that_somebody_else_made_while_the_request_was_lost_is_not_taken_over(core: MakeCore) -> None:
    world = core("immuta_domain")

    def meanwhile(operation: str) -> None:
        if operation == "record-create" and not world.control.held("domains"):
            world.control.plant("domains", {"name": "Sales", "type": "domain"})

    world.transport.fault("reset-before", operation="record-create")
    world.transport.before = meanwhile
    refused = world.apply({"name": "Sales"})
    assert (refused.errors, world.instance) == (["The domain exists already"], None)
    assert [each["name"] for each in world.control.held("domains")] == ["Sales"]
