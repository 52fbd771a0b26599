"""A tenant that is away: one series of tries a run asks for it, and each resource reports it."""

from __future__ import annotations

import pytest
from immuta_constructs.testing import Immuta
from support.running import Ended, buckets, instances, one_snowflake
from support.terraform import Terraform

COUNT = 30


@pytest.fixture
def lake(one_terraform: Terraform, immuta: Immuta) -> Terraform:
    """Thirty integrations, and a Terraform whose tries are few and short."""
    one_terraform.environment.update(IMMUTA_REQUEST_TIMEOUT="1", IMMUTA_MAX_RETRIES="1")
    one_terraform.write(buckets(COUNT))
    one_terraform.ok("apply", "-auto-approve")
    immuta.clear_requests()
    return one_terraform


def assert_reported_for_each(ended: Ended, summary: str) -> None:
    assert (ended.code, ended.errors) == (1, [summary] * COUNT)
    assert ended.text.count("The error was found for another resource") >= COUNT - 10


def test_refresh_asks_a_silent_tenant_by_one_series_of_tries(lake: Terraform, immuta: Immuta) -> None:
    immuta.fault({"kind": "delay", "seconds": 600}, operation="list", times=None)
    assert_reported_for_each(Ended(lake.start("plan")), "Immuta did not answer in time")
    assert immuta.counts() == {"list": 2}


def test_destroy_without_a_tenant_destroys_nothing_and_the_next_one_does(lake: Terraform) -> None:
    lake.ok("plan", "-destroy", "-out=plan")
    lake.environment["IMMUTA_HOST"], host = "http://127.0.0.1:9", lake.environment["IMMUTA_HOST"]
    assert_reported_for_each(Ended(lake.start("apply", "plan")), "Immuta could not be reached")
    assert len(instances(lake)) == COUNT
    lake.environment["IMMUTA_HOST"] = host
    assert f"Resources: {COUNT} destroyed" in lake.ok("destroy", "-auto-approve")


def test_create_survives_an_outage_while_it_waits(one_terraform: Terraform, immuta: Immuta) -> None:
    immuta.fault("unavailable", operation=["get", "status"], times=6)
    one_terraform.write(one_snowflake())
    one_terraform.ok("apply", "-auto-approve")
    assert [i["status"] for i in instances(one_terraform)] == ["enabled"]
