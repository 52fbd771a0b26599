"""The quickstart under CDK Terrain's own command, and the move of a stack between the libraries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from immuta_constructs.testing import Immuta
from support.cdktf import Cdktf, example, sample_secrets


def test_quickstart_is_deployed_by_cdktn_and_moves_to_cdktf_without_a_change(
    tmp_path: Path, immuta: Immuta
) -> None:
    environment = {**immuta.environment, **sample_secrets()}
    program = Cdktf(tmp_path, example("quickstart"), environment, library="cdktn")
    deployed = program.ok("deploy", "--auto-approve")
    assert "Apply complete! Resources: 7 added, 0 changed, 0 destroyed." in deployed
    assert {one["status"] for one in immuta.held("integrations")} == {"enabled"}
    version, document = synthesized(program)

    program.use("cdktf")
    program.ok("synth")
    other_version, same_document = synthesized(program)
    assert (version != other_version, same_document) == (True, document)
    program.assert_empty_plan("quickstart")
    program.destroy("quickstart")
    assert immuta.held("integrations") == []


def synthesized(program: Cdktf) -> tuple[str, dict[str, Any]]:
    """The version of the library that wrote the stack's JSON, and the JSON without the comment that names it."""
    document: dict[str, Any] = json.loads((program.stack("quickstart") / "cdk.tf.json").read_text())
    return document.pop("//")["metadata"]["version"], document
