"""A plan of creates asks Immuta once, and warns if nothing could be created."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.running import Ended, buckets, instances
from support.terraform import Terraform


@pytest.fixture
def lake(one_terraform: Terraform) -> Terraform:
    one_terraform.write(buckets(15))
    return one_terraform


def assert_planned(terraform: Terraform, warnings: list[str]) -> None:
    """Plans the creates of all, and compares the warnings."""
    ended = Ended(terraform.start("plan", "-detailed-exitcode"))
    assert (ended.code, ended.warnings, "Plan: 15 to add" in ended.text) == (2, warnings, True), ended.text
    lasting = "The plan is complete, but Immuta creates nothing while this error lasts"
    assert (lasting in ended.flat) == bool(warnings)


def test_plan_asks_a_healthy_tenant_once_and_the_apply_for_hardly_more(
    lake: Terraform, immuta: Immuta
) -> None:
    assert_planned(lake, [])
    assert immuta.counts() == {"list": 1}
    lake.ok("plan", "-out=plan")
    immuta.clear_requests()
    lake.ok("apply", "plan")
    assert immuta.counts()["list"] <= 2
    assert len(instances(lake)) == 15


@pytest.mark.parametrize(
    ("fault", "environment", "summary", "counts"),
    [
        (
            None,
            {"IMMUTA_API_KEY": "wrong"},
            "Immuta did not accept the credential",
            {"list": 1, "authenticate": 1},
        ),
        ("forbidden", {}, "Immuta denied the permission", {"list": 1}),
        ("html-404", {}, "Immuta's API was not found", {"list": 1}),
        ({"kind": "delay", "seconds": 600}, {}, "Immuta did not answer in time", {"list": 1}),
        (None, {"IMMUTA_HOST": "http://127.0.0.1:9"}, "Immuta could not be reached", {}),
    ],
    ids=["wrong key", "no permission", "another server", "silent", "unreachable"],
)
def test_plan_warns_of_each_refusal_of_the_list(
    lake: Terraform,
    immuta: Immuta,
    fault: Any,
    environment: dict[str, str],
    summary: str,
    counts: dict[str, int],
) -> None:
    if fault is not None:
        immuta.fault(fault, operation="list", times=None)
    lake.environment.update(environment)
    assert_planned(lake, [summary])
    assert immuta.counts() == counts


def test_plan_with_an_unknown_host_asks_nothing(lake: Terraform, immuta: Immuta) -> None:
    document = buckets(15)
    document["resource"]["terraform_data"] = {"host": {"input": immuta.url}}
    document["provider"] = {"immuta": {"host": "${terraform_data.host.output}"}}
    del lake.environment["IMMUTA_HOST"]
    lake.write(document)
    ended = Ended(lake.start("plan", "-detailed-exitcode"))
    assert (ended.code, ended.warnings, immuta.counts()) == (2, [], {})
