"""The examples on the pages of what is read and asked: HCL and the same in Python. The tests validate and compare them."""

from __future__ import annotations

from typing import NamedTuple


class Reading(NamedTuple):
    hcl: str
    python: str


def program(names: str, body: str) -> str:
    return (
        "from cdktf import App, TerraformOutput, TerraformStack\n\n"
        f"from immuta_constructs import {names}\n\n"
        'app = App()\nstack = TerraformStack(app, "immuta")\n'
        'ImmutaProvider(stack, "immuta")  # the tenant is in IMMUTA_HOST, the key in IMMUTA_API_KEY\n'
        f"{body}\napp.synth()\n"
    )


_SETTINGS = """\
  snowflake = {
    host                = "acme.eu-central-1.snowflakecomputing.com"
    warehouse           = "IMMUTA_WH"
    database            = "IMMUTA"
    authentication_type = "userPassword"
    username            = "IMMUTA_SYSTEM_ACCOUNT"
%s  }
"""
_PYTHON_SETTINGS = """\
snowflake=SnowflakeSettings(
    host="acme.eu-central-1.snowflakecomputing.com",
    warehouse="IMMUTA_WH",
    database="IMMUTA",
    authentication_type="userPassword",
    username="IMMUTA_SYSTEM_ACCOUNT",
    %s
)"""
_VARIABLE = """\
variable "snowflake_password" {
  type      = string
  sensitive = true
  ephemeral = true
}

"""

DATA_SOURCES: dict[str, Reading] = {
    "immuta_integration": Reading(
        """\
data "immuta_integration" "snowflake" {
  type = "Snowflake"
  host = "acme.eu-central-1.snowflakecomputing.com"
}

output "snowflake_status" {
  value = data.immuta_integration.snowflake.status
}

output "snowflake_warehouse" {
  value = jsondecode(data.immuta_integration.snowflake.config_json).warehouse
}
""",
        program(
            "DataImmutaIntegration, ImmutaProvider",
            """snowflake = DataImmutaIntegration(
    stack, "snowflake", type="Snowflake", host="acme.eu-central-1.snowflakecomputing.com"
)
TerraformOutput(stack, "snowflake_status", value=snowflake.status)""",
        ),
    ),
    "immuta_integrations": Reading(
        """\
data "immuta_integrations" "enabled" {
  type   = "Snowflake"
  status = "enabled"
}

output "hosts" {
  value = data.immuta_integrations.enabled.integrations[*].host
}
""",
        program(
            "DataImmutaIntegrations, ImmutaProvider",
            """enabled = DataImmutaIntegrations(stack, "enabled", type="Snowflake", status="enabled")
TerraformOutput(stack, "first_host", value=enabled.integrations.get(0).host)""",
        ),
    ),
    "immuta_integration_script": Reading(
        'data "immuta_integration_script" "create" {\n  script = "create"\n'
        + _SETTINGS % ""
        + '}\n\noutput "script" {\n  value = data.immuta_integration_script.create.content\n}\n',
        program(
            "DataImmutaIntegrationScript, ImmutaProvider, SnowflakeSettings",
            'create = DataImmutaIntegrationScript(stack, "create", script="create", '
            + _PYTHON_SETTINGS % ""
            + ')\nTerraformOutput(stack, "script", value=create.content)',
        ),
    ),
    "immuta_existing_integration_script": Reading(
        """\
data "immuta_existing_integration_script" "removal" {
  integration_id = "7"
  script         = "delete"
}

output "script" {
  value     = data.immuta_existing_integration_script.removal.content
  sensitive = true
}
""",
        program(
            "DataImmutaExistingIntegrationScript, ImmutaProvider",
            'removal = DataImmutaExistingIntegrationScript(stack, "removal", integration_id="7", script="delete")\n'
            'TerraformOutput(stack, "script", value=removal.content, sensitive=True)',
        ),
    ),
}

EPHEMERAL_RESOURCES: dict[str, Reading] = {
    "immuta_integration_script": Reading(
        _VARIABLE
        + 'ephemeral "immuta_integration_script" "create" {\n  script = "create"\n'
        + _SETTINGS % "    password            = var.snowflake_password\n"
        + "}\n",
        program(
            "EphemeralImmutaIntegrationScript, ImmutaProvider, Secret, SnowflakeSettings",
            'create = EphemeralImmutaIntegrationScript(stack, "create", script="create", '
            + _PYTHON_SETTINGS % 'password=Secret.variable("snowflake_password")'
            + ")",
        ).replace("TerraformOutput, ", ""),
    ),
    "immuta_existing_integration_script": Reading(
        _VARIABLE
        + 'ephemeral "immuta_existing_integration_script" "edit" {\n  integration_id = "7"\n  script         = "edit"\n'
        + _SETTINGS % "    password            = var.snowflake_password\n"
        + "}\n",
        program(
            "EphemeralImmutaExistingIntegrationScript, ImmutaProvider, Secret, SnowflakeSettings",
            'edit = EphemeralImmutaExistingIntegrationScript(stack, "edit", integration_id="7", script="edit", '
            + _PYTHON_SETTINGS % 'password=Secret.variable("snowflake_password")'
            + ")",
        ).replace("TerraformOutput, ", ""),
    ),
    "immuta_trino_api_key": Reading(
        """\
resource "immuta_trino_integration" "starburst" {}

ephemeral "immuta_trino_api_key" "starburst" {
  integration_id = immuta_trino_integration.starburst.id
}
""",
        program(
            "EphemeralImmutaTrinoApiKey, ImmutaProvider, TrinoIntegration",
            'starburst = TrinoIntegration(stack, "starburst")\n'
            'key = EphemeralImmutaTrinoApiKey(stack, "key", integration_id=starburst.id)\n'
            "# key.api_key goes into a write-only argument or a provider block of whoever sets up the cluster.",
        ).replace("TerraformOutput, ", ""),
    ),
}

ARGUMENTS = {
    "snowflake_host": ("acme-sales", "acme-sales.snowflakecomputing.com"),
    "databricks_workspace_host": (
        "https://dbc-a1b2c3d4.cloud.databricks.com/?o=1",
        "dbc-a1b2c3d4.cloud.databricks.com",
    ),
    "redshift_host": (
        "acme.abc123.eu-west-1.redshift.amazonaws.com:5439",
        "acme.abc123.eu-west-1.redshift.amazonaws.com",
    ),
}
"""An argument of each function, and what it answers."""

ACTION = """\
resource "immuta_trino_integration" "starburst" {
  timeouts = { update = "5m" }

  lifecycle {
    action_trigger {
      events  = [after_update]
      actions = [action.immuta_regenerate_api_key.starburst]
    }
  }
}

action "immuta_regenerate_api_key" "starburst" {
  config {
    id = immuta_trino_integration.starburst.id
  }
}
"""
