"""Global policies at Immuta: written in the words of V2 and V1, and shown in those of V1."""

from __future__ import annotations

from typing import Any

import pytest
from support.simulator_client import Client
from table import numbered
from table.policies import USERS, subscription

READERS: dict[str, Any] = numbered(
    subscription(
        "readers", actions={"type": "entitlements", "entitlements": USERS, "automaticSubscription": True}
    ),
    1,
)
ROWS: dict[str, Any] = {
    "policyKey": "eu-rows",
    "name": "EU rows",
    "type": "data",
    "circumstanceOperator": "all",
    "actions": [
        {
            "description": "ticket 12",
            "rules": [
                {
                    "type": "Row Restriction by User Entitlements",
                    "config": {"matches": [{"type": "attribute", "attribute": "country", "tag": "Acme.A"}]},
                    "exceptions": {"operator": "all", "groups": ["auditors"], "purposes": ["Fraud analysis"]},
                }
            ],
        },
        {
            "rules": [
                {
                    "type": "Masking",
                    "inclusions": {"groups": ["analysts"]},
                    "config": {
                        "fields": [{"type": "columnTags", "columnTag": "Acme.IBAN"}, {"type": "noTags"}],
                        "maskingConfig": {"type": "Constant", "constant": "REDACTED"},
                    },
                },
                {"type": "Masking", "config": {"fields": [], "maskingConfig": {"type": "Hash"}}},
            ]
        },
        {"rules": [{"type": "Purpose Restriction", "config": {"purposes": ["Fraud analysis"]}}]},
    ],
}


def upsert(client: Client, body: dict[str, Any], query: str = "", **changed: Any) -> tuple[int, Any]:
    return client.ask("POST", f"/api/v2/policy{query}", {**body, **changed})


def shown(client: Client, id: int = 1) -> Any:
    status, policy = client.ask("GET", f"/policy/global/{id}")
    assert status == 200
    return policy


def group(name: str) -> dict[str, Any]:
    return {"type": "groups", "group": {"name": name, "iam": "bim"}}


def test_a_subscription_policy_is_shown_in_the_words_of_v1(client: Client) -> None:
    made = {"dryRun": False, "creating": True, "updating": False, "policyId": 1}
    assert upsert(client, READERS) == (200, made)
    assert shown(client) == {
        "id": 1,
        "policyKey": "readers-1",
        "name": "Policy readers-1",
        "type": "subscription",
        "template": False,
        "staged": False,
        "systemGenerated": False,
        "deleted": False,
        "certification": None,
        "actions": [
            {
                "type": "subscription",
                "subscriptionType": "policy",
                "automaticSubscription": True,
                "allowDiscovery": None,
                "accessGrant": None,
                "description": None,
                "approvals": None,
                "advanced": None,
                "shareResponsibility": False,
                "exceptions": {
                    "operator": "or",
                    "conditions": [
                        group("Old analysts"),
                        {
                            "type": "authorizations",
                            "authorization": {"auth": "Clearance", "value": "High", "iam": "bim"},
                        },
                    ],
                },
            }
        ],
        "circumstances": [
            {
                "type": "tags",
                "operator": "or",
                "tag": {"name": "Discovered", "hasLeafNodes": False, "displayName": "Discovered"},
            }
        ],
        "metadata": None,
        "clonedFrom": None,
        "createdBy": 1,
        "createdByName": "Administrator",
        "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
        "ownerRestrictions": None,
    }
    assert client.ask("GET", "/policy/global") == (200, [shown(client)])


def test_a_data_policy_is_shown_in_the_words_of_v1(client: Client) -> None:
    assert upsert(client, ROWS)[0] == 200
    policy = shown(client)
    rows, masking, purposes = policy["actions"]
    assert policy["circumstances"] is None
    assert rows == {
        "type": "rowOrObjectRestriction",
        "description": "ticket 12",
        "rules": [
            {
                "type": "rowOrObjectRestriction",
                "config": {"qualifications": ROWS["actions"][0]["rules"][0]["config"]},
                "inclusions": None,
                "exceptions": {
                    "operator": "and",
                    "conditions": [group("auditors"), {"type": "purposes", "value": "Fraud analysis"}],
                },
            }
        ],
    }
    assert [each["config"]["maskingConfig"] for each in masking["rules"]] == [
        {"type": "Constant", "metadata": {"constant": "REDACTED"}},
        {"type": "Consistent Value", "metadata": {}},
    ]
    assert masking["rules"][0]["config"]["fields"] == [
        {"name": "Acme.IBAN", "source": "curated", "hasLeafNodes": False},
        {"type": "noTags"},
    ]
    assert masking["rules"][0]["inclusions"] == {"operator": "or", "conditions": [group("analysts")]}
    assert (purposes["type"], purposes["rules"][0]["type"]) == ("purpose-restriction", "purpose-restriction")


