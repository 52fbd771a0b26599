"""The examples on the pages, as data: each is rendered as HCL and as Python, and the tests put it through the rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Arguments = Mapping[str, Any]


@dataclass(frozen=True)
class Secret:
    """A value that comes from an ephemeral variable of that name."""

    variable: str


@dataclass(frozen=True)
class Example:
    """One integration: what it shows, its name in Terraform (and of its Python variable), and its arguments."""

    title: str
    name: str
    arguments: Arguments

    def secrets(self) -> list[Secret]:
        return list(dict.fromkeys(secrets_in(self.arguments)))


def secrets_in(value: object) -> Iterator[Secret]:
    """Every secret in the arguments, in their order."""
    if isinstance(value, Secret):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from secrets_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from secrets_in(item)


LOCATION_ROLE = "arn:aws:iam::123456789012:role/immuta-location"
GRANTS_ROLE = "arn:aws:iam::123456789012:role/immuta-grants"

EXAMPLES: dict[str, tuple[Example, ...]] = {
    "immuta_amazon_s3_integration": (
        Example(
            "By a role that Immuta assumes",
            "lake",
            {
                "name": "data-lake",
                "aws_account_id": "123456789012",
                "aws_region": "eu-central-1",
                "aws_location_role": LOCATION_ROLE,
                "aws_location_path": "s3://acme-data-lake/",
                "authentication_type": "auto",
                "aws_role_to_assume": GRANTS_ROLE,
            },
        ),
        Example(
            "By an access key",
            "raw",
            {
                "name": "raw-data",
                "aws_account_id": "123456789012",
                "aws_region": "eu-central-1",
                "aws_location_role": LOCATION_ROLE,
                "aws_location_path": "s3://acme-raw-data/",
                "authentication_type": "accessKey",
                "aws_access_key_id": "AKIAEXAMPLE",
                "aws_secret_access_key": Secret("s3_secret_access_key"),
            },
        ),
    ),
    "immuta_azure_synapse_integration": (
        Example(
            "Set up by Immuta",
            "synapse",
            {
                "auto_bootstrap": True,
                "host": "acme.sql.azuresynapse.net",
                "database": "warehouse",
                "schema": "immuta_views",
                "authentication_type": "userPassword",
                "username": "setup_admin",
                "password": Secret("synapse_password"),
            },
        ),
    ),
    "immuta_databricks_integration": (
        Example(
            "With a personal access token",
            "databricks",
            {
                "auto_bootstrap": True,
                "workspace_url": "dbc-acme.cloud.databricks.com",
                "http_path": "/sql/1.0/warehouses/0a1b2c3d4e5f",
                "authentication_type": "token",
                "token": Secret("databricks_token"),
            },
        ),
        Example(
            "As an OAuth client, with audit",
            "lakehouse",
            {
                "auto_bootstrap": True,
                "workspace_url": "dbc-lakehouse.cloud.databricks.com",
                "http_path": "/sql/1.0/warehouses/5e4d3c2b1a0f",
                "authentication_type": "oAuthM2M",
                "oauth_client_config": {
                    "use_certificate": False,
                    "client_id": "immuta-service-principal",
                    "client_secret": Secret("databricks_client_secret"),
                    "authority_url": "https://dbc-lakehouse.cloud.databricks.com/oidc/v1/token",
                    "scope": "all-apis",
                },
                "catalog": "immuta",
                "audit": {"enabled": True},
            },
        ),
    ),
    "immuta_bigquery_integration": (
        Example(
            "One project",
            "bigquery",
            {
                "role": "projects/acme/roles/immuta",
                "dataset_suffix": "_secure",
                "location": "europe-west3",
                "credential": Secret("bigquery_credential"),
            },
        ),
    ),
    "immuta_redshift_integration": (
        Example(
            "Set up by Immuta, with a password",
            "redshift",
            {
                "auto_bootstrap": True,
                "host": "acme.abc123.eu-west-1.redshift.amazonaws.com",
                "database": "immuta",
                "initial_database": "dev",
                "authentication_type": "userPassword",
                "username": "setup_admin",
                "password": Secret("redshift_password"),
            },
        ),
        Example(
            "Set up by hand, with an access key",
            "warehouse",
            {
                "auto_bootstrap": False,
                "host": "warehouse.abc123.eu-west-1.redshift.amazonaws.com",
                "database": "immuta",
                "initial_database": "dev",
                "authentication_type": "accessKey",
                "database_user": "immuta_system",
                "access_key_id": "AKIAEXAMPLE",
                "secret_key": Secret("redshift_secret_key"),
            },
        ),
    ),
    "immuta_snowflake_integration": (
        Example(
            "Set up by Immuta, with a password",
            "snowflake",
            {
                "auto_bootstrap": True,
                "host": "acme.eu-central-1.snowflakecomputing.com",
                "warehouse": "IMMUTA_WH",
                "database": "IMMUTA",
                "authentication_type": "userPassword",
                "username": "SETUP_ADMIN",
                "password": Secret("snowflake_password"),
                "role": "ACCOUNTADMIN",
            },
        ),
        Example(
            "Set up by hand, with a key pair, audit and lineage",
            "finance",
            {
                "auto_bootstrap": False,
                "host": "acme-finance.eu-central-1.snowflakecomputing.com",
                "warehouse": "IMMUTA_WH",
                "database": "IMMUTA",
                "authentication_type": "keyPair",
                "username": "IMMUTA_SYSTEM_ACCOUNT",
                "private_key": {
                    "key_name": "PRIV_KEY_FILE",
                    "user_filename": "immuta.p8",
                    "content": Secret("snowflake_private_key"),
                },
                "audit": {"enabled": True},
                "lineage": {"enabled": True, "lineage_config": {"table_filter": "^SALES\\..*"}},
                "user_role_pattern": {"exclude": ["TERRAFORM", "DBT"]},
            },
        ),
    ),
    "immuta_trino_integration": (Example("One cluster", "starburst", {}),),
}
