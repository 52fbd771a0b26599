"""Programs with a second provider, with several stacks, and with the import of an integration that exists already."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from immuta_constructs.testing import Immuta
from immuta_constructs.testing.terraform import cli_config
from immuta_provider.model import payload
from immuta_provider.model.compiled.integrations import BY_RESOURCE
from support.cdktf import Cdktf, program
from support.snowflake import SNOWFLAKE
from support.terraform import plugin_mirror

TYPE = BY_RESOURCE["immuta_snowflake_integration"]
WITH_NULL_PROVIDER = program(
    "both",
    "TrinoIntegration",
    """
trino = TrinoIntegration(stack, "trino")
stack.add_override("terraform.required_providers.null", {"source": "hashicorp/null", "version": "2.1.2"})
stack.add_override("resource.null_resource.after", {"triggers": {"integration": trino.id}})
""",
)

TWO_STACKS = """
from cdktf import App, TerraformStack
from immuta_constructs import ImmutaProvider, TrinoIntegration

app = App()
for name in ("one", "two"):
    stack = TerraformStack(app, name)
    ImmutaProvider(stack, "immuta")
    TrinoIntegration(stack, "trino")
app.synth()
"""


def snowflake(id: str, then: str) -> str:
    """A program with a Snowflake integration, of which a method is called."""
    arguments = f"**{SNOWFLAKE}, password=Secret.variable('password')"
    made = f"SnowflakeIntegration(stack, '{id}', {arguments}).{then}"
    return program("found", "Secret, SnowflakeIntegration", made)


def with_a_second_provider(folder: Path, immuta: Immuta) -> Cdktf:
    """Both providers are in a mirror. No registry is to be reached, so that ours counts as published in none."""
    configuration = folder / "terraform.rc"
    configuration.write_text(cli_config(plugin_mirror(null_provider=True)))
    environment = {"TF_CLI_CONFIG_FILE": str(configuration), "HTTPS_PROXY": "http://127.0.0.1:9"}
    return Cdktf(folder, WITH_NULL_PROVIDER, {**immuta.environment, **environment})


def test_with_a_second_provider_the_lock_step_fails(tmp_path: Path, immuta: Immuta) -> None:
    """Terraform has installed both by then, and Immuta has not been asked for anything."""
    code, output = with_a_second_provider(tmp_path, immuta).run("deploy", "--auto-approve")
    asked = immuta.calls()
    assert (code, asked) == (1, [])
    assert "Terraform has been successfully initialized!" in output
    failed = output[output.index("Error: Could not retrieve providers for locking") :].replace("\n│ ", " ")
    assert set(re.findall(r"- (\S+): could not connect to registry\.terraform\.io", failed)) == {
        "registry.terraform.io/cdktf-immuta/immuta",
        "registry.terraform.io/hashicorp/null",
    }


def test_with_a_second_provider_the_lock_step_is_skipped_in_the_first_run(
    tmp_path: Path, immuta: Immuta
) -> None:
    cdktf = with_a_second_provider(tmp_path, immuta)
    cdktf.environment["CDKTF_SKIP_PROVIDER_LOCK"] = "true"
    assert "Apply complete! Resources: 2 added" in cdktf.ok("deploy", "--auto-approve")
    lock = (cdktf.stack("both") / ".terraform.lock.hcl").read_text()
    assert [line for line in lock.splitlines() if line.startswith("provider ")] == [
        'provider "registry.terraform.io/cdktf-immuta/immuta" {',
        'provider "registry.terraform.io/hashicorp/null" {',
    ]
    del cdktf.environment["CDKTF_SKIP_PROVIDER_LOCK"]
    assert "No changes." in cdktf.ok("diff")
    assert (cdktf.stack("both") / ".terraform.lock.hcl").read_text() == lock
    cdktf.destroy("both")
    assert immuta.held("integrations") == []


def test_stacks_are_deployed_side_by_side(tmp_path: Path, immuta: Immuta) -> None:
    """They share the plugin cache that cdktf sets up, in which Terraform links to one stack's plugin for all of them."""
    cdktf = Cdktf(tmp_path, TWO_STACKS, immuta.environment)
    cdktf.ok("deploy", "--auto-approve", "*")
    assert immuta.sent() == [{"type": "Trino"}] * 2
    shutil.rmtree(cdktf.stack("one") / "terraform.d")
    cdktf.ok("destroy", "--auto-approve", "*")
    assert immuta.held("integrations") == []


def test_existing_integration_is_imported_and_renamed(tmp_path: Path, immuta: Immuta) -> None:
    request: dict[str, Any] = payload.build(TYPE, {**SNOWFLAKE, "port": 443, "password": "example-password"})
    immuta.plant("integrations", {**request, "status": "enabled"}, "7")
    generated = 'SnowflakeIntegration.generate_config_for_import(stack, "snowflake", 7)'
    environment = {**immuta.environment, "TF_VAR_password": "example-password"}
    cdktf = Cdktf(tmp_path, program("found", "SnowflakeIntegration", generated), environment)
    code, output = cdktf.run("diff")
    assert code == 1
    assert "Error: password is missing" in output
    written = (cdktf.stack("found") / "generated_resources.tf").read_text()
    assert set(re.findall(r"^  (\w+ += [^n].*)", re.sub(" +=", " =", written), re.MULTILINE)) == {
        f"{name} = {json.dumps(value)}" for name, value in {**SNOWFLAKE, "port": 443}.items()
    }

    cdktf.write(snowflake("snowflake", "import_from(7)"))
    assert "Apply complete! Resources: 1 imported, 0 added" in cdktf.ok("deploy", "--auto-approve")
    assert [one["id"] for one in immuta.held("integrations")] == ["7"]
    cdktf.assert_empty_plan("found")

    cdktf.write(snowflake("warehouse", "move_from_id('immuta_snowflake_integration.snowflake')"))
    cdktf.ok("synth")
    immuta.clear_requests()
    applied = cdktf.terraform("found", "apply", "-auto-approve")
    assert "Resources: 0 added, 0 changed, 0 destroyed" in applied
    assert immuta.calls() == ["GET /integrations 200"]
    cdktf.assert_empty_plan("found")
    cdktf.destroy("found")
    assert immuta.held("integrations") == []
