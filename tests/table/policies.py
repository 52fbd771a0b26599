"""Policies, as requests that Immuta is sent."""

from __future__ import annotations

import json
from typing import Any

from immuta_provider.model.compiled.governance import BY_RESOURCE
from immuta_provider.model.fields import ResourceType

from table import people
from table.row import NEW_KEY, Bad, Case, Request, Row, below, error, snake_keys

DEFAULTS = {"staged": False, "template": False, "certification": None, "ownerRestrictions": None}
KEYS = (*("type", "policyKey", "name", "actions", "circumstances", "circumstanceOperator"), *DEFAULTS)
RECALLED = "Minimization"
"""A kind of rule, of action or of circumstance that has no attributes."""
MINIMIZED = [{"rules": [{"type": RECALLED, "config": {"percentage": 10}}]}]
CIRCUMSTANCE = {"type": "tags", "tag": "Discovered"}
SAMPLED = [{"type": RECALLED, "percentage": 10}]
RESAMPLED = {"circumstances.0.percentage": 20}
ANYONE = {"type": "anyone"}
MASKED = {
    "type": "Masking",
    "config": {
        "fields": [{"type": "columnTags", "columnTag": "Discovered"}],
        "maskingConfig": {"type": "Hash"},
    },
}
USERS = {
    "operator": "any",
    "groups": ["Old analysts"],
    "attributes": [{"name": "Clearance", "value": "High"}],
}
USER_CHANGES: Request = {
    "operator": "all",
    "groups": ["Old analysts", "Old others"],
    "attributes.0.name": "Country",
    "attributes.0.value": "Low",
}


def subscription(key: str, **more: Any) -> Request:
    """The request for a subscription policy."""
    return policy(key, "subscription", {"actions": ANYONE, **more})


def data(key: str, *rules: Request, **more: Any) -> Request:
    """The request for a data policy of one action."""
    return policy(key, "data", {"actions": [{"rules": [*(rules or (MASKED,))]}], **more})


def policy(key: str, type: str, more: Request) -> Request:
    named = {"type": type, "policyKey": f"{key}-{{n}}", "name": f"Policy {key}-{{n}}"}
    whole = {**named, "circumstances": [CIRCUMSTANCE], **more}
    return {each: whole[each] for each in KEYS if each in whole}


def policy_configured(request: Request) -> dict[str, Any]:
    """A policy as it is configured: JSON for what has no attributes, and an attribute that stands for no circumstances."""
    config: dict[str, Any] = snake_keys({key: value for key, value in request.items() if key != "type"})
    for key in ("actions", "circumstances"):
        if RECALLED in json.dumps(request.get(key)):
            config[f"{key}_json"] = json.dumps(request[key])
            del config[key]
    if "circumstances" not in request:
        config["applies_when_selected_by_owner"] = True
    certification = request.get("certification", {})
    if NEW_KEY in certification:
        config["additional_config"] = json.dumps({"certification": {NEW_KEY: certification[NEW_KEY]}})
        config["certification"] = known(certification)
    return config


def known(certification: Request) -> Request:
    return {key: value for key, value in certification.items() if key != NEW_KEY}


def policy_shown(request: Request) -> dict[str, Any]:
    """The state of an imported policy: what it does is shown in other words."""
    plain = {
        key: request.get(key, default) for key, default in DEFAULTS.items() if key != "ownerRestrictions"
    }
    shown = {"policyKey": request["policyKey"], "name": request["name"], **plain}
    if shown["certification"] is not None:
        shown["certification"] = known(shown["certification"])
    state: dict[str, Any] = snake_keys({key: value for key, value in shown.items() if value is not None})
    return state


def policies_sent(type: ResourceType, simulator: Any) -> dict[str, Request]:
    return {
        str(each["id"]): {
            key: each[key] for key in KEYS if key in each and each[key] != DEFAULTS.get(key, key)
        }
        for each in simulator.stored("policies")
        if each["type"] == type.type
    }


def alter_policy(control: Any, id: str, request: Request) -> None:
    old = control.stored_one("policies", id)
    kept = {key: value for key, value in old.items() if key not in KEYS}
    control.holding("policies").plant({**kept, **request}, id)


