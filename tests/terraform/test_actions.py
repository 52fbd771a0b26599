"""A new key for a Trino cluster: by an action, where Terraform has them, and by `rotation_trigger` everywhere."""

from __future__ import annotations

import pytest
from immuta_constructs.testing import Immuta
from support.running import instances
from support.terraform import Terraform

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
PROGRESS = [
    "The request to regenerate the API key of integration 1 is sent.",
    "Integration 1 has a new API key, and the old one does not work any more: put the new one on the cluster.",
]
REGENERATED = ["GET /integrations 200", "POST /integrations/1/regenerate 200"]


@pytest.fixture
def cluster(newest: Terraform, immuta: Immuta) -> Terraform:
    newest.write(TRINO % "" + ACTION)
    newest.ok("apply", "-auto-approve")
    immuta.clear_requests()
    return newest


def key(immuta: Immuta) -> str:
    found: str = immuta.stored("integrations")[0]["config"]["apiKey"]
    return found


def test_action_that_is_invoked_by_hand_replaces_the_key_and_shows_neither(
    cluster: Terraform, immuta: Immuta
) -> None:
    before = key(immuta)
    code, stdout, stderr = cluster.run(*INVOKE, environment={"TF_LOG": "TRACE"})
    assert code == 0, stderr
    progress = [line.partition(": ")[2] for line in stdout.splitlines() if line.startswith("Action action.")]
    assert progress == PROGRESS
    assert "Apply complete! Resources: 0 added, 0 changed, 0 destroyed. Actions: 1 invoked." in stdout
    assert immuta.calls() == REGENERATED
    after = key(immuta)
    assert after != before
    left = stdout + stderr + "".join(p.read_text() for p in cluster.folder.glob("*.tfstate*"))
    assert "immuta_regenerate_api_key" in stderr
    assert (before in left, after in left) == (False, False)


def test_update_triggers_an_action(cluster: Terraform, immuta: Immuta) -> None:
    before = key(immuta)
    cluster.write(TRINO % (TRIGGER + '  timeouts = { update = "5m" }\n') + ACTION)
    stdout = cluster.ok("apply", "-auto-approve")
    assert "Apply complete! Resources: 0 added, 1 changed, 0 destroyed. Actions: 1 invoked." in stdout
    assert all(text in stdout for text in PROGRESS)
    assert immuta.calls() == REGENERATED
    assert key(immuta) != before
    cluster.assert_empty_plan()


def test_plan_refuses_an_action_on_an_integration_without_a_key(cluster: Terraform, immuta: Immuta) -> None:
    immuta.plant("integrations", {"type": "Native S3", "config": {"name": "lake"}})
    cluster.write(TRINO % "" + ACTION.replace("immuta_trino_integration.this.id", '"2"'))
    code, _, stderr = cluster.run(*INVOKE)
    assert (code, "Error: An integration without an API key" in stderr) == (1, True), stderr
    assert immuta.counts().get("regenerate") is None


def test_changed_rotation_trigger_replaces_the_key_in_every_terraform(
    terraform: Terraform, immuta: Immuta
) -> None:
    def write(trigger: str) -> None:
        terraform.write(TRINO % f'  rotation_trigger = "{trigger}"\n')

    write("2026-08")
    terraform.ok("apply", "-auto-approve")
    before = key(immuta)
    immuta.clear_requests()

    write("2026-09")
    change = terraform.plan_changes()["immuta_trino_integration.this"]
    made = {"additional_config": None, "id": "1", "status": "enabled", "timeouts": None}
    assert (change["actions"], change["after"], change["after_unknown"]) == (
        ["update"],
        {**made, "rotation_trigger": "2026-09"},
        {},
    )
    terraform.ok("apply", "plan")
    assert instances(terraform) == [{**made, "rotation_trigger": "2026-09"}]
    assert immuta.calls() == REGENERATED
    after = key(immuta)
    assert after != before
    terraform.assert_empty_plan()

    immuta.settings(regenerate_route=False)
    write("2026-10")
    code, _, stderr = terraform.run("apply", "-auto-approve")
    assert (code, "Error: This Immuta cannot regenerate API keys" in stderr) == (1, True), stderr
    assert (instances(terraform)[0]["rotation_trigger"], key(immuta)) == ("2026-09", after)
    immuta.settings(regenerate_route=True)
    terraform.ok("apply", "-auto-approve")
    assert instances(terraform) == [{**made, "rotation_trigger": "2026-10"}]
    assert key(immuta) not in (before, after)
