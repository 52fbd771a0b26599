"""A construct is synthesized to exactly its arguments, under the same names."""

from __future__ import annotations

from typing import Any

import immuta_constructs
import pytest
from immuta_constructs import (
    AmazonS3Integration,
    BigQueryIntegration,
    DatabricksIntegration,
    ImmutaProvider,
    RedshiftIntegration,
    Secret,
    SnowflakeAudit,
    SnowflakeIntegration,
    SnowflakeLineage,
    SnowflakeLineageConfig,
    SnowflakeWorkspaces,
    Timeouts,
    TrinoIntegration,
)
from immuta_constructs.cdk import Fn, TerraformOutput, TerraformStack, TerraformVariable, Token
from immuta_constructs.testing import synthesized
from table import examples
from table.row import Example

CONFIGS = {example.name: example.config for example in examples()}
SNOWFLAKE: dict[str, Any] = {
    "auto_bootstrap": False,
    "host": "acme.eu-central-1.snowflakecomputing.com",
    "warehouse": "IMMUTA_WH",
    "database": "IMMUTA",
    "authentication_type": "userPassword",
    "username": "IMMUTA_SYSTEM_ACCOUNT",
    "password": "example",
}


@pytest.mark.parametrize("example", examples(), ids=str)
def test_arguments_are_synthesized_unchanged(example: Example, stack: TerraformStack) -> None:
    construct = getattr(immuta_constructs, example.row.type.class_name)
    construct(stack, "one", **example.config)
    found = synthesized(stack)
    assert found["resource"] == {example.resource: {"one": example.config}}
    assert found.keys() == {"provider", "resource", "terraform"}


def test_nested_classes_and_mappings_synthesize_equally(stack: TerraformStack) -> None:
    SnowflakeIntegration(
        stack,
        "classes",
        **SNOWFLAKE,
        audit=SnowflakeAudit(enabled=True),
        workspaces=SnowflakeWorkspaces(enabled=True, warehouses=("A", "B")),
        lineage=SnowflakeLineage(enabled=True, lineage_config=SnowflakeLineageConfig(table_filter="x")),
        timeouts=Timeouts(create="20m"),
    )
    SnowflakeIntegration(
        stack,
        "mappings",
        **SNOWFLAKE,
        audit={"enabled": True},
        workspaces={"enabled": True, "warehouses": ["A", "B"]},
        lineage={"enabled": True, "lineage_config": {"table_filter": "x", "tag_filter": None}},
        timeouts={"create": "20m"},
    )
    found = synthesized(stack)["resource"]["immuta_snowflake_integration"]
    assert found["classes"] == {
        **SNOWFLAKE,
        "audit": {"enabled": True},
        "workspaces": {"enabled": True, "warehouses": ["A", "B"]},
        "lineage": {"enabled": True, "lineage_config": {"table_filter": "x"}},
        "timeouts": {"create": "20m"},
    }
    assert found["mappings"] == found["classes"]


def test_synthesis_omits_none_and_keeps_empty_values(stack: TerraformStack) -> None:
    SnowflakeIntegration(
        stack,
        "one",
        **SNOWFLAKE,
        role=None,
        port=None,
        audit={},
        user_role_pattern={"exclude": []},
        connect_args="",
    )
    assert synthesized(stack)["resource"]["immuta_snowflake_integration"]["one"] == {
        **SNOWFLAKE,
        "audit": {},
        "user_role_pattern": {"exclude": []},
        "connect_args": "",
    }


