"""Policies: written in the words of one API and read in those of another, so that an edit is seen by a digest."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from immuta_provider.api.http.exchange import Response
from immuta_simulator.governance import policies
from immuta_simulator.records.store import Asked, Records
from starlette.datastructures import QueryParams
from support.core import Applied, Core, Process, Value

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


def masking(tag: str, **masking: Any) -> Value:
    config = {"fields": [{"type": "columnTags", "column_tag": tag}, {"type": "noTags"}], **masking}
    return {"type": "Masking", "config": {"masking_config": {"type": "Hash"}, **config}}


DATA: Value = {
    **NAMED,
    "actions": [
        {
            "rules": [
                {
                    **masking("Acme.A", masking_config={"type": "Constant", "constant": "x"}),
                    "inclusions": GROUPS,
                },
                {**masking("Acme.B"), "exceptions": {"purposes": ["Fraud"]}},
            ]
        }
    ],
    "circumstances": CIRCUMSTANCES,
}
CONFIGS: dict[str, Value] = {"immuta_subscription_policy": SUBSCRIPTION, "immuta_data_policy": DATA}
OTHER = {
    "immuta_subscription_policy": "immuta_data_policy",
    "immuta_data_policy": "immuta_subscription_policy",
}
PLANTED: Value = {"type": "data", "actions": [], "policyKey": "sales", "name": "Sales"}


@pytest.fixture(params=CONFIGS)
def policy(core: Callable[..., Core], request: pytest.FixtureRequest) -> Core:
    return with_named(core(request.param))


@pytest.fixture
def data(core: Callable[..., Core]) -> Core:
    return with_named(core("immuta_data_policy"))


def with_named(world: Core) -> Core:
    """Makes what the policies name."""
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


def state(world: Core) -> Value:
    assert world.instance is not None
    return world.instance.state


def held(world: Core, id: str = "1") -> Value:
    return world.control.stored_one("policies", id)


def planted(world: Core, **changed: Any) -> Value:
    word = "data" if world.resource == "immuta_data_policy" else "subscription"
    return world.control.plant("policies", {**PLANTED, "type": word, **changed})


def counts(world: Core) -> dict[str, int]:
    return dict(world.control.requests()["counts"])


def shown_as(world: Core, change: Callable[[Value], None]) -> None:
    """Immuta shows each policy changed so from now on."""

    def after(operation: str, response: Response) -> Response:
        if operation not in ("record-list", "record-get"):
            return response
        body = json.loads(response.body)
        for each in body if isinstance(body, list) else [body]:
            change(each)
        return Response(response.status, response.headers, json.dumps(body).encode())

    world.transport.after = after


def put(place: str, value: Any) -> Callable[[Value], None]:
    """Puts a value at a place with dots in a policy as it is shown; ... takes it away."""
    *steps, last = (int(step) if step.isdigit() else step for step in place.split("."))

    def change(shown: Value) -> None:
        into: Any = shown
        for step in steps:
            into = into[step]
        if value is ...:
            del into[last]
        else:
            into[last] = value

    return change


def words(shown: Value) -> None:
    for each in shown["circumstances"]:
        each["operator"] = "ANY"


def backwards(shown: Value) -> None:
    shown["circumstances"].reverse()
    for each in (*shown["circumstances"], *shown["actions"]):
        keys = [*each.items()]
        each.clear()
        each.update(reversed(keys))


def leaves(shown: Value) -> None:
    shown["circumstances"][0]["tag"].update(hasLeafNodes=True, color="#fff", id=7, description="About")


def another_time(shown: Value) -> None:
    shown.update(updatedAt="2027-01-01T00:00:00.000Z", createdBy=9, metadata={"a": 1}, clonedFrom=3)


SPELLINGS: dict[str, Callable[[Value], None]] = {
    "operator words": words,
    "order of keys and circumstances": backwards,
    "facts of a tag": leaves,
    "times and people": another_time,
    "absent": put("ownerRestrictions", ...),
    "empty object": put("ownerRestrictions", {"users": [], "groups": None}),
    "empty list": put("circumstances.0.domains", []),
    "empty text": put("actions.0.note", ""),
    "id": put("actions.0.id", 12),
}
DIFFERENCES: dict[str, Callable[[Value], None]] = {
    "a tag": put("circumstances.0.tag.name", "Acme.X"),
    "one circumstance less": put("circumstances.1", ...),
    "no circumstances": put("circumstances", None),
    "all of the circumstances": put("circumstances.0.operator", "and"),
    "owners": put("ownerRestrictions", {"groups": ["a"]}),
    "an unknown key": put("actions.0.new", True),
}
DATA_DIFFERENCES: dict[str, Callable[[Value], None]] = {
    "order of rules": lambda shown: shown["actions"][0]["rules"].reverse(),
    "a group": put("actions.0.rules.0.inclusions.conditions.0.group.name", "others"),
    "no exception": put("actions.0.rules.1.exceptions", None),
    "a constant": put("actions.0.rules.0.config.maskingConfig.metadata.constant", "y"),
    "a masking": put("actions.0.rules.1.config.maskingConfig.type", "Null"),
    "a column": put("actions.0.rules.1.config.fields.0.name", "Acme.C"),
}
SUBSCRIPTION_DIFFERENCES: dict[str, Callable[[Value], None]] = {
    "its type": put("actions.0.subscriptionType", "automatic"),
    "a group less": put("actions.0.exceptions.conditions.0", ...),
    "automatic": put("actions.0.automaticSubscription", True),
}
EVERY_DIFFERENCE = [
    *((resource, name, change) for resource in CONFIGS for name, change in DIFFERENCES.items()),
    *(("immuta_data_policy", name, change) for name, change in DATA_DIFFERENCES.items()),
    *(("immuta_subscription_policy", name, change) for name, change in SUBSCRIPTION_DIFFERENCES.items()),
]


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_another_spelling_plans_nothing(policy: Core, spelling: Callable[[Value], None]) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    shown_as(policy, spelling)
    again = policy.apply(configured(policy))
    assert (again.action, again.diagnostics, state(policy)["edited"]) == ("none", [], None)


@pytest.mark.parametrize(
    ("resource", "change"),
    [each[::2] for each in EVERY_DIFFERENCE],
    ids=[f"{resource}-{name}" for resource, name, _ in EVERY_DIFFERENCE],
)
def test_real_difference_plans_an_update(
    core: Callable[..., Core], resource: str, change: Callable[[Value], None]
) -> None:
    policy = with_named(core(resource))
    assert policy.apply(configured(policy)).diagnostics == []
    shown_as(policy, change)
    planned = policy.apply(configured(policy), after_plan=lambda: setattr(policy.transport, "after", None))
    assert (planned.action, set(planned.warnings)) == ("update", {f"The {noun(policy)} was edited in Immuta"})
    assert policy.apply(configured(policy)).action == "none"


def noun(world: Core) -> str:
    return world.resource.removeprefix("immuta_").replace("_", " ")


def test_edit_in_immuta_is_told_and_undone_by_one_update(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    sent = held(policy)["actions"]
    by = {"updatedAt": "2026-02-03T04:05:06Z", "updatedByName": "Ana"}
    policy.control.alter("policies", "1", {"circumstances": [{"type": "noTags"}], **by})
    policy.control.clear_requests()
    mended = policy.apply(configured(policy))
    assert (mended.action, mended.errors) == ("update", [])
    [detail] = {d.detail for d in mended.diagnostics}
    assert f"{noun(policy)} 1 was edited in Immuta at 2026-02-03T04:05:06Z by Ana since Terraform" in detail
    assert (held(policy)["actions"], len(held(policy)["circumstances"])) == (sent, 2)
    assert counts(policy)["record-create"] == 1
    after = policy.apply(configured(policy))
    assert (after.action, after.diagnostics, state(policy)["edited"]) == ("none", [], None)


def test_edit_by_the_older_api_is_undone(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    records = policy.control.holding("policies")
    assert isinstance(records, Records)
    shown = records.get("1", {})
    policies.update(records, Asked({"id": "1"}, QueryParams(), {**shown, "actions": []}))
    assert policy.apply(configured(policy)).action == "update"
    assert records.get("1", {}) == shown
    assert policy.apply(configured(policy)).action == "none"


def test_refresh_alone_keeps_the_digest_of_the_last_write(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    before = held(policy)["circumstances"]
    policy.control.alter("policies", "1", {"circumstances": [{"type": "noTags"}]})
    for _ in range(2):
        assert policy.refresh().diagnostics == []
        assert state(policy)["edited"] == "edited in Immuta at 2026-01-01T00:00:00.000Z"
    policy.control.alter("policies", "1", {"circumstances": before})
    assert policy.refresh().diagnostics == []
    assert state(policy)["edited"] is None
    assert policy.apply(configured(policy)).action == "none"
    policy.control.alter("policies", "1", {"circumstances": [{"type": "noTags"}]})
    assert policy.refresh().diagnostics == []
    assert policy.apply(configured(policy), refresh=False).action == "update"


def test_update_of_something_else_undoes_the_edit_as_well(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    policy.control.alter("policies", "1", {"circumstances": [{"type": "noTags"}]})
    assert policy.apply(configured(policy, staged=True)).action == "update"
    assert (held(policy)["staged"], len(held(policy)["circumstances"])) == (True, 2)
    assert policy.apply(configured(policy, staged=True)).action == "none"


def test_update_with_a_lost_answer_is_no_edit_of_somebody_else(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    fault = {"kind": "drop", "after_work": True}
    match = {"operation": "record-create"}
    policy.control.add_fault({"match": match, "action": fault, "times": None})
    changed = configured(policy, circumstances=CIRCUMSTANCES[:1])
    assert len(policy.apply(changed).errors) == 1
    policy.control.clear_faults()
    again = policy.apply(changed)
    assert (again.action, again.diagnostics) == ("update", [])
    assert again.announced == [
        "The outcome of the last update is unknown, because its answer was lost or the resource's private state is damaged."
    ]
    assert policy.apply(changed).action == "none"


@pytest.mark.parametrize("by", ["1", "sales"])
def test_import_writes_what_is_configured_in_place(policy: Core, by: str) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    sent = held(policy)
    policy.control.alter("policies", "1", {"circumstances": [{"type": "noTags"}]})
    policy.instance = None
    assert policy.import_(by).diagnostics == []
    assert (state(policy)["id"], state(policy)["policy_key"], state(policy)["edited"]) == ("1", "sales", None)
    first = policy.apply(configured(policy))
    assert (first.action, first.diagnostics, held(policy)) == ("update", [], sent)
    assert policy.apply(configured(policy)).action == "none"
    policy.control.alter("policies", "1", {"circumstances": [{"type": "noTags"}]})
    assert policy.apply(configured(policy)).action == "update"


def test_import_takes_the_digest_of_what_is_there(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    policy.instance = None
    assert policy.import_("sales").diagnostics == []
    policy.control.alter("policies", "1", {"circumstances": [{"type": "noTags"}]})
    assert policy.refresh().diagnostics == []
    assert state(policy)["edited"] == "edited in Immuta at 2026-01-01T00:00:00.000Z"


def test_changed_key_replaces_and_warns_of_the_gap(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    replaced = policy.apply(configured(policy, policy_key="trade"))
    assert (replaced.action, replaced.errors) == ("replace", [])
    assert replaced.warnings == [f"The {noun(policy)} will be replaced"]
    assert "nothing protects the data" in replaced.diagnostics[0].detail
    assert "`create_before_destroy = true`" in replaced.diagnostics[0].detail
    assert [each["policyKey"] for each in policy.control.stored("policies")] == ["trade"]


@pytest.mark.parametrize("same", ["policyKey", "name"])
def test_policy_that_exists_is_not_taken_over(policy: Core, same: str) -> None:
    there = planted(policy, **({"name": "Theirs"} if same == "policyKey" else {"policyKey": "theirs"}))
    refused = policy.apply(configured(policy))
    assert refused.errors == [f"The {noun(policy)} exists already"]
    assert 'id = "1"' in refused.diagnostics[0].detail
    if same == "name":
        assert " 1 in Immuta has the same name, and nothing was changed." in refused.diagnostics[0].detail
        assert 'policy_key = "theirs"' in refused.diagnostics[0].detail
    assert (policy.control.stored("policies"), {*counts(policy)}) == ([there], {"record-list"})


@pytest.mark.parametrize("same", ["policyKey", "name"])
def test_policy_of_the_other_type_is_not_overwritten(policy: Core, same: str) -> None:
    there = planted(policy, **({"name": "Theirs"} if same == "policyKey" else {"policyKey": "theirs"}))
    there = policy.control.alter("policies", "1", {"type": "other"})
    refused = policy.apply(configured(policy))
    assert refused.errors == [f"The {noun(policy)} cannot be created"]
    detail = refused.diagnostics[0].detail
    taken = "policy_key" if same == "policyKey" else "name"
    assert f"another type ('other') with the same {taken}" in detail
    assert "import {" not in detail
    assert (policy.control.stored("policies"), {*counts(policy)}) == ([there], {"record-list"})


def test_name_that_is_taken_between_list_and_create_is_a_conflict(policy: Core) -> None:
    def before(operation: str) -> None:
        if operation == "record-create":
            policy.transport.before = None
            planted(policy, policyKey="theirs")

    policy.transport.before = before
    refused = policy.apply(configured(policy))
    assert refused.errors == [f"The {noun(policy)} exists already"]
    assert [each["policyKey"] for each in policy.control.stored("policies")] == ["theirs"]


def test_policies_of_both_types_with_one_key_in_one_run_are_twins(core: Callable[..., Core]) -> None:
    first = core("immuta_subscription_policy")
    second = core("immuta_data_policy", transport=first.transport)
    process = first.start()
    assert not process.configure([])
    other = Process(process.provider, second.resource, {})
    assert created(first, process, SUBSCRIPTION).errors == []
    [held] = first.control.stored("policies")
    twin = created(second, other, {**DATA, "name": "Other"})
    assert twin.errors == ["Immuta reports a conflict"]
    assert "Another resource of this run has just created it" in twin.diagnostics[0].detail
    assert first.control.stored("policies") == [held]


def created(world: Core, process: Process, config: Value) -> Applied:
    """The outcome of a create in a process that other resources use as well."""
    applied, full = Applied(), world.full(config)
    planned, private, _ = world._plan(process, applied, None, full, b"")
    world._apply(process, applied, None, planned, full, private)
    return applied


def test_name_of_a_policy_that_this_configuration_has_is_not_offered_for_import(policy: Core) -> None:
    """As under `create_before_destroy`, where the old policy is still there."""
    assert policy.apply(configured(policy)).diagnostics == []
    process = policy.start()
    assert not process.configure([])
    assert process.upgrade(state(policy), []) is not None
    refused = created(policy, process, configured(policy, policy_key="trade"))
    assert refused.errors == [f"The {noun(policy)} exists already"]
    assert refused.diagnostics[0].detail.endswith(
        f"Configure another name: {noun(policy)} 1 is already in the state of this configuration."
    )
    assert [each["policyKey"] for each in policy.control.stored("policies")] == ["sales"]


def test_system_generated_policy_is_never_touched(policy: Core) -> None:
    there = planted(policy, systemGenerated=True)
    assert policy.apply(configured(policy)).errors == [f"The {noun(policy)} is Immuta's own"]
    assert policy.import_("sales").errors == [f"A {noun(policy)} of Immuta's own"]
    assert (policy.control.stored("policies"), {*counts(policy)}) == ([there], {"record-list"})


def test_policy_that_became_immutas_own_is_neither_changed_nor_deleted(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    theirs = policy.control.alter("policies", "1", {"systemGenerated": True})
    for config in (configured(policy, staged=True), None):
        refused = policy.apply(config, refresh=False)
        assert refused.errors == [f"The {noun(policy)} is Immuta's own"]
    assert policy.control.stored("policies") == [theirs]


def test_key_that_is_another_policys_by_now_is_not_overwritten(policy: Core) -> None:
    """The policy of the state has another key at Immuta, and its key is somebody else's."""
    assert policy.apply(configured(policy)).diagnostics == []
    policy.control.alter("policies", "1", {"policyKey": "renamed", "name": "Renamed"})
    theirs = planted(policy)
    refused = policy.apply(configured(policy, staged=True), refresh=False)
    assert refused.errors == [f"The {noun(policy)} has another key in Immuta"]
    assert held(policy, "2") == theirs


