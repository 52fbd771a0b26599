"""Global policies (fact sheet, section 8): written in the words of V2, shown in those of V1."""

from __future__ import annotations

from typing import Any

from immuta_simulator.governance.naming import refuse_unknown
from immuta_simulator.records.store import Asked, Bodies, Body, Collection, Key, Records, Route, Upsert
from immuta_simulator.refusal import Refusal

V1 = "v1"
"""The key under which a record keeps what somebody wrote in the words of V1."""
SUBSCRIPTIONS = {
    "anyone": "automatic",
    "approval": "approval",
    "entitlements": "policy",
    "manual": "manual",
}
OPERATORS = {"any": "or", "all": "and"}
RULES = {
    "masking": "masking",
    "row restriction by user entitlements": "rowOrObjectRestriction",
    "row restriction by custom where clause": "rowOrObjectRestriction",
}
MASKINGS = {"Hash": "Consistent Value"}
SAME_NAME = ("automaticSubscription", "allowDiscovery", "accessGrant", "description", "approvals", "advanced")


def show(records: Records, record: Body) -> Body:
    """A record as V1 shows it."""
    written = record.pop(V1, {})
    actions, circumstances = record.pop("actions", None), record.pop("circumstances", None)
    operator = OPERATORS.get(record.pop("circumstanceOperator", None) or "any", "or")
    return {
        **record,
        "actions": actions_of(actions),
        "circumstances": None
        if circumstances is None
        else [circumstance(each, operator) for each in circumstances],
        **written,
    }


def actions_of(actions: Any) -> Bodies:
    if isinstance(actions, dict):
        return [subscription(actions)]
    return [data(each) for each in actions or []]


def subscription(action: Body) -> Body:
    """The one action of a subscription policy."""
    kind = action.get("type")
    people = action.get("entitlements")
    return {
        "type": "subscription",
        "subscriptionType": SUBSCRIPTIONS.get(str(kind), kind),
        **{key: action.get(key) for key in SAME_NAME},
        "shareResponsibility": action.get("shareResponsibility", False),
        "exceptions": None if people is None else conditions(people),
    }


def data(action: Body) -> Body:
    rules = [rule(each) for each in action.get("rules") or []]
    kinds = {each["type"] for each in rules}
    return {
        "type": kinds.pop() if len(kinds) == 1 else "mixed",
        "description": action.get("description"),
        "rules": rules,
    }


def rule(rule: Body) -> Body:
    kind = str(rule.get("type", ""))
    config = dict(rule.get("config") or {})
    masking = config.get("maskingConfig")
    if masking is not None:
        masked = {key: value for key, value in masking.items() if key != "type"}
        word = MASKINGS.get(masking.get("type"), masking.get("type"))
        config["maskingConfig"] = {"type": word, "metadata": masked}
        config["fields"] = [column(each) for each in config.get("fields") or []]
    if kind.lower().startswith("row restriction"):
        config = {"qualifications": config}
    return {
        "type": RULES.get(kind.lower(), kind.lower().replace(" ", "-")),
        "config": config,
        "inclusions": conditions(rule["inclusions"]) if rule.get("inclusions") else None,
        "exceptions": conditions(rule["exceptions"]) if rule.get("exceptions") else None,
    }


def column(field: Body) -> Body:
    """The columns that a masking is for: a tag, or in the words of V2 what has no known ones in V1."""
    if "columnTag" not in field:
        return field
    return {"name": field["columnTag"], "source": "curated", "hasLeafNodes": False}


def conditions(people: Body) -> Body:
    """Groups, attributes and purposes as V1's conditions."""
    return {
        "operator": OPERATORS.get(people.get("operator") or "any", people.get("operator")),
        "conditions": [
            *(
                {"type": "groups", "group": {"name": name, "iam": "bim"}}
                for name in people.get("groups") or []
            ),
            *(
                {
                    "type": "authorizations",
                    "authorization": {"auth": each.get("name"), "value": each.get("value"), "iam": "bim"},
                }
                for each in people.get("attributes") or []
            ),
            *({"type": "purposes", "value": name} for name in people.get("purposes") or []),
        ],
    }


def circumstance(each: Body, operator: str) -> Body:
    shown = {**each, "operator": operator}
    for key in ("tag", "columnTag"):
        if key in each:
            shown[key] = {"name": each[key], "hasLeafNodes": False, "displayName": each[key]}
    return shown


def create(records: Records, asked: Asked) -> Body:
    return records.shown(records.add(written(records, asked.body, None)))


def update(records: Records, asked: Asked) -> Body:
    record = records.find(asked.path["id"])
    records.refuse_protected(record)
    return records.shown(records.add({**written(records, asked.body, record), "id": record["id"]}))


def written(records: Records, body: Any, own: Body | None) -> Body:
    """Translates a body in the words of V1 to a stored record. The `policyKey` of a new one is the name where it is missing, and
    what a change leaves out of key and type stays."""
    if not isinstance(body, dict) or not isinstance(body.get("name"), str):
        raise Refusal(400, '"name" is required')
    kept = {} if own is None else {key: own[key] for key in ("policyKey", "type") if key in own}
    record = {"policyKey": body["name"], **kept, **body}
    records.refuse_taken(record, own)
    shown = {key: record.pop(key) for key in ("actions", "circumstances") if key in record}
    return {**record, V1: shown}


POLICIES = Collection(
    "policies",
    "policy",
    "/policy/global",
    keys=(
        Key("policyKey", (str,), required=True),
        Key("name", (str,), required=True),
        Key("type", (str,), required=True),
        Key("actions", (dict, list), required=True),
        Key("circumstances", (list,)),
        Key("circumstanceOperator", (str,)),
        Key("staged", (bool,)),
        Key("template", (bool,)),
        Key("certification", (dict,)),
        Key("ownerRestrictions", (dict,)),
    ),
    unique="policyKey",
    also_unique=("name",),
    upsert=Upsert("/api/v2/policy", "policyId", options=("dryRun", "reCertify")),
    routes=(
        Route("create", "POST", "/policy/global", create, "Create a policy in the words of V1", {"name": ""}),
        Route(
            "update",
            "PUT",
            "/policy/global/{id}",
            update,
            "Replace a policy in the words of V1",
            {"name": ""},
        ),
        Route(
            "delete",
            "DELETE",
            "/api/v2/policy/{key}",
            lambda records, asked: records.delete(str(records.keyed(asked.path["key"])["id"])),
            "Delete a policy by its key",
        ),
    ),
    show=show,
    refuse=refuse_unknown,
    stamped={
        "staged": False,
        "template": False,
        "systemGenerated": False,
        "deleted": False,
        "certification": None,
        "ownerRestrictions": None,
        "metadata": None,
        "clonedFrom": None,
        "createdBy": 1,
        "createdByName": "Administrator",
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
    },
    protected="systemGenerated",
)
