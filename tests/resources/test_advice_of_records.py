"""Advice about users, groups, projects and data sources, followed: what the error names is done, and the plan is empty then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import pytest
from support.core import Core, Value

Planted = Mapping[str, Sequence[dict[str, Any]]]

USER = {"users": [{"userid": "ana", "profile": {"name": "Ana"}}]}
GROUPS = {"groups": [{"name": "Own"}, {"name": "Theirs", "iamid": "okta"}]}
INTEGRATIONS = {"integrations": [{"type": "Native S3", "status": "enabled"}]}
IDS = {"userid": "ana", "external_user_ids": {"snowflakeUser": "A", "trinoUser": "a"}}
SOURCE = {"data_source_name": "Lake", "prefix": "/"}
ATTRIBUTE = {"userid": "ana", "key": "country", "value": "DE"}
PROJECT = {"project_key": "fraud", "name": "Fraud"}


class Situation(NamedTuple):
    """A configuration that is refused, and one that the advice leads to, after what else it says to do (`done`)."""

    advice: str
    resource: str
    refused: Value
    followed: Value | None
    planted: Planted | None = None
    before: Callable[[Core], object] = lambda world: None
    done: Callable[[Core], object] = lambda world: None


def lacking_permissions(world: Core) -> None:
    action = {"kind": "respond", "status": 400, "message": "no"}
    world.control.add_fault({"match": {"operation": "record-update"}, "action": action})


POLICY = {
    "policy_key": "k",
    "name": "K",
    "actions": {"type": "manual"},
    "applies_when_selected_by_owner": True,
}
TAGGED = {
    **POLICY,
    "applies_when_selected_by_owner": None,
    "circumstances": [{"type": "tags", "tag": "Acme"}],
}
OTHERS = {"policies": [{"policyKey": "theirs", "name": "K", "type": "data", "actions": []}]}
SAME = {
    "policies": [{"policyKey": "theirs", "name": "K", "type": "subscription", "actions": {"type": "manual"}}]
}

SITUATIONS = {
    "a policy with the name of one of the other type": Situation(
        "Configure another name, or delete that record first.",
        "immuta_subscription_policy",
        POLICY,
        {**POLICY, "name": "Another"},
        OTHERS,
    ),
    "a policy with the name of another one": Situation(
        "Configure another name; or import subscription policy 1, and configure it with",
        "immuta_subscription_policy",
        POLICY,
        {**POLICY, "name": "Another"},
        SAME,
    ),
    "a policy that names no tag": Situation(
        "Create the tag first, or correct the name.",
        "immuta_subscription_policy",
        TAGGED,
        TAGGED,
        before=lambda world: world.control.change_settings({"unknown_names": "reject"}),
        done=lambda world: world.control.plant("tags", {"name": "Acme"}),
    ),
    "a member of no user": Situation(
        "Create the user first, or correct `userid` and `iamid`.",
        "immuta_group_member",
        {"group_id": "1", "userid": "ana"},
        {"group_id": "1", "userid": "ana"},
        GROUPS,
        done=lambda world: world.control.plant("users", {"userid": "ana"}),
    ),
    "a member of no group": Situation(
        "Create the group first, or correct `group_id`.",
        "immuta_group_member",
        {"group_id": "9", "userid": "ana"},
        {"group_id": "1", "userid": "ana"},
        {**GROUPS, **USER},
    ),
    "a member of another identity manager's group": Situation(
        "Change it there, or use a group of Immuta's own identity manager (`bim`).",
        "immuta_group_member",
        {"group_id": "2", "userid": "ana"},
        {"group_id": "1", "userid": "ana"},
        {**GROUPS, **USER},
    ),
    "an attribute of the identity provider": Situation(
        "Remove the resource: policies can name the attribute all the same.",
        "immuta_user_attribute",
        ATTRIBUTE,
        None,
        {"users": [{**USER["users"][0], "iamAuthorizations": {"country": ["DE"]}}]},
    ),
    "external ids that the identity manager maps": Situation(
        "Look at the profile schema of the identity manager on Immuta's App Settings page, and change the value there, or remove "
        "the key from the configuration.",
        "immuta_user_external_ids",
        IDS,
        IDS,
        USER,
        before=lambda world: world.control.change_settings({"mapped_iams": ["bim"]}),
        done=lambda world: world.control.change_settings({"mapped_iams": []}),
    ),
    "an unknown integration": Situation(
        "Set `integration_id` to the id of an Amazon S3 integration, best by a reference to its resource: "
        "`immuta_amazon_s3_integration.NAME.id`.",
        "immuta_s3_data_source",
        {**SOURCE, "integration_id": "9"},
        {**SOURCE, "integration_id": "1"},
        INTEGRATIONS,
    ),
}


@pytest.mark.parametrize("situation", SITUATIONS.values(), ids=list(SITUATIONS))
def test_advice_leads_out(core: Callable[..., Core], situation: Situation) -> None:
    world = core(situation.resource)
    for collection, objects in (situation.planted or {}).items():
        for each in objects:
            world.control.plant(collection, each)
    situation.before(world)
    refused = world.apply(situation.refused)
    assert len(refused.errors) == 1, refused
    assert situation.advice in refused.diagnostics[0].detail
    situation.done(world)
    assert world.apply(situation.followed).diagnostics == []
    if situation.followed is not None:
        assert world.apply(situation.followed).action == "none"


def test_external_ids_of_one_user_in_one_resource(core: Callable[..., Core]) -> None:
    """Two resources were one too many: one of them has all keys, and the other is gone."""
    world = core("immuta_user_external_ids")
    world.control.plant("users", USER["users"][0])
    assert world.apply({"userid": "ana", "external_user_ids": {"snowflakeUser": "A"}}).diagnostics == []
    assert world.apply(IDS).diagnostics == []
    assert world.apply(IDS).action == "none"


def test_permissions_of_a_new_user_are_set_by_the_next_apply(core: Callable[..., Core]) -> None:
    world = core("immuta_user")
    lacking_permissions(world)
    config = {"userid": "ana", "name": "Ana", "email": "a@acme.example", "permissions": ["AUDIT"]}
    first = world.apply(config)
    assert first.errors == []
    assert "Apply again." in first.diagnostics[0].detail
    assert world.apply(config).errors == []
    assert world.apply(config).action == "none"


def test_a_project_of_other_members_without_consent(core: Callable[..., Core]) -> None:
    world = core("immuta_project")
    world.control.plant("purposes", {"name": "Cards"})
    config = {**PROJECT, "purposes": ["Cards"]}

    def nobody(operation: str, response: Any) -> Any:
        return type(response)(
            response.status, response.headers, response.body.replace(b'"subscriptionId"', b'"otherId"')
        )

    world.transport.after = nobody
    applied = world.apply({**config, "acknowledge_purposes": True})
    assert "Make that user a member, or remove `acknowledge_purposes`." in applied.diagnostics[0].detail
    world.transport.after = None
    assert world.apply(config).errors == []
    assert world.apply(config).action == "none"


def test_a_policy_with_another_key_is_applied_again_with_a_refresh(core: Callable[..., Core]) -> None:
    world = core("immuta_subscription_policy")
    assert world.apply(POLICY).diagnostics == []
    world.control.alter("policies", "1", {"policyKey": "renamed"})
    refused = world.apply({**POLICY, "staged": True}, refresh=False)
    assert "Apply again with a refresh, which shows the key." in refused.diagnostics[0].detail
    assert world.apply({**POLICY, "staged": True}).errors == []
    assert world.apply({**POLICY, "staged": True}).action == "none"


def test_external_ids_of_a_user_that_only_the_list_shows_are_removed_by_the_next_apply(
    core: Callable[..., Core],
) -> None:
    world = core("immuta_user_external_ids")
    world.control.plant("users", USER["users"][0])
    assert world.apply(IDS).diagnostics == []
    missing = {"kind": "respond", "status": 404, "message": "User not found"}
    world.control.add_fault({"match": {"operation": "record-get"}, "action": missing})
    refused = world.apply(None, refresh=False)
    assert "Check the set of external ids in Immuta, and apply again." in refused.diagnostics[0].detail
    assert (world.apply(None).diagnostics, world.instance) == ([], None)
