"""Data sources, ephemeral resources and functions under the real Terraform."""

from __future__ import annotations

import json
import zipfile
from typing import Any

from immuta_constructs.testing import Immuta
from support.terraform import Terraform

PROVIDERS = """
terraform {
  required_providers {
    immuta = { source = "cdktf-immuta/immuta" }
  }
}
"""

# A platform that a script sets up, as another provider would run it, then the integration, then what is read of it.
MANUAL = (
    PROVIDERS
    + """
variable "password" {
  type      = string
  ephemeral = true
}

locals {
  snowflake = {
    host                = provider::immuta::snowflake_host("ACME-Sales_EU")
    warehouse           = "IMMUTA_WH"
    database            = "IMMUTA"
    authentication_type = "userPassword"
    username            = "IMMUTA_SYSTEM"
  }
}

data "immuta_integration_script" "create" {
  script    = "create"
  snowflake = local.snowflake
}

data "immuta_integration_script" "cleanup" {
  script    = "cleanup"
  snowflake = merge(local.snowflake, { password = "written-by-mistake" })
}

resource "terraform_data" "execute" {
  input = {
    execute = data.immuta_integration_script.create.content
    revert  = data.immuta_integration_script.cleanup.content
  }
}

resource "immuta_snowflake_integration" "this" {
  auto_bootstrap      = false
  host                = local.snowflake.host
  warehouse           = local.snowflake.warehouse
  database            = local.snowflake.database
  authentication_type = local.snowflake.authentication_type
  username            = local.snowflake.username
  password            = var.password
  depends_on          = [terraform_data.execute]
}

data "immuta_integration" "by_id" {
  id = immuta_snowflake_integration.this.id
}

data "immuta_integration" "by_host" {
  type       = "Snowflake"
  host       = local.snowflake.host
  depends_on = [immuta_snowflake_integration.this]
}

data "immuta_integrations" "all" {
  status     = "enabled"
  depends_on = [immuta_snowflake_integration.this]
}

data "immuta_existing_integration_script" "edit" {
  integration_id = immuta_snowflake_integration.this.id
  script         = "edit"
  snowflake      = merge(jsondecode(data.immuta_integration.by_id.config_json), { warehouse = "OTHER_WH" })
}

data "immuta_existing_integration_script" "delete" {
  integration_id = immuta_snowflake_integration.this.id
  script         = "delete"
}

output "create" {
  value = data.immuta_integration_script.create.content
}

output "placeholders" {
  value = data.immuta_integration_script.create.placeholders
}

output "cleanup" {
  value = terraform_data.execute.output.revert
}

output "edit" {
  value     = data.immuta_existing_integration_script.edit.content
  sensitive = true
}

output "delete" {
  value     = data.immuta_existing_integration_script.delete.content
  sensitive = true
}

output "statuses" {
  value = [
    data.immuta_integration.by_id.status,
    data.immuta_integration.by_host.validation.tests[0].status,
    [for one in data.immuta_integrations.all.integrations : one.id],
  ]
}
"""
)
HEAD = """\
-- Immuta Snowflake integration, {}
-- host: acme-sales-eu.snowflakecomputing.com
-- port: 443
-- database: IMMUTA
-- warehouse: {}
"""
OUTPUTS = {
    "create": HEAD.format("create script: set up the resources that Immuta manages", "IMMUTA_WH")
    + """\
CREATE DATABASE "IMMUTA";
ALTER USER "IMMUTA_SYSTEM" PASSWORD = '<PASSWORD>';
GRANT ALL ON DATABASE "IMMUTA" TO "IMMUTA_SYSTEM";
""",
    "placeholders": {"password": "<PASSWORD>"},
    "cleanup": HEAD.format("cleanup script: remove the resources of a set-up that failed", "IMMUTA_WH")
    + 'DROP DATABASE "IMMUTA";\nDROP USER "IMMUTA_SYSTEM";\n',
    "edit": HEAD.format("edit script: bring the resources that Immuta manages up to date", "OTHER_WH")
    + """\
ALTER DATABASE "IMMUTA";
ALTER USER "IMMUTA_SYSTEM" PASSWORD = '<PASSWORD>';
GRANT ALL ON DATABASE "IMMUTA" TO "IMMUTA_SYSTEM";
""",
    "delete": HEAD.format("delete script: remove the resources that Immuta manages", "IMMUTA_WH")
    + 'DROP DATABASE "IMMUTA";\nDROP USER "IMMUTA_SYSTEM";\n',
    "statuses": ["enabled", "passed", ["1"]],
}

EPHEMERAL = (
    PROVIDERS
    + """
variable "password" {
  type      = string
  ephemeral = true
}

resource "immuta_trino_integration" "this" {}

ephemeral "immuta_trino_api_key" "this" {
  integration_id = immuta_trino_integration.this.id
}

ephemeral "immuta_integration_script" "create" {
  script = "create"
  snowflake = {
    host                = "acme.snowflakecomputing.com"
    warehouse           = "IMMUTA_WH"
    database            = "IMMUTA"
    authentication_type = "userPassword"
    username            = "IMMUTA_SYSTEM"
    password            = var.password
  }
}

ephemeral "immuta_existing_integration_script" "delete" {
  integration_id = immuta_snowflake_integration.key.id
  script         = "delete"
}

resource "immuta_snowflake_integration" "key" {
  auto_bootstrap      = false
  host                = "key.snowflakecomputing.com"
  warehouse           = "IMMUTA_WH"
  database            = "IMMUTA"
  authentication_type = "userPassword"
  username            = "IMMUTA_SYSTEM"
  password            = ephemeral.immuta_trino_api_key.this.api_key
}

resource "immuta_snowflake_integration" "script" {
  auto_bootstrap      = false
  host                = "script.snowflakecomputing.com"
  warehouse           = "IMMUTA_WH"
  database            = "IMMUTA"
  authentication_type = "userPassword"
  username            = "IMMUTA_SYSTEM"
  password            = ephemeral.immuta_integration_script.create.content
  connect_args        = ephemeral.immuta_existing_integration_script.delete.content
}
"""
)


