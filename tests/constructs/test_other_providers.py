"""Immuta's constructs beside those of other providers: the examples with the real prebuilt packages, whole.

One module for all of them: Node loads each package's assembly once.
"""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path

import pytest
from immuta_constructs.testing import synthesized
from support.light_packages import lighten
from support.terraform import ROOT, Terraform

GOLDENS = Path(__file__).parent / "goldens"
EXAMPLES = {
    "aws_s3": "cdktf_cdktf_provider_aws",
    "databricks_workspace": "cdktf_cdktf_provider_databricks",
    "manual_snowflake": "cdktf_cdktf_provider_snowflake",
    "snowflake_setup": "cdktf_cdktf_provider_snowflake",
}
REFERENCE = re.compile(r"\b(?:data\.)?(?:aws|databricks|snowflake)_\w+\.[\w-]+(?:\.\w+|\[\d+\])+")
PROVIDER = "registry.terraform.io/cdktf-immuta/immuta"


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_example_is_synthesized_exactly(
    example: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The golden has all but the versions of the providers, which a release changes."""
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path))
    lighten(monkeypatch, EXAMPLES[example])
    app = runpy.run_path(str(ROOT / "examples" / example / "main.py"))["app"]
    document = synthesized(app.node.find_child(example.replace("_", "-")))
    for provider in document["terraform"]["required_providers"].values():
        del provider["version"]
    assert document == json.loads((GOLDENS / f"{example}.json").read_text())


@pytest.mark.parametrize("example", EXAMPLES)
def test_terraform_accepts_the_values_of_other_resources(example: str, tmp_path: Path) -> None:
    """Validates Immuta's part; the other providers need the internet, so their values come from a variable here."""
    text = (GOLDENS / f"{example}.json").read_text()
    document = json.loads(REFERENCE.sub("var.elsewhere", text))
    ours = {type: named for type, named in document["resource"].items() if type.startswith("immuta_")}
    for resource in (resource for named in ours.values() for resource in named.values()):
        resource.pop("depends_on", None)
    document["terraform"]["required_providers"] = {"immuta": {"source": PROVIDER}}
    terraform = Terraform(tmp_path)
    terraform.write(
        {
            "terraform": document["terraform"],
            "provider": {"immuta": document["provider"]["immuta"]},
            "variable": {**document["variable"], "elsewhere": {"type": "string"}},
            "resource": ours,
        }
    )
    terraform.ok("init")
    assert terraform.ok("validate") == "Success! The configuration is valid.\n\n"
