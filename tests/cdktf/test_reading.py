"""A program that reads: data sources, a function and ephemeral resources, through the real cdktf."""

from __future__ import annotations

import json
from pathlib import Path

from immuta_constructs.testing import Immuta
from support.cdktf import Cdktf

PROGRAM = """
from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from immuta_constructs import (
    DataImmutaIntegration,
    DataImmutaIntegrations,
    DataImmutaIntegrationScript,
    EphemeralImmutaTrinoApiKey,
    ImmutaProvider,
    Secret,
    SnowflakeIntegration,
    SnowflakeSettings,
    TrinoIntegration,
    snowflake_host,
)

app = App()
stack = TerraformStack(app, "reading")
ImmutaProvider(stack, "immuta")
host = snowflake_host(TerraformVariable(stack, "account", type="string").string_value)
settings = dict(
    host=host,
    warehouse="IMMUTA_WH",
    database="IMMUTA",
    authentication_type="userPassword",
    username="IMMUTA",
)
script = DataImmutaIntegrationScript(stack, "script", script="create", snowflake=SnowflakeSettings(**settings))
snowflake = SnowflakeIntegration(
    stack, "snowflake", auto_bootstrap=False, **settings, password=Secret.variable("password"), depends_on=[script]
)
trino = TrinoIntegration(stack, "trino", depends_on=[snowflake])
key = EphemeralImmutaTrinoApiKey(stack, "key", integration_id=trino.id)
# The key goes where an ephemeral value may, as into the provider block of whoever sets up the cluster.
cluster = ImmutaProvider(stack, "cluster", alias="cluster", http_headers={"X-Cluster-Key": key.api_key})
DataImmutaIntegrations(stack, "by-key", provider=cluster, depends_on=[trino])
found = DataImmutaIntegration(stack, "found", id=snowflake.id)
every = DataImmutaIntegrations(stack, "every", status="enabled", depends_on=[snowflake, trino])
TerraformOutput(stack, "script_text", value=script.content)
TerraformOutput(stack, "placeholders", value=script.placeholders)
TerraformOutput(stack, "found_host", value=found.host)
TerraformOutput(stack, "first_test", value=found.validation.tests.get(0).name)
TerraformOutput(stack, "second_type", value=every.integrations.get(1).type)
app.synth()
"""


def test_data_sources_functions_and_ephemeral_resources_are_deployed(tmp_path: Path, immuta: Immuta) -> None:
    variables = {"TF_VAR_account": "Acme_sales", "TF_VAR_password": "first-password"}
    cdktf = Cdktf(tmp_path, PROGRAM, {**immuta.environment, **variables})
    assert "Apply complete! Resources: 2 added" in cdktf.ok("deploy", "--auto-approve")
    assert [one["config"]["host"] for one in immuta.sent() if "config" in one] == [
        "acme-sales.snowflakecomputing.com"
    ]
    (asked,) = {r["operation"] for r in immuta.requests() if "/scripts/" in r["path"]}
    assert immuta.requests(asked)[0]["body"] == {
        "type": "Snowflake",
        "autoBootstrap": False,
        "config": {
            "host": "acme-sales.snowflakecomputing.com",
            "warehouse": "IMMUTA_WH",
            "database": "IMMUTA",
            "authenticationType": "userPassword",
            "username": "IMMUTA",
            "password": "<PASSWORD>",
        },
    }
    state = json.loads((cdktf.folder / "terraform.reading.tfstate").read_text())
    outputs = {name: output["value"] for name, output in state["outputs"].items()}
    text = outputs.pop("script_text")
    assert ("PASSWORD = '<PASSWORD>'" in text, "first-password" in text) == (True, False)
    (first_test, *_) = next(one for one in immuta.held("integrations") if one["type"] == "Snowflake")[
        "validationResults"
    ]["validationTests"]
    assert outputs == {
        "placeholders": {"password": "<PASSWORD>"},
        "found_host": "acme-sales.snowflakecomputing.com",
        "first_test": first_test["name"],
        "second_type": "Trino",
    }

    cdktf.assert_empty_plan("reading")
    trino = next(one for one in immuta.held("integrations") if one["type"] == "Trino")
    key = trino["config"]["apiKey"]
    assert key in {r["headers"].get("x-cluster-key") for r in immuta.requests("list")}
    assert [cdktf.files_with(secret) for secret in (key, "first-password")] == [set(), set()]
    cdktf.destroy("reading")
    assert immuta.held("integrations") == []
