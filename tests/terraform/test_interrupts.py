"""Ctrl-C while Terraform waits: the wait ends, what is known is kept, and the next apply continues."""

from __future__ import annotations

import time
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.plugin_process import read_line
from support.running import (
    ENDLESS,
    Ended,
    buckets,
    instances,
    interrupt,
    one_snowflake,
    providers_of,
    statuses,
    until,
)
from support.terraform import Terraform

PROMPT_SECONDS = 5.0
HANGING = {"kind": "delay", "seconds": 600}
APPLY = ("apply", "-auto-approve", "-parallelism=30")


def interrupted(terraform: Terraform, immuta: Immuta, operation: str, *command: str, count: int = 1) -> Ended:
    """Runs a command, interrupts it at the request of an operation with this number, and checks that it ends promptly."""
    immuta.clear_requests()
    running = terraform.start(*command)
    until(lambda: immuta.counts().get(operation, 0) >= count)
    began = time.monotonic()
    interrupt(running)
    ended = Ended(running)
    assert time.monotonic() - began < PROMPT_SECONDS
    assert (ended.code, "Interrupt received." in ended.text) == (1, True), ended.text
    return ended


@pytest.mark.parametrize("hanging", [False, True], ids=["while Immuta works", "while a request hangs"])
def test_interrupted_create_keeps_its_status(terraform: Terraform, immuta: Immuta, hanging: bool) -> None:
    terraform.write(one_snowflake())
    immuta.settings(polls=ENDLESS)
    if hanging:
        immuta.fault(HANGING, operation="get", times=None)
    ended = interrupted(terraform, immuta, "get" if hanging else "status", *APPLY)
    assert (ended.errors, ended.warnings) == ([], ["The integration was created, but is not ready yet"])
    assert statuses(terraform) == [("1", "creating", "IMMUTA_WH", None)]

    immuta.clear_faults()
    immuta.alter("integrations", "1", status="enabled")
    terraform.assert_empty_plan()


def test_interrupted_refresh_ends_although_its_request_hangs(snowflake: Terraform, immuta: Immuta) -> None:
    immuta.fault(HANGING, operation="list", times=None)
    ended = interrupted(snowflake, immuta, "list", "plan")
    assert set(ended.errors) == {"Interrupted"}


def test_interrupted_update_is_an_error_because_immuta_may_roll_it_back(
    snowflake: Terraform, immuta: Immuta
) -> None:
    immuta.settings(polls=ENDLESS)
    snowflake.write(one_snowflake(warehouse="ANOTHER"))
    ended = interrupted(snowflake, immuta, "status", *APPLY)
    assert (ended.errors, ended.warnings) == (["Interrupted"], [])
    assert 'the run was stopped while integration 1 was "editing".' in ended.text
    assert statuses(snowflake) == [("1", "editing", "IMMUTA_WH", None)]

    immuta.settings(polls=1)
    immuta.alter("integrations", "1", status="enabled")
    snowflake.ok("apply", "-auto-approve")
    assert statuses(snowflake) == [("1", "enabled", "ANOTHER", None)]
    snowflake.assert_empty_plan()


def test_interrupted_delete_is_continued_by_the_next_destroy(snowflake: Terraform, immuta: Immuta) -> None:
    immuta.settings(polls=ENDLESS)
    ended = interrupted(snowflake, immuta, "get", "destroy", "-auto-approve", count=2)
    assert (ended.errors, ended.warnings) == (["Interrupted"], [])
    assert 'the run was stopped while integration 1 was "deleting".' in ended.text
    assert statuses(snowflake) == [("1", "deleting", "IMMUTA_WH", None)]

    immuta.alter("integrations", "1", status="deleting", then="deleted", polls=4)
    assert "Resources: 1 destroyed" in snowflake.ok("destroy", "-auto-approve")
    assert (instances(snowflake), immuta.stored("integrations")) == ([], [])


def ids(terraform: Terraform) -> list[int]:
    return sorted(int(each["id"]) for each in instances(terraform))


def test_interruption_ends_the_waits_of_thirty_creates(one_terraform: Terraform, immuta: Immuta) -> None:
    one_terraform.write(buckets(30))
    immuta.settings(polls=ENDLESS)
    ended = interrupted(one_terraform, immuta, "status", *APPLY, count=30)
    assert (ended.errors, ended.warnings) == ([], ["The integration was created, but is not ready yet"])
    assert "(and 29 more similar warnings elsewhere)" in ended.text
    assert ids(one_terraform) == list(range(1, 31))
    found: list[tuple[Any, ...]] = [(i["status"], i.get("tainted")) for i in instances(one_terraform)]
    assert found == [("creating", None)] * 30

    for id in range(1, 31):
        immuta.alter("integrations", id, status="enabled")
    one_terraform.assert_empty_plan()


def test_creates_whose_request_waits_for_its_turn_are_not_begun(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    """Ten requests run at once, and Immuta takes two seconds over each: the other twenty are not sent after an interruption."""
    one_terraform.write(buckets(30))
    immuta.fault({"kind": "delay", "seconds": 2}, operation="create", times=None)
    ended = interrupted(one_terraform, immuta, "create", *APPLY, count=10)
    assert ended.errors == ["Interrupted"] * 20
    assert immuta.counts()["create"] == 10
    assert ids(one_terraform) == list(range(1, 11))

    immuta.clear_faults()
    assert "20 added, 0 changed, 0 destroyed" in one_terraform.ok("apply", "-auto-approve")
    one_terraform.assert_empty_plan()
    assert len(immuta.stored("integrations")) == 30


def test_second_interruption_ends_terraform_and_loses_its_state(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    """The import block of the next apply is the way back."""
    one_terraform.environment["IMMUTA_REQUEST_TIMEOUT"] = "3"
    one_terraform.write(one_snowflake())
    immuta.fault({**HANGING, "after_work": True}, operation="create")
    running = one_terraform.start("apply", "-auto-approve")
    until(lambda: immuta.stored("integrations"))
    interrupt(running)
    assert running.stdout is not None
    read_line(running.stdout.fileno(), containing="Interrupt received.")
    interrupt(running)
    ended = Ended(running)
    assert ended.code == 1
    assert "Two interrupts received. Exiting immediately." in ended.text
    until(lambda: not providers_of(running.pid))
    assert instances(one_terraform) == []

    refused = Ended(one_terraform.start("apply", "-auto-approve"))
    assert (refused.code, 'id = "1"' in refused.text) == (1, True), refused.text
    one_terraform.ok("import", "immuta_snowflake_integration.this", "1")
    one_terraform.ok("apply", "-auto-approve")
    one_terraform.assert_empty_plan()
    assert len(immuta.stored("integrations")) == 1