def test_tokens_of_every_kind_are_accepted_without_checks(stack: TerraformStack) -> None:
    text = TerraformVariable(stack, "text", type="string")
    number = TerraformVariable(stack, "number", type="number")
    flag = TerraformVariable(stack, "flag", type="bool")
    texts = TerraformVariable(stack, "texts", type="list(string)")
    anything = TerraformVariable(stack, "anything", type="any")
    SnowflakeIntegration(
        stack,
        "one",
        auto_bootstrap=flag.boolean_value,
        host=f"{text.string_value}.snowflakecomputing.com",
        port=number.number_value,
        warehouse=Fn.upper(text.string_value),
        database="${var.text}",
        authentication_type=Token.as_any(text.string_value),
        private_key=anything.value,
        audit={"enabled": flag.boolean_value},
        workspaces=SnowflakeWorkspaces(enabled=True, warehouses=texts.list_value),
        impersonation=anything.value,
        user_role_pattern={"exclude": ["SYSADMIN", text.string_value]},
    )
    assert synthesized(stack)["resource"]["immuta_snowflake_integration"]["one"] == {
        "auto_bootstrap": "${var.flag}",
        "host": "${var.text}.snowflakecomputing.com",
        "port": "${var.number}",
        "warehouse": "${upper(var.text)}",
        "database": "${var.text}",
        "authentication_type": "${var.text}",
        "private_key": "${var.anything}",
        "audit": {"enabled": "${var.flag}"},
        "workspaces": {"enabled": True, "warehouses": "${var.texts}"},
        "impersonation": "${var.anything}",
        "user_role_pattern": {"exclude": ["SYSADMIN", "${var.text}"]},
    }


def test_a_list_of_objects_may_be_a_token(stack: TerraformStack) -> None:
    anything = TerraformVariable(stack, "anything", type="any")
    DatabricksIntegration(
        stack, "one", **CONFIGS["databricks"], additional_workspace_connections=anything.value
    )
    assert synthesized(stack)["resource"]["immuta_databricks_integration"]["one"] == {
        **CONFIGS["databricks"],
        "additional_workspace_connections": "${var.anything}",
    }


def test_an_escaped_template_is_text(stack: TerraformStack) -> None:
    with pytest.raises(immuta_constructs.ArgumentError, match="authentication_type"):
        SnowflakeIntegration(stack, "one", **{**SNOWFLAKE, "authentication_type": "$${x}"})


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ({"newKey": {"deep": [1, "zwölf", None]}}, '{"newKey":{"deep":[1,"zwölf",null]}}'),
        ('{"newKey": 1}', '{"newKey": 1}'),
        ("${var.text}", "${var.text}"),
        ({"newKey": "${var.text}"}, '{"newKey":${jsonencode(var.text)}}'),
        ({"newKey": None}, '{"newKey":null}'),
        ({}, "{}"),
    ],
)
def test_additional_config_becomes_json_text(given: Any, written: str, stack: TerraformStack) -> None:
    SnowflakeIntegration(stack, "one", **SNOWFLAKE, additional_config=given)
    assert synthesized(stack)["resource"]["immuta_snowflake_integration"]["one"] == {
        **SNOWFLAKE,
        "additional_config": written,
    }


def test_a_token_in_additional_config_is_quoted_by_terraform(stack: TerraformStack) -> None:
    text = TerraformVariable(stack, "text", type="string")
    SnowflakeIntegration(stack, "one", **SNOWFLAKE, additional_config={"newKey": [text.string_value]})
    found = synthesized(stack)["resource"]["immuta_snowflake_integration"]["one"]
    assert found["additional_config"] == '{"newKey":[${jsonencode(var.text)}]}'


def test_a_secret_variable_is_ephemeral(stack: TerraformStack) -> None:
    BigQueryIntegration(
        stack,
        "one",
        role="immuta",
        dataset_suffix="_secure",
        credential=Secret.variable("key_file", description="the key file"),
    )
    found = synthesized(stack)
    assert found["resource"] == {
        "immuta_bigquery_integration": {
            "one": {"role": "immuta", "dataset_suffix": "_secure", "credential": "${var.key_file}"}
        }
    }
    assert found["variable"] == {
        "key_file": {"type": "string", "sensitive": True, "ephemeral": True, "description": "the key file"}
    }


