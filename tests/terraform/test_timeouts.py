"""`timeouts` of a resource: how long each verb waits, and how it ends when Immuta needs longer."""

from __future__ import annotations

from typing import Any

from immuta_constructs.testing import Immuta
from support.running import Ended, instances, one_snowflake
from support.terraform import Terraform

ENDLESS = 1_000_000


def status_of(terraform: Terraform) -> list[tuple[Any, ...]]:
    return [(i["id"], i["status"], i["warehouse"], i.get("tainted")) for i in instances(terraform)]


def test_timeouts(one_terraform: Terraform, immuta: Immuta) -> None:
    def run(command: str, *, timeout: str, warehouse: str) -> Ended:
        """One verb has that timeout, the others would outlast the test."""
        verb = {"destroy": "delete", "apply": "update" if instances(one_terraform) else "create"}[command]
        timeouts = {**dict.fromkeys(("create", "update", "delete"), "1h"), verb: timeout}
        one_terraform.write(one_snowflake(warehouse=warehouse, timeouts=timeouts))
        if verb == "delete":
            one_terraform.ok("apply", "-auto-approve")
        immuta.settings(polls=ENDLESS)
        return Ended(one_terraform.start(command, "-auto-approve"))

    one_terraform.write(one_snowflake())
    one_terraform.ok("init")

    created = run("apply", timeout="1s", warehouse="WH")
    assert (created.code, created.errors, created.warnings) == (
        0,
        [],
        ["The integration was created, but is not ready yet"],
    )
    assert status_of(one_terraform) == [("1", "creating", "WH", None)]
    immuta.alter("integrations", "1", status="enabled")

    updated = run("apply", timeout="1s", warehouse="ANOTHER")
    assert (updated.code, updated.errors, updated.warnings) == (
        1,
        ["Immuta needs longer than the timeout"],
        [],
    )
    assert 'the time was up while integration 1 was "editing".' in updated.text
    assert status_of(one_terraform) == [("1", "editing", "WH", None)]
    immuta.alter("integrations", "1", status="enabled")

    immuta.settings(polls=1)
    deleted = run("destroy", timeout="1s", warehouse="ANOTHER")
    assert (deleted.code, deleted.errors, deleted.warnings) == (
        1,
        ["Immuta needs longer than the timeout"],
        [],
    )
    assert 'the time was up while integration 1 was "deleting".' in deleted.text
    assert status_of(one_terraform) == [("1", "deleting", "ANOTHER", None)]

    immuta.alter("integrations", "1", status="deleting", then="deleted", polls=2)
    assert "Resources: 1 destroyed" in one_terraform.ok("destroy", "-auto-approve")
    assert (instances(one_terraform), immuta.stored("integrations")) == ([], [])