def told(text: str) -> str:
    """What Terraform tells, without the frame and the line breaks that it makes around it."""
    return " ".join("".join(" " if c in "│╷╵├┬─└" else c for c in text).split())


def left_behind(terraform: Terraform, *plans: str) -> str:
    """Everything that is in the state files and in the saved plans."""
    texts = [p.read_text("utf-8") for p in terraform.folder.glob("*.tfstate*") if p.is_file()]
    for plan in plans:
        with zipfile.ZipFile(terraform.folder / plan) as archive:
            texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join(texts)


def test_a_manual_set_up_from_script_to_integration(terraform: Terraform, immuta: Immuta) -> None:
    password = {"TF_VAR_password": "the-real-password"}
    terraform.write(MANUAL)
    terraform.ok("init")
    terraform.ok("plan", "-out", "plan", environment=password)
    terraform.ok("apply", "plan", environment=password)

    outputs = json.loads(terraform.ok("output", "-json"))
    assert {name: output["value"] for name, output in outputs.items()} == OUTPUTS
    assert [i["sent"]["config"]["password"] for i in immuta.stored("integrations")] == ["the-real-password"]
    everything = left_behind(terraform, "plan")
    assert "<PASSWORD>" in everything or "\\u003cPASSWORD\\u003e" in everything
    assert "the-real-password" not in everything
    assert "written-by-mistake" not in data_of(terraform)

    code, stdout, stderr = terraform.run("plan", "-detailed-exitcode", environment=password)
    assert (code, stderr) == (0, ""), stdout + stderr
    terraform.ok("destroy", "-auto-approve", environment=password)
    assert immuta.stored("integrations") == []


def data_of(terraform: Terraform) -> str:
    """What the state holds of data sources."""
    data = [r for r in terraform.state()["resources"] if r["mode"] == "data"]
    assert len(data) == 7
    return json.dumps(data)


def test_secrets_pass_through_and_stay_nowhere(terraform: Terraform, immuta: Immuta) -> None:
    environment = {"TF_VAR_password": "the-real-password", "TF_LOG": "TRACE"}
    terraform.write(EPHEMERAL)
    terraform.ok("init")
    result = terraform.run("plan", "-out", "plan", environment=environment)
    assert result.code == 0, result.stderr
    applied = terraform.run("apply", "plan", environment=environment)
    assert applied.code == 0, applied.stderr

    held = {i["sent"].get("config", {}).get("host", i["type"]): i for i in immuta.stored("integrations")}
    key = held["Trino"]["config"]["apiKey"]
    sent: dict[str, Any] = held["script.snowflakecomputing.com"]["sent"]["config"]
    assert held["key.snowflakecomputing.com"]["sent"]["config"]["password"] == key
    assert "PASSWORD = 'the-real-password';" in sent["password"]
    assert sent["connectArgs"].startswith("-- Immuta Snowflake integration, delete script: ")
    everything = left_behind(terraform, "plan")
    for output in (result.stdout, result.stderr, applied.stdout, applied.stderr, everything):
        assert key not in output
        assert "the-real-password" not in output
        assert "delete script: remove" not in output


def test_errors_of_reads_point_at_the_argument(one_terraform: Terraform) -> None:
    terraform = one_terraform
    terraform.write(
        PROVIDERS
        + """
data "immuta_integration_script" "x" {
  script = "initial-create"
  databricks = {
    workspace_url       = provider::immuta::databricks_workspace_host("https://accounts.cloud.databricks.com")
    http_path           = "/sql/1.0/warehouses/1"
    authentication_type = "token"
  }
}
"""
    )
    terraform.ok("init")
    code, _, stderr = terraform.run("plan")
    assert code == 1
    assert told(stderr) == (
        'Error: Invalid function argument on main.tf line 11, in data "immuta_integration_script" "x": 11: workspace_url = '
        'provider::immuta::databricks_workspace_host("https://accounts.cloud.databricks.com") while calling '
        'provider::immuta::databricks_workspace_host(url) Invalid value for "url" parameter: url is the address of the account '
        "console ('https://accounts.cloud.databricks.com'), which is not a workspace; it has to be a workspace's URL such as "
        "https://dbc-a1b2c3d4.cloud.databricks.com."
    )

    terraform.write((terraform.folder / "main.tf").read_text().replace("accounts.cloud", "acme.cloud"))
    code, _, stderr = terraform.run("plan")
    assert code == 1
    assert told(stderr) == (
        "Error: script has a value that Immuta does not accept with data.immuta_integration_script.x, on main.tf line 9, "
        'in data "immuta_integration_script" "x": 9: script = "initial-create" script is "initial-create". Immuta accepts '
        '"create" or "cleanup" for a Databricks Unity Catalog integration. Set script to one of these.'
    )
