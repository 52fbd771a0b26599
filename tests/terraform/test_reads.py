"""Data sources, ephemeral resources and functions under the real Terraform."""

from __future__ import annotations

import json
import zipfile
from typing import Any

from immuta_constructs.testing import Immuta
from support.pages import words
from support.terraform import Terraform

PASSWORD = {"password": {"type": "string", "ephemeral": True}}
SETTINGS = {
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "IMMUTA_SYSTEM",
}
ACME = {**SETTINGS, "host": '${provider::immuta::snowflake_host("ACME-Sales_EU")}'}
INTEGRATION = "immuta_snowflake_integration.this"

# A platform that a script sets up, as another provider would run it, then the integration, then its data sources.
MANUAL = {
    "variable": PASSWORD,
    "data": {
        "immuta_integration_script": {
            "create": {"script": "create", "snowflake": ACME},
            "cleanup": {"script": "cleanup", "snowflake": {**ACME, "password": "written-by-mistake"}},
        },
        "immuta_integration": {
            "by_id": {"id": f"${{{INTEGRATION}.id}}"},
            "by_host": {"type": "Snowflake", "host": ACME["host"], "depends_on": [INTEGRATION]},
        },
        "immuta_integrations": {"all": {"status": "enabled", "depends_on": [INTEGRATION]}},
        "immuta_existing_integration_script": {
            "edit": {
                "integration_id": f"${{{INTEGRATION}.id}}",
                "script": "edit",
                "snowflake": '${merge(jsondecode(data.immuta_integration.by_id.config_json), { warehouse = "OTHER_WH" })}',
            },
            "delete": {"integration_id": f"${{{INTEGRATION}.id}}", "script": "delete"},
        },
    },
    "resource": {
        "terraform_data": {
            "execute": {
                "input": {
                    "execute": "${data.immuta_integration_script.create.content}",
                    "revert": "${data.immuta_integration_script.cleanup.content}",
                }
            }
        },
        "immuta_snowflake_integration": {
            "this": {
                **ACME,
                "auto_bootstrap": False,
                "password": "${var.password}",
                "depends_on": ["terraform_data.execute"],
            }
        },
    },
    "output": {
        "create": {"value": "${data.immuta_integration_script.create.content}"},
        "placeholders": {"value": "${data.immuta_integration_script.create.placeholders}"},
        "cleanup": {"value": "${terraform_data.execute.output.revert}"},
        "edit": {
            "value": "${data.immuta_existing_integration_script.edit.content}",
            "sensitive": True,
        },
        "delete": {
            "value": "${data.immuta_existing_integration_script.delete.content}",
            "sensitive": True,
        },
        "statuses": {
            "value": [
                "${data.immuta_integration.by_id.status}",
                "${data.immuta_integration.by_host.validation.tests[0].status}",
                "${[for one in data.immuta_integrations.all.integrations : one.id]}",
            ]
        },
    },
}
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

EPHEMERAL = {
    "variable": PASSWORD,
    "ephemeral": {
        "immuta_trino_api_key": {"this": {"integration_id": "${immuta_trino_integration.this.id}"}},
        "immuta_integration_script": {
            "create": {
                "script": "create",
                "snowflake": {
                    **SETTINGS,
                    "host": "acme.snowflakecomputing.com",
                    "password": "${var.password}",
                },
            }
        },
        "immuta_existing_integration_script": {
            "delete": {
                "integration_id": "${immuta_snowflake_integration.key.id}",
                "script": "delete",
            }
        },
    },
    "resource": {
        "immuta_trino_integration": {"this": {}},
        "immuta_snowflake_integration": {
            "key": {
                **SETTINGS,
                "auto_bootstrap": False,
                "host": "key.snowflakecomputing.com",
                "password": "${ephemeral.immuta_trino_api_key.this.api_key}",
            },
            "script": {
                **SETTINGS,
                "auto_bootstrap": False,
                "host": "script.snowflakecomputing.com",
                "password": "${ephemeral.immuta_integration_script.create.content}",
                "connect_args": "${ephemeral.immuta_existing_integration_script.delete.content}",
            },
        },
    },
}


