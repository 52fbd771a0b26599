"""SIGKILL of the provider, and of Terraform, at each step of a create, an update and a delete, and the way back from there."""

from __future__ import annotations

import os
import signal
from typing import Any

import pytest
from immuta_constructs.testing import Immuta
from immuta_constructs.testing.terraform import unframed
from support.running import (
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

HELD = 600.0
"""Seconds: longer than the test."""
ENDLESS = 1_000_000
PROVIDER, TERRAFORM = "provider", "terraform"

# Which of the two depends on whether Terraform sees the process or the connection end first.
PLUGIN_GONE = (["Plugin did not respond"], ["Request cancelled"])
CONFLICT = "Immuta reports a conflict"
SNOWFLAKE, BUCKET = "immuta_snowflake_integration", "immuta_amazon_s3_integration"
IMPORT = """\
import {
  to = %s.NAME
  id = "1"
}"""


class Step:
    """A moment in which the processes are killed: once `operation` was asked for the `call`-th time, which is held before or
    after its work; `polls` as in the simulator's settings."""

    def __init__(
        self,
        operation: str,
        call: int = 1,
        *,
        after_work: bool = False,
        seconds: float = HELD,
        polls: int = 1,
    ) -> None:
        self.operation = operation
        self.call = call
        self.delay = {"kind": "delay", "seconds": seconds, "after_work": after_work}
        self.polls = polls

    def hold(self, immuta: Immuta) -> None:
        immuta.clear_requests()
        immuta.settings(polls=self.polls)
        immuta.fault(self.delay, operation=self.operation, call=self.call)

    def reached(self, immuta: Immuta) -> bool:
        return any("delay" in request["faults"] for request in immuta.requests(self.operation))


def killed_at(step: Step, victim: str, terraform: Terraform, immuta: Immuta, command: str) -> None:
    """Run a command, kill the provider or Terraform at that step, and see both gone."""
    terraform.environment["IMMUTA_REQUEST_TIMEOUT"] = "2"
    step.hold(immuta)
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
    assert terraform.run("plan", "-detailed-exitcode").code == 0
    (held,) = immuta.stored("integrations")
    assert (held["status"], held["sent"]) == ("enabled", sent)
    (instance,) = instances(terraform)
    assert instance["id"] == held["id"]


def import_what_is_in_the_way(terraform: Terraform, resource: str) -> None:
    """The next apply is refused, and says how to go on; going on so."""
    code, stdout, stderr = terraform.run("apply", "-auto-approve")
    said = unframed(stdout + stderr)
    assert (code, said.count("Error: "), CONFLICT in said, IMPORT % resource in said) == (1, 1, True, True), (
        said
    )
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
            "username": "admin",
            "password": password,
        },
    }


OLD = payload("WH", "correct horse battery staple")
NEW = payload("ANOTHER", "correct horse battery stable")

# The step, what Immuta holds once both processes are gone, and whether the integration has to be imported.
CREATES: dict[str, tuple[Step, list[str], bool]] = {
    "before the list": (Step("list"), [], False),
    "before the create is carried out": (Step("create"), [], False),
    "before the create is carried out, which it is later": (
        Step("create", seconds=1.5),
        ["creating"],
        True,
    ),
    "before the create is answered": (Step("create", after_work=True, polls=ENDLESS), ["creating"], True),
    "while polling whole": (Step("get", 2, polls=ENDLESS), ["creating"], True),
    "while polling the status": (Step("status", 2, polls=ENDLESS), ["creating"], True),
    "before the final GET": (Step("get", 4, polls=4), ["enabled"], True),
}


@pytest.mark.parametrize("victim", [PROVIDER, TERRAFORM])
@pytest.mark.parametrize("name", CREATES)
def test_create(one_terraform: Terraform, immuta: Immuta, name: str, victim: str) -> None:
    step, held, imported = CREATES[name]
    terraform = one_terraform
    terraform.write(one_snowflake())
    terraform.ok("init")
    killed_at(step, victim, terraform, immuta, "apply")
    assert instances(terraform) == []
    until(lambda: len(immuta.stored("integrations")) == len(held))
    assert [i["status"] for i in immuta.stored("integrations")] == held
    if held == ["creating"]:
        immuta.alter("integrations", "1", status="enabled")

    if imported:
        import_what_is_in_the_way(terraform, SNOWFLAKE)
    terraform.ok("apply", "-auto-approve")
    assert_one_and_an_empty_plan(terraform, immuta, OLD)
    assert immuta.stored("integrations")[0]["id"] == "1"


