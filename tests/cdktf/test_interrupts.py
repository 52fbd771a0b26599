"""Ctrl-C in a real `cdktf deploy`.

cdktf hangs up on Terraform some 45 ms after it, and Terraform keeps what the provider has answered by then.
"""

from __future__ import annotations

import json
from pathlib import Path

from immuta_constructs.testing import Immuta
from support.cdktf import Cdktf, tenant

ENDLESS = 1_000_000
PROGRAM = """
from cdktf import App, TerraformStack
from immuta_constructs import ImmutaProvider, Secret, SnowflakeIntegration

app = App()
stack = TerraformStack(app, "stack")
ImmutaProvider(stack, "immuta")
SnowflakeIntegration(
    stack,
    "snowflake",
    auto_bootstrap=False,
    host="acme.snowflakecomputing.com",
    warehouse="WH",
    database="IMMUTA",
    authentication_type="userPassword",
    username="IMMUTA",
    password=Secret.variable("password"),
    connect_args=Secret.variable("password"),
)
app.synth()
"""


def test_a_create_that_waits_is_kept(tmp_path: Path) -> None:
    with Immuta() as simulator:
        cdktf = Cdktf(tmp_path, PROGRAM, {**tenant(simulator), "TF_VAR_password": "correct horse battery"})
        simulator.settings(polls=ENDLESS)
        ended = cdktf.interrupted("deploy", "--auto-approve", once=lambda: simulator.stored("integrations"))
        assert [each["id"] for each in simulator.stored("integrations")] == ["1"], ended.output
        state = json.loads((cdktf.folder / "terraform.stack.tfstate").read_text() or "{}")
        instances = [each for resource in state.get("resources", ()) for each in resource["instances"]]
        assert [(each["attributes"]["id"], each.get("status")) for each in instances] == [("1", None)], (
            ended.output
        )

        simulator.settings(polls=0)
        simulator.control.alter("integrations", "1", {"status": "enabled"})
        cdktf.assert_empty_plan("stack")
