"""What else a program may do with cdktf: a second provider, several stacks, taking over what is there."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from immuta_constructs.testing import Immuta
from immuta_constructs.testing.terraform import cli_config
from support.cdktf import Cdktf, tenant
from support.terraform import plugin_mirror

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

RENAMED = TAKE_OVER.replace('"snowflake"', '"warehouse"').replace(
    ".import_from(7)", '.move_from_id("immuta_snowflake_integration.snowflake")'
)

HAVE_IT_WRITTEN = """
SnowflakeIntegration.generate_config_for_import(stack, "snowflake", 7)
"""


def with_a_second_provider(folder: Path, simulator: Immuta) -> Cdktf:
    """Both providers are in a mirror. No registry is to be reached, so that ours counts as published in none."""
    configuration = folder / "terraform.rc"
    configuration.write_text(cli_config(plugin_mirror(null_provider=True)))
    environment = {"TF_CLI_CONFIG_FILE": str(configuration), "HTTPS_PROXY": "http://127.0.0.1:9"}
    return Cdktf(folder, WITH_NULL_PROVIDER, {**tenant(simulator), **environment})


def test_with_a_second_provider_the_lock_step_fails(tmp_path: Path) -> None:
    """Terraform has installed both by then, and Immuta has not been asked for anything."""
    with Immuta() as simulator:
        code, output = with_a_second_provider(tmp_path, simulator).run("deploy", "--auto-approve")
        asked = simulator.calls()
    assert (code, asked) == (1, [])
    assert "Terraform has been successfully initialized!" in output
    failed = output[output.index("Error: Could not retrieve providers for locking") :].replace("\n│ ", " ")
    assert set(re.findall(r"- (\S+): could not connect to registry\.terraform\.io", failed)) == {
        "registry.terraform.io/cdktf-immuta/immuta",
        "registry.terraform.io/hashicorp/null",
    }


def test_with_a_second_provider_it_is_skipped_the_first_time(tmp_path: Path) -> None:
    with Immuta() as simulator:
        cdktf = with_a_second_provider(tmp_path, simulator)
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
        cdktf.terraform("both", "destroy", "-auto-approve")
        assert simulator.stored("integrations") == []


def test_stacks_are_deployed_side_by_side(tmp_path: Path) -> None:
    """They share the plugin cache that cdktf sets up, in which Terraform links to one stack's plugin for all of them."""
    with Immuta() as simulator:
        cdktf = Cdktf(tmp_path, TWO_STACKS, tenant(simulator))
        cdktf.ok("deploy", "--auto-approve", "*")
        assert simulator.sent() == [{"type": "Trino"}] * 2
        shutil.rmtree(cdktf.stack("one") / "terraform.d")
        cdktf.ok("destroy", "--auto-approve", "*")
        assert simulator.stored("integrations") == []


def test_existing_integration_is_imported_and_renamed(tmp_path: Path) -> None:
    config = {
        "host": "acme.snowflakecomputing.com",
        "port": 443,
        "warehouse": "IMMUTA_WH",
        "database": "IMMUTA",
        "authenticationType": "userPassword",
        "username": "IMMUTA",
        "password": "example-password",
    }
    with Immuta() as simulator:
        planted = {"type": "Snowflake", "autoBootstrap": False, "config": config, "status": "enabled"}
        simulator.plant("integrations", planted, "7")
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
        assert [one["id"] for one in simulator.stored("integrations")] == ["7"]
        cdktf.assert_empty_plan("found")

        cdktf.write(SNOWFLAKE.replace("IMPORTED", RENAMED))
        cdktf.ok("synth")
        simulator.clear_requests()
        assert "Resources: 0 added, 0 changed, 0 destroyed" in cdktf.terraform(
            "found", "apply", "-auto-approve"
        )
        assert simulator.calls() == ["GET /integrations 200"]
        cdktf.assert_empty_plan("found")
        cdktf.terraform("found", "destroy", "-auto-approve")
        assert simulator.stored("integrations") == []
