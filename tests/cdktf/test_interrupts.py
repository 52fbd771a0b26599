"""Ctrl-C in a real `cdktf deploy`.

cdktf hangs up on Terraform some 45 ms after it, and Terraform keeps what the provider has answered by then.
"""

from __future__ import annotations

import json
from pathlib import Path

from immuta_constructs.testing import Immuta
from support.cdktf import Cdktf, program
from support.snowflake import SNOWFLAKE

ENDLESS = 1_000_000


def test_ctrl_c_during_the_wait_of_a_create_keeps_the_integration(tmp_path: Path, immuta: Immuta) -> None:
    secrets = "password=Secret.variable('password'), connect_args=Secret.variable('password')"
    made = f"SnowflakeIntegration(stack, 'snowflake', **{SNOWFLAKE}, {secrets})"
    environment = {**immuta.environment, "TF_VAR_password": "correct horse battery"}
    cdktf = Cdktf(tmp_path, program("stack", "Secret, SnowflakeIntegration", made), environment)
    immuta.settings(polls=ENDLESS)
    ended = cdktf.interrupted("deploy", "--auto-approve", once=lambda: immuta.held("integrations"))
    assert [each["id"] for each in immuta.held("integrations")] == ["1"], ended.output
    state = json.loads((cdktf.folder / "terraform.stack.tfstate").read_text() or "{}")
    instances = [each for resource in state.get("resources", ()) for each in resource["instances"]]
    assert [(each["attributes"]["id"], each.get("status")) for each in instances] == [("1", None)], (
        ended.output
    )

    immuta.settings(polls=0)
    immuta.control.alter("integrations", "1", {"status": "enabled"})
    cdktf.assert_empty_plan("stack")
