"""State files of version 0.1.0 are read: the plan is empty, and a changed secret plans an update.

`v0_1_0/` holds what Terraform 1.11.4 with version 0.1.0 made of every integration of the tables: the configuration, the state
file, and what Immuta had then. The integrations of the second provider block have their fingerprints under a key, the others
have salted hashes.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from immuta_constructs.testing import Immuta
from support.terraform import Terraform

WRITTEN = Path(__file__).with_name("v0_1_0")


@pytest.fixture(scope="module")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terraform]:
    folder = tmp_path_factory.mktemp("upgraded")
    with Immuta() as simulator:
        for integration in json.loads((WRITTEN / "immuta.json").read_text("utf-8")):
            simulator.plant("integrations", integration, integration["id"])
        terraform = Terraform(folder, environment=simulator.environment)
        for name, copy in {"main.tf.json": "main.tf.json", "state.json": "terraform.tfstate"}.items():
            shutil.copyfile(WRITTEN / name, folder / copy)
        terraform.ok("init")
        yield terraform


@pytest.mark.parametrize("options", [(), ("-refresh=false",)], ids=["refreshed", "as stored"])
def test_the_plan_is_empty(terraform: Terraform, options: tuple[str, ...]) -> None:
    code, stdout, _ = terraform.run("plan", "-detailed-exitcode", *options)
    assert code == 0, stdout


def test_changed_secrets_plan_an_update(terraform: Terraform) -> None:
    """Under both kinds of fingerprint."""
    configuration = (WRITTEN / "main.tf.json").read_text("utf-8")
    terraform.write(json.loads(configuration.replace("-password-", "-rotated-")))
    terraform.ok("plan", "-out", "plan")
    rotated = {
        name
        for instances in json.loads(configuration)["resource"].values()
        for name, attributes in instances.items()
        if "-password-" in json.dumps(attributes)
    }
    changes = terraform.show_json("plan")["resource_changes"]
    assert {c["name"]: c["change"]["actions"] for c in changes} == {
        c["name"]: ["update"] if c["name"] in rotated else ["no-op"] for c in changes
    }