def test_policy_that_is_gone_is_not_created_by_an_update(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    policy.control.remove("policies", "1")
    assert policy.apply(configured(policy, staged=True), refresh=False).errors == ["Immuta does not know it"]
    assert policy.control.stored("policies") == []
    assert policy.apply(configured(policy)).action == "create"


def test_lost_answer_to_the_create(policy: Core) -> None:
    fault = {"kind": "drop", "after_work": True}
    policy.control.add_fault({"match": {"operation": "record-create"}, "action": fault, "times": 1})
    applied = policy.apply(configured(policy))
    assert (applied.errors, applied.warnings) == (
        [],
        [f"The {noun(policy)} was recognised after a lost answer"],
    )
    assert len(policy.control.stored("policies")) == 1
    assert policy.apply(configured(policy)).action == "none"


def test_refresh_of_many_policies_of_both_types_is_one_list(core: Callable[..., Core]) -> None:
    one = core("immuta_subscription_policy")
    for number in range(200):
        word = "data" if number % 2 else "subscription"
        one.control.plant(
            "policies", {**PLANTED, "type": word, "policyKey": f"k{number}", "name": f"n{number}"}
        )
    process = one.start()
    assert not process.configure([])
    for resource in CONFIGS:
        process.resource, process.schema = resource, process.provider.resources[resource].schema
        for number in range(200):
            if (resource == "immuta_data_policy") == bool(number % 2):
                empty = dict.fromkeys(a.name for a in process.schema.attributes)
                read, _ = process.read({**empty, "id": str(number + 1)}, b"", [])
                assert read is not None
                assert read["name"] == f"n{number}"
    assert counts(one) == {"record-list": 1}


def test_type_of_a_policy_does_not_change(core: Callable[..., Core]) -> None:
    world = with_named(core("immuta_data_policy"))
    planted(world, type="subscription")
    assert world.import_("1").errors == ["Data policy of another type"]


def test_actions_as_json_are_compared_as_json_and_pass_through(data: Core) -> None:
    settings = {"percentage": 10, "new": [3, 1]}
    actions = [{"rules": [{"type": "Minimization", "config": settings}]}]
    config: Value = {**NAMED, "actions_json": json.dumps(actions), "applies_when_selected_by_owner": True}
    assert data.apply(config).diagnostics == []
    assert (held(data)["actions"], "circumstances" in held(data)) == (actions, False)
    backwards = [{"rules": [{"config": {"new": [3, 1], "percentage": 10}, "type": "Minimization"}]}]
    assert data.apply({**config, "actions_json": json.dumps(backwards, indent=2)}).action == "none"
    settings["new"] = [1, 3]
    assert data.apply({**config, "actions_json": json.dumps(actions)}).action == "update"
    assert held(data)["actions"] == actions


def test_change_of_re_certify_alone_sends_nothing(policy: Core) -> None:
    assert policy.apply(configured(policy)).diagnostics == []
    policy.control.clear_requests()
    assert policy.apply(configured(policy, re_certify=True)).diagnostics == []
    assert "record-create" not in counts(policy)
    assert policy.apply(configured(policy, re_certify=True, certification={"text": "I do"})).diagnostics == []
    [write] = policy.control.requests("record-create")["requests"]
    assert (write["path"], write["query"]) == ("/api/v2/policy", "reCertify=true")
