"""SIGKILL of the provider, and of Terraform, at each step of a create, an update and a delete, and the way back."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from support.running import (
    ENDLESS,
    Ended,
    instances,
    kill_providers,
    one_bucket,
    one_snowflake,
    one_trino,
    providers_of,
    until,
)
from support.terraform import Terraform

PROVIDER, TERRAFORM = "provider", "terraform"
VICTIMS = pytest.mark.parametrize("victim", [PROVIDER, TERRAFORM])

# Terraform sees the process or the connection end first.
PLUGIN_GONE = (["Plugin did not respond"], ["Request cancelled"])
SNOWFLAKE, BUCKET = "immuta_snowflake_integration", "immuta_amazon_s3_integration"


class Step:
    """A moment in which the processes are killed: at the request of this number of `operation`, which the simulator delays
    before or after its work by `seconds`, longer than the test; `polls` as in the simulator's settings."""

    def __init__(
        self,
        operation: str,
        call: int = 1,
        *,
        after_work: bool = False,
        seconds: float = 600.0,
        polls: int = 1,
    ) -> None:
        self.operation = operation
        self.call = call
        self.delay = {"kind": "delay", "seconds": seconds, "after_work": after_work}
        self.polls = polls

    def delay_request(self, immuta: Immuta) -> None:
        immuta.clear_requests()
        immuta.settings(polls=self.polls)
        immuta.fault(self.delay, operation=self.operation, call=self.call)

    def reached(self, immuta: Immuta) -> bool:
        return any("delay" in request["faults"] for request in immuta.requests(self.operation))


def killed_at(step: Step, victim: str, terraform: Terraform, immuta: Immuta, command: str) -> None:
    """Runs a command, kills the provider or Terraform at that step, and waits until both have ended."""
    terraform.environment["IMMUTA_REQUEST_TIMEOUT"] = "2"
    step.delay_request(immuta)
    running = terraform.start(command, "-auto-approve")
    until(lambda: step.reached(immuta))
    if victim == PROVIDER:
        kill_providers(running)
        ended = Ended(running)
        assert ended.code == 1
        assert ended.errors in PLUGIN_GONE, ended.text
    else:
        os.kill(running.pid, signal.SIGKILL)
        assert Ended(running).code == -signal.SIGKILL
    until(lambda: not providers_of(running.pid))
    immuta.clear_faults()
    immuta.settings(polls=1)
    del terraform.environment["IMMUTA_REQUEST_TIMEOUT"]


def assert_one_and_an_empty_plan(terraform: Terraform, immuta: Immuta, sent: dict[str, Any]) -> None:
    terraform.assert_empty_plan()
    (held,) = immuta.stored("integrations")
    assert (held["status"], held["sent"]) == ("enabled", sent)
    (instance,) = instances(terraform)
    assert instance["id"] == held["id"]


def import_as_advised(terraform: Terraform, resource: str) -> None:
    """Imports the integration that the refusal of the next apply names."""
    refused = Ended(terraform.start("apply", "-auto-approve"))
    block = f'import {{\n  to = {resource}.NAME\n  id = "1"\n}}'
    assert (refused.code, refused.errors) == (1, ["Immuta reports a conflict"])
    assert block in refused.text
    assert instances(terraform) == []
    terraform.ok("import", f"{resource}.this", "1")


def payload(warehouse: str, password: str) -> dict[str, Any]:
    return {
        "type": "Snowflake",
        "autoBootstrap": False,
        "config": {
            "host": "acme.snowflakecomputing.com",
            "warehouse": warehouse,
            "database": "IMMUTA",
            "authenticationType": "userPassword",
            "username": "IMMUTA_SYSTEM_ACCOUNT",
            "password": password,
        },
    }


OLD = payload("IMMUTA_WH", "correct horse battery staple")
NEW = payload("ANOTHER", "correct horse battery stable")

# The step, and the statuses of Immuta's integrations once both processes have ended.
CREATES: dict[str, tuple[Step, list[str]]] = {
    "before the list": (Step("list"), []),
    "before the create is carried out": (Step("create"), []),
    "before the create is carried out, which it is later": (Step("create", seconds=1.5), ["creating"]),
    "before the create is answered": (Step("create", after_work=True, polls=ENDLESS), ["creating"]),
    "while polling the integration": (Step("get", 2, polls=ENDLESS), ["creating"]),
    "before the final GET": (Step("get", 4, polls=4), ["enabled"]),
}


def assert_killed_create_recovers(
    terraform: Terraform, immuta: Immuta, step: Step, held: list[str], victim: str
) -> None:
    terraform.write(one_snowflake())
    killed_at(step, victim, terraform, immuta, "apply")
    assert instances(terraform) == []
    until(lambda: len(immuta.stored("integrations")) == len(held))
    assert [i["status"] for i in immuta.stored("integrations")] == held
    if held == ["creating"]:
        immuta.alter("integrations", "1", status="enabled")
    if held:
        import_as_advised(terraform, SNOWFLAKE)
    terraform.ok("apply", "-auto-approve")
    assert_one_and_an_empty_plan(terraform, immuta, OLD)
    assert immuta.stored("integrations")[0]["id"] == "1"


