from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.model.fields import BOOL, NUMBER, OBJECT, OBJECTS, STRING, STRINGS, Field
from immuta_provider.model.integrations.type import IntegrationType
from immuta_provider.model.payload import MASKS, build, read, read_fields
from immuta_provider.resources.integrations import teardown
from table import examples, integrations
from table.row import Example, Row, snake

SNOWFLAKE = BY_RESOURCE["immuta_snowflake_integration"]
DATABRICKS = BY_RESOURCE["immuta_databricks_integration"]
S3 = BY_RESOURCE["immuta_amazon_s3_integration"]
TRINO = BY_RESOURCE["immuta_trino_integration"]


@pytest.mark.parametrize("row", integrations.ROWS, ids=str)
def test_the_samples_of_the_guide_are_built_unchanged(row: Row, samples: dict[str, Any]) -> None:
    sample = samples[row.resource]
    assert build(row.type, row.attributes(sample)) == sample


@pytest.mark.parametrize("example", examples(), ids=str)
def test_payload_has_exactly_the_configured_values(example: Example) -> None:
    sent = build(example.row.type, example.config)
    body = {key: value for key, value in example.request.items() if key not in example.row.in_route}
    assert sent == body
    assert list(sent) == list(body)


def test_a_request_omits_nulls_at_every_depth_and_keeps_empty_values() -> None:
    config = {
        "auto_bootstrap": False,
        "port": None,
        "audit": {"enabled": None},
        "impersonation": None,
        "workspaces": {"enabled": False, "warehouses": []},
        "lineage": {"lineage_config": {"table_filter": "", "tag_filter": None}},
        "user_role_pattern": {"exclude": ["A", None]},
    }
    assert build(SNOWFLAKE, config) == {
        "type": "Snowflake",
        "autoBootstrap": False,
        "config": {
            "audit": {},
            "workspaces": {"enabled": False, "warehouses": []},
            "lineage": {"lineageConfig": {"tableFilter": ""}},
            "userRolePattern": {"exclude": ["A"]},
        },
    }
    connections: list[Any] = [{"token": None, "catalogs": []}, None]
    assert build(DATABRICKS, {"additional_workspace_connections": connections}) == {
        "type": "Databricks",
        "config": {"additionalWorkspaceConnections": [{"catalogs": []}]},
    }


@pytest.mark.parametrize("port", [443, 443.0, "443", "443.0", "4.43e2"])
def test_whole_numbers_are_sent_as_integers(port: object) -> None:
    text = json.dumps(build(SNOWFLAKE, {"auto_bootstrap": False, "port": port}))
    assert text == '{"type": "Snowflake", "autoBootstrap": false, "config": {"port": 443}}'


def test_additional_config_is_merged_at_every_depth_after_the_attributes() -> None:
    config = {
        "auto_bootstrap": True,
        "host": "h.example",
        "audit": {"enabled": True},
        "additional_config": json.dumps(
            {
                "audit": {"retention": {"days": 30}},
                "lineage": {"lineageConfig": {"depth": 2}},
                "featureFlags": ["a", {"b": None}],
            }
        ),
    }
    assert build(SNOWFLAKE, config) == {
        "type": "Snowflake",
        "autoBootstrap": True,
        "config": {
            "host": "h.example",
            "audit": {"enabled": True, "retention": {"days": 30}},
            "lineage": {"lineageConfig": {"depth": 2}},
            "featureFlags": ["a", {"b": None}],
        },
    }


def test_the_request_for_trino_is_its_type_and_additional_config() -> None:
    assert build(TRINO, {}) == {"type": "Trino"}
    assert build(TRINO, {"additional_config": None, "auto_bootstrap": None}) == {"type": "Trino"}
    assert build(TRINO, {"additional_config": "{}"}) == {"type": "Trino"}
    assert build(TRINO, {"rotation_trigger": "2026-08"}) == {"type": "Trino"}
    assert build(TRINO, {"additional_config": '{"cluster": 1}'}) == {
        "type": "Trino",
        "config": {"cluster": 1},
    }


def test_building_does_not_change_the_configuration() -> None:
    config = {
        "audit": {"enabled": True},
        "additional_config": '{"audit": {"x": 1}}',
        "user_role_pattern": {"exclude": []},
    }
    before = json.dumps(config)
    build(SNOWFLAKE, config)
    assert json.dumps(config) == before


@pytest.mark.parametrize("example", examples(integrations.ROWS), ids=str)
def test_the_body_of_a_teardown_has_the_credentials_alone(example: Example) -> None:
    """The fields of a type are listed in test_field_table.py."""
    type = BY_RESOURCE[example.resource]
    config = example.request.get("config", {})
    credentials = {key: value for key, value in config.items() if snake(key) in type.teardown_fields}
    assert teardown.body(type, example.config, {}) == credentials