@pytest.mark.parametrize(
    ("word", "v1"),
    [("anyone", "automatic"), ("approval", "approval"), ("manual", "manual"), ("later", "later")],
)
def test_a_kind_of_subscription_has_its_word_of_v1(client: Client, word: str, v1: str) -> None:
    upsert(client, READERS, actions={"type": word})
    assert shown(client)["actions"][0]["subscriptionType"] == v1


def test_an_upsert_answers_if_it_created_or_updated(client: Client) -> None:
    dry = {"dryRun": True, "creating": True, "updating": False, "policyId": None}
    assert upsert(client, READERS, "?dryRun=true&reCertify=true") == (200, dry)
    assert client.ask("GET", "/policy/global") == (200, [])
    upsert(client, READERS)
    answers = [upsert(client, READERS)[1]["updating"], upsert(client, READERS, staged=True)[1]["updating"]]
    client.control.change_settings({"unchanged_is_updating": True})
    assert [*answers, upsert(client, READERS, staged=True)[1]["updating"]] == [False, True, True]


@pytest.mark.parametrize(
    ("changed", "path"), [({"policyKey": "other"}, "name"), ({"name": "Other", "type": "data"}, None)]
)
def test_name_is_unique_and_the_key_decides(
    client: Client, changed: dict[str, Any], path: str | None
) -> None:
    upsert(client, READERS)
    status, answer = upsert(client, READERS, **changed)
    assert answer.get("validation") == (None if path is None else [{"code": "unique", "path": path}])
    assert (status, len(client.control.held("policies"))) == (200 if path is None else 422, 1)


@pytest.mark.parametrize(("accepted", "status"), [("reject", 400), ("accept", 200)])
def test_an_unknown_key_is_refused_or_accepted(client: Client, accepted: str, status: int) -> None:
    client.control.change_settings({"unknown_v2_keys": accepted})
    assert upsert(client, READERS, surprise=1)[0] == status


@pytest.mark.parametrize("missing", ["policyKey", "name", "type", "actions"])
def test_a_policy_without_a_key_that_it_needs_is_refused(client: Client, missing: str) -> None:
    body = {key: value for key, value in READERS.items() if key != missing}
    status, refused = upsert(client, body)
    assert (status, refused["message"]) == (400, f'"{missing}" is required')


@pytest.mark.parametrize("headers", [{"content-type": "text/plain"}, {"content-type": "text/yaml"}, {}])
def test_v2_reads_yaml_in_a_body_of_any_other_type(client: Client, headers: dict[str, str]) -> None:
    yaml = "policyKey: all\nname: All\ntype: subscription\nactions: {type: anyone}\n"
    status, _ = client.ask("POST", "/api/v2/policy", content=yaml, headers=headers)
    assert (status, shown(client)["name"]) == (200, "All")
    json = {"content-type": "application/json"}
    assert client.ask("POST", "/api/v2/policy", content=yaml, headers=json)[0] == 400


def test_v1_accepts_its_own_words(client: Client) -> None:
    actions = [{"type": "masking", "rules": []}]
    status, made = client.ask("POST", "/policy/global", {"name": "Mask", "type": "data", "actions": actions})
    assert (status, made["policyKey"], made["actions"], made["circumstances"]) == (200, "Mask", actions, None)
    status, refused = client.ask("POST", "/policy/global", {"name": "Mask", "policyKey": "other"})
    assert (status, refused["validation"][0]["code"]) == (422, "unique")


def test_v1_changes_a_policy_that_v2_wrote(client: Client) -> None:
    upsert(client, READERS)
    before = shown(client)
    status, edited = client.ask("PUT", "/policy/global/1", {"name": "Edited", "actions": [], "staged": True})
    assert (status, edited["policyKey"], edited["type"]) == (200, "readers-1", "subscription")
    assert (edited["name"], edited["actions"], edited["staged"]) == ("Edited", [], True)
    assert upsert(client, READERS)[1]["updating"] is True
    assert shown(client) == before


@pytest.mark.parametrize("path", ["/policy/global/1?policyId=1", "/api/v2/policy/readers-1"])
def test_a_policy_is_deleted_by_id_or_key(client: Client, path: str) -> None:
    upsert(client, READERS)
    assert client.ask("DELETE", path)[0] == 200
    assert (client.ask("DELETE", path)[0], client.ask("GET", "/policy/global/1")[0]) == (404, 404)
    assert upsert(client, READERS)[1]["policyId"] == 2


def test_generated_policy_is_protected(client: Client) -> None:
    client.control.plant("policies", {**READERS, "systemGenerated": True})
    for method, path in (
        ("POST", "/api/v2/policy"),
        ("PUT", "/policy/global/1"),
        ("DELETE", "/policy/global/1"),
    ):
        status, refused = client.ask(method, path, READERS if method != "DELETE" else None)
        assert (status, refused["message"]) == (400, "this policy is protected")
