"""Each row of the table through the provider's own handlers: created, changed, changed back, destroyed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from support.core import Applied, Core, Diagnostic
from table import cases, changed, numbered, prepare, scenarios, scenarios_alone
from table.integrations import BASES, FULL, TEARDOWN, attributes
from table.row import Case, Row, Scenario, visible

CASES = list(cases())
ENVIRONMENT = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}
WITH_TEARDOWN = {**ENVIRONMENT, **TEARDOWN}


@pytest.mark.parametrize("scenario", [*scenarios(), *scenarios_alone()], ids=str)
def test_a_change_there_and_back(core: Callable[..., Core], scenario: Scenario) -> None:
    row = scenario.row
    world = core(row.resource, environment={**ENVIRONMENT, **row.environment})
    prepare(world.control, [row])
    for request, action in (
        (scenario.before, "create"),
        (scenario.after, scenario.action),
        (scenario.before, scenario.action),
    ):
        config = row.attributes(request)
        applied = world.apply(config)
        sent = scenario.before if scenario.action == "none" else request
        empty = [f"{name} is empty" for name, value in config.items() if value == {}]
        gap = [f"The {row.type.noun} will be replaced"] if row.type.replacing and action == "replace" else []
        assert (applied.action, [each.summary for each in applied.diagnostics]) == (action, [*empty, *gap])
        assert list(row.stored(world.control).values()) == [sent]
        for refresh in (True, False):
            again = world.apply(config, refresh=refresh)
            assert (again.action, [each.summary for each in again.diagnostics]) == ("none", empty)
    destroyed = world.apply(None)
    assert (destroyed.action, destroyed.diagnostics, world.instance) == ("delete", [], None)
    assert row.stored(world.control) == {}


def drifts(scenario: Scenario) -> bool:
    """A configured value that Immuta shows is another one afterwards: one that is removed or added may be a default."""
    row = scenario.row
    if row.alter is None or (scenario.action == "replace" and row.named_by_id):
        return False
    return scenario.action != "none" and differ(*map(visible, (scenario.before, scenario.after)))


def differ(before: Any, after: Any) -> bool:
    if isinstance(before, dict) and isinstance(after, dict):
        return any(differ(before[key], after[key]) for key in before.keys() & after.keys())
    return bool(in_any_order(before) != in_any_order(after))


def in_any_order(value: Any) -> Any:
    """Immuta's lists are sets: their order in an answer means nothing."""
    if isinstance(value, dict):
        return {key: in_any_order(inner) for key, inner in value.items()}
    return sorted(map(in_any_order, value), key=repr) if isinstance(value, list) else value


@pytest.mark.parametrize(
    "scenario", [each for each in (*scenarios(), *scenarios_alone()) if drifts(each)], ids=str
)
def test_a_change_by_somebody_else_is_undone(core: Callable[..., Core], scenario: Scenario) -> None:
    row = scenario.row
    world = core(row.resource, environment={**ENVIRONMENT, **row.environment})
    prepare(world.control, [row])
    config = row.attributes(scenario.before)
    assert world.apply(config).diagnostics == []
    assert world.instance is not None
    assert row.alter is not None
    row.alter(world.control, world.instance.state["id"], scenario.after)
    applied = world.apply(config)
    assert (applied.action, applied.errors) == (scenario.action, [])
    assert list(row.stored(world.control).values()) == [scenario.before]
    assert world.apply(config).action == "none"


