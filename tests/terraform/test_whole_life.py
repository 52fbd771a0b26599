"""Every type, every field, through the real Terraform: created, changed alone, taken away again, imported, destroyed.

All rows of the table live in one configuration, so that a handful of Terraform commands serve them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.running import REQUIRED
from support.terraform import PROGRAMS, Terraform
from support.terraform_values import without_nulls
from table import BY_RESOURCE, ROWS, cases, numbered, prepare, scenarios
from table.integrations import TEARDOWN_CREDENTIALS
from table.row import Request, Scenario

PROVIDER = {
    "terraform": REQUIRED,
    "provider": {
        "immuta": {
            "fingerprint_key": "a key for the tests",
            "teardown_credentials": dict.fromkeys(
                ("snowflake", "redshift", "azure_synapse"), TEARDOWN_CREDENTIALS
            ),
        }
    },
}
SCENARIOS = {f"{each.resource}.{each.name}": each for each in scenarios()}
"""By the address of the resource."""
ACTIONS = {"update": ["update"], "replace": ["delete", "create"], "none": ["no-op"]}
BEFORE = {address: each.before for address, each in SCENARIOS.items()}
AFTER = {address: each.after for address, each in SCENARIOS.items()}
SENT = {address: each.before if each.action == "none" else each.after for address, each in SCENARIOS.items()}
"""The last requests to Immuta after the change."""
PLANNED = {address: ACTIONS[each.action] for address, each in SCENARIOS.items()}


def configuration(requests: dict[str, Request], **more: Any) -> dict[str, Any]:
    resources: dict[str, dict[str, Any]] = {}
    for address, request in requests.items():
        resource, name = address.split(".")
        resources.setdefault(resource, {})[name] = BY_RESOURCE[resource].attributes(request)
    return {**PROVIDER, "resource": resources, **more}


def states(terraform: Terraform) -> dict[str, dict[str, Any]]:
    """The attributes of each resource in the state."""
    resources = terraform.state()["resources"]
    return {f"{r['type']}.{r['name']}": r["instances"][0]["attributes"] for r in resources}


def held(immuta: Immuta, terraform: Terraform) -> dict[str, Request]:
    """The last request to Immuta for each resource in the state; Immuta has no other objects."""
    found: dict[str, Request] = {}
    attributes = states(terraform)
    for row in ROWS:
        own = row.stored(immuta)
        ids = {a: each["id"] for a, each in attributes.items() if a.startswith(f"{row.resource}.")}
        assert sorted(own) == sorted(ids.values())
        found |= {address: own[id] for address, id in ids.items()}
    return found


def actions(changes: dict[str, Any]) -> dict[str, list[str]]:
    return {address: change["actions"] for address, change in changes.items()}


def made_unknown(change: dict[str, Any]) -> set[str]:
    """The attributes in which an update makes a value unknown."""
    return {name for name, unknown in change["after_unknown"].items() if _holds_true(unknown)}


def _holds_true(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is True or any(map(_holds_true, inner))


def may_be_unknown(scenario: Scenario) -> set[str]:
    """The attributes that Immuta reports, the objects and lists in which a value changes, and removed attributes."""
    before, after = (scenario.row.attributes(each) for each in (scenario.before, scenario.after))
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    inside = {name for name in changed if name not in after or isinstance(after[name], dict | list)}
    return {"status", "credentials_revision"} | inside


def assert_empty_plan(terraform: Terraform) -> None:
    terraform.assert_empty_plan()
    terraform.assert_empty_plan("-refresh=false")


@pytest.fixture(scope="module", params=PROGRAMS)
def terraform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terraform]:
    with Immuta() as immuta:
        folder = tmp_path_factory.mktemp("life")
        made = Terraform(folder, PROGRAMS[request.param], environment=immuta.environment)
        made.immuta = immuta  # type: ignore[attr-defined]
        prepare(immuta.control)
        made.write(PROVIDER)
        made.ok("init")
        yield made


def test_every_change_is_applied_and_taken_back_and_leaves_an_empty_plan(terraform: Terraform) -> None:
    immuta: Immuta = terraform.immuta  # type: ignore[attr-defined]
    terraform.write(configuration(BEFORE))
    terraform.ok("apply", "-auto-approve", "-parallelism=20")
    assert held(immuta, terraform) == BEFORE
    assert_empty_plan(terraform)

    terraform.write(configuration(AFTER))
    changes = terraform.plan_changes()
    assert actions(changes) == PLANNED
    surplus = {
        str(each): made_unknown(changes[address]) - may_be_unknown(each)
        for address, each in SCENARIOS.items()
        if each.action == "update"
    }
    assert {each: names for each, names in surplus.items() if names} == {}
    terraform.ok("apply", "plan")
    assert held(immuta, terraform) == SENT
    assert_empty_plan(terraform)

    # The way back does not depend on the Terraform.
    if terraform.program == next(iter(PROGRAMS.values())):
        terraform.write(configuration(BEFORE))
        assert actions(terraform.plan_changes()) == PLANNED
        terraform.ok("apply", "plan")
        assert held(immuta, terraform) == BEFORE
        assert_empty_plan(terraform)

    terraform.ok("destroy", "-auto-approve")
    assert held(immuta, terraform) == {}
    assert terraform.state()["resources"] == []


def test_import_reads_everything_and_needs_one_update_for_the_secrets(terraform: Terraform) -> None:
    immuta: Immuta = terraform.immuta  # type: ignore[attr-defined]
    table = {
        f"{row.resource}.b{n}": (row, case, numbered(case.request, n))
        for n, (_, row, case) in enumerate(cases())
    }
    bases = {address: request for address, (_, _, request) in table.items()}
    terraform.write(configuration(bases))
    terraform.ok("apply", "-auto-approve")
    ids = {address: each["id"] for address, each in states(terraform).items()}
    (terraform.folder / "terraform.tfstate").unlink()
    read = {address: row.imported(request, ids[address]) for address, (row, _, request) in table.items()}

    imports = [{"to": address, "id": id} for address, id in ids.items()]
    terraform.write(configuration(bases, **{"import": imports}))
    changes = terraform.plan_changes()
    assert {address: without_nulls(change["before"]) for address, change in changes.items()} == read
    assert actions(changes) == {
        address: ACTIONS[case.after_import] for address, (_, case, _) in table.items()
    }
    terraform.ok("apply", "plan")
    assert held(immuta, terraform) == bases
    assert_empty_plan(terraform)

    first = next(iter(ids))
    terraform.ok("state", "rm", first)
    terraform.write(configuration(bases))
    terraform.ok("import", first, ids[first])
    assert without_nulls(states(terraform)[first]) == read[first]
    assert_empty_plan(terraform)
