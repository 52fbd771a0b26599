"""What else a program may do with cdktf: a second provider, taking over what is there, bindings for other languages."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

from support.cdktf import Cdktf, tenant
from support.simulator import Simulator
from support.terraform import cli_config, plugin_mirror

WITH_NULL_PROVIDER = """
from cdktf import App, TerraformStack
from immuta_constructs import ImmutaProvider, TrinoIntegration

app = App()
stack = TerraformStack(app, "both")
ImmutaProvider(stack, "immuta")
trino = TrinoIntegration(stack, "trino")
stack.add_override("terraform.required_providers.null", {"source": "hashicorp/null", "version": "2.1.2"})
stack.add_override("resource.null_resource.after", {"triggers": {"integration": trino.id}})
app.synth()
"""

SNOWFLAKE = """
from cdktf import App, TerraformStack
from immuta_constructs import ImmutaProvider, Secret, SnowflakeIntegration

app = App()
stack = TerraformStack(app, "found")
ImmutaProvider(stack, "immuta")
IMPORTED
app.synth()
"""

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

TAKE_OVER = """
SnowflakeIntegration(
    stack,
    "snowflake",
    auto_bootstrap=False,
    host="acme.snowflakecomputing.com",
    warehouse="IMMUTA_WH",
    database="IMMUTA",
    authentication_type="userPassword",
    username="IMMUTA",
    password=Secret.variable("password"),
).import_from(7)
"""

HAVE_IT_WRITTEN = """
SnowflakeIntegration.generate_config_for_import(stack, "snowflake", 7)
"""


def test_a_second_provider_needs_the_lock_step_skipped(tmp_path: Path) -> None:
    configuration = tmp_path / "terraform.rc"
    configuration.write_text(cli_config(plugin_mirror(null_provider=True)))
    with Simulator() as simulator:
        environment = {"TF_CLI_CONFIG_FILE": str(configuration), "CDKTF_SKIP_PROVIDER_LOCK": "true"}
        cdktf = Cdktf(tmp_path, WITH_NULL_PROVIDER, {**tenant(simulator), **environment})
        assert "Apply complete! Resources: 2 added" in cdktf.ok("deploy", "--auto-approve")
        lock = (cdktf.stack("both") / ".terraform.lock.hcl").read_text()
        assert [line for line in lock.splitlines() if line.startswith("provider ")] == [
            'provider "registry.terraform.io/cdktf-immuta/immuta" {',
            'provider "registry.terraform.io/hashicorp/null" {',
        ]
        del cdktf.environment["CDKTF_SKIP_PROVIDER_LOCK"]
        assert "No changes." in cdktf.ok("diff")
        assert (cdktf.stack("both") / ".terraform.lock.hcl").read_text() == lock
        cdktf.terraform("both", "destroy", "-auto-approve")
        assert simulator.admin.integrations() == []


def test_stacks_are_deployed_side_by_side(tmp_path: Path) -> None:
    """They share the plugin cache that cdktf sets up, in which Terraform links to one stack's plugin for all of them."""
    with Simulator() as simulator:
        cdktf = Cdktf(tmp_path, TWO_STACKS, tenant(simulator))
        cdktf.ok("deploy", "--auto-approve", "*")
        assert simulator.admin.sent() == [{"type": "Trino"}] * 2
        shutil.rmtree(cdktf.stack("one") / "terraform.d")
        cdktf.ok("destroy", "--auto-approve", "*")
        assert simulator.admin.integrations() == []


def test_what_is_there_is_taken_over(tmp_path: Path) -> None:
    config = {
        "host": "acme.snowflakecomputing.com",
        "port": 443,
        "warehouse": "IMMUTA_WH",
        "database": "IMMUTA",
        "authenticationType": "userPassword",
        "username": "IMMUTA",
        "password": "example-password",
    }
    with Simulator() as simulator:
        planted = {"type": "Snowflake", "autoBootstrap": False, "config": config, "status": "enabled"}
        simulator.admin.plant(planted, "7")
        program = SNOWFLAKE.replace("IMPORTED", HAVE_IT_WRITTEN)
        cdktf = Cdktf(tmp_path, program, {**tenant(simulator), "TF_VAR_password": "example-password"})
        code, output = cdktf.run("diff")
        assert code == 1
        assert "Error: password is missing" in output
        written = (cdktf.stack("found") / "generated_resources.tf").read_text()
        assert set(re.findall(r"^  (\w+ += [^n].*)", re.sub(" +=", " =", written), re.MULTILINE)) == {
            'authentication_type = "userPassword"',
            "auto_bootstrap = false",
            'database = "IMMUTA"',
            'host = "acme.snowflakecomputing.com"',
            "port = 443",
            'username = "IMMUTA"',
            'warehouse = "IMMUTA_WH"',
        }

        cdktf.write(SNOWFLAKE.replace("IMPORTED", TAKE_OVER))
        assert "Apply complete! Resources: 1 imported, 0 added" in cdktf.ok("deploy", "--auto-approve")
        assert [one["id"] for one in simulator.admin.integrations()] == ["7"]
        cdktf.assert_empty_plan("found")
        cdktf.terraform("found", "destroy", "-auto-approve")
        assert simulator.admin.integrations() == []


def test_bindings_for_typescript(tmp_path: Path) -> None:
    configuration = tmp_path / "terraform.rc"
    configuration.write_text(cli_config(plugin_mirror()))
    cdktf = Cdktf(tmp_path, "", {"TF_CLI_CONFIG_FILE": str(configuration)})
    wanted = {"language": "typescript", "app": "true", "terraformProviders": ["cdktf-immuta/immuta@0.1.0"]}
    (cdktf.folder / "cdktf.json").write_text(json.dumps(wanted))
    cdktf.ok("get", "--language", "typescript", "--output", "generated")
    bindings = cdktf.folder / "generated" / "providers" / "immuta"
    assert {folder.name for folder in bindings.iterdir() if folder.is_dir()} == {
        "provider",
        "data-immuta-integration",
        "data-immuta-integrations",
        "data-immuta-integration-script",
        "data-immuta-existing-integration-script",
        "amazon-s3-integration",
        "azure-synapse-integration",
        "bigquery-integration",
        "databricks-integration",
        "redshift-integration",
        "snowflake-integration",
        "trino-integration",
    }
    snowflake = (bindings / "snowflake-integration" / "index.ts").read_text()
    assert "export interface SnowflakeIntegrationConfig extends cdktf.TerraformMetaArguments {" in snowflake
    assert "readonly authenticationType: string;" in snowflake
    assert "readonly audit?: SnowflakeIntegrationAudit;" in snowflake