def test_references(stack: TerraformStack) -> None:
    snowflake = SnowflakeIntegration(stack, "snowflake", **SNOWFLAKE)
    databricks = DatabricksIntegration(stack, "databricks", **CONFIGS["databricks"])
    trino = TrinoIntegration(stack, "trino")
    second = databricks.additional_workspace_connections.get(1)
    references = {
        "id": snowflake.id,
        "status": snowflake.status,
        "revision": snowflake.credentials_revision,
        "host": snowflake.host,
        "port": snowflake.port,
        "bootstrap": snowflake.auto_bootstrap,
        "object": snowflake.lineage,
        "flag": snowflake.audit.enabled,
        "number": snowflake.lineage.ingest_batch_size,
        "deep": snowflake.lineage.lineage_config.table_filter,
        "list": snowflake.workspaces.warehouses,
        "objects": databricks.additional_workspace_connections,
        "item": second.http_path,
        "item-object": second.oauth_client_config.client_id,
        "json": trino.additional_config,
    }
    for name, value in references.items():
        TerraformOutput(stack, name, value=value)
    at = "immuta_snowflake_integration.snowflake"
    connections = "immuta_databricks_integration.databricks.additional_workspace_connections"
    assert synthesized(stack)["output"] == {
        name: {"value": f"${{{expression}}}"}
        for name, expression in {
            "id": f"{at}.id",
            "status": f"{at}.status",
            "revision": f"{at}.credentials_revision",
            "host": f"{at}.host",
            "port": f"{at}.port",
            "bootstrap": f"{at}.auto_bootstrap",
            "object": f"{at}.lineage",
            "flag": f"{at}.audit.enabled",
            "number": f"{at}.lineage.ingest_batch_size",
            "deep": f"{at}.lineage.lineage_config.table_filter",
            "list": f"{at}.workspaces.warehouses",
            "objects": connections,
            "item": f"{connections}[1].http_path",
            "item-object": f"{connections}[1].oauth_client_config.client_id",
            "json": "immuta_trino_integration.trino.additional_config",
        }.items()
    }


def test_a_reference_is_an_argument_of_another(stack: TerraformStack) -> None:
    redshift = RedshiftIntegration(stack, "redshift", **CONFIGS["redshift"])
    s3 = AmazonS3Integration(stack, "s3", **{**CONFIGS["s3"], "name": f"beside-{redshift.id}"})
    assert not hasattr(s3, "aws_secret_access_key")
    assert synthesized(stack)["resource"]["immuta_amazon_s3_integration"]["s3"] == {
        **CONFIGS["s3"],
        "name": "beside-${immuta_redshift_integration.redshift.id}",
    }


@pytest.mark.parametrize("make", [Token.as_any_map, Token.as_string_map, Token.as_boolean_map])
def test_maps_as_tokens(empty_stack: TerraformStack, make: Any) -> None:
    variable = TerraformVariable(empty_stack, "z", type="any").value
    ImmutaProvider(empty_stack, "immuta", http_headers=make(variable))
    SnowflakeIntegration(
        empty_stack,
        "one",
        auto_bootstrap=False,
        host="acme.snowflakecomputing.com",
        warehouse="WH",
        database="DB",
        authentication_type="userPassword",
        username="u",
        password=Secret.variable("password"),
        audit=make(variable),
        additional_config={"a": make(variable)},
    )
    document = synthesized(empty_stack)
    made = document["resource"]["immuta_snowflake_integration"]["one"]
    assert document["provider"] == {"immuta": [{"http_headers": "${var.z}"}]}
    assert (made["audit"], made["additional_config"]) == ("${var.z}", '{"a":${jsonencode(var.z)}}')
    noted = [empty_stack.node.find_child(id).node.metadata for id in ("immuta", "one")]
    assert [entry.data for notes in noted for entry in notes if entry.type == "@cdktf/warn"] == []
