"""Each type of the table through the provider's own handlers: created, changed, changed back, imported, destroyed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from immuta_provider.model.fields import Routes
from support.core import Applied, Core, Diagnostic, Value
from support.faults.texts import summary
from support.worlds import MakeCore
from table import ROWS, cases, changed, numbered, prepare, scenarios, scenarios_alone
from table.integrations import BASES, FULL, TEARDOWN, attributes, resource_of
from table.row import Case, Request, Row, Scenario, visible

CASES = list(cases())
ENVIRONMENT = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}
RECORDS = [row for row in ROWS if isinstance(row.type.life, Routes)]


def prepared(core: MakeCore, row: Row) -> Core:
    """A resource of the row's type, in an Immuta that has the objects that it needs."""
    world = core(row.resource, environment={**ENVIRONMENT, **row.environment})
    prepare(world.control, [row])
    return world


def created(core: MakeCore, row: Row, request: Request) -> Core:
    world = prepared(core, row)
    assert world.apply(row.attributes(request)).diagnostics == []
    return world


@pytest.mark.parametrize("scenario", [*scenarios(), *scenarios_alone()], ids=str)
def test_a_change_and_its_opposite_are_each_one_apply(core: MakeCore, scenario: Scenario) -> None:
    row = scenario.row
    world = prepared(core, row)
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
    assert world.apply(None).outcome == ("delete", [])
    assert (world.instance, row.stored(world.control)) == (None, {})


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
def test_a_change_by_somebody_else_is_undone(core: MakeCore, scenario: Scenario) -> None:
    row = scenario.row
    world = created(core, row, scenario.before)
    assert row.alter is not None
    row.alter(world.control, world.state["id"], scenario.after)
    applied = world.apply(row.attributes(scenario.before))
    assert (applied.action, applied.errors) == (scenario.action, [])
    assert list(row.stored(world.control).values()) == [scenario.before]
    assert world.apply(row.attributes(scenario.before)).action == "none"


