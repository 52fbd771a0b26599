"""Every type, every field, through the real Terraform: created, changed alone, taken away again, imported, destroyed.

All rows of the table live in one configuration, so that a handful of Terraform commands serve them all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from support.scenarios import BASES, FULL, Row, attributes, filled, imported, resource_of, rows
from support.simulator import Simulator
from support.terraform import PROGRAMS, Terraform

PROVIDER = {
    "terraform": {"required_providers": {"immuta": {"source": "cdktf-immuta/immuta"}}},
    "provider": {
        "immuta": {
            "fingerprint_key": "a key for the tests",
            "teardown_credentials": {
                "snowflake": {
                    "authentication_type": "userPassword",
                    "username": "admin",
                    "password": "p" * 12,
                },
                "redshift": {
                    "authentication_type": "userPassword",
                    "username": "admin",
                    "password": "p" * 12,
                },
                "azure_synapse": {
                    "authentication_type": "userPassword",
                    "username": "admin",
                    "password": "p" * 12,
                },
            },
        }
    },
}
ROWS = rows()


def configuration(requests: dict[tuple[str, str], dict[str, Any]], **more: Any) -> dict[str, Any]:
    resources: dict[str, dict[str, Any]] = {}
    for (resource, name), request in requests.items():
        resources.setdefault(resource, {})[name] = attributes(request)
    return {**PROVIDER, "resource": resources, **more}


def before(row: Row) -> dict[str, Any]:
    return row.before


def after(row: Row) -> dict[str, Any]:
    return row.after


def sent_after(row: Row) -> dict[str, Any]:
    return row.before if row.action == "none" else row.after


ACTIONS = {"update": ["update"], "replace": ["delete", "create"], "none": ["no-op"]}


def requests(side: Any) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row.resource, row.name): side(row) for row in ROWS}


def held(simulator: Simulator, terraform: Terraform) -> dict[tuple[str, str], Any]:
    """What Immuta was last sent for each resource in the state."""
    by_id = {i["id"]: i["sent"] for i in simulator.admin.integrations()}
    state = {
        (r["type"], r["name"]): r["instances"][0]["attributes"]["id"] for r in terraform.state()["resources"]
    }
    assert sorted(by_id) == sorted(state.values())
    return {key: by_id[id] for key, id in state.items()}


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


def may_move(row: Row) -> set[str]:
    """What Immuta reports, and the objects and lists in which something changed, or that were taken away."""
    before, after = attributes(row.before), attributes(row.after)
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
    with Simulator() as simulator:
        made = Terraform(
            tmp_path_factory.mktemp("life"),
            PROGRAMS[request.param],
            environment={"IMMUTA_HOST": simulator.url, "IMMUTA_API_KEY": simulator.api_key},
        )
        made.simulator = simulator  # type: ignore[attr-defined]
        made.write(PROVIDER)
        made.ok("init")
        yield made


def test_a_whole_life(terraform: Terraform) -> None:
    simulator: Simulator = terraform.simulator  # type: ignore[attr-defined]
    terraform.write(configuration(requests(before)))
    terraform.ok("apply", "-auto-approve", "-parallelism=20")
    assert held(simulator, terraform) == requests(before)
    assert_empty_plan(terraform)

    terraform.write(configuration(requests(after)))
    changes = planned(terraform)
    assert {key: change["actions"] for key, change in changes.items()} == {
        (row.resource, row.name): ACTIONS[row.action] for row in ROWS
    }
    updates = [row for row in ROWS if row.action == "update"]
    strange = {
        row: unknown - may_move(row)
        for row in updates
        if (unknown := moved(changes[row.resource, row.name])) - may_move(row)
    }
    assert strange == {}
    terraform.ok("apply", "plan")
    assert held(simulator, terraform) == requests(sent_after)
    assert_empty_plan(terraform)

    # The way back is the provider's doing, whichever Terraform asks for it.
    if terraform.program == next(iter(PROGRAMS.values())):
        terraform.write(configuration(requests(before)))
        assert actions(terraform) == {(row.resource, row.name): ACTIONS[row.action] for row in ROWS}
        terraform.ok("apply", "plan")
        assert held(simulator, terraform) == requests(before)
        assert_empty_plan(terraform)

    terraform.ok("destroy", "-auto-approve")
    assert simulator.admin.integrations() == []
    assert terraform.state()["resources"] == []


def test_import(terraform: Terraform) -> None:
    """Integrations that exist already: read in full, no replacement, one update that sends the secrets, and then an empty
    plan."""
    simulator: Simulator = terraform.simulator  # type: ignore[attr-defined]
    bases = {
        (resource_of(request), f"b{n}"): filled(request, n)
        for n, (base, request) in enumerate((BASES | FULL).items())
    }
    terraform.write(configuration(bases))
    terraform.ok("apply", "-auto-approve")
    ids = {
        (r["type"], r["name"]): r["instances"][0]["attributes"]["id"] for r in terraform.state()["resources"]
    }
    (terraform.folder / "terraform.tfstate").unlink()

    def read(key: tuple[str, str]) -> dict[str, Any]:
        revision = {} if key[0] == "immuta_trino_integration" else {"credentials_revision": 1}
        return {**imported(bases[key]), "id": ids[key], "status": "enabled", **revision}

    imports = [{"to": ".".join(key), "id": id} for key, id in ids.items()]
    terraform.write(configuration(bases, **{"import": imports}))
    changes = planned(terraform)
    assert {key: without_nulls(change["before"]) for key, change in changes.items()} == {
        key: read(key) for key in bases
    }
    without_secrets = {("immuta_amazon_s3_integration", "b0"), ("immuta_trino_integration", "b12")}
    assert {key: change["actions"] for key, change in changes.items()} == {
        key: ["no-op"] if key in without_secrets else ["update"] for key in bases
    }
    terraform.ok("apply", "plan")
    assert held(simulator, terraform) == bases
    assert_empty_plan(terraform)

    first = next(iter(ids))
    terraform.ok("state", "rm", ".".join(first))
    terraform.write(configuration(bases))
    terraform.ok("import", ".".join(first), ids[first])
    (state,) = (r for r in terraform.state()["resources"] if (r["type"], r["name"]) == first)
    assert without_nulls(state["instances"][0]["attributes"]) == read(first)
    assert_empty_plan(terraform)
