"""What the real Terraform shows a provider of a secret: under `ignore_changes`, taken out, not known yet, forgotten.

Terraform hands a plan the configuration with what `ignore_changes` names put back to the prior state, and a secret has none:
it is null there, as if it had been taken out. Right before it validates the configuration as it stands.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.terraform import PROGRAMS, Terraform

HEAD = """
terraform {
  required_providers {
    immuta = { source = "cdktf-immuta/immuta" }
  }
}
provider "immuta" {
  fingerprint_key = "a key for the tests"
}
variable "password" {
  ephemeral = true
}
variable "passphrase" {
  ephemeral = true
  default   = "first passphrase"
}
"""
SNOWFLAKE = """
resource "immuta_snowflake_integration" "NAME" {
  auto_bootstrap       = false
  host                 = "NAME.snowflakecomputing.com"
  warehouse            = "WAREHOUSE"
  database             = "IMMUTA"
  authentication_type  = "userPassword"
  username             = "admin"
  password             = PASSWORD
  connect_args         = CONNECT_ARGS
  LIFECYCLE
}
"""
FIRST, SECOND = {"TF_VAR_password": "first"}, {"TF_VAR_password": "second"}


def resource(name: str, ignored: str = "", **values: str) -> str:
    """A Snowflake integration; `ignored` is what `ignore_changes` is set to."""
    lifecycle = f"lifecycle {{\n    ignore_changes = {ignored}\n  }}" if ignored else ""
    defaults = {"WAREHOUSE": "WH", "PASSWORD": "var.password", "CONNECT_ARGS": "var.passphrase"}
    text = SNOWFLAKE.replace("NAME", name).replace("LIFECYCLE", lifecycle)
    for placeholder, value in {**defaults, **values}.items():
        text = text.replace(placeholder, value)
    return text


@pytest.fixture(params=PROGRAMS)
def terraform(request: pytest.FixtureRequest, tmp_path: Path, simulator: Immuta) -> Terraform:
    environment = simulator.environment
    made = Terraform(tmp_path, PROGRAMS[request.param], environment=environment)
    made.write(HEAD)
    made.ok("init")
    return made


def actions(terraform: Terraform, environment: dict[str, str], *options: str) -> dict[str, list[str]]:
    terraform.ok("plan", "-out=plan", *options, environment=environment)
    changes = terraform.show_json("plan")["resource_changes"]
    return {change["name"]: change["change"]["actions"] for change in changes}


def sent(simulator: Immuta, name: str) -> dict[str, Any]:
    (found,) = (
        each["config"]
        for each in simulator.sent()
        if each["config"]["host"] == f"{name}.snowflakecomputing.com"
    )
    return dict(found)


IGNORING = {"none": "", "password": "[password]", "everything": "all", "another": "[warehouse]"}


def test_an_ignored_secret_is_not_sent_and_a_removed_one_is_erased(
    terraform: Terraform, simulator: Immuta
) -> None:
    terraform.write(HEAD + "".join(resource(name, ignored) for name, ignored in IGNORING.items()))
    terraform.ok("apply", "-auto-approve", environment=FIRST)
    rotated = {
        "none": ["update"],
        "password": ["no-op"],
        "everything": ["no-op"],
        "another": ["update"],
    }
    for options in ((), ("-refresh=false",)):
        assert actions(terraform, SECOND, *options) == rotated
    terraform.ok("apply", "plan", environment=SECOND)
    assert [sent(simulator, name)["password"] for name in IGNORING] == ["second", "first", "first", "second"]
    assert actions(terraform, SECOND) == {name: ["no-op"] for name in IGNORING}

    # The optional one is taken out, and what is ignored besides has another value by now.
    removed = {"CONNECT_ARGS": "null"}
    terraform.write(
        HEAD
        + "".join(
            resource(name, ignored, **removed, **({"WAREHOUSE": "OTHER"} if name == "another" else {}))
            for name, ignored in IGNORING.items()
        )
    )
    seen = {**rotated, "password": ["update"]}
    for options in ((), ("-refresh=false",)):
        assert actions(terraform, SECOND, *options) == seen
    terraform.ok("apply", "plan", environment=SECOND)
    assert ["connectArgs" in sent(simulator, name) for name in IGNORING] == [False, False, True, False]
    assert sent(simulator, "another")["warehouse"] == "WH"
    # An update for another reason sends the secret that is configured then.
    assert sent(simulator, "password")["password"] == "second"
    assert actions(terraform, SECOND) == {name: ["no-op"] for name in IGNORING}


def test_a_secret_that_is_known_after_apply_is_sent_only_if_it_changed(
    terraform: Terraform, simulator: Immuta
) -> None:
    """`terraform_data` gives a value that is not known before the apply."""

    def configuration(trigger: str, password: str) -> str:
        data = f'resource "terraform_data" "late" {{\n  input = "{password}"\n  triggers_replace = "{trigger}"\n}}\n'
        return HEAD + data + resource("one", PASSWORD="terraform_data.late.output")

    terraform.write(configuration("one", "first"))
    terraform.ok("apply", "-auto-approve", environment=FIRST)
    before = terraform.state()
    simulator.clear_requests()

    terraform.write(configuration("two", "first"))
    assert actions(terraform, FIRST) == {"late": ["delete", "create"], "one": ["update"]}
    terraform.ok("apply", "plan", environment=FIRST)
    assert simulator.counts().get("update", 0) == 0
    assert instance(terraform.state()) == instance(before)

    terraform.write(configuration("three", "second"))
    assert actions(terraform, FIRST)["one"] == ["update"]
    terraform.ok("apply", "plan", environment=FIRST)
    assert sent(simulator, "one")["password"] == "second"
    assert instance(terraform.state())["attributes"]["credentials_revision"] == 2
    assert actions(terraform, FIRST) == {"late": ["no-op"], "one": ["no-op"]}


def test_private_state_after_an_error_is_the_old_one(terraform: Terraform, simulator: Immuta) -> None:
    terraform.write(HEAD + resource("one"))
    terraform.ok("apply", "-auto-approve", environment=FIRST)
    before = instance(terraform.state())
    simulator.fault("invalid", operation="update")
    assert terraform.run("apply", "-auto-approve", environment=SECOND).code == 1
    assert instance(terraform.state()) == before
    assert actions(terraform, FIRST) == {"one": ["no-op"]}
    assert actions(terraform, SECOND) == {"one": ["update"]}


def instance(state: dict[str, Any]) -> dict[str, Any]:
    """The integration in a state; the values that Terraform works out are the same ones."""
    (found,) = (r["instances"][0] for r in state["resources"] if r["type"].startswith("immuta_"))
    return {**found, "dependencies": None, "sensitive_attributes": None}