@pytest.mark.parametrize("secrets", ["mask", "omit"])
@pytest.mark.parametrize(("row", "case"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_import_reads_all_that_immuta_shows(core: MakeCore, row: Row, case: Case, secrets: str) -> None:
    request = numbered(case.request, 1)
    world = prepared(core, row)
    world.control.change_settings({"secrets": secrets})
    assert world.apply(row.attributes(request)).diagnostics == []
    id = world.state["id"]
    world.instance = None
    assert world.import_(id).diagnostics == []
    assert world.state == world.full(row.imported(request, id))
    assert world.apply(row.attributes(request)).outcome == (case.after_import, [])
    assert row.stored(world.control) == {id: request}
    world.assert_settled(row.attributes(request))


@pytest.mark.parametrize("row", RECORDS, ids=str)
def test_record_that_exists_is_not_taken_over(core: MakeCore, row: Row) -> None:
    """The error has the import block, and an import names the id or the natural key."""
    request = numbered(row.subject.request, 1)
    world = created(core, row, request)
    state, world.instance = world.state, None
    world.control.clear_requests()
    refused = world.apply(row.attributes(request))
    name = "has-already" if row.type.noun == "set of external ids" else "exists"
    assert refused.errors == [summary(row, name)]
    assert f'  to = {row.resource}.NAME\n  id = "{state["id"]}"\n' in refused.diagnostics[0].detail
    assert (world.instance, row.stored(world.control)) == (None, {state["id"]: request})
    assert world.transport.counts().keys() <= {"record-list", "record-get"}
    assert world.import_("/".join(state[name] for name in row.type.unique_by)).diagnostics == []
    assert world.state["id"] == state["id"]


@pytest.mark.parametrize("row", RECORDS, ids=str)
def test_destroy_of_a_record_that_is_gone_ends_well(core: MakeCore, row: Row) -> None:
    world = created(core, row, numbered(row.subject.request, 1))
    kept = world.instance
    assert world.apply(None).diagnostics == []
    world.instance = kept
    assert world.apply(None, refresh=False).outcome == ("delete", [])
    assert world.instance is None


def test_update_of_a_type_without_put_only_changes_the_state(core: MakeCore) -> None:
    """A value that Immuta does not have, or does not show, replaces the integration."""
    request = {"type": "Trino", "config": {"a": {"b": [1, 2], "c": 3}, "d": "x", "e": "********"}}
    world = core("immuta_trino_integration")
    world.control.plant("integrations", request, "1")
    assert world.import_("1").diagnostics == []
    assert world.apply({}).action == "none"
    for shown in ({"a": {"b": ["2", 1]}}, {"a": {"c": 3}, "d": "x"}):
        config = {"additional_config": json.dumps(shown)}
        assert world.apply(config).outcome == ("update", [])
        assert world.apply(config).action == "none"
        assert world.transport.counts().keys() <= {"list", "get"}
        world.instance = None
        assert world.import_("1").diagnostics == []
    for other in ({"d": "y"}, {"d": "x", "f": 1}, {"e": "secret"}, {"a": {"b": [1]}}, {"g": {"h": 1}}):
        planned = Applied()
        world.plan({"additional_config": json.dumps(other)}, planned)
        assert planned.outcome == ("replace", [])
    world.transport.fault("forbidden", operation="list", times=None)
    failed = Applied()
    world.plan({"additional_config": '{"d": "x"}'}, failed, refresh=False)
    assert (failed.action, failed.errors) == ("none", ["Immuta denied the permission"])


CONNECTIONS = "additional_workspace_connections"


class Made(NamedTuple):
    """An integration with its request and its configuration."""

    world: Core
    request: Request
    config: Value

    @property
    def sent(self) -> Request:
        """The request that Immuta was last sent."""
        [integration] = self.world.control.stored("integrations")
        request: Request = integration["sent"]
        return request


@pytest.fixture
def integration(core: MakeCore) -> Callable[[str], Made]:
    """Creates the integration of a case."""

    def create(name: str) -> Made:
        request = numbered({**BASES, **FULL}[name], 1)
        world = core(resource_of(request), environment={**ENVIRONMENT, **TEARDOWN})
        assert world.apply(attributes(request)).diagnostics == []
        return Made(world, request, attributes(request))

    return create


MakeIntegration = Callable[[str], Made]


def test_ignored_workspaces_keep_their_own_secrets(integration: MakeIntegration) -> None:
    """Under `ignore_changes` the configured elements are not the planned ones, and have other positions."""
    made = integration("databricks in full")
    first, second, third = made.config[CONNECTIONS]

    moved = [third, second, {**first, "http_path": "/x"}]
    config = {**made.config, "http_path": "/sql/9", CONNECTIONS: moved}
    assert made.world.apply(config, ignored=[CONNECTIONS]).outcome == ("update", [])
    sent = changed(made.request, {"config.httpPath": "/sql/9"})
    assert made.sent == sent

    gone = {**made.config, "http_path": "/sql/10", CONNECTIONS: [third, second]}
    made.world.control.clear_requests()
    assert made.world.apply(gone, ignored=[CONNECTIONS]).diagnostics == [
        Diagnostic(
            "error",
            "Kept secrets are unknown",
            "additional_workspace_connections[0] is kept by `ignore_changes` but is no longer configured, so its secrets are "
            "unknown. An update would erase them in Immuta, so nothing was sent. Either configure "
            "additional_workspace_connections[0] again, or remove additional_workspace_connections from `ignore_changes`.",
            (),
        )
    ]
    assert (made.world.transport.requests("update"), made.sent) == ([], sent)


@pytest.mark.parametrize("ignored", [["audit"], []], ids=["ignored", "not ignored"])
def test_a_value_that_immuta_filled_is_sent_only_if_it_is_ignored(
    integration: MakeIntegration, ignored: list[str]
) -> None:
    """Under `ignore_changes` the actual value is the configured one, whoever set it."""
    made = integration("snowflake")
    made.world.control.alter("integrations", "1", {"config": {"audit": {"enabled": True}}})
    config = {**made.config, "warehouse": "OTHER"}
    assert made.world.apply(config, ignored=ignored).outcome == ("update", [])
    change = {"config.warehouse": "OTHER", **({"config.audit": {"enabled": True}} if ignored else {})}
    assert made.sent == changed(made.request, change)
    made.world.assert_settled(config, ignored=ignored)


def test_workspaces_that_immuta_lists_in_another_order_are_the_same(integration: MakeIntegration) -> None:
    made = integration("databricks in full")
    actual = made.world.control.stored_one("integrations", "1")["config"]
    key = "additionalWorkspaceConnections"
    made.world.control.alter("integrations", "1", {"config": {**actual, key: actual[key][::-1]}})
    assert made.world.apply(made.config).outcome == ("none", [])


def test_a_removed_key_that_immuta_fills_plans_an_update_inside_an_element_too(
    integration: MakeIntegration,
) -> None:
    made = integration("databricks in full")
    first, second, third = made.config[CONNECTIONS]
    oauth = {k: v for k, v in second["oauth_client_config"].items() if k != "scope"}
    connections = [first, {**second, "oauth_client_config": oauth}, third]
    assert made.world.apply({**made.config, CONNECTIONS: connections}).outcome == ("update", [])
    change = {"config.additionalWorkspaceConnections.1.oAuthClientConfig.scope": None}
    assert made.sent == changed(made.request, change)


def test_an_update_sends_what_cannot_change_in_the_spelling_that_immuta_has(
    integration: MakeIntegration,
) -> None:
    made = integration("snowflake")
    config = {**made.config, "host": made.config["host"].upper()}
    assert made.world.apply(config).action == "none"
    assert made.world.apply({**config, "warehouse": "OTHER_WH"}).outcome == ("update", [])
    assert made.sent == changed(made.request, {"config.warehouse": "OTHER_WH"})


def assert_sent_again(made: Made) -> None:
    """Immuta has the secret of an update that ended with an error, and the next apply sends the old one again."""
    assert made.sent["config"]["password"] == "another-password"
    made.world.control.clear_faults()
    made.world.control.alter("integrations", "1", {"status": "enabled"})
    assert made.world.apply(made.config).outcome == ("update", [])
    assert made.sent == made.request
    assert made.world.apply(made.config).action == "none"


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
    integration: MakeIntegration, action: Any, summary: str
) -> None:
    """The fingerprint fits the old secret, and Immuta has the new one."""
    made = integration("snowflake")
    made.world.transport.fault(action, operation="update")
    assert made.world.apply({**made.config, "password": "another-password"}).errors == [summary]
    assert_sent_again(made)


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
    integration: MakeIntegration, operation: str, action: str, call: int
) -> None:
    """The first PUT was carried out, and its answer was lost."""
    made = integration("snowflake")
    made.world.control.settings.polls = 2
    made.world.transport.fault("reset-after", operation="update")
    made.world.transport.fault(action, operation=operation, call=call, times=None)
    (error,) = made.world.apply({**made.config, "password": "another-password"}).diagnostics
    assert (
        " The answer to an earlier attempt of the same update did not arrive, so that attempt may have been carried out. The "
        "next apply sends the configuration again."
    ) in error.detail
    assert_sent_again(made)


def test_teardown_credentials_for_a_host_without_an_integration_warn_once(core: MakeCore) -> None:
    credentials = {
        "authentication_type": "userPassword",
        "username": "admin",
        "password": "teardown-password",
    }
    hosts = {
        "https://ACME-1.eu-central-1.snowflakecomputing.com": credentials,
        "misspelt.example": credentials,
    }
    config = attributes(numbered(BASES["snowflake"], 1))
    world = core("immuta_snowflake_integration", provider_config={"teardown_credentials": {"hosts": hosts}})
    assert world.apply(config).diagnostics == []
    assert world.apply(config).diagnostics == [
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
