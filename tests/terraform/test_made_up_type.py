"""The price of one more record type is a class and a row: a made-up one lives its whole life with the real Terraform."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.altered_plugin import altered_plugin
from support.made_up import SHELF, Library
from support.running import resources
from support.terraform import Terraform
from support.terraform_values import without_nulls

# The plugin loads the model without pydantic, as the compiled types are.
REGISTERED = f"""
import pickle
from immuta_provider.model.compiled import types
types.TYPES += (pickle.loads({pickle.dumps(SHELF)!r}),)
"""


@pytest.fixture
def immuta() -> Iterator[Immuta]:
    with Immuta(families=(Library,)) as running:
        yield running


@pytest.fixture
def terraform(tmp_path: Path, newest: Terraform) -> Terraform:
    newest.environment["TF_CLI_CONFIG_FILE"] = str(altered_plugin(tmp_path / "plugin", REGISTERED))
    return newest


def write(terraform: Terraform, shelf: dict[str, Any], **more: Any) -> None:
    terraform.write(resources("immuta_shelf", {"one": shelf}, **more))


def planned(terraform: Terraform) -> list[str]:
    """The actions of a plan."""
    actions: list[str] = terraform.plan_changes()["immuta_shelf.one"]["actions"]
    return actions


def test_a_made_up_type_lives_its_whole_life(terraform: Terraform, immuta: Immuta) -> None:
    small = {"name": "art", "labels": [{"text": "A"}]}
    write(terraform, small)
    terraform.ok("apply", "-auto-approve")
    (held,) = immuta.stored("shelves")
    assert held == {"id": 1, **small}
    assert planned(terraform) == ["no-op"]

    large = {"name": "art", "boards": 5, "labels": [{"text": "A", "colour": "red"}, {"text": "B"}]}
    write(terraform, large)
    terraform.ok("apply", "-auto-approve")
    (held,) = immuta.stored("shelves")
    assert held == {"id": 1, **large}
    assert planned(terraform) == ["no-op"]

    immuta.alter("shelves", 1, boards=9)
    assert planned(terraform) == ["update"]
    terraform.ok("apply", "-auto-approve")
    assert immuta.stored("shelves")[0]["boards"] == 5

    terraform.ok("state", "rm", "immuta_shelf.one")
    write(terraform, large, **{"import": [{"to": "immuta_shelf.one", "id": "art"}]})
    terraform.ok("apply", "-auto-approve")
    state = terraform.state()["resources"][0]["instances"][0]
    assert without_nulls(state["attributes"]) == {"id": "1", **large}
    assert state["identity"]["id"] == "1"
    write(terraform, large)
    assert planned(terraform) == ["no-op"]

    write(terraform, {**large, "name": "music"})
    assert planned(terraform) == ["delete", "create"]

    immuta.remove("shelves", 1)
    write(terraform, large)
    assert planned(terraform) == ["create"]
    terraform.ok("apply", "-auto-approve")

    reads = {
        "data": {
            "immuta_shelf": {"one": {"name": "art"}},
            "immuta_shelves": {"all": {"search_text": "AR"}},
        },
        "output": {
            "one": {"value": "${data.immuta_shelf.one.boards}"},
            "all": {"value": "${data.immuta_shelves.all.shelves[*].name}"},
        },
    }
    write(terraform, large, **reads)
    terraform.ok("apply", "-auto-approve")
    outputs = json.loads(terraform.ok("output", "-json"))
    assert {name: each["value"] for name, each in outputs.items()} == {"one": 5, "all": ["art"]}

    terraform.write({})
    terraform.ok("apply", "-auto-approve")
    assert immuta.stored("shelves") == []


def test_plan_checks_the_rules_of_a_made_up_type(terraform: Terraform) -> None:
    write(terraform, {"name": "art", "boards": 0})
    code, _, stderr = terraform.run("plan")
    assert (code, "boards is out of range" in stderr) == (1, True), stderr


def test_a_made_up_type_is_listed(terraform: Terraform, immuta: Immuta) -> None:
    for name in ("art", "music"):
        immuta.plant("shelves", {"name": name})
    block = 'list "immuta_shelf" "all" {\n  provider = immuta\n  config {\n    name = "music"\n  }\n}\n'
    (terraform.folder / "main.tfquery.hcl").write_text(block)
    shown = terraform.ok("query", "-json")
    found = [json.loads(line) for line in shown.splitlines() if '"list_resource_found"' in line]
    assert [each["list_resource_found"]["display_name"] for each in found] == ["Shelf: music"]