def test_create_of_an_amazon_s3_integration(one_terraform: Terraform, immuta: Immuta) -> None:
    """Of these Immuta tells only by validation tests that there is one."""
    terraform = one_terraform
    terraform.write(one_bucket())
    terraform.ok("init")
    killed_at(Step("create", after_work=True, polls=0), TERRAFORM, terraform, immuta, "apply")
    (held,) = immuta.stored("integrations")
    assert (held["status"], instances(terraform)) == ("enabled", [])
    import_what_is_in_the_way(terraform, BUCKET)
    terraform.ok("apply", "-auto-approve")
    assert_one_and_an_empty_plan(terraform, immuta, held["sent"])


def test_trino_integrations_have_no_natural_key(one_terraform: Terraform, immuta: Immuta) -> None:
    """So nothing can tell of the one that was made before the end: the next apply makes a second one, without a word."""
    terraform = one_terraform
    terraform.write(one_trino())
    terraform.ok("init")
    killed_at(Step("create", after_work=True, polls=0), PROVIDER, terraform, immuta, "apply")
    assert [i["id"] for i in immuta.stored("integrations")] == ["1"]
    assert instances(terraform) == []
    assert "Warning" not in terraform.ok("apply", "-auto-approve")
    assert [i["id"] for i in immuta.stored("integrations")] == ["1", "2"]
    assert [i["id"] for i in instances(terraform)] == ["2"]
    assert terraform.run("plan", "-detailed-exitcode").code == 0


# The step, who is killed, what Immuta holds then, and in which status.
UPDATES: dict[str, tuple[Step, str, dict[str, Any], str]] = {
    "before the list of the refresh": (Step("list"), PROVIDER, OLD, "enabled"),
    "before the update is carried out": (Step("update"), TERRAFORM, OLD, "enabled"),
    "before the update is answered": (Step("update", after_work=True), PROVIDER, NEW, "editing"),
    "while polling": (Step("get", 2, polls=ENDLESS), TERRAFORM, NEW, "editing"),
    "before the final GET": (Step("get", 4, polls=4), PROVIDER, NEW, "enabled"),
}


@pytest.mark.parametrize("name", UPDATES)
def test_update(one_terraform: Terraform, immuta: Immuta, name: str) -> None:
    """Whether Immuta took the secret is unknown then: the next apply sends it again."""
    step, victim, sent, status = UPDATES[name]
    terraform = one_terraform
    terraform.write(one_snowflake())
    terraform.ok("init")
    terraform.ok("apply", "-auto-approve")
    before = instances(terraform)

    terraform.write(one_snowflake(warehouse="ANOTHER", password="correct horse battery stable"))
    killed_at(step, victim, terraform, immuta, "apply")
    assert instances(terraform) == before
    (held,) = immuta.stored("integrations")
    assert (held["sent"], held["status"]) == (sent, status)

    immuta.alter("integrations", "1", status="enabled")
    immuta.clear_requests()
    assert "0 added, 1 changed, 0 destroyed" in terraform.ok("apply", "-auto-approve")
    assert immuta.counts()["update"] == 1
    assert_one_and_an_empty_plan(terraform, immuta, NEW)
    assert [i["credentials_revision"] for i in instances(terraform)] == [2]


# The step, who is killed, and the statuses of what Immuta holds then.
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
def test_delete(one_terraform: Terraform, immuta: Immuta, name: str) -> None:
    step, victim, held = DELETES[name]
    terraform = one_terraform
    terraform.write(one_snowflake())
    terraform.ok("init")
    terraform.ok("apply", "-auto-approve")
    before = instances(terraform)

    killed_at(step, victim, terraform, immuta, "destroy")
    assert instances(terraform) == before
    assert [i["status"] for i in immuta.stored("integrations")] == held

    if held == ["deleting"]:
        immuta.alter("integrations", "1", status="deleting", then="deleted", polls=4)
    said = terraform.ok("destroy", "-auto-approve")
    assert f"Resources: {len(held)} destroyed" in said
    assert (instances(terraform), immuta.stored("integrations")) == ([], [])
