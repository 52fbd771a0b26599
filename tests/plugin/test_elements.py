"""Whether the table of changes is complete: every attribute of the model that has no attributes of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from immuta_provider.model.derived import derived_fields
from immuta_provider.model.fields import ResourceType
from table import ROWS, examples, scenarios, scenarios_alone
from table.row import Row, Scenario

ANOTHER_SIGN_IN = "the credentials of another way of signing in come with it"
ONE_NAME = "Immuta knows one name only"
ONLY_FALSE = "Immuta takes false only, which is what it is sent anyway"
NEVER_SENT = "Immuta is never sent it: tests/actions has its tests"

NOT_ALONE = {
    ("immuta_amazon_s3_integration", "auto_bootstrap"): ONLY_FALSE,
    ("immuta_amazon_s3_integration", "authentication_type"): ANOTHER_SIGN_IN,
    ("immuta_azure_synapse_integration", "authentication_type"): ANOTHER_SIGN_IN,
    ("immuta_azure_synapse_integration", "oauth_client_config.use_certificate"): ANOTHER_SIGN_IN,
    ("immuta_azure_synapse_integration", "oauth_client_config.oauth_private_key.key_name"): ONE_NAME,
    ("immuta_databricks_integration", "authentication_type"): ANOTHER_SIGN_IN,
    ("immuta_databricks_integration", "oauth_client_config.use_certificate"): ANOTHER_SIGN_IN,
    ("immuta_databricks_integration", "oauth_client_config.oauth_private_key.key_name"): ONE_NAME,
    (
        "immuta_databricks_integration",
        "additional_workspace_connections.authentication_type",
    ): ANOTHER_SIGN_IN,
    (
        "immuta_databricks_integration",
        "additional_workspace_connections.oauth_client_config.use_certificate",
    ): ANOTHER_SIGN_IN,
    (
        "immuta_databricks_integration",
        "additional_workspace_connections.oauth_client_config.oauth_private_key.key_name",
    ): ONE_NAME,
    ("immuta_bigquery_integration", "auto_bootstrap"): ONLY_FALSE,
    ("immuta_redshift_integration", "authentication_type"): ANOTHER_SIGN_IN,
    ("immuta_snowflake_integration", "authentication_type"): ANOTHER_SIGN_IN,
    ("immuta_snowflake_integration", "private_key.key_name"): ONE_NAME,
    ("immuta_snowflake_integration", "oauth_client_config.use_certificate"): ANOTHER_SIGN_IN,
    ("immuta_snowflake_integration", "oauth_client_config.oauth_private_key.key_name"): ONE_NAME,
    ("immuta_trino_integration", "rotation_trigger"): NEVER_SENT,
}
"""What changes in no row alone, and why."""
UNSET = (ONLY_FALSE, NEVER_SENT)


def leaves(type: ResourceType) -> list[str]:
    return [
        *(field.name for field in derived_fields(type)),
        *(".".join(path) for path, field in type.walk() if not field.fields),
    ]


def values(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each value with its path; the elements of a list of objects share their paths."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from values(inner, (*path, name))
    elif isinstance(value, list) and any(isinstance(inner, Mapping) for inner in value):
        for inner in value:
            yield from values(inner, path)
    else:
        yield ".".join(path), value


def different(scenario: Scenario) -> set[str]:
    held: tuple[dict[str, list[Any]], dict[str, list[Any]]] = ({}, {})
    for side, request in zip(held, (scenario.before, scenario.after), strict=True):
        for path, value in values(scenario.row.attributes(request)):
            side.setdefault(path, []).append(value)
    return {path for path in held[0] | held[1] if held[0].get(path) != held[1].get(path)}


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_attribute_changes_alone_in_a_scenario(row: Row) -> None:
    changes = [different(each) for each in (*scenarios([row]), *scenarios_alone([row]))]
    alone = {path for change in changes if len(change) == 1 for path in change}
    unchanged = [path for path in leaves(row.type) if path not in alone]
    assert unchanged == [path for of, path in NOT_ALONE if of == row.resource]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_every_attribute_is_set_at_a_creation(row: Row) -> None:
    created = {path for each in examples([row]) for path, _ in values(each.config)}
    unset = [path for path in leaves(row.type) if path not in created]
    assert unset == [path for path in leaves(row.type) if NOT_ALONE.get((row.resource, path)) in UNSET]
