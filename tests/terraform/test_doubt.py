"""A plan of creates asks Immuta once, and warns where nothing could be created."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.running import Ended, buckets, instances
from support.terraform import Terraform

STANDS = "The plan is complete, but Immuta creates nothing while this error lasts"


@pytest.fixture
def lake(one_terraform: Terraform) -> Terraform:
    one_terraform.write(buckets(15))
    one_terraform.ok("init")
    return one_terraform


def warned(terraform: Terraform, **environment: str) -> tuple[int, list[str], bool]:
    """The exit status, the warnings, and whether the plan is said to stand."""
    terraform.environment.update(environment)
    ended = Ended(terraform.start("plan", "-detailed-exitcode"))
    assert "Plan: 15 to add" in ended.text
    return ended.code, ended.warnings, STANDS in ended.flat


def test_a_healthy_tenant(lake: Terraform, immuta: Immuta) -> None:
    assert warned(lake) == (2, [], False)
    assert immuta.counts() == {"list": 1}


def test_a_wrong_key(lake: Terraform, immuta: Immuta) -> None:
    assert warned(lake, IMMUTA_API_KEY="wrong") == (2, ["Immuta did not accept the credential"], True)
    assert immuta.counts() == {"list": 1, "authenticate": 1}


@pytest.mark.parametrize(
    ("fault", "summary"),
    [
        ("forbidden", "Immuta denied the permission"),
        ("html-404", "Immuta's API was not found"),
        ({"kind": "delay", "seconds": 600}, "Immuta did not answer in time"),
    ],
    ids=["no permission", "another server", "silent"],
)
def test_plan_warns_of_each_refusal_of_the_list(
    lake: Terraform, immuta: Immuta, fault: Any, summary: str
) -> None:
    immuta.fault(fault, operation="list", times=None)
    assert warned(lake) == (2, [summary], True)
    assert immuta.counts()["list"] == 1


def test_an_unreachable_tenant(lake: Terraform) -> None:
    assert warned(lake, IMMUTA_HOST="http://127.0.0.1:9") == (2, ["Immuta could not be reached"], True)


def test_an_unknown_host_is_not_asked(lake: Terraform, immuta: Immuta) -> None:
    host = {"terraform_data": {"host": {"input": immuta.url}}}
    document = buckets(15)
    document["resource"].update(host)
    document["provider"] = {"immuta": {"host": "${terraform_data.host.output}"}}
    del lake.environment["IMMUTA_HOST"]
    lake.write(document)
    ended = Ended(lake.start("plan", "-detailed-exitcode"))
    assert (ended.code, ended.warnings, immuta.counts()) == (2, [], {})


def test_an_apply_asks_for_no_list_more(lake: Terraform, immuta: Immuta) -> None:
    lake.ok("plan", "-out=plan")
    immuta.clear_requests()
    lake.ok("apply", "plan")
    assert immuta.counts()["list"] <= 2
    assert len(instances(lake)) == 15
