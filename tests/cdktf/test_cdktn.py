"""The quickstart under CDK Terrain's own command, and what is left to do for a stack that moves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from support.cdktf import Cdktf, example, sample_secrets, tenant
from support.simulator import Simulator


def test_quickstart_is_deployed_by_cdktn_and_moves_to_cdktf_without_a_change(tmp_path: Path) -> None:
    with Simulator() as simulator:
        environment = {**tenant(simulator), **sample_secrets()}
        program = Cdktf(tmp_path, example("quickstart"), environment, library="cdktn")
        deployed = program.ok("deploy", "--auto-approve")
        assert "Apply complete! Resources: 7 added, 0 changed, 0 destroyed." in deployed
        assert {one["status"] for one in simulator.admin.integrations()} == {"enabled"}
        over_cdktn = synthesized(program)

        program.use("cdktf")
        program.ok("synth")
        assert synthesized(program) == over_cdktn
        program.assert_empty_plan("quickstart")
        program.terraform("quickstart", "destroy", "-auto-approve")
        assert simulator.admin.integrations() == []


def synthesized(program: Cdktf) -> dict[str, Any]:
    """The stack's JSON without the comment that names the library's version."""
    document: dict[str, Any] = json.loads((program.stack("quickstart") / "cdk.tf.json").read_text())
    assert (
        document.pop("//")["metadata"]["version"] == {"cdktf": "0.21.0", "cdktn": "0.24.0"}[program.library]
    )
    return document