@VICTIMS
@pytest.mark.parametrize("name", CREATES)
def test_next_apply_recovers_a_killed_create(
    one_terraform: Terraform, immuta: Immuta, name: str, victim: str
) -> None:
    assert_killed_create_recovers(one_terraform, immuta, *CREATES[name], victim)


@VICTIMS
def test_every_terraform_recovers_a_create_that_was_killed_while_polling_the_status(
    terraform: Terraform, immuta: Immuta, victim: str
) -> None:
    step = Step("status", 2, polls=ENDLESS)
    assert_killed_create_recovers(terraform, immuta, step, ["creating"], victim)


def test_import_block_names_an_amazon_s3_integration_that_only_validation_tests_report(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    one_terraform.write(one_bucket())
    killed_at(Step("create", after_work=True, polls=0), TERRAFORM, one_terraform, immuta, "apply")
    (held,) = immuta.stored("integrations")
    assert (held["status"], instances(one_terraform)) == ("enabled", [])
    import_as_advised(one_terraform, BUCKET)
    one_terraform.ok("apply", "-auto-approve")
    assert_one_and_an_empty_plan(one_terraform, immuta, held["sent"])


def test_next_apply_creates_a_second_trino_integration_because_it_has_no_natural_key(
    one_terraform: Terraform, immuta: Immuta
) -> None:
    one_terraform.write(one_trino())
    killed_at(Step("create", after_work=True, polls=0), PROVIDER, one_terraform, immuta, "apply")
    assert [i["id"] for i in immuta.stored("integrations")] == ["1"]
    assert instances(one_terraform) == []
    assert "Warning" not in one_terraform.ok("apply", "-auto-approve")
    assert [i["id"] for i in immuta.stored("integrations")] == ["1", "2"]
    assert [i["id"] for i in instances(one_terraform)] == ["2"]
    one_terraform.assert_empty_plan()


# The step, the victim, and the request and the status of the integration that Immuta has then.
UPDATES: dict[str, tuple[Step, str, dict[str, Any], str]] = {
    "before the list of the refresh": (Step("list"), PROVIDER, OLD, "enabled"),
    "before the update is carried out": (Step("update"), TERRAFORM, OLD, "enabled"),
    "before the update is answered": (Step("update", after_work=True), PROVIDER, NEW, "editing"),
    "while polling": (Step("get", 2, polls=ENDLESS), TERRAFORM, NEW, "editing"),
    "before the final GET": (Step("get", 4, polls=4), PROVIDER, NEW, "enabled"),
}


@pytest.mark.parametrize("name", UPDATES)
def test_next_apply_sends_a_killed_update_and_its_secret_again(
    snowflake: Terraform, immuta: Immuta, name: str
) -> None:
    step, victim, sent, status = UPDATES[name]
    before = instances(snowflake)
    snowflake.write(one_snowflake(warehouse="ANOTHER", password="correct horse battery stable"))
    killed_at(step, victim, snowflake, immuta, "apply")
    assert instances(snowflake) == before
    (held,) = immuta.stored("integrations")
    assert (held["sent"], held["status"]) == (sent, status)

    immuta.alter("integrations", "1", status="enabled")
    immuta.clear_requests()
    assert "0 added, 1 changed, 0 destroyed" in snowflake.ok("apply", "-auto-approve")
    assert immuta.counts()["update"] == 1
    assert_one_and_an_empty_plan(snowflake, immuta, NEW)
    assert [i["credentials_revision"] for i in instances(snowflake)] == [2]


# The step, the victim, and the statuses of the integrations that Immuta has then.
DELETES: dict[str, tuple[Step, str, list[str]]] = {
    "before the delete is carried out": (Step("delete"), PROVIDER, ["enabled"]),
    "before the delete is answered": (Step("delete", after_work=True, polls=0), TERRAFORM, []),
    "before the delete is answered, with work to do": (
        Step("delete", after_work=True, polls=ENDLESS),
        PROVIDER,
        ["deleting"],
    ),
    "while polling": (Step("get", 2, polls=ENDLESS), TERRAFORM, ["deleting"]),
    "before the list that proves it": (Step("list", 2, polls=0), PROVIDER, []),
}


@pytest.mark.parametrize("name", DELETES)
def test_next_destroy_continues_a_killed_delete(snowflake: Terraform, immuta: Immuta, name: str) -> None:
    step, victim, held = DELETES[name]
    before = instances(snowflake)
    killed_at(step, victim, snowflake, immuta, "destroy")
    assert instances(snowflake) == before
    assert [i["status"] for i in immuta.stored("integrations")] == held

    if held == ["deleting"]:
        immuta.alter("integrations", "1", status="deleting", then="deleted", polls=4)
    assert f"Resources: {len(held)} destroyed" in snowflake.ok("destroy", "-auto-approve")
    assert (instances(snowflake), immuta.stored("integrations")) == ([], [])