def left_behind(terraform: Terraform) -> str:
    """The content of the state files and of the plan file."""
    texts = [p.read_text("utf-8") for p in terraform.folder.glob("*.tfstate*") if p.is_file()]
    with zipfile.ZipFile(terraform.folder / "plan") as archive:
        texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
    return "\n".join(texts)


def test_manual_set_up_reads_scripts_and_the_integration_and_keeps_no_password(
    terraform: Terraform, immuta: Immuta
) -> None:
    terraform.environment["TF_VAR_password"] = "the-real-password"
    terraform.write(MANUAL)
    terraform.ok("plan", "-out", "plan")
    terraform.ok("apply", "plan")

    outputs = json.loads(terraform.ok("output", "-json"))
    assert {name: output["value"] for name, output in outputs.items()} == OUTPUTS
    assert [i["sent"]["config"]["password"] for i in immuta.stored("integrations")] == ["the-real-password"]
    everything = left_behind(terraform)
    assert "<PASSWORD>" in everything or "\\u003cPASSWORD\\u003e" in everything
    assert "the-real-password" not in everything
    data = [r for r in terraform.state()["resources"] if r["mode"] == "data"]
    assert (len(data), "written-by-mistake" in json.dumps(data)) == (7, False)

    terraform.assert_empty_plan()
    terraform.ok("destroy", "-auto-approve")
    assert immuta.stored("integrations") == []


def test_secrets_of_ephemeral_resources_are_sent_and_stay_nowhere(
    terraform: Terraform, immuta: Immuta
) -> None:
    terraform.environment.update(TF_VAR_password="the-real-password", TF_LOG="TRACE")
    terraform.write(EPHEMERAL)
    planned = terraform.run("plan", "-out", "plan")
    assert planned.code == 0, planned.stderr
    applied = terraform.run("apply", "plan")
    assert applied.code == 0, applied.stderr

    held = {i["sent"].get("config", {}).get("host", i["type"]): i for i in immuta.stored("integrations")}
    key = held["Trino"]["config"]["apiKey"]
    sent: dict[str, Any] = held["script.snowflakecomputing.com"]["sent"]["config"]
    assert held["key.snowflakecomputing.com"]["sent"]["config"]["password"] == key
    assert "PASSWORD = 'the-real-password';" in sent["password"]
    assert sent["connectArgs"].startswith("-- Immuta Snowflake integration, delete script: ")
    for output in (*planned[1:], *applied[1:], left_behind(terraform)):
        assert key not in output
        assert "the-real-password" not in output
        assert "delete script: remove" not in output


def test_errors_of_reads_point_at_the_argument(one_terraform: Terraform) -> None:
    def error(url: str) -> str:
        one_terraform.write(f"""\
data "immuta_integration_script" "x" {{
  script = "initial-create"
  databricks = {{
    workspace_url       = provider::immuta::databricks_workspace_host("{url}")
    http_path           = "/sql/1.0/warehouses/1"
    authentication_type = "token"
  }}
}}
""")
        code, _, stderr = one_terraform.run("plan")
        assert code == 1
        return words(stderr)

    assert error("https://accounts.cloud.databricks.com") == (
        'Error: Invalid function argument on main.tf line 4, in data "immuta_integration_script" "x": 4: workspace_url = '
        'provider::immuta::databricks_workspace_host("https://accounts.cloud.databricks.com") while calling '
        'provider::immuta::databricks_workspace_host(url) Invalid value for "url" parameter: url is the address of the account '
        "console ('https://accounts.cloud.databricks.com'), which is not a workspace; it has to be a workspace's URL such as "
        "https://dbc-a1b2c3d4.cloud.databricks.com."
    )
    assert error("https://acme.cloud.databricks.com") == (
        "Error: script has a value that Immuta does not accept with data.immuta_integration_script.x, on main.tf line 2, "
        'in data "immuta_integration_script" "x": 2: script = "initial-create" script is "initial-create". Immuta accepts '
        '"create" or "cleanup" for a Databricks Unity Catalog integration. Set script to one of these.'
    )
