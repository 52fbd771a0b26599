"""No slow work is left once a run was interrupted: cdktf gives the answer some 45 ms, and one scrypt hash takes as long."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.core import Applied
from support.interrupted import Interrupted
from table import numbered
from table.integrations import BASES, attributes

CONFIG = attributes(numbered(BASES["snowflake"], 1))
ROTATED = {**CONFIG, "password": "another-password", "connect_args": "a=b"}
TEARDOWN = {
    "IMMUTA_TEARDOWN_SNOWFLAKE_USERNAME": "admin",
    "IMMUTA_TEARDOWN_SNOWFLAKE_PASSWORD": "teardown-password",
    "IMMUTA_TEARDOWN_SNOWFLAKE_ROLE": "ACCOUNTADMIN",
}


@pytest.fixture
def world() -> Iterator[Interrupted]:
    made = Interrupted("immuta_snowflake_integration", environment=TEARDOWN)
    made.control.change_settings({"polls": 3})
    yield made
    made.close()


@pytest.fixture
def late(monkeypatch: pytest.MonkeyPatch, world: Interrupted) -> list[str]:
    """Gets an entry for each hash that is computed by a stopped provider."""
    found: list[str] = []
    scrypt = hashlib.scrypt

    def counted(*arguments: Any, **options: Any) -> bytes:
        if world.stopped:
            found.append("scrypt")
        return scrypt(*arguments, **options)

    monkeypatch.setattr("hashlib.scrypt", counted)
    return found


def create(world: Interrupted) -> Applied:
    return world.apply(CONFIG)


def adopt(world: Interrupted) -> Applied:
    world.control.add_fault({"match": {"operation": "create"}, "action": "reset-after"})
    return world.apply(CONFIG)


def update(world: Interrupted) -> Applied:
    return world.apply(ROTATED)


def destroy(world: Interrupted) -> Applied:
    return world.apply(None)


def replace(world: Interrupted) -> Applied:
    return world.apply({**ROTATED, "database": "OTHER"})


def take_over(world: Interrupted) -> Applied:
    world.instance = None
    imported = world.import_("1")
    return imported if imported.errors else world.apply(CONFIG)


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("at", range(1, 7))
@pytest.mark.parametrize("act", [create, adopt, update, destroy, replace, take_over])
def test_no_hash_is_made_after_the_interruption(
    world: Interrupted, late: list[str], act: Callable[[Interrupted], Applied], at: int, answered: bool
) -> None:
    if act not in (create, adopt):
        assert world.apply(CONFIG).errors == []
    world.arm(at, answered=answered)
    applied = act(world)
    assert late == []
    if act is take_over:
        return
    # The next refresh finds out what is gone. A search that is cut short says what it does not know.
    held = {each["id"] for each in world.control.stored("integrations")}
    known = {world.instance.state["id"]} if world.instance is not None else set()
    assert held <= known or "It is unknown whether the integration was created" in applied.errors
