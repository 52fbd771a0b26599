"""Policies: written in the words of one API and read in those of another, so that an edit is seen by a digest."""

from __future__ import annotations

import json
from typing import Any

import pytest
from immuta_provider.api.http.exchange import Response
from immuta_simulator.governance import policies
from immuta_simulator.records.store import Asked, Records
from starlette.datastructures import QueryParams
from support.core import Applied, Core, Process, Value
from support.worlds import MakeCore

CIRCUMSTANCES: list[Value] = [
    {"type": "tags", "tag": "Acme.A"},
    {"type": "columnTags", "column_tag": "Acme.B"},
]
NAMED: Value = {"policy_key": "sales", "name": "Sales"}
GROUPS: Value = {"operator": "any", "groups": ["analysts", "stewards"]}
SUBSCRIPTION: Value = {
    **NAMED,
    "actions": {"type": "entitlements", "entitlements": GROUPS, "description": "Readers"},
    "circumstances": CIRCUMSTANCES,
}
MASKING: Value = {
    "type": "Masking",
    "config": {
        "fields": [{"type": "columnTags", "column_tag": "Acme.A"}, {"type": "noTags"}],
        "masking_config": {"type": "Constant", "constant": "x"},
    },
}
DATA: Value = {
    **NAMED,
    "actions": [
        {"rules": [{**MASKING, "inclusions": GROUPS}, {**MASKING, "exceptions": {"purposes": ["Fraud"]}}]}
    ],
    "circumstances": CIRCUMSTANCES,
}
CONFIGS: dict[str, Value] = {"immuta_subscription_policy": SUBSCRIPTION, "immuta_data_policy": DATA}
PLANTED: Value = {"type": "data", "actions": [], "policyKey": "sales", "name": "Sales"}
NO_TAGS = {"circumstances": [{"type": "noTags"}]}
"""An edit in Immuta."""


@pytest.fixture(params=CONFIGS)
def policy(core: MakeCore, request: pytest.FixtureRequest) -> Core:
    return with_named(core(request.param))


@pytest.fixture
def created(policy: Core) -> Core:
    """A policy that is as configured."""
    assert policy.apply(configured(policy)).diagnostics == []
    return policy


def with_named(world: Core) -> Core:
    """Makes the objects that the policies name."""
    for collection, names in {
        "tags": ("Acme.A", "Acme.B"),
        "groups": ("analysts", "stewards"),
        "purposes": ("Fraud",),
    }.items():
        for name in names:
            world.control.plant(collection, {"name": name})
    return world


def configured(world: Core, **changed: Any) -> Value:
    return {**CONFIGS[world.resource], **changed}


def noun(world: Core) -> str:
    return world.resource.removeprefix("immuta_").replace("_", " ")


def actual(world: Core, id: str = "1") -> Value:
    return world.control.stored_one("policies", id)


def keys(world: Core) -> list[str]:
    return [each["policyKey"] for each in world.control.stored("policies")]


def planted(world: Core, **changed: Any) -> Value:
    word = "data" if world.resource == "immuta_data_policy" else "subscription"
    return world.control.plant("policies", {**PLANTED, "type": word, **changed})


def test_another_spelling_plans_nothing(created: Core) -> None:
    def respelled(shown: Value) -> None:
        shown.update(updatedAt="2027-01-01T00:00:00.000Z", createdBy=9)
        shown["circumstances"].reverse()
        for each in shown["circumstances"]:
            each["operator"] = "ANY"

    def after(operation: str, response: Response) -> Response:
        if operation not in ("record-list", "record-get"):
            return response
        body = json.loads(response.body)
        for each in body if isinstance(body, list) else [body]:
            respelled(each)
        return Response(response.status, response.headers, json.dumps(body).encode())

    created.transport.after = after
    assert created.apply(configured(created)).outcome == ("none", [])
    assert created.state["edited"] is None


def test_edit_in_immuta_is_reported_and_undone_by_one_update(created: Core) -> None:
    sent = actual(created)["actions"]
    by = {"updatedAt": "2026-02-03T04:05:06Z", "updatedByName": "Ana"}
    created.control.alter("policies", "1", {**NO_TAGS, **by})
    created.control.clear_requests()
    mended = created.apply(configured(created))
    assert mended.action == "update"
    [(summary, detail)] = set(mended.texts)
    assert summary == f"The {noun(created)} was edited in Immuta"
    assert f"{noun(created)} 1 was edited in Immuta at 2026-02-03T04:05:06Z by Ana since Terraform" in detail
    assert (actual(created)["actions"], len(actual(created)["circumstances"])) == (sent, 2)
    assert created.transport.counts()["record-create"] == 1
    assert created.apply(configured(created)).outcome == ("none", [])
    assert created.state["edited"] is None


def test_edit_by_the_older_api_is_undone(created: Core) -> None:
    records = created.control.holding("policies")
    assert isinstance(records, Records)
    shown = records.get("1", {})
    policies.update(records, Asked({"id": "1"}, QueryParams(), {**shown, "actions": []}))
    assert created.apply(configured(created)).action == "update"
    assert records.get("1", {}) == shown
    assert created.apply(configured(created)).action == "none"