def test_reading_returns_everything_but_secrets() -> None:
    answer = {
        "host": "acme.snowflakecomputing.com",
        "port": 443,
        "warehouse": "W",
        "password": "a secret is not read, masked or not",
        "privateKey": {"keyName": "PRIV_KEY_FILE", "userFilename": "f.p8", "content": "<REDACTED>"},
        "audit": {"enabled": False, "addedByImmuta": 1},
        "workspaces": {"enabled": True, "warehouses": ["A", "B"]},
        "newInImmuta": {"x": 1},
    }
    assert read_fields(SNOWFLAKE.settings, answer) == {
        "host": "acme.snowflakecomputing.com",
        "port": 443,
        "warehouse": "W",
        "database": None,
        "authentication_type": None,
        "username": None,
        "role": None,
        "private_key": {"key_name": "PRIV_KEY_FILE", "user_filename": "f.p8"},
        "oauth_client_config": None,
        "audit": {"enabled": False},
        "workspaces": {"enabled": True, "warehouses": ["A", "B"]},
        "impersonation": None,
        "lineage": None,
        "user_role_pattern": None,
    }


@pytest.mark.parametrize(
    ("integration", "key", "value", "name", "read"),
    [
        (SNOWFLAKE, "port", "443", "port", 443),
        (SNOWFLAKE, "port", 443.0, "port", 443),
        (SNOWFLAKE, "port", 443.5, "port", None),
        (SNOWFLAKE, "port", "many", "port", None),
        (SNOWFLAKE, "port", True, "port", None),
        (S3, "awsAccountId", 123456789, "aws_account_id", "123456789"),
        (S3, "awsAccountId", 123456789.0, "aws_account_id", "123456789"),
        (S3, "awsAccountId", 1.5, "aws_account_id", None),
        (S3, "awsRoleToAssume", [], "aws_role_to_assume", None),
        (S3, "name", {}, "name", None),
        (S3, "name", "", "name", ""),
        (S3, "name", True, "name", None),
        (SNOWFLAKE, "audit", {"enabled": "true"}, "audit", {"enabled": True}),
        (SNOWFLAKE, "audit", {"enabled": "maybe"}, "audit", {"enabled": None}),
        (SNOWFLAKE, "audit", {"enabled": 1}, "audit", {"enabled": None}),
        (SNOWFLAKE, "audit", [], "audit", None),
        (SNOWFLAKE, "audit", {}, "audit", {"enabled": None}),
        (SNOWFLAKE, "privateKey", "<REDACTED>", "private_key", None),
        (DATABRICKS, "workspaceIds", [1, "2"], "workspace_ids", ["1", "2"]),
        (DATABRICKS, "workspaceIds", ["1", None], "workspace_ids", None),
        (DATABRICKS, "workspaceIds", "1", "workspace_ids", None),
        (DATABRICKS, "workspaceIds", [], "workspace_ids", []),
        (DATABRICKS, "additionalWorkspaceConnections", [None], "additional_workspace_connections", None),
        (DATABRICKS, "additionalWorkspaceConnections", [], "additional_workspace_connections", []),
        *((SNOWFLAKE, "username", mask, "username", None) for mask in MASKS),
    ],
)
def test_a_value_is_read_in_every_form(
    integration: IntegrationType, key: str, value: object, name: str, read: object
) -> None:
    expected = {**read_fields(integration.settings, {}), name: read}
    found = read_fields(integration.settings, {key: value})
    assert (found, type(found[name])) == (expected, type(read))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(MASKS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def anything(fields: tuple[Field, ...]) -> st.SearchStrategy[Any]:
    """Any JSON value, or an object with any values under the keys that the model knows, so that all depths are met."""
    known = {
        f.key: anything(f.fields) | st.lists(anything(f.fields), max_size=2) if f.fields else JSON
        for f in fields
    }
    return JSON | st.fixed_dictionaries({}, optional=known) if known else JSON


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda one: one.resource)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_reading_takes_any_json_at_any_place(integration: IntegrationType, data: st.DataObject) -> None:
    found = read(integration, {"config": data.draw(anything(integration.settings))})
    assert list(found) == [f.name for f in integration.fields if not (f.secret or f.state_only)]


def values(field: Field) -> st.SearchStrategy[Any]:
    if field.kind == OBJECT:
        return objects(field.fields)
    if field.kind == OBJECTS:
        return st.lists(objects(field.fields), max_size=2)
    text = st.text(max_size=8).filter(lambda t: t not in MASKS)
    kinds = {
        STRING: text,
        NUMBER: st.integers(0, 65535),
        BOOL: st.booleans(),
        STRINGS: st.lists(text, max_size=3),
    }
    return kinds[field.kind]


def objects(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional={f.name: st.none() | values(f) for f in fields})


def without_secrets(fields: tuple[Field, ...], config: dict[str, Any]) -> dict[str, Any]:
    """A configuration without its secrets, with null for each attribute that it does not set."""
    left: dict[str, Any] = {}
    for field in fields:
        value = config.get(field.name)
        if field.fields and isinstance(value, dict):
            value = without_secrets(field.fields, value)
        elif field.fields and value is not None:
            value = [without_secrets(field.fields, item) for item in value]
        if not field.secret:
            left[field.name] = value
    return left


@pytest.mark.parametrize("integration", INTEGRATIONS, ids=lambda one: one.resource)
@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_payload_reads_back_unchanged(integration: IntegrationType, data: st.DataObject) -> None:
    config = data.draw(objects(integration.settings))
    body = json.loads(json.dumps(build(integration, config)))
    assert read_fields(integration.settings, body.get("config", {})) == without_secrets(
        integration.settings, config
    )