SHARED: list[dict[str, Any]] = [
    {"name": "Other-{n}"},
    {"staged": True},
    {"template": True},
    {"circumstanceOperator": "all"},
    {"circumstances": [CIRCUMSTANCE, {"type": "noTags"}]},
    {"certification": {"text": "I agree"}},
    {"ownerRestrictions": {"groups": ["Old stewards"]}},
]
REPLACES: list[dict[str, Any]] = [{"policyKey": "other-{n}"}]
CERTIFICATION = {
    "text": "I agree",
    "label": "Agreed",
    "tags": ["Discovered"],
    "recertify": True,
    NEW_KEY: [1, None],
}
OWNERS = {"users": [{"iamid": "bim", "username": "ana"}], "groups": ["Old stewards"]}
CIRCUMSTANCES = [
    CIRCUMSTANCE,
    {"type": "columnTags", "columnTag": "Discovered.Country"},
    {"type": "columnRegex", "regex": "mail", "caseInsensitive": True},
    {"type": "domains", "domains": [{"name": "Finance"}, {"id": "a"}]},
]
ALONE: list[dict[str, Any]] = [
    {"circumstances.0.tag": "Discovered.Entity"},
    {"circumstances.1.columnTag": "Discovered.Entity"},
    {"circumstances.2.regex": "e.?mail"},
    {"circumstances.2.caseInsensitive": False},
    {"circumstances.3.domains.0.name": "Sales"},
    {"circumstances.3.domains.1.id": "b"},
    {"certification.text": "Yes"},
    {"certification.label": "Yes"},
    {"certification.tags": ["Discovered.Entity"]},
    {"certification.recertify": False},
    {f"certification.{NEW_KEY}": [2]},
    {"ownerRestrictions.users.0.iamid": "okta"},
    {"ownerRestrictions.users.0.username": "bob"},
    {"ownerRestrictions.groups": ["Old others"]},
]
MORE: Request = {
    "circumstances": CIRCUMSTANCES,
    "circumstanceOperator": "all",
    "staged": True,
    "template": True,
    "certification": CERTIFICATION,
    "ownerRestrictions": OWNERS,
}
ENTITLEMENTS = {
    "type": "entitlements",
    "automaticSubscription": True,
    "allowDiscovery": True,
    "description": "Analysts",
    "accessGrant": "READ",
    "shareResponsibility": True,
    "entitlements": USERS,
}
ENTITLEMENTS_CHANGES: Request = {
    "automaticSubscription": None,
    "allowDiscovery": None,
    "description": None,
    "accessGrant": "WRITE",
    "shareResponsibility": None,
    **{f"entitlements.{path}": value for path, value in USER_CHANGES.items()},
}
APPROVAL = {
    "type": "approval",
    "approvals": [{"requiredPermission": "OWNER", "specificApproverRequired": True}],
}
APPROVAL_CHANGES: Request = {
    "approvals.0.requiredPermission": "GOVERNANCE",
    "approvals.0.specificApproverRequired": False,
    "approvals": None,
}
RULES = (
    {
        "type": "Masking",
        "config": {
            "fields": [{"type": "columnTags", "columnTag": "Discovered"}, {"type": "noTags"}],
            "operator": "any",
            "conditionalPredicate": "@columnTagged('Discovered.Country') = 'DE'",
            "maskingConfig": {"type": "Constant", "constant": "hidden"},
        },
        "inclusions": USERS,
    },
    {
        "type": "Masking",
        "config": {
            "fields": [{"type": "columnTags", "columnTag": "Discovered"}],
            "maskingConfig": {"type": "Custom Function", "sqlFunction": "left(@column, 1)"},
        },
        "exceptions": {**USERS, "purposes": ["Re-identification Prohibited"]},
    },
    {
        "type": "Row Restriction by User Entitlements",
        "config": {
            "operator": "all",
            "matches": [
                {"type": "attribute", "attribute": "country", "tag": "Discovered.Country"},
                {"type": "group", "tag": "Discovered.Entity"},
            ],
        },
    },
    {
        "type": "Row Restriction by Custom Where Clause",
        "config": {"predicate": "@columnTagged('Discovered.Country') = 'DE'"},
    },
)
RULE = "actions.0.rules"
NAMED = {
    "groups": [{"name": name} for name in ("Old analysts", "Old others", "Old stewards")],
    "users": [{"userid": userid} for userid in people.OWNERS],
    "domains": [
        *({"name": name} for name in ("Finance", "Sales")),
        *({"id": id, "name": f"Domain {id}"} for id in ("a", "b")),
    ],
}
"""The objects that the policies name."""

