"""Purposes, whose acknowledgement Immuta does not store at first."""

from __future__ import annotations

from typing import Any

import pytest
from support.core import Core
from support.worlds import MakeCore

TEXT = "I agree."
PURPOSE = {
    "name": "Fraud",
    "acknowledgement": TEXT,
    "subpurposes": [{"name": "Fraud.Cards", "acknowledgement": TEXT}],
}
STORED = {"Fraud": TEXT, "Fraud.Cards": TEXT}
READ: dict[str, Any] = {"path": "/governance/purpose/[0-9]+"}
NOT_READ = "The purpose was created, but could not be read back"


@pytest.fixture
def world(core: MakeCore) -> Core:
    return core("immuta_purpose")


def texts(world: Core) -> dict[str, Any]:
    own = [each for each in world.control.stored("purposes") if not each["systemGenerated"]]
    return {each["name"]: each["acknowledgement"] for each in own}


@pytest.mark.parametrize(
    ("match", "call", "warning"),
    [
        ({"method": "POST"}, 2, "The purpose was created, but not all of it was stored"),
        (READ, 1, NOT_READ),
    ],
    ids=["the second request fails", "the read between them fails"],
)
def test_a_text_that_was_not_stored_is_sent_by_the_next_apply(
    world: Core, match: dict[str, Any], call: int, warning: str
) -> None:
    world.transport.fault("forbidden", call=call, **match)
    assert [each.summary for each in world.apply(PURPOSE).diagnostics] == [warning]
    assert texts(world) == dict.fromkeys(STORED)
    assert world.apply(PURPOSE).outcome == ("update", [])
    assert texts(world) == STORED
    world.assert_settled(PURPOSE)


def test_a_text_that_was_stored_all_the_same_is_not_sent_again(world: Core) -> None:
    world.control.change_settings({"forget_at_first": False})
    world.transport.fault("forbidden", **READ)
    assert [each.summary for each in world.apply(PURPOSE).diagnostics] == [NOT_READ]
    assert texts(world) == STORED
    assert world.apply(PURPOSE).outcome == ("none", [])
