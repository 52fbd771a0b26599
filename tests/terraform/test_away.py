"""A tenant that is away: it is asked by one series of tries a run, and each resource says so."""

from __future__ import annotations

import time
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.running import Ended, buckets, instances, interrupt, one_snowflake, until
from support.terraform import Terraform

HANGING = {"kind": "delay", "seconds": 600}
COUNT = 30


@pytest.fixture
def lake(one_terraform: Terraform, immuta: Immuta) -> Terraform:
    """A stack of thirty in one Terraform, whose tries are few and short."""
    one_terraform.environment.update(IMMUTA_REQUEST_TIMEOUT="1", IMMUTA_MAX_RETRIES="1")
    one_terraform.write(buckets(COUNT))
    one_terraform.ok("init")
    one_terraform.ok("apply", "-auto-approve")
    immuta.clear_requests()
    return one_terraform


@pytest.mark.parametrize(
    ("fault", "summary"),
    [(HANGING, "Immuta did not answer in time"), ("unavailable", "Immuta failed to answer")],
    ids=["silent", "503"],
)
def test_a_refresh(lake: Terraform, immuta: Immuta, fault: Any, summary: str) -> None:
    immuta.fault(fault, operation="list", times=None)
    ended = Ended(lake.start("plan"))
    assert (ended.code, ended.errors) == (1, [summary] * COUNT)
    assert ended.text.count("The error was found for another resource") >= COUNT - 10
    assert immuta.counts() == {"list": 2}


def test_a_destroy(lake: Terraform, immuta: Immuta) -> None:
    """It goes away after the plan: nothing is destroyed, and the next run goes on from there."""
    lake.ok("plan", "-destroy", "-out=plan")
    lake.environment["IMMUTA_HOST"], host = "http://127.0.0.1:9", lake.environment["IMMUTA_HOST"]
    ended = Ended(lake.start("apply", "plan"))
    assert (ended.code, ended.errors) == (1, ["Immuta could not be reached"] * COUNT)
    assert ended.text.count("The error was found for another resource") >= COUNT - 10
    assert len(instances(lake)) == COUNT
    lake.environment["IMMUTA_HOST"] = host
    assert f"Resources: {COUNT} destroyed" in lake.ok("destroy", "-auto-approve")


def test_create_survives_an_outage_while_it_waits(one_terraform: Terraform, immuta: Immuta) -> None:
    immuta.fault("unavailable", operation=["get", "status"], times=6)
    one_terraform.write(one_snowflake())
    one_terraform.ok("init")
    one_terraform.ok("apply", "-auto-approve")
    assert [i["status"] for i in instances(one_terraform)] == ["enabled"]


def prompt(terraform: Terraform, immuta: Immuta, operation: str, *command: str) -> Ended:
    """How a command ends that is interrupted while a request of the operation hangs: at once."""
    terraform.environment.update(IMMUTA_REQUEST_TIMEOUT="30", IMMUTA_MAX_RETRIES="4")
    immuta.fault(HANGING, operation=operation, times=None)
    running = terraform.start(*command)
    until(lambda: immuta.counts().get(operation))
    began = time.monotonic()
    interrupt(running)
    ended = Ended(running)
    assert time.monotonic() - began < 3
    return ended


def test_an_interrupted_refresh(lake: Terraform, immuta: Immuta) -> None:
    ended = prompt(lake, immuta, "list", "plan")
    assert (ended.code, set(ended.errors)) == (1, {"Interrupted"})


def test_an_interrupted_create_that_is_looked_at(one_terraform: Terraform, immuta: Immuta) -> None:
    one_terraform.write(one_snowflake())
    one_terraform.ok("init")
    ended = prompt(one_terraform, immuta, "get", "apply", "-auto-approve")
    assert (ended.errors, ended.warnings) == ([], ["The integration was created, but is not ready yet"])
    assert [(i["id"], i["status"], i.get("tainted")) for i in instances(one_terraform)] == [
        ("1", "creating", None)
    ]
