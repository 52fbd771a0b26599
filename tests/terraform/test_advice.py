"""Every piece of advice is followed here, and leads out: conflicts, renamed resources, twins, tainted ones, what was lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_constructs.testing.terraform import unframed
from support.running import REQUIRED, SNOWFLAKE, Ended, instances, one_snowflake, one_trino
from support.terraform import Terraform

TYPE = "immuta_snowflake_integration"


def named(*names: str, **more: Any) -> dict[str, Any]:
    """Resources of these names, all for the same place in Immuta."""
    return {"terraform": REQUIRED, "resource": {TYPE: {name: {**SNOWFLAKE, **more} for name in names}}}


def many(name: str, count: int) -> dict[str, Any]:
    each = {**SNOWFLAKE, "host": "acme-${count.index}.snowflakecomputing.com", "count": count}
    return {"terraform": REQUIRED, "resource": {TYPE: {name: each}}}


def applied(terraform: Terraform, configuration: dict[str, Any]) -> Ended:
    terraform.write(configuration)
    return Ended(terraform.start("apply", "-auto-approve"), 120)


def assert_settled(terraform: Terraform, immuta: Immuta, count: int = 1) -> None:
    code, stdout, stderr = terraform.run("plan", "-detailed-exitcode")
    assert code == 0, stdout + stderr
    assert sorted(i["id"] for i in instances(terraform)) == sorted(
        i["id"] for i in immuta.stored("integrations")
    )
    assert len(instances(terraform)) == count


def ids_to_import(ended: Ended) -> list[str]:
    return re.findall(r'^  id = "(\d+)"$', ended.text, re.MULTILINE)


@pytest.fixture
def ready(one_terraform: Terraform) -> Terraform:
    one_terraform.write(one_snowflake())
    one_terraform.ok("init")
    return one_terraform


def test_a_renamed_resource_waits_for_its_deletion(ready: Terraform, immuta: Immuta) -> None:
    ready.ok("apply", "-auto-approve")
    immuta.settings(polls=3)
    ended = applied(ready, named("renamed"))
    assert (ended.code, ended.errors) == (0, [])
    assert [i["id"] for i in instances(ready)] == ["2"]
    assert_settled(ready, immuta)


def test_more_renamed_resources_than_run_at_once(ready: Terraform, immuta: Immuta) -> None:
    """Where the creates take every place, one gives way to a deletion, and applying again is enough."""
    assert applied(ready, many("old", 12)).code == 0
    ended = applied(ready, many("new", 12))
    if ended.errors:
        assert set(ended.errors) == {"Immuta reports a conflict"}
        assert "If this run destroys integration" in ended.flat
        ended = applied(ready, many("new", 12))
    assert (ended.code, ended.errors) == (0, [])
    assert_settled(ready, immuta, 12)


def test_integration_that_cannot_change_is_replaced_as_advised(ready: Terraform, immuta: Immuta) -> None:
    assert applied(ready, one_trino()).code == 0
    immuta.alter("integrations", "1", status="recurringValidationError")
    said = " ".join(unframed(ready.ok("plan")).split())
    assert "or replace it by `terraform apply -replace=ADDRESS`" in said
    ready.ok("apply", "-auto-approve", "-replace=immuta_trino_integration.this")
    assert [i["id"] for i in instances(ready)] == ["2"]
    assert_settled(ready, immuta)


def test_a_moved_block_keeps_a_renamed_resource(ready: Terraform, immuta: Immuta) -> None:
    ready.ok("apply", "-auto-approve")
    immuta.clear_requests()
    moved = {"moved": [{"from": f"{TYPE}.this", "to": f"{TYPE}.renamed"}]}
    assert applied(ready, {**named("renamed"), **moved}).code == 0
    assert immuta.counts() == {"list": 1}
    assert_settled(ready, immuta)


def test_create_before_destroy_is_to_be_removed(ready: Terraform, immuta: Immuta) -> None:
    ready.ok("apply", "-auto-approve")
    first = {"lifecycle": {"create_before_destroy": True}}
    ended = applied(ready, named("this", database="OTHER", **first))
    assert ended.errors == ["Immuta reports a conflict"]
    assert "If `create_before_destroy` is set, remove it, since Immuta allows only one" in ended.flat
    assert applied(ready, named("this", database="OTHER")).code == 0
    assert [i["database"] for i in instances(ready)] == ["OTHER"]
    assert_settled(ready, immuta)


def test_two_resources_for_one_place(ready: Terraform, immuta: Immuta) -> None:
    ended = applied(ready, named("one", "two"))
    assert (ended.errors, ids_to_import(ended)) == (["Immuta reports a conflict"], [])
    (kept,) = (r["name"] for r in ready.state()["resources"])
    assert applied(ready, named(kept)).code == 0
    assert_settled(ready, immuta)


def test_somebody_elses_is_imported(ready: Terraform, immuta: Immuta) -> None:
    immuta.plant("integrations", {"type": "Snowflake", "autoBootstrap": False, "config": CONFIG})
    ended = applied(ready, one_snowflake())
    assert (ended.errors, ids_to_import(ended)) == (["Immuta reports a conflict"], ["1"])
    block = {"import": [{"to": f"{TYPE}.this", "id": "1"}]}
    assert applied(ready, {**one_snowflake(), **block}).code == 0
    assert_settled(ready, immuta)


CONFIG = {
    "host": SNOWFLAKE["host"],
    "port": 443,
    "warehouse": SNOWFLAKE["warehouse"],
    "database": SNOWFLAKE["database"],
    "authenticationType": "userPassword",
    "username": SNOWFLAKE["username"],
    "password": "another one",
}


def test_a_lost_one_that_nothing_tells_apart_is_imported(ready: Terraform, immuta: Immuta) -> None:
    immuta.fault("reset-after", operation="create")
    ended = applied(ready, one_trino())
    assert (ended.errors, ids_to_import(ended)) == (["It is unknown which integration was created"], ["1"])
    block = {"import": [{"to": "immuta_trino_integration.this", "id": "1"}]}
    assert applied(ready, {**one_trino(), **block}).code == 0
    assert_settled(ready, immuta)


def test_a_tainted_one_is_repaired_after_untaint(ready: Terraform, immuta: Immuta) -> None:
    """Immuta wants credentials to remove it, and there are none."""
    immuta.fault("createError", operation="create")
    automatic = one_snowflake(auto_bootstrap=True, role="ACCOUNTADMIN")
    assert applied(ready, automatic).errors == ["Immuta could not set up the integration"]
    ended = applied(ready, automatic)
    assert ended.errors == ["No credentials to remove the Snowflake integration"]
    assert "`terraform untaint` lets the next apply repair it in place" in ended.flat
    ready.ok("untaint", f"{TYPE}.this")
    assert applied(ready, automatic).code == 0
    assert_settled(ready, immuta)
