"""`rotation_trigger`: a change of it has Immuta regenerate the key, in place, and nothing else does."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.plugin.values import UNKNOWN
from support.core import Core, Refusal
from support.worlds import MakeCore

TRINO = "immuta_trino_integration"


@pytest.fixture
def trino(core: MakeCore) -> Core:
    """A Trino integration that was created with the trigger "a"."""
    world = core(TRINO)
    assert world.apply({"rotation_trigger": "a"}).diagnostics == []
    world.transport.order.clear()
    return world


NAMED = "\n\nThe resource is an immuta_trino_integration, and Immuta's id of it is 1."


def state(**values: Any) -> dict[str, Any]:
    every = {
        "additional_config": None,
        "id": "1",
        "rotation_trigger": None,
        "status": "enabled",
        "timeouts": None,
    }
    return {**every, **values}


def key(world: Core) -> str:
    found: str = world.control.stored_one("integrations", "1")["config"]["apiKey"]
    return found


def stored(world: Core) -> tuple[Any, bool]:
    assert world.instance is not None
    return world.instance.state, world.instance.tainted


def test_a_changed_trigger_regenerates_the_key_in_place(trino: Core) -> None:
    before = key(trino)
    assert trino.apply({"rotation_trigger": "b"}).outcome == ("update", [])
    assert stored(trino) == (state(rotation_trigger="b"), False)
    assert trino.transport.order == ["list", "regenerate"]
    assert key(trino) != before
    assert trino.apply({"rotation_trigger": "b"}).outcome == ("none", [])
    assert trino.transport.order[2:] == ["list"]


@pytest.mark.parametrize(
    ("first", "then"),
    [(None, "a"), ("a", None), ("a", "a")],
    ids=["set for the first time", "taken away", "as it was"],
)
def test_no_other_change_of_the_trigger_sends_a_request(
    core: MakeCore, first: str | None, then: str | None
) -> None:
    world = core(TRINO)
    assert world.apply({"rotation_trigger": first}).diagnostics == []
    assert world.transport.order == ["list", "create", "get", "get"]
    before = key(world)
    applied = world.apply({"rotation_trigger": then}, refresh=False)
    assert (applied.action, applied.diagnostics) == ("none" if first == then else "update", [])
    assert stored(world) == (state(rotation_trigger=then), False)
    assert world.transport.order == ["list", "create", "get", "get"]
    assert key(world) == before


def test_an_imported_integration_keeps_its_key(trino: Core, core: MakeCore) -> None:
    world = core(TRINO, transport=trino.transport)
    before = key(world)
    assert world.import_("1").diagnostics == []
    applied = world.apply({"rotation_trigger": "z"})
    assert (applied.action, applied.diagnostics, key(world)) == ("update", [], before)
    assert stored(world) == (state(rotation_trigger="z"), False)


def test_a_trigger_that_is_known_at_apply_only_is_compared_then(trino: Core) -> None:
    before = key(trino)
    applied = trino.apply({"rotation_trigger": "a"}, at_plan={"rotation_trigger": UNKNOWN})
    assert (applied.diagnostics, key(trino)) == ([], before)
    applied = trino.apply({"rotation_trigger": "b"}, at_plan={"rotation_trigger": UNKNOWN})
    assert (applied.diagnostics, stored(trino)) == ([], (state(rotation_trigger="b"), False))
    assert key(trino) != before


def test_a_replacement_has_a_new_key_anyway(trino: Core) -> None:
    assert trino.apply({"rotation_trigger": "b", "additional_config": '{"cluster": 1}'}).outcome == (
        "replace",
        [],
    )
    assert stored(trino) == (state(id="2", rotation_trigger="b", additional_config='{"cluster": 1}'), False)
    assert "regenerate" not in trino.transport.order


def test_timeouts_change_beside_the_trigger(trino: Core) -> None:
    config = {"rotation_trigger": "b", "timeouts": {"update": "1m"}}
    assert trino.apply(config).outcome == ("update", [])
    timeouts = {"create": None, "update": "1m", "delete": None}
    assert stored(trino) == (state(rotation_trigger="b", timeouts=timeouts), False)
    assert trino.transport.order == ["list", "regenerate"]


def test_an_immuta_without_the_route_is_an_error_and_the_next_apply_tries_again(trino: Core) -> None:
    before = key(trino)
    trino.control.change_settings({"regenerate_route": False})
    for _ in range(2):
        trino.transport.order.clear()
        assert trino.apply({"rotation_trigger": "b"}).texts == [
            (
                "This Immuta cannot regenerate API keys",
                "integration 1 exists, but POST /integrations/1/regenerate was answered with 404: this version of Immuta "
                "does not have that route, and the key has not changed. Update Immuta, or replace the integration to "
                f"get a new key.{NAMED}",
            )
        ]
        assert stored(trino) == (state(rotation_trigger="a"), False)
        assert trino.transport.order == ["list", "regenerate", "get"]
    trino.control.change_settings({"regenerate_route": True})
    assert trino.apply({"rotation_trigger": "b"}).diagnostics == []
    assert stored(trino) == (state(rotation_trigger="b"), False)
    assert key(trino) != before


def test_a_lost_answer_is_an_error_and_the_request_is_not_repeated(trino: Core) -> None:
    before = key(trino)
    trino.transport.fault("reset-after", operation="regenerate")
    assert trino.apply({"rotation_trigger": "b"}).texts == [
        (
            "It is not known whether the API key was regenerated",
            "the answer to the request for a new key of integration 1 was lost, and the request is not sent again "
            "automatically. If Immuta carried it out, the old key no longer works. Compare Immuta's current key with the one "
            "on the cluster, or run this again to get another key. The error was: The connection to Immuta broke: reset."
            f"{NAMED}",
        )
    ]
    assert stored(trino) == (state(rotation_trigger="a"), False)
    assert trino.transport.order == ["list", "regenerate"]
    regenerated = key(trino)
    assert regenerated != before
    assert trino.apply({"rotation_trigger": "b"}).diagnostics == []
    assert stored(trino) == (state(rotation_trigger="b"), False)
    assert key(trino) != regenerated


def test_a_request_that_was_not_sent_is_repeated(trino: Core) -> None:
    trino.transport.refusals.append(Refusal("regenerate", times=2))
    assert trino.apply({"rotation_trigger": "b"}).outcome == ("update", [])
    assert trino.transport.order == ["list", "regenerate", "regenerate", "regenerate"]
    assert stored(trino) == (state(rotation_trigger="b"), False)
