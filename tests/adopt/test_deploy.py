"""The first deploy of the written programs by the real cdktf and Terraform, as the page describes it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from immuta_constructs.testing import Immuta
from support.cdktf import Cdktf
from support.terraform import Terraform
from table import changed, numbered
from table.integrations import BASES

ODD = 'we"ird ${var.x} %{ if } $${y}\nnew line \u202e é 顧客 \\'
SNOWFLAKE = changed(
    numbered(BASES["snowflake"], 1), {"autoBootstrap": False, "config.role": None, "config.port": 443}
)
SECRET = {"TF_VAR_snowflake_integration_acme_1_password": SNOWFLAKE["config"]["password"]}
COMMAND = (sys.executable, "-m", "immuta_provider.cli", "adopt")


def plant(immuta: Immuta) -> None:
    immuta.plant("integrations", SNOWFLAKE, "7")
    immuta.plant("tags", {"name": "Acme.PII", "source": "curated"})
    immuta.plant("groups", {"name": ODD, "iamid": "bim", "description": ODD})


def write(immuta: Immuta, folder: Path, *options: str) -> None:
    environment = {**os.environ, **immuta.environment}
    subprocess.run([*COMMAND, "--out", str(folder), *options], env=environment, check=True)


def test_cdktf_imports_objects_and_updates_them_in_place(tmp_path: Path) -> None:
    with Immuta() as immuta:
        plant(immuta)
        write(immuta, tmp_path / "stack")
        cdktf = Cdktf(tmp_path, tmp_path / "stack", {**immuta.environment, **SECRET})
        assert "Plan: 4 to import, 0 to add, 1 to change, 0 to destroy." in cdktf.ok("diff")
        assert "Apply complete! Resources: 4 imported, 0 added, 1 changed" in cdktf.ok(
            "deploy", "--auto-approve"
        )
        cdktf.assert_empty_plan("immuta")


def test_terraform_only_reads_with_no_touch(tmp_path: Path) -> None:
    with Immuta() as immuta:
        plant(immuta)
        write(immuta, tmp_path, "--hcl", "--no-touch")
        terraform = Terraform(tmp_path, environment={**immuta.environment, **SECRET})
        terraform.ok("init")
        assert "Resources: 4 imported, 0 added, 0 changed" in terraform.ok("apply", "-auto-approve")
        terraform.ok("plan", "-detailed-exitcode")
        assert {call.split()[0] for call in immuta.calls()} == {"GET"}
        terraform.ok("fmt", "-check")
