"""Names of objects that do not exist: reported with a refusal, or as a warning."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model.compiled.types import BY_RESOURCE, TYPES
from support.core import Core, Value
from support.worlds import MakeCore

SUBSCRIPTION: Value = {
    "policy_key": "eng",
    "name": "Engineering",
    "actions": {"type": "entitlements", "entitlements": {"operator": "any", "groups": ["Engineers"]}},
    "circumstances": [{"type": "tags", "tag": "Acme.PII"}],
}
MASKING: Value = {
    "policy_key": "mask",
    "name": "Mask",
    "actions": [
        {
            "rules": [
                {
                    "type": "Masking",
                    "config": {
                        "fields": [{"type": "columnTags", "column_tag": "Acme.PII"}],
                        "masking_config": {"type": "Hash"},
                    },
                    "exceptions": {"purposes": ["Fraud.Cards"]},
                },
                {
                    "type": "Row Restriction by User Entitlements",
                    "config": {"matches": [{"type": "group", "tag": "Acme.PII"}]},
                },
            ]
        }
    ],
    "circumstances": [{"type": "domains", "domains": [{"name": "Finance"}, {"id": "7"}]}],
    "certification": {"text": "Yes", "tags": ["Acme.Certified"]},
    "owner_restrictions": {"groups": ["Stewards"]},
}
PROJECT: Value = {"project_key": "fraud", "name": "Fraud", "purposes": ["Fraud"], "tags": ["Acme.PII"]}
TAKEN = "Immuta accepted {} 1. The parts that name missing objects have no effect until these objects exist.\n\n{}"
CAUSE = "\n\nThe cause may be what the {} names.\n\n{}"


REFERENCES = {
    "tag": "immuta_tag.NAME.name",
    "group": "immuta_group.NAME.name",
    "purpose": "immuta_purpose.NAME.name",
    "domain": "immuta_domain.NAME.name",
    "S3 data source": "immuta_s3_data_source.NAME.data_source_name",
}


def line(noun: str, places: str, value: str, reference: str = "") -> str:
    """The line of a text about one object that does not exist."""
    reference = reference or REFERENCES[noun]
    attribute = reference.rpartition(".")[2]
    return (
        f'{places} "{value}", which does not exist in Immuta. Create the {noun} first, or correct the {attribute}. For a {noun} '
        f"that this configuration creates, refer to the resource (`{reference}`)."
    )


RULES = "actions[0].rules"
SUBSCRIPTION_LINES = "\n".join(
    [
        line("group", "`actions.entitlements.groups` names", "Engineers"),
        line("tag", "`circumstances[0].tag` names", "Acme.PII"),
    ]
)
MASKING_LINES = "\n".join(
    [
        line(
            "tag",
            f"`{RULES}[0].config.fields[0].column_tag` and `{RULES}[1].config.matches[0].tag` name",
            "Acme.PII",
        ),
        line("purpose", f"`{RULES}[0].exceptions.purposes` names", "Fraud.Cards"),
        line("domain", "`circumstances[0].domains[0].name` names", "Finance"),
        line("domain", "`circumstances[0].domains[1].id` names", "7", "immuta_domain.NAME.id"),
        line("tag", "`certification.tags` names", "Acme.Certified"),
        line("group", "`owner_restrictions.groups` names", "Stewards"),
    ]
)
POLICIES = [
    pytest.param("immuta_subscription_policy", SUBSCRIPTION, SUBSCRIPTION_LINES, id="subscription"),
    pytest.param("immuta_data_policy", MASKING, MASKING_LINES, id="data"),
]


def plant_all(world: Core) -> None:
    """Makes everything that the configurations name."""
    for collection, objects in {
        "tags": [{"name": "Acme.PII"}, {"name": "Acme.Certified"}],
        "groups": [{"name": "Engineers"}, {"name": "Stewards", "iamid": "okta"}],
        "purposes": [{"name": "Fraud"}, {"name": "Fraud.Cards"}],
        "domains": [{"name": "Finance"}, {"name": "Sales", "id": "7"}],
    }.items():
        for each in objects:
            world.control.plant(collection, each)


def lists(world: Core) -> dict[str, int]:
    """The number of requests for the lists of named objects, by path."""
    paths = [request["path"] for request in world.transport.requests("record-list")]
    named = ("/tag", "/governance/purpose", "/bim/group", "/domain", "/dataSource")
    return {path: paths.count(path) for path in named if path in paths}


@pytest.mark.parametrize(("resource", "config", "lines"), POLICIES)
def test_policy_that_names_missing_objects_is_created_with_a_warning(
    core: MakeCore, resource: str, config: Value, lines: str
) -> None:
    world = core(resource)
    noun = BY_RESOURCE[resource].noun
    for change in ({}, {"staged": True}):
        [warning] = world.apply({**config, **change}).diagnostics
        assert warning[:2] == ("warning", f"The {noun} names what does not exist")
        assert warning[2:] == (TAKEN.format(noun, lines), ())
    assert world.apply({**config, "staged": True}).action == "none"


@pytest.mark.parametrize(("resource", "config", "lines"), POLICIES)
def test_refusal_of_a_policy_names_the_missing_objects(
    core: MakeCore, resource: str, config: Value, lines: str
) -> None:
    world = core(resource)
    world.control.change_settings({"unknown_names": "reject"})
    [error] = world.apply(config).diagnostics
    noun = BY_RESOURCE[resource].noun
    assert (error.severity, error.summary) == ("error", "Immuta refused the request")
    assert error.detail.endswith(CAUSE.format(noun, lines))
    assert world.instance is None


@pytest.mark.parametrize(("resource", "config", "lines"), POLICIES)
def test_existing_objects_are_not_reported(core: MakeCore, resource: str, config: Value, lines: str) -> None:
    """A group may be of any identity manager, and a purpose below another one."""
    world = core(resource)
    plant_all(world)
    assert world.apply(config).diagnostics == []
    # The answers of /domain have no count, so an empty page ends them.
    once = {"/tag": 1, "/governance/purpose": 1, "/bim/group": 1, "/domain": 2}
    assert lists(world).items() <= once.items()


def test_refusal_of_a_project_names_the_missing_objects(core: MakeCore) -> None:
    world = core("immuta_project")
    world.control.change_settings({"data_sources": []})
    project = {**PROJECT, "datasources": ["Orders"]}
    [error] = world.apply(project).diagnostics
    data_source = line("S3 data source", "`datasources` names", "Orders")
    lines = [
        line("purpose", "`purposes` names", "Fraud"),
        data_source,
        line("tag", "`tags` names", "Acme.PII"),
    ]
    assert error.detail.endswith(CAUSE.format("project", "\n".join(lines)))
    plant_all(world)
    [error] = world.apply(project).diagnostics
    assert error.detail.endswith(CAUSE.format("project", data_source))
    assert world.apply(PROJECT).diagnostics == []


def test_refused_update_of_a_project_names_the_missing_objects(core: MakeCore) -> None:
    world = core("immuta_project")
    plant_all(world)
    accepted = {**PROJECT, "acknowledge_purposes": True}
    assert world.apply(accepted).diagnostics == []
    [error] = world.apply({**accepted, "purposes": ["Fraud", "Loans"]}).diagnostics
    assert CAUSE.format("project", line("purpose", "`purposes` names", "Loans")) in error.detail


def test_an_explained_refusal_reads_no_list(core: MakeCore) -> None:
    world = core("immuta_project")
    plant_all(world)
    assert world.apply(PROJECT).diagnostics == []
    world.control.clear_requests()
    refused = world.apply({**PROJECT, "description": "About"})
    assert refused.errors == ["The purposes of the project are not accepted"]
    assert lists(world) == {}


@pytest.mark.parametrize("refuses", [False, True], ids=["taken", "refused"])
def test_objects_of_a_list_that_cannot_be_read_are_not_reported(core: MakeCore, refuses: bool) -> None:
    """The user that writes policies may not see groups."""
    world = core("immuta_subscription_policy")
    world.control.change_settings(
        {"missing_permissions": ["USER_ADMIN"], "unknown_names": "reject" if refuses else "accept"}
    )
    [diagnostic] = world.apply(SUBSCRIPTION).diagnostics
    assert diagnostic.detail.endswith("\n\n" + line("tag", "`circumstances[0].tag` names", "Acme.PII"))


@pytest.mark.parametrize("status", [401, 403, 409, 429, 500])
def test_other_errors_read_no_list(core: MakeCore, status: int) -> None:
    world = core("immuta_subscription_policy")
    world.transport.fault({"kind": "respond", "status": status}, operation="record-create", times=None)
    assert world.apply(SUBSCRIPTION).errors != []
    assert lists(world) == {}


def test_many_policies_read_each_list_once(core: MakeCore) -> None:
    """A list that is refused is not requested again either."""
    world = core("immuta_subscription_policy")
    world.control.change_settings({"missing_permissions": ["USER_ADMIN"]})
    process = world.configured_process()
    for number in range(5):
        config = world.full({**SUBSCRIPTION, "policy_key": f"key {number}", "name": f"Name {number}"})
        diagnostics: list[Any] = []
        planned, private, _ = process.plan(None, config, config, b"", diagnostics)
        process.apply(None, planned, config, private, diagnostics)
        assert [each.summary for each in diagnostics] == ["The subscription policy names what does not exist"]
    assert lists(world) == {"/tag": 1, "/bim/group": 1}


def test_missing_objects_beyond_ten_are_counted(core: MakeCore) -> None:
    world = core("immuta_project")
    names = [f"Purpose {number:02}" for number in range(13)]
    [error] = world.apply({**PROJECT, "tags": None, "purposes": names}).diagnostics
    assert error.detail.count("does not exist in Immuta") == 10
    assert error.detail.endswith("\n3 more do not exist either.")


def test_each_field_that_names_objects_names_one_attribute_of_a_type() -> None:
    named = {field.names for type in TYPES for _, field in type.walk() if field.names}
    for each in named:
        resource, _, attribute = each.partition(".")
        assert attribute == "id" or BY_RESOURCE[resource].field(attribute) is not None
    assert named == {
        "immuta_amazon_s3_integration.id",
        "immuta_domain.id",
        "immuta_domain.name",
        "immuta_group.id",
        "immuta_group.name",
        "immuta_purpose.name",
        "immuta_s3_data_source.data_source_name",
        "immuta_tag.name",
        "immuta_user.userid",
    }
