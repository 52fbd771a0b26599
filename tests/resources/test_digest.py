"""The digest of values that Immuta shows in other words than those of the request."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from immuta_provider.model.compiled.governance import BY_RESOURCE
from immuta_provider.resources import digest, edited

TYPE = BY_RESOURCE["immuta_data_policy"]
Shown = dict[str, Any]


def people(operator: str, *names: str, **also: Any) -> Shown:
    groups = [{"type": "groups", "group": {"name": name, "iam": "bim", **also}} for name in names]
    return {"operator": operator, "conditions": groups}


def rule(name: str) -> Shown:
    fields = [{"name": name, "source": "curated", "hasLeafNodes": False}, {"name": "Acme.B"}]
    masking = {"type": "Constant", "metadata": {"constant": "x", "note": ""}}
    config = {"fields": fields, "maskingConfig": masking}
    return {"type": "masking", "config": config, "exceptions": people("or", "a", "b")}


POLICY: Shown = {
    "id": 8,
    "name": "Mask",
    "actions": [{"type": "masking", "description": None, "rules": [rule("Acme.A"), rule("Acme.C")]}],
    "circumstances": [
        {"type": "tags", "operator": "or", "tag": {"name": "Acme", "hasLeafNodes": True, "id": 3}},
        {"type": "columnTags", "operator": "or", "columnTag": {"name": "Acme.B"}},
        {"type": "domains", "domains": [{"name": "Sales"}, {"name": "Trade"}]},
        {"type": "domains", "domains": [{"id": "x"}]},
    ],
    "ownerRestrictions": None,
}


def at(place: str, value: Any) -> Shown:
    """The policy with another value at a place with dots; ... removes the value."""
    policy = copy.deepcopy(POLICY)
    *steps, last = (int(step) if step.isdigit() else step for step in place.split("."))
    parent: Any = policy
    for step in steps:
        parent = parent[step]
    if value is ...:
        del parent[last]
    else:
        parent[last] = value
    return policy


def backwards(value: Any) -> Any:
    """A value with the keys of each object in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(each) for each in value] if isinstance(value, list) else value


RULE = "actions.0.rules.0"
CIRCUMSTANCES = POLICY["circumstances"]
[TAGS, COLUMNS, DOMAINS, _] = CIRCUMSTANCES
FACTS = {"hasLeafNodes": False, "color": "#fff", "id": 7, "description": "About"}
SPELLINGS: dict[str, Shown] = {
    "values beside the places": {**POLICY, "id": 9, "updatedAt": "2027", "name": "Other"},
    "values that Immuta adds": at(
        "actions.0", {**POLICY["actions"][0], "updatedAt": "2027", "createdByName": "Ana", "clonedFrom": 3}
    ),
    "an absent value": at("ownerRestrictions", ...),
    "an empty object": at("ownerRestrictions", {"users": [], "groups": None}),
    "an empty list and null": at("circumstances.1", {**COLUMNS, "tag": None, "domains": []}),
    "an empty text, an id and an empty object of an action": at(
        "actions.0", {**POLICY["actions"][0], "description": "", "id": 4, "metadata": {}}
    ),
    "an absent parameter": at(f"{RULE}.config.maskingConfig.metadata", {"constant": "x"}),
    "facts of a tag": at("circumstances.0.tag", {"name": "Acme", **FACTS}),
    "facts of a group": at(f"{RULE}.exceptions", people("or", "a", "b", email="a@b", **FACTS)),
    "an id beside the name of a domain": at("circumstances.2.domains.0.id", "y"),
    "another word of an operator": at("circumstances.0.operator", "ANY"),
    "another order of keys": backwards(POLICY),
    "another order of circumstances": at("circumstances", CIRCUMSTANCES[::-1]),
    "another order of domains": at("circumstances.2.domains", DOMAINS["domains"][::-1]),
    "another order of fields": at(f"{RULE}.config.fields", rule("Acme.A")["config"]["fields"][::-1]),
    "another order and operator of groups": at(f"{RULE}.exceptions", people("ANY", "b", "a")),
}
DIFFERENCES: dict[str, Shown] = {
    "the tag of a circumstance": at("circumstances.0.tag.name", "Acme.X"),
    "the operator of a circumstance": at("circumstances.0.operator", "and"),
    "one circumstance less": at("circumstances.1", ...),
    "one circumstance more": at("circumstances", [*CIRCUMSTANCES, TAGS | {"tag": {"name": "Acme.X"}}]),
    "no circumstances": at("circumstances", None),
    "one domain less": at("circumstances.2.domains.1", ...),
    "the id of a domain": at("circumstances.3.domains.0.id", "y"),
    "owners": at("ownerRestrictions", {"groups": ["a"]}),
    "an unknown key": at("actions.0.new", True),
    "the order of rules": at("actions.0.rules", POLICY["actions"][0]["rules"][::-1]),
    "the column of a rule": at(f"{RULE}.config.fields.0.name", "Acme.X"),
    "the type of a masking": at(f"{RULE}.config.maskingConfig.type", "Null"),
    "a parameter of a masking": at(f"{RULE}.config.maskingConfig.metadata.constant", "y"),
    "no exceptions": at(f"{RULE}.exceptions", None),
    "the operator of groups": at(f"{RULE}.exceptions.operator", "and"),
    "the name of a group": at(f"{RULE}.exceptions.conditions.0.group.name", "c"),
    "the identity manager of a group": at(f"{RULE}.exceptions.conditions.0.group.iam", "okta"),
    "one group less": at(f"{RULE}.exceptions.conditions.0", ...),
}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_another_spelling_has_the_same_digest(spelling: Shown) -> None:
    assert digest.of(TYPE, spelling) == digest.of(TYPE, POLICY)


@pytest.mark.parametrize("other", DIFFERENCES.values(), ids=DIFFERENCES)
def test_a_real_difference_has_another_digest(other: Shown) -> None:
    assert digest.of(TYPE, other) != digest.of(TYPE, POLICY)


def test_without_an_answer_or_a_place_there_is_no_digest() -> None:
    assert (digest.of(TYPE, None), digest.of(BY_RESOURCE["immuta_tag"], POLICY)) == ("", "")


@pytest.mark.parametrize(
    ("also", "text"),
    [
        ({}, "edited in Immuta"),
        ({"updatedAt": "2026-01-02T03:04:05Z"}, "edited in Immuta at 2026-01-02T03:04:05Z"),
        ({"updatedAt": "2026-01-02", "updatedByName": "Ana"}, "edited in Immuta at 2026-01-02 by Ana"),
    ],
)
def test_an_edit_is_reported_with_its_time_and_its_author(also: Shown, text: str) -> None:
    assert edited.description({**POLICY, **also}) == text
