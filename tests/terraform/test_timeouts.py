"""`timeouts` of a resource: how long each verb waits, and how it ends when Immuta needs longer."""

from __future__ import annotations

from immuta_constructs.testing import Immuta
from support.running import ENDLESS, Ended, instances, one_snowflake, statuses
from support.terraform import Terraform

TOO_LONG = ["Immuta needs longer than the timeout"]


def test_each_verb_waits_no_longer_than_its_own_timeout(one_terraform: Terraform, immuta: Immuta) -> None:
    def run(command: str, verb: str, warehouse: str) -> Ended:
        """The timeout of the verb is a second, and those of the others would outlast the test."""
        timeouts = {**dict.fromkeys(("create", "update", "delete"), "1h"), verb: "1s"}
        one_terraform.write(one_snowflake(warehouse=warehouse, timeouts=timeouts))
        if verb == "delete":
            one_terraform.ok("apply", "-auto-approve")
        immuta.settings(polls=ENDLESS)
        return Ended(one_terraform.start(command, "-auto-approve"))

    created = run("apply", "create", "IMMUTA_WH")
    assert (created.code, created.errors) == (0, [])
    assert created.warnings == ["The integration was created, but is not ready yet"]
    assert statuses(one_terraform) == [("1", "creating", "IMMUTA_WH", None)]
    immuta.alter("integrations", "1", status="enabled")

    updated = run("apply", "update", "ANOTHER")
    assert (updated.code, updated.errors, updated.warnings) == (1, TOO_LONG, [])
    assert 'the time was up while integration 1 was "editing".' in updated.text
    assert statuses(one_terraform) == [("1", "editing", "IMMUTA_WH", None)]
    immuta.alter("integrations", "1", status="enabled")

    immuta.settings(polls=1)
    deleted = run("destroy", "delete", "ANOTHER")
    assert (deleted.code, deleted.errors, deleted.warnings) == (1, TOO_LONG, [])
    assert 'the time was up while integration 1 was "deleting".' in deleted.text
    assert statuses(one_terraform) == [("1", "deleting", "ANOTHER", None)]

    immuta.alter("integrations", "1", status="deleting", then="deleted", polls=2)
    assert "Resources: 1 destroyed" in one_terraform.ok("destroy", "-auto-approve")
    assert (instances(one_terraform), immuta.stored("integrations")) == ([], [])