MISSING = error("Arguments are missing", shown=False)
EXCLUDED = error("Arguments exclude each other", shown=False)
NO_WAY = tuple(
    Bad(f"not exactly one of two ways: {name}", "subscription policy", change, [problem])
    for name, change, problem in (
        ("no actions", {"actions": None}, MISSING),
        ("no circumstances", {"circumstances": None}, MISSING),
        ("empty circumstances", {"circumstances": []}, MISSING),
        ("both actions", {"actions_json": "{}"}, EXCLUDED),
        ("both circumstances", {"applies_when_selected_by_owner": True}, EXCLUDED),
        (
            "not selected",
            {"circumstances": None, "applies_when_selected_by_owner": False},
            error("applies_when_selected_by_owner has a value that Immuta does not accept"),
        ),
        (
            "a list as actions",
            {"actions": None, "actions_json": "[]"},
            error("actions_json is not a JSON object"),
        ),
        (
            "an object as circumstances",
            {"circumstances": None, "circumstances_json": "{}"},
            error("circumstances_json is not a JSON array"),
        ),
        (
            "no JSON as circumstances",
            {"circumstances": None, "circumstances_json": "tags.json"},
            error("circumstances_json is not a JSON array"),
        ),
    )
)

ROWS = (
    Row(
        BY_RESOURCE["immuta_subscription_policy"],
        base={
            "subscription policy": Case(
                subscription("sub"), updates=[*SHARED, {"actions": {"type": "manual"}}], replaces=REPLACES
            )
        },
        full={
            "subscription policy in full": Case(
                subscription("subfull", actions=ENTITLEMENTS, **MORE),
                updates=[{"certification": None}, {"ownerRestrictions": None}],
                alone=[*ALONE, *below("actions", ENTITLEMENTS_CHANGES)],
            ),
            "subscription policy with approvals": Case(
                subscription("ask", actions=APPROVAL), alone=below("actions", APPROVAL_CHANGES)
            ),
            "subscription policy with a condition as text": Case(
                subscription("text", actions={"type": "entitlements", "advanced": "@isInGroups('Eng')"}),
                alone=[{"actions.advanced": "@isInGroups('Ops')"}],
            ),
            "subscription policy with circumstances as JSON": Case(
                subscription("sample", circumstances=SAMPLED), updates=[RESAMPLED]
            ),
            "subscription policy as JSON, selected by owners": Case(
                {
                    key: value
                    for key, value in subscription(
                        "owners", actions={"type": RECALLED, "description": "a"}
                    ).items()
                    if key != "circumstances"
                },
                updates=[{"actions.description": "b"}, {"circumstances": [CIRCUMSTANCE]}],
            ),
        },
        configured=policy_configured,
        shown=policy_shown,
        bad=NO_WAY,
        sent=policies_sent,
        alter=alter_policy,
        planted=NAMED,
    ),
    Row(
        BY_RESOURCE["immuta_data_policy"],
        base={
            "data policy": Case(
                data("mask"),
                updates=[
                    *SHARED,
                    {f"{RULE}.0.config.maskingConfig": {"type": "Null"}},
                    {"actions.0.description": "Ticket 12"},
                ],
                replaces=REPLACES,
            )
        },
        full={
            "data policy in full": Case(
                data("full", actions=[{"description": "Ticket 1", "rules": [*RULES]}], **MORE),
                updates=[{RULE: [*reversed(RULES)]}],
                alone=[
                    *ALONE,
                    *below(
                        f"{RULE}.0.config",
                        {
                            "fields.0.columnTag": "Discovered.Entity",
                            "operator": "all",
                            "conditionalPredicate": "1 = 1",
                            "maskingConfig.constant": "secret",
                        },
                    ),
                    *below(f"{RULE}.0.inclusions", USER_CHANGES),
                    {f"{RULE}.1.config.maskingConfig.sqlFunction": "right(@column, 1)"},
                    *below(f"{RULE}.1.exceptions", USER_CHANGES),
                    {f"{RULE}.1.exceptions.purposes": ["Re-identification Prohibited.CCPA"]},
                    {f"{RULE}.2.config.operator": "any"},
                    {f"{RULE}.2.config.matches.0.attribute": "region"},
                    {f"{RULE}.2.config.matches.0.tag": "Discovered"},
                    {f"{RULE}.3.config.predicate": "1 = 1"},
                ],
            ),
            "data policy with circumstances as JSON": Case(
                data("sample", circumstances=SAMPLED), updates=[RESAMPLED]
            ),
            "data policy as JSON, selected by owners": Case(
                {
                    key: value
                    for key, value in data("owners", actions=MINIMIZED).items()
                    if key != "circumstances"
                },
                updates=[{f"{RULE}.0.config.percentage": 20}, {"circumstances": [CIRCUMSTANCE]}],
            ),
        },
        not_alone={
            f"actions.rules.{name}": "each kind has members of its own"
            for name in ("type", "config.fields.type", "config.matches.type")
        },
        configured=policy_configured,
        shown=policy_shown,
        sent=policies_sent,
        alter=alter_policy,
        planted=NAMED,
    ),
)