def test_refresh_alone_keeps_the_digest_of_the_last_write(created: Core) -> None:
    before = actual(created)["circumstances"]
    created.control.alter("policies", "1", NO_TAGS)
    for _ in range(2):
        assert created.refresh().diagnostics == []
        assert created.state["edited"] == "edited in Immuta at 2026-01-01T00:00:00.000Z"
    created.control.alter("policies", "1", {"circumstances": before})
    assert created.refresh().diagnostics == []
    assert created.state["edited"] is None
    assert created.apply(configured(created)).action == "none"
    created.control.alter("policies", "1", NO_TAGS)
    assert created.refresh().diagnostics == []
    assert created.apply(configured(created), refresh=False).action == "update"


def test_update_of_something_else_undoes_the_edit_as_well(created: Core) -> None:
    created.control.alter("policies", "1", NO_TAGS)
    assert created.apply(configured(created, staged=True)).action == "update"
    assert (actual(created)["staged"], len(actual(created)["circumstances"])) == (True, 2)
    assert created.apply(configured(created, staged=True)).action == "none"


def test_update_with_a_lost_answer_is_not_an_edit_of_somebody_else(created: Core) -> None:
    created.transport.fault("reset-after", operation="record-create", times=None)
    changed = configured(created, circumstances=CIRCUMSTANCES[:1])
    assert len(created.apply(changed).errors) == 1
    created.control.clear_faults()
    again = created.apply(changed)
    assert again.outcome == ("update", [])
    assert again.announced == [
        "The outcome of the last update is unknown, because its answer was lost or the resource's private state is damaged."
    ]
    assert created.apply(changed).action == "none"


def test_import_writes_the_configured_values_in_place(created: Core) -> None:
    sent = actual(created)
    created.control.alter("policies", "1", NO_TAGS)
    created.instance = None
    assert created.import_("sales").diagnostics == []
    assert created.state["edited"] is None
    assert created.apply(configured(created)).outcome == ("update", [])
    assert actual(created) == sent
    assert created.apply(configured(created)).action == "none"
    created.control.alter("policies", "1", NO_TAGS)
    assert created.apply(configured(created)).action == "update"


def test_edit_after_an_import_is_seen(created: Core) -> None:
    created.instance = None
    assert created.import_("sales").diagnostics == []
    created.control.alter("policies", "1", NO_TAGS)
    assert created.refresh().diagnostics == []
    assert created.state["edited"] == "edited in Immuta at 2026-01-01T00:00:00.000Z"


def test_changed_key_replaces_and_warns_of_the_gap(created: Core) -> None:
    replaced = created.apply(configured(created, policy_key="trade"))
    assert (replaced.action, replaced.errors) == ("replace", [])
    assert replaced.warnings == [f"The {noun(created)} will be replaced"]
    assert "nothing protects the data" in replaced.diagnostics[0].detail
    assert "`create_before_destroy = true`" in replaced.diagnostics[0].detail
    assert keys(created) == ["trade"]


def test_policy_with_the_name_is_not_taken_over(policy: Core) -> None:
    there = planted(policy, policyKey="theirs")
    [(summary, detail)] = policy.apply(configured(policy)).texts
    assert summary == f"The {noun(policy)} exists already"
    assert 'id = "1"' in detail
    assert " 1 in Immuta has the same name, and nothing was changed." in detail
    assert 'policy_key = "theirs"' in detail
    assert (policy.control.stored("policies"), {*policy.transport.counts()}) == ([there], {"record-list"})


@pytest.mark.parametrize("same", ["policy_key", "name"])
def test_policy_of_the_other_type_is_not_overwritten(policy: Core, same: str) -> None:
    planted(policy, **({"name": "Theirs"} if same == "policy_key" else {"policyKey": "theirs"}))
    there = policy.control.alter("policies", "1", {"type": "other"})
    [(summary, detail)] = policy.apply(configured(policy)).texts
    assert summary == f"The {noun(policy)} cannot be created"
    assert f"another type ('other') with the same {same}" in detail
    assert "import {" not in detail
    assert (policy.control.stored("policies"), {*policy.transport.counts()}) == ([there], {"record-list"})


def test_name_that_is_taken_between_list_and_create_is_a_conflict(policy: Core) -> None:
    def before(operation: str) -> None:
        if operation == "record-create":
            policy.transport.before = None
            planted(policy, policyKey="theirs")

    policy.transport.before = before
    assert policy.apply(configured(policy)).errors == [f"The {noun(policy)} exists already"]
    assert keys(policy) == ["theirs"]


def test_policies_of_both_types_with_one_key_in_one_run_are_twins(core: MakeCore) -> None:
    first = core("immuta_subscription_policy")
    second = core("immuta_data_policy", transport=first.transport)
    process = first.configured_process()
    other = Process(process.provider, second.resource, {})
    assert create(first, process, SUBSCRIPTION).errors == []
    [policy] = first.control.stored("policies")
    twin = create(second, other, {**DATA, "name": "Other"})
    assert twin.errors == ["Immuta reports a conflict"]
    assert "Another resource of this run has just created it" in twin.diagnostics[0].detail
    assert first.control.stored("policies") == [policy]


