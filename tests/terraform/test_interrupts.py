"""Ctrl-C while Terraform waits: the wait ends, what is known is kept, and the next apply goes on from there."""

from __future__ import annotations

import time
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_constructs.testing.terraform import unframed
from support.plugin_process import read_line
from support.running import Ended, buckets, instances, interrupt, one_snowflake, providers_of, until
from support.terraform import Terraform

ENDLESS = 1_000_000
PROMPT_SECONDS = 5.0
NOT_READY = "The integration was created, but is not ready yet"


def interrupted(terraform: Terraform, immuta: Immuta, command: str, waiting: str, count: int = 1) -> Ended:
    """Run a command, and interrupt it once so many requests of an operation were answered; it must end promptly."""
    immuta.clear_requests()
    running = terraform.start(command, "-auto-approve", "-parallelism=30")
    until(lambda: immuta.counts().get(waiting, 0) >= count)
    began = time.monotonic()
    interrupt(running)
    ended = Ended(running)
    assert time.monotonic() - began < PROMPT_SECONDS
    assert (ended.code, "Interrupt received." in ended.text) == (1, True), ended.text
    return ended


def status_of(terraform: Terraform) -> list[tuple[Any, ...]]:
    return [(i["id"], i["status"], i["warehouse"], i.get("tainted")) for i in instances(terraform)]


def assert_empty_plan(terraform: Terraform) -> None:
    code, stdout, stderr = terraform.run("plan", "-detailed-exitcode")
    assert code == 0, stdout + stderr


@pytest.fixture
def snowflake(one_terraform: Terraform) -> Terraform:
    one_terraform.write(one_snowflake())
    one_terraform.ok("init")
    one_terraform.ok("apply", "-auto-approve")
    return one_terraform


def test_an_update(snowflake: Terraform, immuta: Immuta) -> None:
    """An error: should the edit fail yet, Immuta rolls it back."""
    immuta.settings(polls=ENDLESS)
    snowflake.write(one_snowflake(warehouse="ANOTHER"))
    ended = interrupted(snowflake, immuta, "apply", "status")
    assert (ended.errors, ended.warnings) == (["Interrupted"], [])
    assert 'the run was stopped while integration 1 was "editing".' in ended.text
    assert status_of(snowflake) == [("1", "editing", "WH", None)]

    immuta.settings(polls=1)
    immuta.alter("integrations", "1", status="enabled")
    snowflake.ok("apply", "-auto-approve")
    assert status_of(snowflake) == [("1", "enabled", "ANOTHER", None)]
    assert_empty_plan(snowflake)


def test_a_delete(snowflake: Terraform, immuta: Immuta) -> None:
    immuta.settings(polls=ENDLESS)
    ended = interrupted(snowflake, immuta, "destroy", "get", 2)
    assert (ended.errors, ended.warnings) == (["Interrupted"], [])
    assert 'the run was stopped while integration 1 was "deleting".' in ended.text
    assert status_of(snowflake) == [("1", "deleting", "WH", None)]

    immuta.alter("integrations", "1", status="deleting", then="deleted", polls=4)
    assert "Resources: 1 destroyed" in snowflake.ok("destroy", "-auto-approve")
    assert (instances(snowflake), immuta.stored("integrations")) == ([], [])


def test_thirty_creates_that_wait(one_terraform: Terraform, immuta: Immuta) -> None:
    one_terraform.write(buckets(30))
    one_terraform.ok("init")
    immuta.settings(polls=ENDLESS)
    ended = interrupted(one_terraform, immuta, "apply", "status", 30)
    assert (ended.errors, ended.warnings) == ([], [NOT_READY])
    assert "(and 29 more similar warnings elsewhere)" in ended.text
    found = instances(one_terraform)
    assert sorted(int(i["id"]) for i in found) == list(range(1, 31))
    assert [(i["status"], i.get("tainted")) for i in found] == [("creating", None)] * 30

    for id in range(1, 31):
        immuta.control.alter("integrations", str(id), {"status": "enabled"})
    assert_empty_plan(one_terraform)


def test_creates_whose_request_waits_for_its_turn_are_not_begun(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    """Ten requests run at once, and Immuta takes its time over each: the other twenty are not sent after an interruption."""
    one_terraform.write(buckets(30))
    one_terraform.ok("init")
    immuta.fault({"kind": "delay", "seconds": 2}, operation="create", times=None)
    ended = interrupted(one_terraform, immuta, "apply", "create", 10)
    assert ended.errors == ["Interrupted"] * 20
    assert immuta.counts()["create"] == 10
    assert sorted(int(i["id"]) for i in instances(one_terraform)) == list(range(1, 11))

    immuta.clear_faults()
    assert "20 added, 0 changed, 0 destroyed" in one_terraform.ok("apply", "-auto-approve")
    assert_empty_plan(one_terraform)
    assert len(immuta.stored("integrations")) == 30


def test_twice_while_a_create_is_under_way(one_terraform: Terraform, immuta: Immuta) -> None:
    """The second Ctrl-C ends Terraform at once. Its state is lost then, as Terraform says; the import block is the way back."""
    one_terraform.environment["IMMUTA_REQUEST_TIMEOUT"] = "3"
    one_terraform.write(one_snowflake())
    one_terraform.ok("init")
    immuta.fault({"kind": "delay", "seconds": 600, "after_work": True}, operation="create")
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

    code, stdout, stderr = one_terraform.run("apply", "-auto-approve")
    assert code == 1
    assert 'id = "1"' in unframed(stdout + stderr)
    one_terraform.ok("import", "immuta_snowflake_integration.this", "1")
    one_terraform.ok("apply", "-auto-approve")
    assert_empty_plan(one_terraform)
    assert len(immuta.stored("integrations")) == 1