@pytest.mark.parametrize("secrets", ["mask", "omit"])
@pytest.mark.parametrize(("row", "case"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_import_reads_all_that_immuta_shows(
    core: Callable[..., Core], row: Row, case: Case, secrets: str
) -> None:
    request = numbered(case.request, 1)
    environment = {**ENVIRONMENT, **row.environment}
    others = core(row.resource, environment=environment)
    prepare(others.control, [row])
    others.control.change_settings({"secrets": secrets})
    assert others.apply(row.attributes(request)).diagnostics == []
    assert others.instance is not None
    id = others.instance.state["id"]
    world = core(row.resource, environment=environment, control=others.control)
    assert world.import_(id).diagnostics == []
    assert world.instance is not None
    assert world.instance.state == world.full(row.imported(request, id))
    applied = world.apply(row.attributes(request))
    assert (applied.action, applied.diagnostics) == (case.after_import, [])
    assert row.stored(world.control) == {id: request}
    for refresh in (True, False):
        again = world.apply(row.attributes(request), refresh=refresh)
        assert (again.action, again.diagnostics) == ("none", [])


def test_update_of_a_type_without_put_only_changes_the_state(
    core: Callable[..., Core],
) -> None:
    """Whenever it is configured; what Immuta has not, or does not show, replaces it."""
    request = {"type": "Trino", "config": {"a": {"b": [1, 2], "c": 3}, "d": "x", "e": "********"}}
    world = core("immuta_trino_integration", environment=WITH_TEARDOWN)
    world.control.plant("integrations", request, "1")
    assert world.import_("1").diagnostics == []
    assert world.apply({}).action == "none"
    for held in ({"a": {"b": ["2", 1]}}, {"a": {"c": 3}, "d": "x"}):
        applied = world.apply({"additional_config": json.dumps(held)})
        assert (applied.action, applied.diagnostics) == ("update", [])
        assert world.apply({"additional_config": json.dumps(held)}).action == "none"
        assert world.control.requests()["counts"].keys() <= {"list", "get"}
        world.instance = None
        assert world.import_("1").diagnostics == []
    for other in ({"d": "y"}, {"d": "x", "f": 1}, {"e": "secret"}, {"a": {"b": [1]}}, {"g": {"h": 1}}):
        planned = Applied()
        world.plan({"additional_config": json.dumps(other)}, planned)
        assert (planned.action, planned.diagnostics) == ("replace", [])
    world.control.add_fault({"match": {"operation": "list"}, "action": "forbidden", "times": None})
    failed = Applied()
    world.plan({"additional_config": '{"d": "x"}'}, failed, refresh=False)
    assert (failed.action, failed.errors) == ("none", ["Immuta denied the permission"])


CONNECTIONS = "additional_workspace_connections"


def test_ignored_workspaces_keep_their_own_secrets(core: Callable[..., Core]) -> None:
    """Under `ignore_changes`, the configuration's rows are others than the planned ones, and stand elsewhere."""
    request = numbered(FULL["databricks in full"], 1)
    world = core("immuta_databricks_integration", environment=WITH_TEARDOWN)
    config = attributes(request)
    assert world.apply(config).diagnostics == []
    first, second, third = config[CONNECTIONS]

    moved = {**config, "http_path": "/sql/9", CONNECTIONS: [third, second, {**first, "http_path": "/x"}]}
    applied = world.apply(moved, ignored=[CONNECTIONS])
    assert (applied.action, applied.diagnostics) == ("update", [])
    sent = {**request, "config": {**request["config"], "httpPath": "/sql/9"}}
    assert [i["sent"] for i in world.control.stored("integrations")] == [sent]

    gone = {**config, "http_path": "/sql/10", CONNECTIONS: [third, second]}
    world.control.clear_requests()
    refused = world.apply(gone, ignored=[CONNECTIONS])
    assert [tuple(d) for d in refused.diagnostics] == [
        (
            "error",
            "Kept secrets are unknown",
            "additional_workspace_connections[0] is kept by `ignore_changes` but is no longer configured, so its secrets are "
            "unknown. An update would erase them in Immuta, so nothing was sent. Either configure "
            "additional_workspace_connections[0] again, or remove additional_workspace_connections from `ignore_changes`.",
            (),
        )
    ]
    assert world.control.requests("update")["requests"] == []
    assert [i["sent"] for i in world.control.stored("integrations")] == [sent]


@pytest.mark.parametrize("ignored", [["audit"], []], ids=["ignored", "not ignored"])
def test_of_what_immuta_filled_only_what_is_ignored_is_sent(
    core: Callable[..., Core], ignored: list[str]
) -> None:
    """Under `ignore_changes` the value at Immuta is what is configured, whoever set it."""
    request = numbered(BASES["snowflake"], 1)
    world = core("immuta_snowflake_integration", environment=WITH_TEARDOWN)
    assert world.apply(attributes(request)).diagnostics == []
    world.control.alter("integrations", "1", {"config": {"audit": {"enabled": True}}})
    applied = world.apply({**attributes(request), "warehouse": "OTHER"}, ignored=ignored)
    assert (applied.action, applied.diagnostics) == ("update", [])
    change = {"config.warehouse": "OTHER", **({"config.audit": {"enabled": True}} if ignored else {})}
    assert [i["sent"] for i in world.control.stored("integrations")] == [changed(request, change)]
    for refresh in (True, False):
        again = world.apply({**attributes(request), "warehouse": "OTHER"}, refresh=refresh, ignored=ignored)
        assert (again.action, again.diagnostics) == ("none", [])


def test_workspaces_that_immuta_lists_in_another_order_are_the_same(core: Callable[..., Core]) -> None:
    request = numbered(FULL["databricks in full"], 1)
    world = core("immuta_databricks_integration", environment=WITH_TEARDOWN)
    assert world.apply(attributes(request)).diagnostics == []
    held = world.control.stored_one("integrations", "1")["config"]
    key = "additionalWorkspaceConnections"
    world.control.alter("integrations", "1", {"config": {**held, key: held[key][::-1]}})
    again = world.apply(attributes(request))
    assert (again.action, again.diagnostics) == ("none", [])


def test_a_key_that_immuta_fills_is_missed_inside_a_row_too(core: Callable[..., Core]) -> None:
    request = numbered(FULL["databricks in full"], 1)
    world = core("immuta_databricks_integration", environment=WITH_TEARDOWN)
    config = attributes(request)
    first, second, third = config[CONNECTIONS]
    oauth = {k: v for k, v in second["oauth_client_config"].items() if k != "scope"}
    assert world.apply(config).diagnostics == []
    applied = world.apply({**config, CONNECTIONS: [first, {**second, "oauth_client_config": oauth}, third]})
    assert (applied.action, applied.diagnostics) == ("update", [])
    change = {"config.additionalWorkspaceConnections.1.oAuthClientConfig.scope": None}
    assert [i["sent"] for i in world.control.stored("integrations")] == [changed(request, change)]


def test_an_update_sends_what_cannot_change_in_the_spelling_that_immuta_has(
    core: Callable[..., Core],
) -> None:
    request = numbered(BASES["snowflake"], 1)
    world = core("immuta_snowflake_integration", environment=WITH_TEARDOWN)
    assert world.apply(attributes(request)).diagnostics == []
    config = {**attributes(request), "host": request["config"]["host"].upper()}
    assert world.apply(config).action == "none"
    applied = world.apply({**config, "warehouse": "OTHER_WH"})
    assert (applied.action, applied.diagnostics) == ("update", [])
    sent = {**request, "config": {**request["config"], "warehouse": "OTHER_WH"}}
    assert [i["sent"] for i in world.control.stored("integrations")] == [sent]


def page_after_work(status: int) -> dict[str, Any]:
    page = {"content_type": "text/html", "body": "<html></html>"}
    return {"kind": "respond", "status": status, "after_work": True, **page}


@pytest.mark.parametrize(
    ("action", "summary"),
    [
        ("malformed", "Immuta's answer cannot be understood"),
        (page_after_work(403), "Immuta denied the permission"),
        (page_after_work(404), "Immuta's API was not found"),
    ],
    ids=["malformed", "403 page", "404 page"],
)
def test_secrets_are_sent_again_after_an_update_without_an_answer(
    core: Callable[..., Core], action: Any, summary: str
) -> None:
    """Back to the old secret after a lost answer: the fingerprint fits, and Immuta has the new one."""
    request = numbered(BASES["snowflake"], 1)
    world = core("immuta_snowflake_integration", environment=WITH_TEARDOWN)
    assert world.apply(attributes(request)).diagnostics == []
    world.control.add_fault({"match": {"operation": "update"}, "action": action})
    rotated = {**attributes(request), "password": "another-password"}
    assert world.apply(rotated).errors == [summary]
    assert world.control.stored("integrations")[0]["sent"]["config"]["password"] == "another-password"
    applied = world.apply(attributes(request))
    assert (applied.action, applied.diagnostics) == ("update", [])
    assert [i["sent"] for i in world.control.stored("integrations")] == [request]
    assert world.apply(attributes(request)).action == "none"


@pytest.mark.parametrize(
    ("operation", "action", "call"),
    [
        *(
            ("update", action, 2)
            for action in ("forbidden", "invalid", "not-found", "unauthorized", "exists")
        ),
        # Immuta is busy with the first one.
        ("status", "forbidden", 1),
        ("update", "invalid", 3),
    ],
)
def test_a_refused_repetition_of_an_update_does_not_claim_that_nothing_was_changed(
    core: Callable[..., Core], operation: str, action: str, call: int
) -> None:
    """The first PUT was carried out and its answer lost: back to the old secret, Immuta has the new one all the same."""
    request = numbered(BASES["snowflake"], 1)
    world = core("immuta_snowflake_integration", environment=WITH_TEARDOWN)
    assert world.apply(attributes(request)).diagnostics == []
    world.control.settings.polls = 2
    world.control.add_fault({"match": {"operation": "update"}, "action": "reset-after"})
    world.control.add_fault(
        {"match": {"operation": operation}, "action": action, "call": call, "times": None}
    )
    (told,) = world.apply({**attributes(request), "password": "another-password"}).diagnostics
    assert (
        " The answer to an earlier attempt of the same update did not arrive, so that attempt may have been carried out. The "
        "next apply sends the configuration again."
    ) in told.detail
    assert world.control.stored("integrations")[0]["sent"]["config"]["password"] == "another-password"
    world.control.clear_faults()
    world.control.alter("integrations", "1", {"status": "enabled"})
    applied = world.apply(attributes(request))
    assert (applied.action, applied.diagnostics) == ("update", [])
    assert [i["sent"] for i in world.control.stored("integrations")] == [request]
    assert world.apply(attributes(request)).action == "none"


def test_teardown_credentials_for_a_host_that_no_integration_has_are_told_once(
    core: Callable[..., Core],
) -> None:
    credentials = {
        "authentication_type": "userPassword",
        "username": "admin",
        "password": "teardown-password",
    }
    request = numbered(BASES["snowflake"], 1)
    hosts = {
        "https://ACME-1.eu-central-1.snowflakecomputing.com": credentials,
        "misspelt.example": credentials,
    }
    world = core("immuta_snowflake_integration", provider_config={"teardown_credentials": {"hosts": hosts}})
    assert world.apply(attributes(request)).diagnostics == []
    assert world.apply(attributes(request)).diagnostics == [
        Diagnostic(
            "warning",
            "Teardown credentials for a host without an integration",
            "`teardown_credentials.hosts` names 'misspelt.example', but no integration in Immuta has such a host. Compare the "
            "name with the integration's `host`. If the integration is not created yet, there is nothing to do.",
            (),
        )
    ]
    assert world.apply(None).errors == []
    assert world.control.stored("integrations") == []
