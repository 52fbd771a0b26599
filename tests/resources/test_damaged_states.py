"""States and private states that somebody edited: an error that says so, or a plan, and never a mistake of the provider."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from immuta_provider.resources.secrets.private_state import PrivateState
from support.core import Applied, Core, Diagnostic, InProcess, Instance
from support.damage import JSON, places, put
from table import examples, prepare
from table.row import Example

ENVIRONMENT = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests", "IMMUTA_MAX_RETRIES": "0"}
EXAMPLES = examples()
SNOWFLAKE = next(example for example in EXAMPLES if example.name == "snowflake")
DAMAGED = "The stored state is damaged"


def world(transport: InProcess, example: Example) -> Core:
    """An object that is as configured."""
    transport.reset()
    prepare(transport.control, [example.row])
    world = Core(example.resource, transport=transport, environment=ENVIRONMENT)
    assert world.apply(example.config).diagnostics == []
    return world


def summaries(world: Core, example: Example) -> list[str]:
    """The problems of an apply and of a destroy, with and without a refresh. Terraform has each stored state upgraded first."""
    assert world.instance is not None
    diagnostics: list[Diagnostic] = []
    state, private = world.start().upgrade(world.state, diagnostics), world.instance.private
    if state is not None and not diagnostics:
        for config in (example.config, None):
            for refresh in (True, False):
                world.instance = Instance(state, private)
                diagnostics += world.apply(config, refresh=refresh).diagnostics
    return [d.summary for d in diagnostics]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(EXAMPLES), st.integers(0, 1000), JSON)
def test_any_json_anywhere_in_a_state_is_read_or_reported(
    transport: InProcess, example: Example, place: int, value: Any
) -> None:
    damaged = world(transport, example)
    assert damaged.instance is not None
    paths = [path for path in places(damaged.state) if path]
    damaged.instance.state = put(damaged.state, paths[place % len(paths)], value)
    assert not [summary for summary in summaries(damaged, example) if "provider failed" in summary]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(EXAMPLES), st.integers(0, 1000), JSON)
def test_any_json_anywhere_in_a_private_state_plans_one_update_at_most(
    transport: InProcess, example: Example, place: int, value: Any
) -> None:
    damaged = world(transport, example)
    assert damaged.instance is not None
    remembered = PrivateState.decode(damaged.instance.private)
    # As version 0.1.0 wrote it.
    whole = {"configured": sorted(map(list, remembered.configured), key=repr), "secrets": remembered.secrets}
    paths = list(places(whole))
    damaged.instance.private = json.dumps(put(whole, paths[place % len(paths)], value)).encode()
    applied = damaged.apply(example.config)
    assert (applied.errors, applied.action in ("none", "update")) == ([], True)
    assert bool(applied.announced) == (applied.action == "update")
    again = damaged.apply(example.config)
    assert (again.outcome, again.announced) == (("none", []), [])


@pytest.mark.parametrize(
    ("change", "attribute"),
    [
        ({"port": "abc"}, "port"),
        ({"port": True}, "port"),
        ({"status": [1]}, "status"),
        ({"timeouts": "x"}, "timeouts"),
        ({"audit": [1]}, "audit"),
        ({"additional_config": {"a": 1}}, "additional_config"),
        ({"credentials_revision": "x"}, "credentials_revision"),
        ({"auto_bootstrap": "yes", "warehouse": "\ud800"}, "auto_bootstrap, warehouse"),
    ],
)
def test_a_value_of_another_type_is_named(
    transport: InProcess, change: dict[str, Any], attribute: str
) -> None:
    damaged = world(transport, SNOWFLAKE)
    damaged.state.update(change)
    applied = Applied()
    damaged.plan(SNOWFLAKE.config, applied)
    [(summary, detail)] = applied.texts
    assert summary == DAMAGED
    assert detail.startswith(
        f"the state of immuta_snowflake_integration has a value that is not of the schema's type in {attribute}. "
    )


@pytest.mark.parametrize("id", [None, ""])
def test_a_state_without_an_id_is_reported(transport: InProcess, id: str | None) -> None:
    damaged = world(transport, SNOWFLAKE)
    damaged.state["id"] = id
    assert damaged.apply(SNOWFLAKE.config).errors == [DAMAGED]


@pytest.mark.parametrize("revision", [None, 1.5, 10**30, "1e400"])
def test_an_odd_revision_is_incremented_or_starts_again(transport: InProcess, revision: Any) -> None:
    damaged = world(transport, SNOWFLAKE)
    damaged.state["credentials_revision"] = revision
    applied = damaged.apply({**SNOWFLAKE.config, "password": "changed-password"})
    assert (applied.action, applied.errors) == ("update", [])
    expected = revision + 1 if isinstance(revision, int) else 1
    assert damaged.state["credentials_revision"] == (2 if revision is None else expected)
