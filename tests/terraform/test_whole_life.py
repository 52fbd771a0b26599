"""Every type, every field, through the real Terraform: created, changed alone, taken away again, imported, destroyed.

All rows of the table live in one configuration, so that a handful of Terraform commands serve them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.terraform import PROGRAMS, Terraform
from table import BY_RESOURCE, ROWS, cases, numbered, prepare, scenarios
from table.integrations import TEARDOWN_CREDENTIALS
from table.row import Request, Scenario

PROVIDER = {
    "terraform": {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}},
    "provider": {
        "immuta": {
            "fingerprint_key": "a key for the tests",
            "teardown_credentials": dict.fromkeys(
                ("snowflake", "redshift", "azure_synapse"), TEARDOWN_CREDENTIALS
            ),
        }
    },
}
SCENARIOS = scenarios()
Key = tuple[str, str]
"""The resource type and the name of a resource."""


def configuration(requests: dict[Key, Request], **more: Any) -> dict[str, Any]:
    resources: dict[str, dict[str, Any]] = {}
    for (resource, name), request in requests.items():
        resources.setdefault(resource, {})[name] = BY_RESOURCE[resource].attributes(request)
    return {**PROVIDER, "resource": resources, **more}


def before(scenario: Scenario) -> Request:
    return scenario.before


def after(scenario: Scenario) -> Request:
    return scenario.after


def sent_after(scenario: Scenario) -> Request:
    return scenario.before if scenario.action == "none" else scenario.after


ACTIONS = {"update": ["update"], "replace": ["delete", "create"], "none": ["no-op"]}


def requests(side: Callable[[Scenario], Request]) -> dict[Key, Request]:
    return {(each.resource, each.name): side(each) for each in SCENARIOS}


def held(immuta: Immuta, terraform: Terraform) -> dict[Key, Request]:
    """What Immuta was last sent for each resource in the state, and that it holds nothing else."""
    found: dict[Key, Request] = {}
    for row in ROWS:
        ids = {
            r["name"]: r["instances"][0]["attributes"]["id"]
            for r in terraform.state()["resources"]
            if r["type"] == row.resource
        }
        own = row.stored(immuta)
        assert sorted(own) == sorted(ids.values())
        found |= {(row.resource, name): own[id] for name, id in ids.items()}
    return found


def planned(terraform: Terraform) -> dict[tuple[str, str], dict[str, Any]]:
    terraform.ok("plan", "-out", "plan")
    changes = terraform.show_json("plan")["resource_changes"]
    return {(c["type"], c["name"]): c["change"] for c in changes}


def actions(terraform: Terraform) -> dict[tuple[str, str], list[str]]:
    return {key: change["actions"] for key, change in planned(terraform).items()}


def moved(change: dict[str, Any]) -> set[str]:
    """The attributes at the root of which an update makes something unknown."""
    return {name for name, unknown in change["after_unknown"].items() if _holds_true(unknown)}


def _holds_true(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return value is True or any(map(_holds_true, inner))


def may_move(scenario: Scenario) -> set[str]:
    """What Immuta reports, and the objects and lists in which something changed, or that were taken away."""
    before, after = (scenario.row.attributes(each) for each in (scenario.before, scenario.after))
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    inside = {name for name in changed if name not in after or isinstance(after[name], dict | list)}
    return {"status", "credentials_revision"} | inside


def without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    return [without_nulls(v) for v in value] if isinstance(value, list) else value


def assert_empty_plan(terraform: Terraform) -> None:
    for options in ((), ("-refresh=false",)):
        code, stdout, stderr = terraform.run("plan", "-detailed-exitcode", *options)
        assert (code, stderr) == (0, ""), stdout + stderr


@pytest.fixture(scope="module", params=PROGRAMS)
def terraform(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Terraform]:
    with Immuta() as immuta:
        made = Terraform(
            tmp_path_factory.mktemp("life"),
            PROGRAMS[request.param],
            environment=immuta.environment,
        )
        made.immuta = immuta  # type: ignore[attr-defined]
        prepare(immuta.control)
        made.write(PROVIDER)
        made.ok("init")
        yield made


def test_a_whole_life(terraform: Terraform) -> None:
    immuta: Immuta = terraform.immuta  # type: ignore[attr-defined]
    terraform.write(configuration(requests(before)))
    terraform.ok("apply", "-auto-approve", "-parallelism=20")
    assert held(immuta, terraform) == requests(before)
    assert_empty_plan(terraform)

    terraform.write(configuration(requests(after)))
    changes = planned(terraform)
    assert {key: change["actions"] for key, change in changes.items()} == {
        (each.resource, each.name): ACTIONS[each.action] for each in SCENARIOS
    }
    updates = [each for each in SCENARIOS if each.action == "update"]
    strange = {
        str(each): unknown - may_move(each)
        for each in updates
        if (unknown := moved(changes[each.resource, each.name])) - may_move(each)
    }
    assert strange == {}
    terraform.ok("apply", "plan")
    assert held(immuta, terraform) == requests(sent_after)
    assert_empty_plan(terraform)

    # The way back is the provider's doing, whichever Terraform asks for it.
    if terraform.program == next(iter(PROGRAMS.values())):
        terraform.write(configuration(requests(before)))
        assert actions(terraform) == {(each.resource, each.name): ACTIONS[each.action] for each in SCENARIOS}
        terraform.ok("apply", "plan")
        assert held(immuta, terraform) == requests(before)
        assert_empty_plan(terraform)

    terraform.ok("destroy", "-auto-approve")
    assert held(immuta, terraform) == {}
    assert terraform.state()["resources"] == []


def test_import(terraform: Terraform) -> None:
    """Integrations that exist already: read in full, no replacement, one update that sends the secrets, and then an empty
    plan."""
    immuta: Immuta = terraform.immuta  # type: ignore[attr-defined]
    table = {
        (row.resource, f"b{n}"): (row, case, numbered(case.request, n))
        for n, (_, row, case) in enumerate(cases())
    }
    bases = {key: request for key, (_, _, request) in table.items()}
    terraform.write(configuration(bases))
    terraform.ok("apply", "-auto-approve")
    ids = {
        (r["type"], r["name"]): r["instances"][0]["attributes"]["id"] for r in terraform.state()["resources"]
    }
    (terraform.folder / "terraform.tfstate").unlink()

    def read(key: Key) -> dict[str, Any]:
        row, _, request = table[key]
        return row.imported(request, ids[key])

    imports = [{"to": ".".join(key), "id": id} for key, id in ids.items()]
    terraform.write(configuration(bases, **{"import": imports}))
    changes = planned(terraform)
    assert {key: without_nulls(change["before"]) for key, change in changes.items()} == {
        key: read(key) for key in bases
    }
    assert {key: change["actions"] for key, change in changes.items()} == {
        key: ACTIONS[case.after_import] for key, (_, case, _) in table.items()
    }
    terraform.ok("apply", "plan")
    assert held(immuta, terraform) == bases
    assert_empty_plan(terraform)

    first = next(iter(ids))
    terraform.ok("state", "rm", ".".join(first))
    terraform.write(configuration(bases))
    terraform.ok("import", ".".join(first), ids[first])
    (state,) = (r for r in terraform.state()["resources"] if (r["type"], r["name"]) == first)
    assert without_nulls(state["instances"][0]["attributes"]) == read(first)
    assert_empty_plan(terraform)
