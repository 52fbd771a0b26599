"""The digest of what Immuta shows in other words than the request's."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model.compiled.governance import BY_RESOURCE
from immuta_provider.resources import digest, edited

TYPE = BY_RESOURCE["immuta_data_policy"]


def rule(name: str, **also: Any) -> dict[str, Any]:
    field = {"name": name, "source": "curated", "hasLeafNodes": False}
    return {"type": "masking", "config": {"fields": [field, {"name": "Acme.B"}]}, **also}


def backwards(value: Any) -> Any:
    """A value with the keys of each object in the opposite order."""
    if isinstance(value, dict):
        return {key: backwards(value[key]) for key in reversed(value)}
    return [backwards(each) for each in value] if isinstance(value, list) else value


def people(operator: str, *names: str, **also: Any) -> dict[str, Any]:
    groups = [{"type": "groups", "group": {"name": name, "iam": "bim", **also}} for name in names]
    return {"operator": operator, "conditions": groups}


def masked(**parameters: Any) -> dict[str, Any]:
    config = {**rule("Acme.A")["config"], "maskingConfig": {"type": "Constant", "metadata": parameters}}
    return body(actions=[{"type": "masking", "rules": [rule("Acme.A", config=config)]}])


def excepted(people: dict[str, Any]) -> dict[str, Any]:
    return body(actions=[{"type": "masking", "rules": [rule("Acme.A", exceptions=people)]}])


def domains(*domains: dict[str, Any]) -> dict[str, Any]:
    return body(circumstances=[{"type": "domains", "domains": [*domains]}])


def body(**changed: Any) -> dict[str, Any]:
    return {
        "id": 8,
        "name": "Mask",
        "actions": [{"type": "masking", "description": None, "rules": [rule("Acme.A"), rule("Acme.C")]}],
        "circumstances": [
            {"type": "tags", "operator": "or", "tag": {"name": "Acme", "hasLeafNodes": True, "id": 3}},
            {"type": "columnTags", "operator": "or", "columnTag": {"name": "Acme.B"}},
        ],
        "ownerRestrictions": None,
        **changed,
    }


ONE = body()
CIRCUMSTANCES = ONE["circumstances"]


@pytest.mark.parametrize(
    "spelling",
    [
        body(id=9, updatedAt="2026-01-01", createdBy=2, name="Other"),
        body(ownerRestrictions={"users": [], "groups": None}),
        body(circumstances=list(reversed(CIRCUMSTANCES))),
        body(circumstances=[{**each, "operator": "ANY"} for each in CIRCUMSTANCES]),
        body(
            circumstances=[
                {"type": "tags", "operator": "or", "tag": {"name": "Acme"}},
                {**CIRCUMSTANCES[1], "tag": None, "domains": []},
            ]
        ),
        body(actions=[{**ONE["actions"][0], "description": "", "id": 4, "metadata": {}}]),
        body(
            actions=[
                {
                    "type": "masking",
                    "rules": [
                        {**each, "config": {"fields": list(reversed(each["config"]["fields"]))}}
                        for each in ONE["actions"][0]["rules"]
                    ],
                }
            ]
        ),
    ],
    ids=["added by Immuta", "empty", "order", "operators", "absent", "of an action", "order of fields"],
)
def test_another_spelling_has_the_same_digest(spelling: dict[str, Any]) -> None:
    assert digest.of(TYPE, spelling) == digest.of(TYPE, ONE)


@pytest.mark.parametrize(
    "other",
    [
        body(circumstances=CIRCUMSTANCES[:1]),
        body(circumstances=[{**each, "operator": "and"} for each in CIRCUMSTANCES]),
        body(actions=[{**ONE["actions"][0], "rules": list(reversed(ONE["actions"][0]["rules"]))}]),
        body(actions=[{**ONE["actions"][0], "rules": [rule("Acme.X"), rule("Acme.C")]}]),
        body(actions=[{**ONE["actions"][0], "rules": [rule("Acme.A", exceptions={"a": 1}), rule("Acme.C")]}]),
        body(ownerRestrictions={"groups": ["a"]}),
        body(circumstances=[*CIRCUMSTANCES, {"type": "domains", "domains": [{"id": "a"}]}]),
        body(actions=[{"rules": [{"config": {"maskingConfig": {"metadata": {"constant": "x"}}}}]}]),
    ],
    ids=[
        *("one less", "operators", "order of rules", "a tag", "an exception", "owners", "a domain"),
        "a constant",
    ],
)
def test_a_real_difference_has_another_digest(other: dict[str, Any]) -> None:
    assert digest.of(TYPE, other) != digest.of(TYPE, ONE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE, backwards(ONE)),
        (excepted(people("or", "a", "b")), backwards(excepted(people("ANY", "b", "a")))),
        (excepted(people("or", "a")), excepted(people("or", "a", id=4, description="About", email="a@b"))),
        (domains({"name": "Sales"}), domains({"name": "Sales", "id": "x"})),
        (domains({"name": "A"}, {"name": "B"}), domains({"name": "B"}, {"name": "A"})),
        (masked(), masked(constant="")),
    ],
    ids=["order of keys", "order of groups", "facts of a group", "id beside a name", "domains", "parameters"],
)
def test_two_spellings_have_one_digest(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert digest.of(TYPE, one) == digest.of(TYPE, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (excepted(people("or", "a", "b")), excepted(people("and", "a", "b"))),
        (excepted(people("or", "a")), excepted(people("or", "a", iam="okta"))),
        (domains({"id": "x"}), domains({"id": "y"})),
        (domains({"name": "A"}), domains({"name": "A"}, {"name": "B"})),
    ],
    ids=["all of the groups", "group of another manager", "domain by id", "domain"],
)
def test_two_policies_have_two_digests(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert digest.of(TYPE, one) != digest.of(TYPE, other)


def test_without_an_answer_or_a_place_there_is_no_digest() -> None:
    assert (digest.of(TYPE, None), digest.of(BY_RESOURCE["immuta_tag"], ONE)) == ("", "")


@pytest.mark.parametrize(
    ("also", "text"),
    [
        ({}, "edited in Immuta"),
        ({"updatedAt": "2026-01-02T03:04:05Z"}, "edited in Immuta at 2026-01-02T03:04:05Z"),
        (
            {"updatedAt": "2026-01-02", "updatedByName": "Ana"},
            "edited in Immuta at 2026-01-02 by Ana",
        ),
    ],
)
def test_an_edit_is_told_as_far_as_immuta_tells(also: dict[str, Any], text: str) -> None:
    assert edited.description(body(**also)) == text
