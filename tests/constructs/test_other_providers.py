"""Immuta's constructs beside those of other providers: the examples with the real prebuilt packages, whole.

One module for all of them: Node loads each package's assembly once.
"""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cdktf import TerraformStack
from support.light_packages import lighten
from support.terraform import ROOT

GOLDENS = Path(__file__).parent / "goldens"
EXAMPLES = {
    "aws_s3": "cdktf_cdktf_provider_aws",
    "databricks_workspace": "cdktf_cdktf_provider_databricks",
    "snowflake_setup": "cdktf_cdktf_provider_snowflake",
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_is_synthesized_exactly(
    example: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    synthesize: Callable[[TerraformStack], dict[str, Any]],
) -> None:
    """The golden has all but what a release or a folder changes: the providers' versions and the state's path."""
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path))
    lighten(monkeypatch, EXAMPLES[example])
    app = runpy.run_path(str(ROOT / "examples" / example / "main.py"))["app"]
    document = synthesize(app.node.find_child(example.replace("_", "-")))
    assert list(document["terraform"].pop("backend")) == ["local"]
    for provider in document["terraform"]["required_providers"].values():
        del provider["version"]
    assert document == json.loads((GOLDENS / f"{example}.json").read_text())
