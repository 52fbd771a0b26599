"""Purposes, whose acknowledgement Immuta does not store at first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from support.core import Core

TEXT = "I agree."
PURPOSE = {
    "name": "Fraud",
    "acknowledgement": TEXT,
    "subpurposes": [{"name": "Fraud.Cards", "acknowledgement": TEXT}],
}


@pytest.fixture
def world(core: Callable[..., Core]) -> Core:
    return core("immuta_purpose")


def texts(world: Core) -> dict[str, Any]:
    mine = [each for each in world.control.stored("purposes") if not each["systemGenerated"]]
    return {each["name"]: each["acknowledgement"] for each in mine}


@pytest.mark.parametrize(
    ("fault", "warning"),
    [
        (
            {"match": {"method": "POST"}, "action": "forbidden", "call": 2},
            "The purpose was created, but not all of it was stored",
        ),
        (
            {"match": {"path": "/governance/purpose/[0-9]+"}, "action": "forbidden"},
            "The purpose was created, but could not be read back",
        ),
    ],
    ids=["the second request fails", "the read between them fails"],
)
def test_a_text_that_was_not_stored_is_sent_by_the_next_apply(
    world: Core, fault: dict[str, Any], warning: str
) -> None:
    world.control.add_fault(fault)
    assert [each.summary for each in world.apply(PURPOSE).diagnostics] == [warning]
    assert texts(world) == {"Fraud": None, "Fraud.Cards": None}

    applied = world.apply(PURPOSE)
    assert (applied.action, applied.diagnostics) == ("update", [])
    assert texts(world) == {"Fraud": TEXT, "Fraud.Cards": TEXT}
    for refresh in (True, False):
        again = world.apply(PURPOSE, refresh=refresh)
        assert (again.action, again.diagnostics) == ("none", [])


def test_a_text_that_was_stored_all_the_same_is_not_sent_again(world: Core) -> None:
    world.control.change_settings({"forget_at_first": False})
    world.control.add_fault({"match": {"path": "/governance/purpose/[0-9]+"}, "action": "forbidden"})
    assert [each.summary for each in world.apply(PURPOSE).diagnostics] == [
        "The purpose was created, but could not be read back"
    ]
    assert texts(world) == {"Fraud": TEXT, "Fraud.Cards": TEXT}
    applied = world.apply(PURPOSE)
    assert (applied.action, applied.diagnostics) == ("none", [])
