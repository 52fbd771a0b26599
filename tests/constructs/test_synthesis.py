"""A construct is synthesized to exactly its arguments, under the same names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import immuta_constructs
import pytest
from immuta_constructs import (
    AmazonS3Integration,
    DatabricksIntegration,
    ImmutaProvider,
    RedshiftIntegration,
    Secret,
    SnowflakeIntegration,
    SnowflakeWorkspaces,
    Timeouts,
    TrinoIntegration,
)
from immuta_constructs.cdk import Fn, TerraformStack, TerraformVariable, Token
from immuta_constructs.testing import synthesized
from immuta_provider.adopt.layout import flat
from immuta_provider.adopt.python import Writer
from support import snowflake
from support.stacks import expressions, warnings
from table import examples
from table.row import Example

CONFIGS = {example.name: example.config for example in examples()}
SNOWFLAKE: dict[str, Any] = {**snowflake.SNOWFLAKE, "password": "example"}


def as_mappings(example: Example) -> dict[str, Any]:
    return example.config


def as_classes(example: Example) -> dict[str, Any]:
    """The configuration with an object of its class in the place of each mapping."""
    arguments = Writer(example.row.type).arguments(example.config)
    classes = {name: getattr(immuta_constructs, name) for name in immuta_constructs.__all__}
    return {name.removesuffix("="): eval(flat(value), classes) for name, value in arguments}


@pytest.mark.parametrize("form", [as_mappings, as_classes])
@pytest.mark.parametrize("example", examples(), ids=str)
def test_arguments_are_synthesized_unchanged(
    example: Example, form: Callable[[Example], dict[str, Any]], stack: TerraformStack
) -> None:
    construct = getattr(immuta_constructs, example.row.type.class_name)
    construct(stack, "one", **form(example))
    found = synthesized(stack)
    assert found["resource"] == {example.resource: {"one": example.config}}
    assert found.keys() == {"provider", "resource", "terraform"}


def test_synthesis_omits_none_at_every_depth_and_keeps_empty_values(stack: TerraformStack) -> None:
    SnowflakeIntegration(
        stack,
        "one",
        **SNOWFLAKE,
        role=None,
        audit={},
        user_role_pattern={"exclude": []},
        connect_args="",
        workspaces=SnowflakeWorkspaces(warehouses=("A", "B")),
        lineage={"lineage_config": {"table_filter": "x", "tag_filter": None}},
        timeouts=Timeouts(create="20m"),
    )
    assert synthesized(stack)["resource"]["immuta_snowflake_integration"]["one"] == {
        **SNOWFLAKE,
        "audit": {},
        "user_role_pattern": {"exclude": []},
        "connect_args": "",
        "workspaces": {"warehouses": ["A", "B"]},
        "lineage": {"lineage_config": {"table_filter": "x"}},
        "timeouts": {"create": "20m"},
    }


def test_every_kind_of_token_is_accepted_without_checks(stack: TerraformStack) -> None:
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
    ("config", "written"),
    [
        ({"newKey": {"deep": [1, "zwölf", None]}}, '{"newKey":{"deep":[1,"zwölf",null]}}'),
        ('{"newKey": 1}', '{"newKey": 1}'),
        ("${var.text}", "${var.text}"),
        ({"newKey": "${var.text}"}, '{"newKey":${jsonencode(var.text)}}'),
        ({"newKey": None}, '{"newKey":null}'),
        ({}, "{}"),
    ],
)
def test_additional_config_becomes_json_text(config: Any, written: str, stack: TerraformStack) -> None:
    SnowflakeIntegration(stack, "one", **SNOWFLAKE, additional_config=config)
    assert synthesized(stack)["resource"]["immuta_snowflake_integration"]["one"] == {
        **SNOWFLAKE,
        "additional_config": written,
    }


def test_a_reference_leads_to_its_attribute_at_any_depth(stack: TerraformStack) -> None:
    snowflake = SnowflakeIntegration(stack, "snowflake", **SNOWFLAKE)
    databricks = DatabricksIntegration(stack, "databricks", **CONFIGS["databricks"])
    trino = TrinoIntegration(stack, "trino")
    second = databricks.additional_workspace_connections.get(1)
    at = "immuta_snowflake_integration.snowflake"
    connections = "immuta_databricks_integration.databricks.additional_workspace_connections"
    references: list[tuple[Any, str]] = [
        (snowflake.id, f"{at}.id"),
        (snowflake.status, f"{at}.status"),
        (snowflake.credentials_revision, f"{at}.credentials_revision"),
        (snowflake.host, f"{at}.host"),
        (snowflake.port, f"{at}.port"),
        (snowflake.auto_bootstrap, f"{at}.auto_bootstrap"),
        (snowflake.lineage, f"{at}.lineage"),
        (snowflake.audit.enabled, f"{at}.audit.enabled"),
        (snowflake.lineage.ingest_batch_size, f"{at}.lineage.ingest_batch_size"),
        (snowflake.lineage.lineage_config.table_filter, f"{at}.lineage.lineage_config.table_filter"),
        (snowflake.workspaces.warehouses, f"{at}.workspaces.warehouses"),
        (databricks.additional_workspace_connections, connections),
        (second.http_path, f"{connections}[1].http_path"),
        (second.oauth_client_config.client_id, f"{connections}[1].oauth_client_config.client_id"),
        (trino.additional_config, "immuta_trino_integration.trino.additional_config"),
    ]
    found = expressions(stack, [reference for reference, _ in references])
    assert found == [f"${{{path}}}" for _, path in references]


def test_a_reference_is_an_argument_of_another(stack: TerraformStack) -> None:
    redshift = RedshiftIntegration(stack, "redshift", **CONFIGS["redshift"])
    s3 = AmazonS3Integration(stack, "s3", **{**CONFIGS["s3"], "name": f"beside-{redshift.id}"})
    assert not hasattr(s3, "aws_secret_access_key")
    assert synthesized(stack)["resource"]["immuta_amazon_s3_integration"]["s3"] == {
        **CONFIGS["s3"],
        "name": "beside-${immuta_redshift_integration.redshift.id}",
    }


@pytest.mark.parametrize("make", [Token.as_any_map, Token.as_string_map, Token.as_boolean_map])
def test_a_map_may_be_a_token(empty_stack: TerraformStack, make: Any) -> None:
    variable = make(TerraformVariable(empty_stack, "z", type="any").value)
    provider = ImmutaProvider(empty_stack, "immuta", http_headers=variable)
    arguments = {**SNOWFLAKE, "password": Secret.variable("password")}
    one = SnowflakeIntegration(
        empty_stack, "one", **arguments, audit=variable, additional_config={"a": variable}
    )
    document = synthesized(empty_stack)
    assert document["provider"] == {"immuta": [{"http_headers": "${var.z}"}]}
    assert document["resource"]["immuta_snowflake_integration"]["one"] == {
        **arguments,
        "audit": "${var.z}",
        "additional_config": '{"a":${jsonencode(var.z)}}',
    }
    assert warnings(provider) == warnings(one) == []
