"""The calls of `terraform query`: listed integrations, their names, and the states that go with them."""

from __future__ import annotations

from typing import Any

import pytest
from immuta_provider.model.compiled.integrations import BY_RESOURCE, INTEGRATIONS
from immuta_provider.plugin.protocol import messages, msgpack
from support.calls import Calls
from support.core import Core, InProcess
from support.tenant import tenant_of
from table import numbered
from table.integrations import BASES, ROWS

SNOWFLAKE = "immuta_snowflake_integration"
TRINO = "immuta_trino_integration"


@pytest.fixture
def calls(transport: InProcess) -> Calls:
    """A provider whose Immuta has one integration of each base, `enabled`, with the ids from 1 on."""
    transport.control.change_settings({"polls": 0})
    for number, request in enumerate(BASES.values(), 1):
        tenant_of(transport.control).create(numbered(request, number))
    return Calls(transport)


def identity(id: int) -> dict[str, str]:
    return {"host": "immuta.example", "id": str(id)}


def test_every_type_is_listed_by_one_request_with_names_for_people(
    calls: Calls, transport: InProcess
) -> None:
    assert {row.resource: calls.list(row.resource) for row in ROWS} == {
        "immuta_amazon_s3_integration": [
            (identity(1), "Amazon S3: lake-1", None),
            (identity(2), "Amazon S3: lake-2", None),
        ],
        "immuta_azure_synapse_integration": [
            (
                identity(3),
                "Azure Synapse Analytics: pool-3.sql.azuresynapse.net / warehouse / immuta_views",
                None,
            ),
        ],
        "immuta_databricks_integration": [
            (identity(4), "Databricks Unity Catalog: dbc-4.cloud.databricks.com", None),
            (identity(5), "Databricks Unity Catalog: dbc-5.cloud.databricks.com", None),
        ],
        "immuta_bigquery_integration": [(identity(6), "Google BigQuery: integration 6", None)],
        "immuta_redshift_integration": [
            (identity(n), f"Redshift: acme-{n}.eu-west-1.redshift.amazonaws.com / immuta", None)
            for n in (7, 8, 9)
        ],
        "immuta_snowflake_integration": [
            (identity(n), f"Snowflake: acme-{n}.eu-central-1.snowflakecomputing.com", None)
            for n in (10, 11, 12)
        ],
        "immuta_trino_integration": [(identity(13), "Starburst (Trino): integration 13", None)],
    }
    assert transport.order == ["list"]


def test_the_state_is_that_of_a_refreshed_import(calls: Calls, transport: InProcess) -> None:
    for row in ROWS:
        for found, _, state in calls.list(row.resource, include_resource=True):
            imported = Core(row.resource, transport=transport)
            assert imported.import_(found["id"]).diagnostics == []
            assert state == imported.state


@pytest.mark.parametrize(
    ("resource", "config", "ids"),
    [
        (SNOWFLAKE, {"status": "enabled"}, [10, 12]),
        (SNOWFLAKE, {"status": "recurringValidationError"}, [11]),
        (SNOWFLAKE, {"status": "migrating"}, []),
        (SNOWFLAKE, {"host": "ACME-12.eu-central-1.snowflakecomputing.com."}, [12]),
        (SNOWFLAKE, {"host": "acme-11.eu-central-1.snowflakecomputing.com", "status": "enabled"}, []),
        (
            "immuta_redshift_integration",
            {"host": "acme-8.eu-west-1.redshift.amazonaws.com", "database": "immuta"},
            [8],
        ),
        ("immuta_redshift_integration", {"database": "IMMUTA"}, []),
        ("immuta_databricks_integration", {"workspace_url": "dbc-5.cloud.databricks.com"}, [5]),
        ("immuta_databricks_integration", {"workspace_url": "https://DBC-5.cloud.databricks.com/?o=5"}, [5]),
        (SNOWFLAKE, {"host": "https://acme-12.eu-central-1.snowflakecomputing.com:443"}, [12]),
        ("immuta_amazon_s3_integration", {"name": "lake-2"}, [2]),
    ],
)
def test_a_filter_leaves_the_integrations_that_fit(
    calls: Calls, transport: InProcess, resource: str, config: dict[str, Any], ids: list[int]
) -> None:
    transport.control.alter("integrations", "11", {"status": "recurringValidationError"})
    assert [found["id"] for found, _, _ in calls.list(resource, **config)] == list(map(str, ids))
    assert transport.order == ["list"]


def test_each_type_is_filtered_by_its_status_and_its_natural_key(calls: Calls) -> None:
    answer = calls.ask(messages.GET_PROVIDER_SCHEMA)
    taken = {
        name: [(a["name"], a["type"], a["optional"]) for a in schema["block"]["attributes"]]
        for name, schema in answer.values["list_resource_schemas"].items()
        if name in BY_RESOURCE
    }
    assert taken == {
        i.resource: [(name, b'"string"', True) for name in ("status", *i.unique_by)] for i in INTEGRATIONS
    }


def test_no_more_than_the_limit_are_listed(calls: Calls) -> None:
    assert [found["id"] for found, _, _ in calls.list(SNOWFLAKE, limit=2)] == ["10", "11"]


@pytest.mark.parametrize("status", ["deleted", "disabled"])
def test_integrations_that_a_refresh_removes_are_not_listed(
    calls: Calls, transport: InProcess, status: str
) -> None:
    transport.control.change_settings({"deleted_record": "shown"})
    transport.control.alter("integrations", "13", {"status": status})
    assert calls.list(TRINO) == []


def test_values_missing_in_the_list_are_read(calls: Calls, transport: InProcess) -> None:
    """An Immuta whose list says less than its other routes, and still names one that is gone."""
    entries = [
        {"id": "10"},
        {"id": "11", "type": "Snowflake"},
        {"id": "12", "config": {}},
        {"id": "13"},
        {"id": "99"},
    ]
    action = {"kind": "respond", "status": 200, "body": entries}
    transport.fault(action, operation="list")
    assert calls.list(SNOWFLAKE) == [
        (identity(n), f"Snowflake: acme-{n}.eu-central-1.snowflakecomputing.com", None) for n in (10, 11, 12)
    ]
    assert transport.order == ["list", "get", "get", "get", "get", "get"]


def test_a_refused_list_is_an_error(calls: Calls, transport: InProcess) -> None:
    transport.fault("forbidden", operation="list")
    [error] = calls.list(SNOWFLAKE)
    assert error[:2] == ("error", "Immuta denied the permission")


def test_a_provider_that_is_not_configured_lists_nothing(transport: InProcess) -> None:
    [error] = Calls(transport, host=None).list(SNOWFLAKE)
    assert error[:2] == ("error", "Immuta cannot be reached yet")


@pytest.mark.parametrize(
    ("status", "diagnostics"),
    [
        (None, []),
        ("enabled", []),
        (
            "Enabled",
            [
                (
                    "warning",
                    "status has an unfamiliar value",
                    'status is "Enabled". The known values for an immuta_trino_integration are "createError", "creating", '
                    '"deleteError", "deleting", "editError", "editing", "enabled", "migrateError", "migrating" or '
                    '"recurringValidationError". The value is passed on as it is. Check the value.',
                )
            ],
        ),
    ],
)
def test_a_misspelt_status_warns(calls: Calls, status: str | None, diagnostics: list[Any]) -> None:
    schema = calls.provider.list_resources[TRINO].schema
    config = {"msgpack": msgpack.encoder(schema.object_type)({"status": status})}
    answer = calls.ask(messages.VALIDATE_LIST_RESOURCE_CONFIG, type_name=TRINO, config=config)
    assert answer.diagnostics == diagnostics
