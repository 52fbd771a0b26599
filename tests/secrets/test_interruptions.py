"""An interrupted run computes no further hash: cdktf leaves some 45 ms for the answer, and one scrypt hash takes as long."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from support.core import Applied
from support.interrupted import Interrupted
from table import numbered
from table.integrations import BASES, TEARDOWN, attributes

CONFIG = attributes(numbered(BASES["snowflake"], 1))
ROTATED = {**CONFIG, "password": "another-password", "connect_args": "a=b"}


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


def adopt(world: Interrupted) -> Applied:
    world.control.add_fault({"match": {"operation": "create"}, "action": "reset-after"})
    return world.apply(CONFIG)


def take_over(world: Interrupted) -> Applied:
    world.instance = None
    imported = world.import_("1")
    return imported if imported.errors else world.apply(CONFIG)


ACTS: dict[str, Callable[[Interrupted], Applied]] = {
    "create": lambda world: world.apply(CONFIG),
    "adopt": adopt,
    "update": lambda world: world.apply(ROTATED),
    "destroy": lambda world: world.apply(None),
    "replace": lambda world: world.apply({**ROTATED, "database": "OTHER"}),
    "import": take_over,
}


@pytest.mark.parametrize("answered", [False, True])
@pytest.mark.parametrize("at", range(1, 7))
@pytest.mark.parametrize("act", ACTS)
def test_no_hash_is_computed_after_an_interruption(
    world: Interrupted, late: list[str], act: str, at: int, answered: bool
) -> None:
    if act not in ("create", "adopt"):
        assert world.apply(CONFIG).errors == []
    world.arm(at, answered=answered)
    applied = ACTS[act](world)
    assert late == []
    if act == "import":
        return
    # A search that is cut short reports it. The next refresh notices what is gone.
    stored = {each["id"] for each in world.control.held("integrations")}
    known = {world.instance.state["id"]} if world.instance is not None else set()
    assert stored <= known or "It is unknown whether the integration was created" in applied.errors
