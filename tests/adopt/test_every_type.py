"""A tenant with every row of the table: its program is synthesized, imported, and planned and applied by the provider."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.adopted import Adopted, Resource, adopt, configurations, synthesized
from support.core import Core, InProcess
from table import examples, prepare
from table.people import OLD
from table.row import Example

EXAMPLES = examples()
WITH_SECRETS = [example for example in EXAMPLES if example.row.type.has_secrets]
ENVIRONMENT = {"IMMUTA_FINGERPRINT_KEY": "a key for the tests"}
MASKING = "its action is of the kind 'masking' in Immuta's older API, whose rules have other words"
OTHER = "its action is of the kind 'minimization' in Immuta's older API, whose rules have other words"
KIND = "its subscription is of the kind 'Minimization', which Immuta's documentation does not explain"
CIRCUMSTANCE = "it has a circumstance of the kind 'Minimization', and Immuta's documentation does not say how this is shown"
OWNERS = "it is restricted to owners, and Immuta's documentation does not say how this is shown"
APPROVALS = "its action has `approvals`, which Immuta's documentation does not explain"
WORKSPACE = "it has a workspace, and Immuta's documentation does not say how this is shown"
LEFT_OUT = {
    "data policy": MASKING,
    "data policy as JSON, selected by owners": OTHER,
    "data policy in full": OWNERS,
    "data policy with circumstances as JSON": CIRCUMSTANCE,
    "project in full": WORKSPACE,
    "project with a Snowflake workspace": WORKSPACE,
    "project with approvals": APPROVALS,
    "subscription policy as JSON, selected by owners": KIND,
    "subscription policy in full": OWNERS,
    "subscription policy with approvals": APPROVALS,
    "subscription policy with circumstances as JSON": CIRCUMSTANCE,
}
"""The cases that cannot be written, each with the reason."""
WRITTEN_AGAIN = {
    "external id",
    "external ids",
    "project with a condition as text",
    "subscription policy",
    "subscription policy with a condition as text",
}
"""The cases without a secret that the first deploy writes again, since Immuta does not show all of them as they are written."""


def made(transport: InProcess, objects: Sequence[Example]) -> dict[str, str]:
    """Makes the objects in Immuta and returns their ids by the names of the cases."""
    prepare(transport.control, {example.row.resource: example.row for example in objects}.values())
    # Every user is a construct, which cdktf takes its time for.
    for user in transport.control.stored("users"):
        if user["userid"] in OLD[len(EXAMPLES) + 1 :]:
            transport.control.remove("users", str(user["id"]))
    ids: dict[str, str] = {}
    for example in objects:
        core = of_type(transport, example)
        assert core.apply(example.config).errors == []
        assert core.instance is not None
        ids[example.name] = core.instance.state["id"]
    return ids


def of_type(transport: InProcess, example: Example) -> Core:
    environment = {**ENVIRONMENT, **example.row.environment}
    return Core(example.resource, transport=transport, environment=environment)


def outcome(transport: InProcess, example: Example, resource: Resource) -> tuple[str, str, list[str]]:
    """The action of the first deploy, which imports the object, that of the second, and the errors of both."""
    core = of_type(transport, example)
    imported = core.import_(resource.id)
    first, second = core.apply(resource.config), core.apply(resource.config)
    return first.action, second.action, [*imported.errors, *first.errors, *second.errors]


def reasons(adopted: Adopted) -> str:
    """The comments of a program, each on one line."""
    return adopted.program.replace("\n#   ", " ")


@pytest.mark.parametrize(("secrets", "objects"), [("omit", EXAMPLES), ("mask", WITH_SECRETS)])
def test_first_deploy_imports_and_updates_in_place_and_the_second_does_nothing(
    transport: InProcess, tmp_path: Path, secrets: str, objects: Sequence[Example]
) -> None:
    transport.control.change_settings({"secrets": secrets})
    ids = made(transport, objects)
    adopted = adopt(transport, tmp_path / "stack")
    resources = {
        (address.partition(".")[0], each.id): each
        for address, each in configurations(synthesized(adopted.program, tmp_path / "out")).items()
    }
    found = {example.name: resources.get((example.resource, ids[example.name])) for example in objects}
    assert {name for name, resource in found.items() if resource is None} == LEFT_OUT.keys() & ids.keys()
    written = [(example, resource) for example in objects if (resource := found[example.name])]
    expected: dict[str, tuple[str, str, list[str]]] = {
        example.name: (
            "update" if resource.has_secret or example.name in WRITTEN_AGAIN else "none",
            "none",
            [],
        )
        for example, resource in written
    }
    assert {example.name: outcome(transport, example, resource) for example, resource in written} == expected
    for example in objects:
        if example.name in LEFT_OUT:
            key = example.config.get("policy_key") or example.config["project_key"]
            title = f"{example.row.type.title} {key} (id {ids[example.name]})"
            assert f"# - {title}: {LEFT_OUT[example.name]}." in reasons(adopted)
            assert LEFT_OUT[example.name] in adopted.shown