def create(world: Core, process: Process, config: Value) -> Applied:
    """The outcome of a create in a process that other resources use as well."""
    applied, full = Applied(), world.full(config)
    planned, private, _ = world._plan(process, applied, None, full, b"")
    world._apply(process, applied, None, planned, full, private)
    return applied


def test_name_of_a_policy_that_this_configuration_has_is_not_offered_for_import(created: Core) -> None:
    """As under `create_before_destroy`, where the old policy is still there."""
    process = created.configured_process()
    assert process.upgrade(created.state, []) is not None
    refused = create(created, process, configured(created, policy_key="trade"))
    assert refused.errors == [f"The {noun(created)} exists already"]
    assert refused.diagnostics[0].detail.endswith(
        f"Configure another name: {noun(created)} 1 is already in the state of this configuration."
    )
    assert keys(created) == ["sales"]


def test_system_generated_policy_is_never_touched(policy: Core) -> None:
    there = planted(policy, systemGenerated=True)
    assert policy.apply(configured(policy)).errors == [f"The {noun(policy)} is Immuta's own"]
    assert policy.import_("sales").errors == [f"A {noun(policy)} of Immuta's own"]
    assert (policy.control.stored("policies"), {*policy.transport.counts()}) == ([there], {"record-list"})


def test_policy_that_became_immutas_own_is_neither_changed_nor_deleted(created: Core) -> None:
    theirs = created.control.alter("policies", "1", {"systemGenerated": True})
    for config in (configured(created, staged=True), None):
        assert created.apply(config, refresh=False).errors == [f"The {noun(created)} is Immuta's own"]
    assert created.control.stored("policies") == [theirs]


def test_key_that_another_policy_has_by_now_is_not_overwritten(created: Core) -> None:
    """The policy of the state has another key in Immuta, and its key is somebody else's."""
    created.control.alter("policies", "1", {"policyKey": "renamed", "name": "Renamed"})
    theirs = planted(created)
    refused = created.apply(configured(created, staged=True), refresh=False)
    assert refused.errors == [f"The {noun(created)} has another key in Immuta"]
    assert actual(created, "2") == theirs


def test_policy_that_is_gone_is_not_created_by_an_update(created: Core) -> None:
    created.control.remove("policies", "1")
    changed = configured(created, staged=True)
    assert created.apply(changed, refresh=False).errors == ["Immuta does not know it"]
    assert created.control.stored("policies") == []
    assert created.apply(configured(created)).action == "create"


def test_refresh_of_many_policies_of_both_types_is_one_list(core: MakeCore) -> None:
    world = core("immuta_subscription_policy")
    for number in range(200):
        word = "data" if number % 2 else "subscription"
        world.control.plant(
            "policies", {**PLANTED, "type": word, "policyKey": f"k{number}", "name": f"n{number}"}
        )
    process = world.configured_process()
    for number in range(200):
        resource = "immuta_data_policy" if number % 2 else "immuta_subscription_policy"
        process.resource, process.schema = resource, process.provider.resources[resource].schema
        empty = dict.fromkeys(a.name for a in process.schema.attributes)
        read, _ = process.read({**empty, "id": str(number + 1)}, b"", [])
        assert read is not None
        assert read["name"] == f"n{number}"
    assert world.transport.counts() == {"record-list": 1}


def test_policy_of_the_other_type_is_not_imported(core: MakeCore) -> None:
    world = core("immuta_data_policy")
    planted(world, type="subscription")
    assert world.import_("1").errors == ["Data policy of another type"]


def test_actions_as_json_are_compared_as_json_and_pass_through(core: MakeCore) -> None:
    data = core("immuta_data_policy")
    settings = {"percentage": 10, "new": [3, 1]}
    actions = [{"rules": [{"type": "Minimization", "config": settings}]}]
    config: Value = {**NAMED, "actions_json": json.dumps(actions), "applies_when_selected_by_owner": True}
    assert data.apply(config).diagnostics == []
    assert (actual(data)["actions"], "circumstances" in actual(data)) == (actions, False)
    backwards = [{"rules": [{"config": {"new": [3, 1], "percentage": 10}, "type": "Minimization"}]}]
    assert data.apply({**config, "actions_json": json.dumps(backwards, indent=2)}).action == "none"
    settings["new"] = [1, 3]
    assert data.apply({**config, "actions_json": json.dumps(actions)}).action == "update"
    assert actual(data)["actions"] == actions


def test_change_of_re_certify_alone_sends_nothing(created: Core) -> None:
    created.control.clear_requests()
    assert created.apply(configured(created, re_certify=True)).diagnostics == []
    assert "record-create" not in created.transport.counts()
    certified = configured(created, re_certify=True, certification={"text": "I do"})
    assert created.apply(certified).diagnostics == []
    [write] = created.transport.requests("record-create")
    assert (write["path"], write["query"]) == ("/api/v2/policy", "reCertify=true")
