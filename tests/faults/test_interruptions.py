"""A command that was interrupted at any request says to run it again, and a second run completes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from support.core import Applied, InProcess
from support.interrupted import Interrupted
from table import BY_RESOURCE, numbered
from table.integrations import BASES, TEARDOWN, attributes

KEY = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}
LAST_REQUEST = 6
AGAIN = ("Run the same command again", "pply again", "un it again", "Run the command again")
SNOWFLAKE = {**attributes(numbered(BASES["snowflake"], 1)), "auto_bootstrap": False}


class Life(NamedTuple):
    """Two configurations of one object."""

    first: dict[str, Any]
    second: dict[str, Any]


LIVES = {
    "immuta_snowflake_integration": Life(SNOWFLAKE, {**SNOWFLAKE, "warehouse": "OTHER"}),
    "immuta_tag": Life({"name": "Acme"}, {"name": "Other"}),
    "immuta_purpose": Life({"name": "Fraud"}, {"name": "Fraud", "description": "Finding it"}),
}
Act = Callable[[Interrupted, Life], Applied]


def create(world: Interrupted, life: Life) -> Applied:
    return world.apply(life.first)


def change(world: Interrupted, life: Life) -> Applied:
    return world.apply(life.second)


def destroy(world: Interrupted, life: Life) -> Applied:
    return world.apply(None)


def refresh(world: Interrupted, life: Life) -> Applied:
    return world.refresh()


@pytest.mark.parametrize("answered", [False, True], ids=["before the answer", "after the answer"])
@pytest.mark.parametrize("at", range(1, LAST_REQUEST + 1))
@pytest.mark.parametrize("act", [create, change, destroy, refresh])
@pytest.mark.parametrize("resource", LIVES)
def test_an_interrupted_command_is_run_again(
    transport: InProcess, resource: str, act: Act, at: int, answered: bool
) -> None:
    life = LIVES[resource]
    world = Interrupted(resource, transport=transport, environment={**TEARDOWN, **KEY})
    world.control.settings.polls = 2
    if act is not create:
        assert world.apply(life.first).errors == []
    world.arm(at, answered=answered)
    ended = act(world, life)
    transport.before = transport.after = None
    for each in ended.diagnostics:
        assert any(words in each.detail for words in AGAIN), each
    assert act(world, life).errors == []
    assert act(world, life).outcome == ("none", [])
    state = [] if world.instance is None else [world.instance.state["id"]]
    assert [*BY_RESOURCE[resource].stored(world.control)] == state
